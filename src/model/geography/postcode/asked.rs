//! Postcodes as people type them: complete, or only the first part.

use std::fmt;

use super::{Postcode, is_outward};

/// A complete postcode, or the first part of one, which stands for all postcodes that begin with it.
#[derive(Clone, PartialEq, Eq)]
pub enum AskedPostcode {
    /// A complete postcode, e.g. `BS1 4DJ`.
    Whole(Postcode),
    /// A sector, e.g. `BS1 4`.
    Sector {
        /// The district, e.g. `BS1`.
        outward: Box<str>,
        /// The digit after the district.
        digit: char,
    },
    /// A district, e.g. `BS1`.
    District {
        /// The district's name.
        outward: Box<str>,
    },
}

/// The error for a text that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not a UK postcode: give a complete one, such as `BS1 4DJ`, or its first part, such as `BS1`, in any case and \
     spacing"
)]
pub struct AskedPostcodeError;

impl AskedPostcode {
    /// Parses a postcode or the first part of one, in any case, with any spaces, hyphens and full stops. The letters O,
    /// I and L are read as digits where only a digit is possible.
    ///
    /// # Errors
    /// Returns [`AskedPostcodeError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, AskedPostcodeError> {
        let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '.' | ',');
        let letters: String =
            text.chars().filter(|c| !is_between(*c)).collect::<String>().to_ascii_uppercase();
        if let Some(postcode) = whole(&letters) {
            return Ok(Self::Whole(postcode));
        }
        // `BS1 4` is a sector and `BS14` a district: the separator matters.
        let parts: Vec<&str> = text.split(is_between).filter(|part| !part.is_empty()).collect();
        if let [outward, digit] = *parts
            && let Some(outward) = district(outward)
            && let [digit @ b'0'..=b'9'] = *digit.as_bytes()
        {
            return Ok(Self::Sector { outward, digit: digit.into() });
        }
        district(&letters).map(|outward| Self::District { outward }).ok_or(AskedPostcodeError)
    }

    /// Returns the letters it begins with, which are the area, e.g. `BS`.
    pub fn area(&self) -> &str {
        let outward = match self {
            Self::Whole(postcode) => return postcode.area(),
            Self::Sector { outward, .. } | Self::District { outward } => &**outward,
        };
        outward.split_once(|c: char| c.is_ascii_digit()).map_or(outward, |(letters, _)| letters)
    }

    /// Returns whether a postcode equals this one, or begins with it.
    pub fn holds(&self, postcode: &Postcode) -> bool {
        let is_of = |outward: &str| {
            let given = postcode.outward();
            // `EC1` stands for `EC1A` to `EC1Y`, but `BS1` not for `BS14`.
            given.strip_prefix(outward).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphabetic()))
        };
        match self {
            Self::Whole(wanted) => wanted == postcode,
            Self::Sector { outward, digit } => {
                let inward = postcode.as_str().split_once(' ').map(|(_, inward)| inward);
                postcode.outward() == &**outward && inward.is_some_and(|inward| inward.starts_with(*digit))
            }
            Self::District { outward } => is_of(outward),
        }
    }
}

fn whole(letters: &str) -> Option<Postcode> {
    Postcode::parse(letters).ok().or_else(|| {
        let (outward, inward) = letters.split_at_checked(letters.len().checked_sub(3)?)?;
        let (digit, unit) = inward.split_at_checked(1)?;
        let digit = match digit {
            "O" => "0",
            "I" | "L" => "1",
            _ => return None,
        };
        Postcode::parse(&format!("{outward}{digit}{unit}")).ok()
    })
}

fn district(text: &str) -> Option<Box<str>> {
    let letters: Vec<char> = text.to_ascii_uppercase().chars().collect();
    let is_one = letters.iter().all(char::is_ascii_alphanumeric)
        && letters.iter().any(char::is_ascii_digit)
        && is_outward(&letters);
    is_one.then(|| letters.iter().collect::<String>().into())
}

impl fmt::Display for AskedPostcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(postcode) => postcode.fmt(f),
            Self::Sector { outward, digit } => write!(f, "{outward} {digit}"),
            Self::District { outward } => f.write_str(outward),
        }
    }
}

// Hidden like a complete postcode, because debug output ends up in logs.
impl fmt::Debug for AskedPostcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AskedPostcode(…)")
    }
}

impl From<Postcode> for AskedPostcode {
    fn from(postcode: Postcode) -> Self {
        Self::Whole(postcode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        AskedPostcode::parse(text).ok().map(|asked| asked.to_string())
    }

    #[test]
    fn postcodes_and_their_first_parts_are_read_as_people_type_them() {
        for (text, expected) in [
            ("bs34dj", "BS3 4DJ"),
            ("BS3-4DJ", "BS3 4DJ"),
            (" b s 3 4 d j. ", "BS3 4DJ"),
            ("W1A OAX", "W1A 0AX"),
            ("BS1", "BS1"),
            ("bs 1", "BS1"),
            ("EC1", "EC1"),
            ("ec1a", "EC1A"),
            ("BS1 4", "BS1 4"),
            ("bs14", "BS14"),
            ("M1", "M1"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_the_form_and_without_what_was_typed() {
        for text in
            ["", " ", "BS", "Bristol", "12345", "BS1 4D", "BS1 4CJ", "BS1 44", "GIR", "ÄÖ1", "BS3/4DJ"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let message = AskedPostcodeError.to_string();
        assert!(message.contains("`BS1 4DJ`") && message.contains("`BS1`"), "{message}");
    }

    #[test]
    fn a_first_part_stands_for_all_that_begin_so() {
        let holds = |asked: &str, postcode: &str| {
            AskedPostcode::parse(asked).unwrap().holds(&Postcode::parse(postcode).unwrap())
        };
        assert!(holds("BS1", "BS1 4DJ") && !holds("BS1", "BS14 8AA") && holds("EC1", "EC1A 1BB"));
        assert!(holds("BS1 4", "BS1 4DJ") && !holds("BS1 4", "BS1 5DJ") && !holds("BS1 4", "BS14 4DJ"));
        assert!(holds("BS1 4DJ", "BS1 4DJ") && !holds("BS1 4DJ", "BS1 4DA"));
    }
}
