//! Ages in words: units, ranges, and bounds.

use super::OLDEST;
use crate::source::dialects::lenient::values::tokens::{TextToken, tokens};

/// The ages that a text states, in years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum AgesSaid {
    /// A single age.
    At(f64),
    /// A range of ages. A missing end means no bound.
    Between(Option<f64>, Option<f64>),
    /// Any age.
    Any,
}

/// `under 5` excludes 5, so the bound is slightly lower, in years.
const JUST_UNDER: f64 = 0.01;

impl AgesSaid {
    /// Returns the ages if the text is in the member for the lowest age.
    pub(super) fn as_lowest(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::At(age) => (Some(age), None),
            Self::Between(low, high) => (low, high),
            Self::Any => (None, None),
        }
    }

    /// Returns the ages if the text is in the member for the highest age.
    pub(super) fn as_highest(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::At(age) => (None, Some(age)),
            other => other.as_lowest(),
        }
    }

    /// Returns whether people can have these ages.
    pub(super) fn is_possible(self) -> bool {
        let (low, high) = self.as_lowest();
        let ages = [low, high].into_iter().flatten();
        let is_ordered = low.zip(high).is_none_or(|(low, high)| low <= high);
        is_ordered && ages.into_iter().all(|age| (0.0..=OLDEST).contains(&age))
    }
}

/// Reads a text. Returns `None` if any part of it is left over.
pub(super) fn said(text: &str) -> Option<AgesSaid> {
    let folded = text.trim().trim_end_matches('.').to_lowercase();
    if is_any(&folded) {
        return Some(AgesSaid::Any);
    }
    let mut pieces = tokens(&folded)?;
    let is_filler = |piece: &TextToken<'_>| piece.is_word(&FILLERS) || *piece == TextToken::Sign('\'');
    pieces.retain(|piece| *piece != TextToken::Space && !is_filler(piece));
    AgeReader { pieces: &pieces }.all()
}

fn is_any(text: &str) -> bool {
    matches!(
        text,
        "any"
            | "all"
            | "any age"
            | "all ages"
            | "no limit"
            | "no age limit"
            | "no upper limit"
            | "no lower limit"
            | "no upper age limit"
            | "no lower age limit"
            | "no maximum"
            | "no minimum"
            | "no max"
            | "no min"
            | "unlimited"
            | "everyone"
            | "not applicable"
            | "no restriction"
            | "no restrictions"
            | "open"
    )
}

const FILLERS: [&str; 12] =
    ["age", "aged", "ages", "old", "olds", "of", "inclusive", "children", "people", "adults", "s", "the"];
const YEARS: [&str; 7] = ["years", "year", "yrs", "yr", "y", "yo", "blwydd"];
const MONTHS: [&str; 6] = ["months", "month", "mths", "mth", "mos", "mo"];
const WEEKS: [&str; 4] = ["weeks", "week", "wks", "wk"];
const DAYS: [&str; 2] = ["days", "day"];

/// An amount, and how many of its unit make a year. `None` if it has no unit.
#[derive(Clone, Copy)]
struct Amount {
    number: f64,
    per_year: Option<f64>,
}

impl Amount {
    fn years(self, otherwise: Option<f64>) -> f64 {
        self.number / self.per_year.or(otherwise).unwrap_or(1.0)
    }
}

struct AgeReader<'p> {
    pieces: &'p [TextToken<'p>],
}

impl AgeReader<'_> {
    fn all(mut self) -> Option<AgesSaid> {
        let said = self.side()?;
        self.pieces.is_empty().then_some(said)
    }

    fn side(&mut self) -> Option<AgesSaid> {
        if self.words(&[&["under"], &["below"], &["less", "than"], &["younger", "than"]]) || self.sign('<') {
            self.sign('-');
            let is_inclusive = self.sign('=');
            let age = self.age()?;
            return Some(AgesSaid::Between(None, Some(if is_inclusive { age } else { age - JUST_UNDER })));
        }
        if self.words(&[&["up", "to"], &["maximum"], &["max"], &["to"], &["until"], &["no", "older", "than"]])
            || self.sign('≤')
        {
            // "Up to and including 17" means the same as "up to 17" here.
            if self.and() && !self.words(&[&["including"], &["incl"], &["inc"]]) {
                return None;
            }
            return Some(AgesSaid::Between(None, Some(self.age()?)));
        }
        if self.words(&[&["over"], &["above"], &["at", "least"], &["minimum"], &["min"], &["older", "than"]])
            || self.sign('>')
            || self.sign('≥')
        {
            self.sign('=');
            self.sign('-');
            return Some(AgesSaid::Between(Some(self.age()?), None));
        }
        let is_between = self.words(&[&["between"]]);
        let is_from = self.words(&[&["from"]]);
        self.continue_with_age(is_between, is_from)
    }

    fn continue_with_age(&mut self, is_between: bool, is_from: bool) -> Option<AgesSaid> {
        let first = self.amount()?;
        if self.sign('-')
            || self.words(&[&["to"], &["until"], &["up", "to"], &["through"]])
            || (is_between && self.and())
        {
            let second = self.amount()?;
            let (low, high) = (first.years(second.per_year), second.years(None));
            return Some(AgesSaid::Between(Some(low), Some(high)));
        }
        let age = first.years(None);
        let and = self.and() || self.words(&[&["or"]]);
        if and && self.words(&[&["under"], &["below"], &["younger"]]) {
            return Some(AgesSaid::Between(None, Some(age)));
        }
        let upwards: [&[&str]; 9] = [
            &["over"],
            &["above"],
            &["older"],
            &["up"],
            &["upwards"],
            &["onwards"],
            &["plus"],
            &["more"],
            &["upward"],
        ];
        if self.words(&upwards) || (!and && self.sign('+')) || is_from {
            return Some(AgesSaid::Between(Some(age), None));
        }
        (!and).then_some(AgesSaid::At(age))
    }

    fn and(&mut self) -> bool {
        self.words(&[&["and"]]) || self.sign('&')
    }

    fn age(&mut self) -> Option<f64> {
        Some(self.amount()?.years(None))
    }

    // Reads `7`, `7½`, `7 1/2`, `7.5`, `18 months` or `3 years 6 months`.
    fn amount(&mut self) -> Option<Amount> {
        let number = self.number()?;
        let per_year = self.unit();
        if per_year == Some(1.0) {
            let rest = self.pieces;
            if let Some(months) = self.number()
                && self.unit() == Some(12.0)
            {
                return Some(Amount { number: number + months / 12.0, per_year });
            }
            self.pieces = rest;
        }
        Some(Amount { number, per_year })
    }

    fn number(&mut self) -> Option<f64> {
        let (whole, rest) = match self.pieces {
            [TextToken::Sign(sign), rest @ ..] if part_of(*sign).is_some() => (0.0, rest),
            [whole, rest @ ..] => (f64::from(whole.number(1, 3)?), rest),
            [] => return None,
        };
        let is_part_alone = matches!(self.pieces, [TextToken::Sign(_), ..]);
        let (number, rest) = match if is_part_alone { self.pieces } else { rest } {
            [TextToken::Sign('.'), TextToken::Number(digits), rest @ ..] => {
                (format!("{whole:.0}.{digits}").parse().ok()?, rest)
            }
            [TextToken::Sign(sign), rest @ ..] if part_of(*sign).is_some() => (whole + part_of(*sign)?, rest),
            [TextToken::Number("1"), TextToken::Sign('/'), TextToken::Number("2"), rest @ ..] => {
                (whole + 0.5, rest)
            }
            _ => (whole, rest),
        };
        self.pieces = rest;
        Some(number)
    }

    fn unit(&mut self) -> Option<f64> {
        let (unit, rest) = self.pieces.split_first()?;
        let per_year = [(&YEARS[..], 1.0), (&MONTHS[..], 12.0), (&WEEKS[..], 52.18), (&DAYS[..], 365.25)];
        let (_, per_year) = per_year.into_iter().find(|(names, _)| unit.is_word(names))?;
        self.pieces = rest;
        // `y/o`, which means "years old".
        if let [TextToken::Sign('/'), o, rest @ ..] = self.pieces
            && o.is_word(&["o"])
        {
            self.pieces = rest;
        }
        Some(per_year)
    }

    fn words(&mut self, choices: &[&[&str]]) -> bool {
        for words in choices {
            let (start, rest) = match self.pieces.split_at_checked(words.len()) {
                Some(parts) => parts,
                None => continue,
            };
            if start.iter().zip(*words).all(|(piece, word)| *piece == TextToken::Word(word)) {
                self.pieces = rest;
                return true;
            }
        }
        false
    }

    fn sign(&mut self, sign: char) -> bool {
        match self.pieces {
            [TextToken::Sign(first), rest @ ..] if *first == sign => {
                self.pieces = rest;
                true
            }
            _ => false,
        }
    }
}

fn part_of(sign: char) -> Option<f64> {
    match sign {
        '½' => Some(0.5),
        '¼' => Some(0.25),
        '¾' => Some(0.75),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let age = |age: Option<f64>| age.map_or_else(|| "*".to_owned(), |age| format!("{age:.2}"));
        match said(text) {
            None => "unread".to_owned(),
            Some(AgesSaid::Any) => "any".to_owned(),
            Some(AgesSaid::At(at)) => age(Some(at)),
            Some(AgesSaid::Between(low, high)) => format!("{}-{}", age(low), age(high)),
        }
    }

    #[test]
    fn quirk_95_ages_in_words() {
        for (text, expected) in [
            ("18+", "18.00-*"),
            ("18 +", "18.00-*"),
            ("18 plus", "18.00-*"),
            ("18 and over", "18.00-*"),
            ("18 years and over", "18.00-*"),
            ("18 or older", "18.00-*"),
            ("16 upwards", "16.00-*"),
            ("over 18s", "18.00-*"),
            ("Over 18", "18.00-*"),
            ("Over-18s", "18.00-*"),
            ("over 18's", "18.00-*"),
            ("16 & over", "16.00-*"),
            ("16 and above", "16.00-*"),
            ("16 & under", "*-16.00"),
            ("Up to and including 17", "*-17.00"),
            ("up to & incl. 17", "unread"),
            ("up to and 17", "unread"),
            ("5 & 7", "unread"),
            ("at least 18", "18.00-*"),
            ("from 5 years", "5.00-*"),
            (">= 18", "18.00-*"),
            ("6 months", "0.50"),
            ("18 months", "1.50"),
            ("26 weeks", "0.50"),
            ("7½", "7.50"),
            ("½", "0.50"),
            ("7 1/2", "7.50"),
            ("7.5 years", "7.50"),
            ("3 years 6 months", "3.50"),
            ("11 years", "11.00"),
            ("11 yrs", "11.00"),
            ("11yrs old", "11.00"),
            ("11 y/o", "11.00"),
            ("aged 11", "11.00"),
            ("11 years of age", "11.00"),
            ("Under 5", "*-4.99"),
            ("under-5s", "*-4.99"),
            ("under 5s", "*-4.99"),
            ("<5", "*-4.99"),
            ("<= 5", "*-5.00"),
            ("up to 5", "*-5.00"),
            ("5 and under", "*-5.00"),
            ("less than 6 months", "*-0.49"),
            ("18-25", "18.00-25.00"),
            ("18 – 25", "18.00-25.00"),
            ("18 to 25 years", "18.00-25.00"),
            ("between 18 and 25", "18.00-25.00"),
            ("ages 0-5", "0.00-5.00"),
            ("6-18 months", "0.50-1.50"),
            ("6 months - 5 years", "0.50-5.00"),
            ("6 months to 5", "0.50-5.00"),
            ("All ages", "any"),
            ("no upper limit", "any"),
            ("eighteen", "unread"),
            ("adults", "unread"),
            ("18 (25 with SEND)", "unread"),
            ("11 or 12", "unread"),
            ("school age", "unread"),
            ("year 6", "unread"),
            ("1/2/2020", "unread"),
            ("", "unread"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_range_is_both_its_ends(low in 0..60_u32, more in 0..60_u32) {
            let high = low + more;
            for text in [format!("{low}-{high}"), format!("{low} to {high} years"), format!("ages {low} – {high}")] {
                prop_assert_eq!(said(&text), Some(AgesSaid::Between(Some(low.into()), Some(high.into()))));
            }
        }

        #[test]
        fn no_text_is_a_panic(text in "[0-9a-zA-Z ½¼/.,<>+-]{0,40}") {
            let _ = said(&text);
        }
    }
}
