//! The codes of the official statistics for areas of the United Kingdom.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An area's code in the UK's official statistics, e.g. `E06000023` for Bristol: nation, kind, number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaCode([u8; 9]);

/// The kind of area that a code identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AreaKind {
    /// The United Kingdom, or several of its countries.
    Union,
    /// England, Scotland, Wales or Northern Ireland.
    Country,
    /// A region of England.
    Region,
    /// A county with districts, or a metropolitan county.
    County,
    /// The area of the council that collects the bins: a unitary authority, a district or a London borough.
    LocalAuthority,
    /// An electoral ward.
    Ward,
    /// A civil parish or community.
    Parish,
    /// A small statistical area of about 1,500 people.
    LowerOutputArea,
    /// A larger statistical area of about 8,000 people.
    MiddleOutputArea,
    /// An area of the health service.
    Health,
    /// One of the parts of England's health areas that used to be clinical commissioning groups.
    SubHealth,
    /// A constituency of the House of Commons.
    Constituency,
}

/// The error for a text that is not an area code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an ONS code such as `E06000023`")]
pub struct AreaCodeError;

/// Ends codes that mean "no such area": `E99999999` stands for a county in parts of England without counties.
const NONE_HERE: &str = "99999999";

impl AreaCode {
    /// The United Kingdom.
    pub const UNITED_KINGDOM: Self = Self(*b"K02000001");
    /// Great Britain: all but Northern Ireland.
    pub const GREAT_BRITAIN: Self = Self(*b"K03000001");
    /// England and Wales.
    pub const ENGLAND_AND_WALES: Self = Self(*b"K04000001");
    /// London: the region, which is also the city.
    pub const LONDON: Self = Self(*b"E12000007");
    /// England.
    pub const ENGLAND: Self = Self(*b"E92000001");
    /// Scotland.
    pub const SCOTLAND: Self = Self(*b"S92000003");
    /// Wales.
    pub const WALES: Self = Self(*b"W92000004");
    /// Northern Ireland.
    pub const NORTHERN_IRELAND: Self = Self(*b"N92000002");

    /// Parses a code in any case, ignoring surrounding spaces.
    ///
    /// # Errors
    /// Returns [`AreaCodeError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, AreaCodeError> {
        let code: [u8; 9] = text.trim().as_bytes().try_into().map_err(|_| AreaCodeError)?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        let [nation, number @ ..] = code;
        let is_code = b"EWNSKJ".contains(&nation) && number.iter().all(u8::is_ascii_digit);
        if is_code { Ok(Self(code)) } else { Err(AreaCodeError) }
    }

    /// Returns the code in upper case.
    pub fn as_str(&self) -> &str {
        // Contains only ASCII letters and digits.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the kind of area. `None` for kinds that the gateway does not use, and for codes that mean "no such
    /// area".
    pub fn kind(self) -> Option<AreaKind> {
        let text = self.as_str();
        if text.ends_with(NONE_HERE) {
            return None;
        }
        let (nation, rest) = text.split_at_checked(1)?;
        Some(match (nation, rest.get(..2)?) {
            ("K", "02" | "03" | "04") => AreaKind::Union,
            (_, "92") => AreaKind::Country,
            ("E", "12") => AreaKind::Region,
            ("E", "10" | "11") => AreaKind::County,
            ("E", "06" | "07" | "08" | "09") | ("W", "06") | ("S", "12") | ("N", "09") => {
                AreaKind::LocalAuthority
            }
            ("E" | "W", "05") | ("S", "13") | ("N", "08") => AreaKind::Ward,
            ("E" | "W", "04") => AreaKind::Parish,
            ("E" | "W" | "S", "01") | ("N", "20") => AreaKind::LowerOutputArea,
            ("E" | "W" | "S", "02") | ("N", "21") => AreaKind::MiddleOutputArea,
            ("E", "54") | ("W", "11") | ("S", "08") => AreaKind::Health,
            ("E", "38") => AreaKind::SubHealth,
            ("E" | "S", "14") | ("W", "07") | ("N", "05") => AreaKind::Constituency,
            _ => return None,
        })
    }

    /// Returns the countries that the area lies in or consists of, which follow from the code.
    pub fn countries(self) -> &'static [Self] {
        const ALL: [AreaCode; 4] =
            [AreaCode::ENGLAND, AreaCode::WALES, AreaCode::SCOTLAND, AreaCode::NORTHERN_IRELAND];
        let [england, wales, scotland, northern_ireland] = ALL.each_ref().map(std::slice::from_ref);
        match self.0 {
            [b'E', ..] => england,
            [b'W', ..] => wales,
            [b'S', ..] => scotland,
            [b'N', ..] => northern_ireland,
            [b'K', b'0', b'4', ..] => ALL.get(..2).unwrap_or_default(),
            [b'K', b'0', b'3', ..] => ALL.get(..3).unwrap_or_default(),
            [b'K', b'0', b'2', ..] => &ALL,
            _ => &[],
        }
    }

    /// Returns the country that the area lies in. `None` if it is not in exactly one.
    pub fn country(self) -> Option<Self> {
        match self.countries() {
            [country] => Some(*country),
            _ => None,
        }
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_and_sorted() {
        let kind = |text| AreaCode::parse(text).unwrap().kind();
        assert_eq!(kind(" e06000023 "), Some(AreaKind::LocalAuthority));
        assert_eq!(kind("W92000004"), Some(AreaKind::Country));
        assert_eq!(kind("E01014485"), Some(AreaKind::LowerOutputArea));
        assert_eq!((kind("E99999999"), kind("E00073319")), (None, None));
        for text in ["", "E0600002", "E060000234", "X06000023", "E0600002a", "É6000023", "BS1 4DJ"] {
            assert_eq!(AreaCode::parse(text), Err(AreaCodeError), "{text}");
        }
    }

    #[test]
    fn the_first_letter_tells_the_country() {
        let country = |text| AreaCode::parse(text).unwrap().country();
        assert_eq!(country("S12000036"), Some(AreaCode::SCOTLAND));
        assert_eq!(country("K02000001"), None);
    }
}
