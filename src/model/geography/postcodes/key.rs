//! Postcodes as numbers, in an order that keeps each district and each sector together.

use serde::{Deserialize, Serialize};

use crate::model::Postcode;

/// A postcode as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::model) struct PostcodeKey(u32);

/// All postcodes from one to another, inclusive, such as those of a sector, a district or an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::model) struct PostcodeSpan {
    pub(in crate::model) first: PostcodeKey,
    pub(in crate::model) last: PostcodeKey,
}

/// The letters that occur in inward codes.
const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
/// The most postcodes that a sector can have.
pub(super) const UNITS: u32 = 20 * 20;
const SECTORS: u32 = 10;
/// The most districts that an area can have.
const DISTRICTS: u32 = 10 * 37;

impl PostcodeKey {
    /// Returns the number of a postcode. Returns `None` for `GIR 0AA`, which has no location.
    pub(in crate::model) fn of(postcode: &Postcode) -> Option<Self> {
        Self::read(postcode.as_str().as_bytes())
    }

    /// Reads a postcode with any spacing. Returns `None` if the text is not a postcode.
    pub(in crate::model) fn read(text: &[u8]) -> Option<Self> {
        let mut letters = [0; 7];
        let mut count = 0;
        for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
            *letters.get_mut(count)? = byte.to_ascii_uppercase();
            count += 1;
        }
        let (outward, inward) = letters.get(..count)?.split_at_checked(count.checked_sub(3)?)?;
        let [sector, first, second] = *inward else { return None };
        let unit = letter_of(INWARD, first)? * 20 + letter_of(INWARD, second)?;
        Some(Self((district(outward)? * SECTORS + digit(sector)?) * UNITS + unit))
    }

    /// Returns the number of the postcode's sector.
    pub(super) fn sector_number(self) -> u32 {
        self.0 / UNITS
    }

    /// Returns the postcode with this number in a sector.
    pub(super) fn in_sector(sector: u32, unit: u32) -> Self {
        Self(sector * UNITS + unit)
    }

    /// Returns the postcode's number in its sector.
    pub(super) fn unit(self) -> u32 {
        self.0 % UNITS
    }

    /// Returns the postcode's district as text: `BS1`.
    pub(super) fn outward(self) -> String {
        let district = self.0 / UNITS / SECTORS;
        let (area, number, more) = (district / DISTRICTS, district / 37 % 10, district % 37);
        let letter = |number: u32| char::from_u32(u32::from('A') + number);
        let second = (area % 27).checked_sub(1).and_then(letter);
        let more = match more {
            0 => None,
            1..=10 => char::from_digit(more - 1, 10),
            more => letter(more - 11),
        };
        [letter(area / 27), second, char::from_digit(number, 10), more].into_iter().flatten().collect()
    }

    /// Returns the span of this postcode alone.
    pub(in crate::model) fn itself(self) -> PostcodeSpan {
        PostcodeSpan { first: self, last: self }
    }

    /// Returns the span of its sector: `BS1 4`.
    pub(in crate::model) fn sector(self) -> PostcodeSpan {
        PostcodeSpan::of(self.0 / UNITS, UNITS)
    }

    /// Returns the span of its district: `BS1`.
    pub(in crate::model) fn district(self) -> PostcodeSpan {
        PostcodeSpan::of(self.0 / UNITS / SECTORS, UNITS * SECTORS)
    }

    /// Returns the span of its area: `BS`.
    pub(super) fn area(self) -> PostcodeSpan {
        PostcodeSpan::of(self.0 / UNITS / SECTORS / DISTRICTS, UNITS * SECTORS * DISTRICTS)
    }
}

impl PostcodeSpan {
    /// Returns the span of a district: `BS1`.
    pub(in crate::model) fn of_district(outward: &str) -> Option<Self> {
        Some(Self::of(district(outward.as_bytes())?, SECTORS * UNITS))
    }

    /// Returns the span of a sector, given its district and digit: `BS1` and `4`.
    pub(in crate::model) fn of_sector(outward: &str, sector: &str) -> Option<Self> {
        let [sector] = *sector.as_bytes() else { return None };
        Some(Self::of(district(outward.as_bytes())? * SECTORS + digit(sector)?, UNITS))
    }

    /// Returns the span of the districts with a letter after the number, e.g. `EC1A` to `EC1Y` for `EC1`. Returns
    /// `None` if there can be none.
    pub(in crate::model) fn of_lettered(outward: &str) -> Option<Self> {
        let (first, last) =
            (Self::of_district(&format!("{outward}A"))?, Self::of_district(&format!("{outward}Z"))?);
        Some(Self { first: first.first, last: last.last })
    }

    /// Returns the span of all districts with these letters: `BS`.
    pub(in crate::model) fn of_area(letters: &str) -> Option<Self> {
        let (first, last) =
            (Self::of_district(&format!("{letters}0"))?, Self::of_district(&format!("{letters}9Z"))?);
        Some(Self { first: first.first, last: last.last })
    }

    /// Returns whether a postcode is in the span.
    pub(in crate::model) fn holds(self, key: PostcodeKey) -> bool {
        self.first <= key && key <= self.last
    }

    /// Returns whether the sector with this number is in the span.
    pub(super) fn holds_sector(self, sector: u32) -> bool {
        (self.first.sector_number()..=self.last.sector_number()).contains(&sector)
    }

    fn of(number: u32, size: u32) -> Self {
        let first = number * size;
        Self { first: PostcodeKey(first), last: PostcodeKey(first + size - 1) }
    }
}

// One or two letters, a digit, and possibly one more letter or digit.
fn district(outward: &[u8]) -> Option<u32> {
    let (area, rest) = match *outward {
        [first, second, ref rest @ ..] if second.is_ascii_alphabetic() => {
            (letter(first)? * 27 + letter(second)? + 1, rest)
        }
        [first, ref rest @ ..] => (letter(first)? * 27, rest),
        [] => return None,
    };
    let (number, more) = match *rest {
        [number] => (number, 0),
        [number, more @ b'0'..=b'9'] => (number, digit(more)? + 1),
        [number, more] => (number, letter(more)? + 11),
        _ => return None,
    };
    Some((area * 10 + digit(number)?) * 37 + more)
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

fn letter(byte: u8) -> Option<u32> {
    byte.is_ascii_uppercase().then(|| u32::from(byte - b'A'))
}

fn letter_of(letters: &[u8], byte: u8) -> Option<u32> {
    u32::try_from(letters.iter().position(|letter| *letter == byte)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> PostcodeKey {
        PostcodeKey::read(text.as_bytes()).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_a_postcode_has_a_key_of_its_own(
            one in "[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}",
            other in "[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}",
        ) {
            prop_assert!(Postcode::parse(&one).is_ok());
            prop_assert_eq!(key(&one) == key(&other), one == other);
            prop_assert_eq!(Some(&*key(&one).outward()), one.split(' ').next());
            let letters = |text: &str| text.chars().take_while(char::is_ascii_alphabetic).collect::<String>();
            prop_assert_eq!(key(&one).area().holds(key(&other)), letters(&one) == letters(&other));
        }

        #[test]
        fn what_has_a_key_is_a_postcode(text in "[A-Z0-9 ]{4,8}") {
            prop_assert!(PostcodeKey::read(text.as_bytes()).is_none() || Postcode::parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_district_holds_its_own_and_no_others() {
        let bs3 = PostcodeSpan::of_district("BS3").unwrap();
        assert!(bs3.holds(key("BS3 4AA")) && bs3.holds(key("bs30zz")) && !bs3.holds(key("BS34 5AA")));
        assert!(!PostcodeSpan::of_district("B3").unwrap().holds(key("BS3 4AA")));
        assert!(
            key("EC1A 1BB").sector().holds(key("EC1A1ZZ"))
                && !key("EC1A 1BB").sector().holds(key("EC1A 2BB"))
        );
        assert_eq!(PostcodeSpan::of_district("BS"), None);
        assert_eq!(PostcodeKey::read(b"GIR 0AA"), None);
    }
}
