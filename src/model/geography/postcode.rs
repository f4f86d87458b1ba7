//! UK postcodes in their canonical spelling.

mod asked;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use asked::{AskedPostcode, AskedPostcodeError};

/// A complete UK postcode in its canonical spelling, e.g. `BS1 4DJ`. It need not be in use.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Postcode(Box<str>);

/// The error for a text that is not a postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a UK postcode such as `BS1 4DJ`")]
pub struct PostcodeError;

impl Postcode {
    /// Parses a postcode with any case and spacing.
    ///
    /// # Errors
    /// Returns [`PostcodeError`] if the text does not have the form of a complete postcode.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let mut letters = Vec::with_capacity(7);
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if !c.is_ascii_alphanumeric() || letters.len() == 7 {
                return Err(PostcodeError);
            }
            letters.push(c.to_ascii_uppercase());
        }
        let split = letters.len().checked_sub(3).ok_or(PostcodeError)?;
        let (outward, inward) = letters.split_at_checked(split).ok_or(PostcodeError)?;
        if !is_outward(outward) || !is_inward(inward) {
            return Err(PostcodeError);
        }
        let spelled: String = outward.iter().chain([&' ']).chain(inward).collect();
        Ok(Self(spelled.into()))
    }

    /// Returns the canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the space, which is the district, e.g. `BS1`.
    pub fn outward(&self) -> &str {
        self.0.split_once(' ').map_or(&self.0, |(outward, _)| outward)
    }

    /// Returns the letters it begins with, which are the area, e.g. `BS`.
    pub fn area(&self) -> &str {
        self.0.split_once(|c: char| c.is_ascii_digit()).map_or(&self.0, |(letters, _)| letters)
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Hidden, because a postcode that a user asks about is private, and debug output ends up in logs.
impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

// A9, A99, A9A, AA9, AA99, AA9A, and the old exception GIR 0AA.
fn is_outward(letters: &[char]) -> bool {
    let shape: String = letters.iter().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).collect();
    matches!(shape.as_str(), "A9" | "A99" | "A9A" | "AA9" | "AA99" | "AA9A") || letters == ['G', 'I', 'R']
}

fn is_inward(letters: &[char]) -> bool {
    matches!(letters, [digit, first, second]
        if digit.is_ascii_digit() && [first, second].iter().all(|c| c.is_ascii_uppercase() && !"CIKMOV".contains(**c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_all() {
        for text in ["BS1 4DJ", "bs14dj", " Bs1  4dJ "] {
            assert_eq!(Postcode::parse(text).unwrap().as_str(), "BS1 4DJ", "{text}");
        }
        assert_eq!(Postcode::parse("EC1A1BB").unwrap().outward(), "EC1A");
        assert_eq!(Postcode::parse("GIR0AA").unwrap().as_str(), "GIR 0AA");
    }

    #[test]
    fn refuses_parts_and_other_texts() {
        for text in ["", "BS1", "BS1 4D", "BS1 4DJX", "12345", "BS1 4CJ", "ÄÖ1 4DJ", "ABC 1234"] {
            assert_eq!(Postcode::parse(text), Err(PostcodeError), "{text}");
        }
    }
}
