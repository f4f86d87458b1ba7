//! What a service costs, in the form that filters use: whether it is free, and whether it is available for an amount.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{CostOption, Service, TriState};

/// The conditions on prices. All that are given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CostFilter {
    /// Whether the service must be free, as defined by [`is_free`], or not.
    pub free: Option<bool>,
    /// The most that it may cost, in pounds sterling.
    pub maximum_amount: Option<f64>,
}

impl CostFilter {
    /// Returns whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a service states about its prices. Which prices apply depends on the day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PriceFacts {
    said: Option<bool>,
    text_says_free: bool,
    options: Box<[PriceOption]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PriceOption {
    amount: Option<f64>,
    words_say_free: bool,
    in_sterling: bool,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    /// Whether a date is stated but could not be read. The price may have expired, or not apply yet.
    is_doubtful: bool,
}

/// Returns whether a service is free on a day. What the publisher states explicitly decides. Otherwise `Yes` if a price
/// valid that day is zero, or if there are no prices and the fees text says free; `No` if every valid price is above
/// zero; `Unknown` in all other cases.
pub fn is_free(service: &Service, today: NaiveDate) -> TriState {
    PriceFacts::of(service).free(today)
}

impl PriceFacts {
    /// Collects what a service states.
    pub fn of(service: &Service) -> Self {
        Self::stated(
            service.free,
            &[service.fees_description.as_deref(), service.fees.as_deref()],
            service.cost_options.iter().map(AsRef::as_ref),
        )
    }

    fn stated<'a>(
        said: Option<bool>,
        texts: &[Option<&str>],
        options: impl Iterator<Item = &'a CostOption>,
    ) -> Self {
        Self { said, text_says_free: any_says_free(texts), options: options.map(PriceOption::of).collect() }
    }

    /// Returns whether the service is free on a day.
    pub fn free(&self, today: NaiveDate) -> TriState {
        if let Some(said) = self.said {
            return said.into();
        }
        // Prices are better evidence than text, which counts only if there are no prices at all, not even expired ones.
        if self.options.is_empty() {
            return if self.text_says_free { TriState::Yes } else { TriState::Unknown };
        }
        let valid = || self.valid(today).map(PriceOption::is_free);
        if valid().any(|free| free == TriState::Yes) {
            TriState::Yes
        } else if valid().next().is_some() && valid().all(|free| free == TriState::No) {
            TriState::No
        } else {
            TriState::Unknown
        }
    }

    /// Returns whether the conditions hold on a day.
    pub fn matches(&self, asked: &CostFilter, today: NaiveDate) -> TriState {
        let free = asked.free.map(|wanted| {
            let free = self.free(today);
            if wanted { free } else { !free }
        });
        let affordable = asked.maximum_amount.map(|most| self.for_at_most(most, today));
        TriState::all([free, affordable].into_iter().flatten())
    }

    // Compares amounts as published, whether per hour, per session or per year. Prices in other currencies are ignored.
    // A price without an amount makes the answer unknown.
    fn for_at_most(&self, most: f64, today: NaiveDate) -> TriState {
        if self.free(today) == TriState::Yes {
            return TriState::Yes;
        }
        let sterling = self.valid(today).filter(|price| price.in_sterling);
        TriState::any_known(sterling.map(|price| price.known_amount().map(|amount| amount <= most)))
    }

    fn valid(&self, today: NaiveDate) -> impl Iterator<Item = &PriceOption> {
        self.options.iter().filter(move |price| price.is_valid(today))
    }
}

impl PriceOption {
    fn of(option: &CostOption) -> Self {
        let (valid_from, valid_to) = match (option.valid_from, option.valid_to) {
            // Dates in the wrong order are ignored.
            (Some(from), Some(to)) if to < from => (None, None),
            dates => dates,
        };
        let currency = option.currency.as_deref().map_or("", str::trim);
        Self {
            amount: option.amount.filter(|amount| *amount >= 0.0),
            words_say_free: any_says_free(&[option.option.as_deref(), option.amount_description.as_deref()]),
            in_sterling: currency.is_empty() || currency.eq_ignore_ascii_case("GBP"),
            valid_from,
            valid_to,
            is_doubtful: !option.unread.is_empty(),
        }
    }

    fn is_valid(&self, today: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= today) && self.valid_to.is_none_or(|to| today <= to)
    }

    // If it is unknown whether a price applies, its amount is ignored.
    fn known_amount(&self) -> Option<f64> {
        self.amount.filter(|_| !self.is_doubtful)
    }

    fn is_free(&self) -> TriState {
        match self.known_amount() {
            _ if self.is_doubtful => TriState::Unknown,
            Some(amount) => (amount == 0.0).into(),
            None if self.words_say_free => TriState::Yes,
            None => TriState::Unknown,
        }
    }
}

fn any_says_free(texts: &[Option<&str>]) -> bool {
    texts.iter().flatten().any(|text| says_free(text))
}

// The whole text must say so: "Free for residents, £5 otherwise" is not free.
fn says_free(text: &str) -> bool {
    /// The longest statement that is recognised, in bytes.
    const LONGEST: usize = 64;
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let words = text.trim_end_matches(['.', '!']).to_lowercase();
    let of_service = SERVICE_IS.iter().find_map(|start| words.strip_prefix(start));
    matches!(of_service.unwrap_or(&words), "free" | "no charge" | "free of charge")
}

/// Openings that refer to the whole service.
const SERVICE_IS: [&str; 7] = [
    "this service is ",
    "the service is ",
    "our service is ",
    "our services are ",
    "all our services are ",
    "all services are ",
    "there is ",
];

#[cfg(test)]
mod tests {
    use super::TriState::{No, Unknown, Yes};
    use super::*;
    use crate::model::{PartId, RecordPart, SourceKey, StatedBound, UnreadBounds};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn price(amount: Option<f64>) -> CostOption {
        let source = SourceKey::parse("elm").unwrap();
        let part = RecordPart::bare(PartId::given("CostOption", &source, "1"));
        CostOption {
            part,
            option: None,
            amount,
            amount_description: None,
            currency: None,
            valid_from: None,
            valid_to: None,
            unread: UnreadBounds::default(),
        }
    }

    fn unreadable_end(amount: f64) -> CostOption {
        CostOption { unread: [StatedBound::Upper].into_iter().collect(), ..price(Some(amount)) }
    }

    fn in_words(text: &str) -> CostOption {
        CostOption { amount_description: Some(text.to_owned()), ..price(None) }
    }

    fn expired(amount: f64) -> CostOption {
        CostOption { valid_to: Some(day("2025-12-31")), ..price(Some(amount)) }
    }

    fn in_euros(amount: f64) -> CostOption {
        CostOption { currency: Some("EUR".to_owned()), ..price(Some(amount)) }
    }

    fn prices(options: &[CostOption]) -> PriceFacts {
        PriceFacts::stated(None, &[], options.iter())
    }

    fn texts(text: &str) -> PriceFacts {
        PriceFacts::stated(None, &[None, Some(text)], [].iter())
    }

    fn affordable(prices: &PriceFacts, most: f64) -> TriState {
        let asked = CostFilter { free: None, maximum_amount: Some(most) };
        prices.matches(&asked, day("2026-06-01"))
    }

    // The table of the field notes on filters.
    #[test]
    fn what_counts_as_free() {
        let cases = [
            (PriceFacts::stated(Some(true), &[], [price(Some(5.0))].iter()), Yes),
            (PriceFacts::stated(Some(false), &[Some("Free")], [price(Some(0.0))].iter()), No),
            (prices(&[price(Some(0.0)), price(Some(0.0))]), Yes),
            (prices(&[price(Some(0.0)), price(Some(3.0))]), Yes),
            (prices(&[price(Some(2.0)), price(Some(3.0))]), No),
            (prices(&[price(Some(2.0)), price(None)]), Unknown),
            (prices(&[in_words("No charge.")]), Yes),
            (prices(&[in_words("donation")]), Unknown),
            (texts(" FREE OF CHARGE "), Yes),
            (texts("This service is free."), Yes),
            (texts("There is no charge."), Yes),
            (texts("This service is free for residents"), Unknown),
            (texts("There is free parking"), Unknown),
            (texts("Free for residents, £5 otherwise"), Unknown),
            (PriceFacts::default(), Unknown),
            (prices(&[expired(0.0)]), Unknown),
            (prices(&[expired(0.0), price(Some(4.0))]), No),
            (PriceFacts::stated(None, &[Some("Free")], [expired(4.0)].iter()), Unknown),
            (prices(&[in_euros(0.0)]), Yes),
            (prices(&[unreadable_end(0.0)]), Unknown),
            (prices(&[unreadable_end(5.0)]), Unknown),
            (prices(&[unreadable_end(5.0), price(Some(0.0))]), Yes),
        ];
        for (index, (prices, expected)) in cases.iter().enumerate() {
            assert_eq!(prices.free(day("2026-06-01")), *expected, "row {index}");
        }
    }

    #[test]
    fn validity_has_both_its_ends_and_is_ignored_where_they_are_crossed() {
        let price = CostOption { valid_from: Some(day("2026-01-01")), ..expired(0.0) };
        assert_eq!(prices(&[expired(0.0)]).free(day("2025-12-31")), Yes);
        assert_eq!(prices(&[price]).free(day("2030-01-01")), Yes);
    }

    #[test]
    fn what_can_be_had_for_an_amount() {
        assert_eq!(affordable(&prices(&[price(Some(5.0)), price(Some(9.0))]), 5.0), Yes);
        assert_eq!(affordable(&prices(&[price(Some(5.01))]), 5.0), No);
        assert_eq!(affordable(&prices(&[in_euros(3.0)]), 5.0), Unknown);
        assert_eq!(affordable(&prices(&[in_euros(3.0), price(Some(9.0))]), 5.0), No);
        assert_eq!(affordable(&prices(&[price(Some(9.0)), price(None)]), 5.0), Unknown);
        assert_eq!(affordable(&prices(&[expired(3.0)]), 5.0), Unknown);
        assert_eq!(affordable(&prices(&[unreadable_end(3.0), price(Some(9.0))]), 5.0), Unknown);
        assert_eq!(affordable(&prices(&[unreadable_end(9.0)]), 5.0), Unknown);
        assert_eq!(affordable(&texts("free"), 0.0), Yes);
        assert_eq!(affordable(&texts("£5"), 10.0), Unknown);
    }

    #[test]
    fn both_conditions_must_hold() {
        let priced = prices(&[price(Some(5.0))]);
        let asked = |free, most| {
            let asked = CostFilter { free: Some(free), maximum_amount: Some(most) };
            priced.matches(&asked, day("2026-06-01"))
        };
        assert_eq!((asked(false, 5.0), asked(false, 4.0), asked(true, 5.0)), (Yes, No, No));
        assert_eq!(priced.matches(&CostFilter::default(), day("2026-06-01")), Yes);
    }

    #[test]
    fn what_is_written_down_is_read_again() {
        let prices = prices(&[expired(0.5), in_euros(3.0), in_words("free")]);
        let written = serde_json::to_string(&prices).unwrap();
        assert_eq!(serde_json::from_str::<PriceFacts>(&written).unwrap(), prices);
    }
}
