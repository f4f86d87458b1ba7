//! Prices with signs and units. A price is read completely or not at all: `£5 to £8` is not 5.

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::texts;

/// A price, as far as the text states it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::source::dialects) struct PriceReading {
    /// The amount, in units of the currency.
    pub amount: Option<f64>,
    /// The currency, if the text names one.
    pub currency: Option<&'static str>,
    /// What the price is for, such as "per session".
    pub unit: Option<String>,
}

/// Takes a price.
pub(in crate::source::dialects) fn price(members: &mut ObjectMembers<'_>, names: &[&str]) -> PriceReading {
    let Some(TakenMember { key, value }) = members.plain_scalar(names) else {
        return PriceReading::default();
    };
    let is_plain = |text: &str| text.trim().parse::<f64>().is_ok();
    let Some(text) = value.as_str().filter(|text| !is_plain(text)) else {
        return PriceReading { amount: members.number_of(&key, value), ..PriceReading::default() };
    };
    let read = priced(text);
    match &read {
        Some(_) => members.note(IssueCode::Repaired, &key, "the price was extracted from text", Some(value)),
        None => members.note_unreadable(&key, "is not a readable price", value),
    }
    read.unwrap_or_default()
}

const CURRENCIES: [(&[&str], &str); 3] = [
    (&["£", "gbp", "pounds sterling", "pounds", "pound", "quid"], "GBP"),
    (&["€", "eur", "euros", "euro"], "EUR"),
    (&["us$", "$", "usd", "dollars", "dollar"], "USD"),
];
/// Words that may come before a price and have no meaning.
const LABELS: [&str; 7] = ["cost", "costs", "price", "fee", "charge", "only", "just"];

// Reads `£8.00`, `50p`, `£5 per session` or `Free`, but not plain numbers.
fn priced(text: &str) -> Option<PriceReading> {
    let folded = text.trim().to_lowercase().replace('\u{a0}', " ");
    if is_free(folded.trim_end_matches(['.', '!'])) {
        return Some(PriceReading { amount: Some(0.0), ..PriceReading::default() });
    }
    let mut rest = folded.as_str();
    let label = LABELS.iter().find_map(|label| rest.strip_prefix(label)?.strip_prefix([' ', ':']));
    rest = label.unwrap_or(rest).trim_start_matches([' ', ':']);
    let before = currency(&mut rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(rest.len());
    let (digits, mut rest) = rest.split_at_checked(end)?;
    let amount = amount(digits.trim_end_matches(['.', ',']))?;
    rest = rest.strip_prefix('-').filter(|rest| rest.is_empty()).unwrap_or(rest).trim_start();
    let in_pence = pence(&mut rest);
    let after = currency(&mut rest);
    let is_small = in_pence && before.is_none() && !digits.contains('.');
    let unit = unit(rest)?;
    let currency = before.or(after).or(in_pence.then_some("GBP"));
    Some(PriceReading { amount: Some(if is_small { amount / 100.0 } else { amount }), currency, unit })
}

fn is_free(text: &str) -> bool {
    matches!(
        text,
        "free"
            | "free of charge"
            | "no charge"
            | "no cost"
            | "nil"
            | "gratis"
            | "free entry"
            | "free to attend"
            | "nothing"
            | "am ddim"
    )
}

// Removes a sign or word from the start.
fn currency(rest: &mut &str) -> Option<&'static str> {
    for (signs, code) in CURRENCIES {
        for sign in signs {
            let Some(after) = rest.strip_prefix(sign) else { continue };
            let is_word = sign.starts_with(|c: char| c.is_alphabetic());
            if is_word && after.starts_with(|c: char| c.is_alphabetic()) {
                continue;
            }
            *rest = after.trim_start();
            return Some(code);
        }
    }
    None
}

// Accepts `p` and `pence`, but not the first letter of `pp`, which means "per person".
fn pence(rest: &mut &str) -> bool {
    for word in ["pence", "pennies", "penny", "p"] {
        if let Some(after) = rest.strip_prefix(word)
            && !after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '.' | '/'))
        {
            *rest = after.trim_start();
            return true;
        }
    }
    false
}

// A comma before three digits separates thousands. Before two digits it is a decimal comma.
fn amount(digits: &str) -> Option<f64> {
    let is_grouped = |sign: char| {
        let mut groups = digits.split(sign);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.all(|group| group.len() == 3)
    };
    let plain = match (digits.rfind(','), digits.rfind('.')) {
        // No price has three decimals. It may be in thousands as well.
        (None, Some(point)) if digits.len() - point == 4 && digits.matches('.').count() == 1 => return None,
        (None, None | Some(_)) if digits.matches('.').count() <= 1 => digits.to_owned(),
        (None, Some(_)) if is_grouped('.') => digits.replace('.', ""),
        (Some(comma), Some(point)) if comma < point => digits.replace(',', ""),
        (Some(_), Some(_)) => digits.replace('.', "").replace(',', "."),
        (Some(_), None) if is_grouped(',') => digits.replace(',', ""),
        (Some(comma), None) if digits.len() - comma <= 3 => digits.replace(',', "."),
        _ => return None,
    };
    plain.starts_with(|c: char| c.is_ascii_digit()).then(|| plain.parse().ok())?
}

// Reads what a price is for. The outer value is `None` for words that may mean anything, such as "or £3 for members".
fn unit(rest: &str) -> Option<Option<String>> {
    let rest = rest.trim_matches(['.', ' ', '(', ')']);
    if rest.is_empty() {
        return Some(None);
    }
    const WHOLE: [&str; 21] = [
        "each",
        "pp",
        "p.p",
        "p/p",
        "ph",
        "p/h",
        "p.h",
        "pw",
        "p/w",
        "pcm",
        "pa",
        "p.a",
        "hourly",
        "daily",
        "weekly",
        "monthly",
        "annually",
        "yearly",
        "per person",
        "a head",
        "only",
    ];
    let begins = ["per ", "a ", "an ", "/", "every "].iter().find_map(|start| rest.strip_prefix(start));
    let is_unit = begins.is_some_and(|unit| {
        let words = unit.split_whitespace().count();
        let names_something = unit.contains(|c: char| c.is_alphabetic());
        let doubts = [" or ", " and ", "£", "€", "$", ",", ";", " for ", " then ", " plus ", "+", "("];
        (1..=4).contains(&words) && names_something && !doubts.iter().any(|doubt| unit.contains(doubt))
    });
    (is_unit || WHOLE.contains(&rest)).then(|| Some(texts::on_one_line(rest).into_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quirk_87_prices_in_words_and_signs() {
        for (text, amount, currency, unit) in [
            ("£8.00", 8.0, Some("GBP"), None),
            ("£ 8", 8.0, Some("GBP"), None),
            ("8.00 GBP", 8.0, Some("GBP"), None),
            ("GBP 8", 8.0, Some("GBP"), None),
            ("8 pounds", 8.0, Some("GBP"), None),
            ("8 euros", 8.0, Some("EUR"), None),
            ("8,50 €", 8.5, Some("EUR"), None),
            ("€8.50", 8.5, Some("EUR"), None),
            ("Free", 0.0, None, None),
            ("No charge.", 0.0, None, None),
            ("£1,200", 1200.0, Some("GBP"), None),
            ("£1,200.50", 1200.5, Some("GBP"), None),
            ("1.200,50 €", 1200.5, Some("EUR"), None),
            ("1,200", 1200.0, None, None),
            ("5,00", 5.0, None, None),
            ("£5.", 5.0, Some("GBP"), None),
            ("£5.-", 5.0, Some("GBP"), None),
            ("50p", 0.5, Some("GBP"), None),
            ("50 p", 0.5, Some("GBP"), None),
            ("50 pence", 0.5, Some("GBP"), None),
            ("150p", 1.5, Some("GBP"), None),
            ("£1.50p", 1.5, Some("GBP"), None),
            ("1.50p", 1.5, Some("GBP"), None),
            ("75p per session", 0.75, Some("GBP"), Some("per session")),
            ("£5 per session", 5.0, Some("GBP"), Some("per session")),
            ("£5 a session", 5.0, Some("GBP"), Some("a session")),
            ("£5/hour", 5.0, Some("GBP"), Some("/hour")),
            ("£5pp", 5.0, Some("GBP"), Some("pp")),
            ("£5 p.p.", 5.0, Some("GBP"), Some("p.p")),
            ("£5 each", 5.0, Some("GBP"), Some("each")),
            ("£20 per 2 hours", 20.0, Some("GBP"), Some("per 2 hours")),
            ("£30 monthly", 30.0, Some("GBP"), Some("monthly")),
            ("Cost: £4", 4.0, Some("GBP"), None),
            ("£5 (per session)", 5.0, Some("GBP"), Some("per session")),
        ] {
            let expected = PriceReading { amount: Some(amount), currency, unit: unit.map(ToOwned::to_owned) };
            assert_eq!(priced(text), Some(expected), "{text}");
        }
        for text in [
            "£8 or £10",
            "from £8 per hour",
            "ask",
            "-",
            "£5-£8",
            "£5 to £8",
            "£5 for members",
            "£5 (concessions £3)",
            "up to £5",
            "about £5",
            "£5 donation",
            "£5 + VAT",
            "£5k",
            "5%",
            "£5 per hour or £20 per day",
            "£",
            "1,2,3",
            "£3.50 adult, £2 child",
            "£5/6",
            "1.200 €",
            "1.2.3",
            "-£5",
            "£5 per session for members",
        ] {
            assert_eq!(priced(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn pounds_and_pence_are_one_amount(pounds in 1..100_000_u32, pence in 0..100_u32) {
            let amount = Some(f64::from(pounds) + f64::from(pence) / 100.0);
            let near = |read: Option<PriceReading>| {
                read.and_then(|price| price.amount).zip(amount).is_some_and(|(one, other)| (one - other).abs() < 1e-9)
            };
            let thousands = if pounds >= 1000 {
                format!("{},{:03}", pounds / 1000, pounds % 1000)
            } else {
                pounds.to_string()
            };
            for text in [
                format!("£{pounds}.{pence:02}"),
                format!("£{thousands}.{pence:02}"),
                format!("{pounds}.{pence:02} GBP"),
                format!("{}p", u64::from(pounds) * 100 + u64::from(pence)),
                format!("£{pounds}.{pence:02} per session"),
            ] {
                prop_assert!(near(priced(&text)), "{}", text);
            }
        }

        #[test]
        fn no_text_is_a_panic(text in "[0-9a-zA-Z £€$.,/()-]{0,40}") {
            let _ = priced(&text);
        }
    }
}
