//! The codes by which the national statistics name areas of the United Kingdom.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A code of the UK's official statistics for an area, e.g. `E06000023` for Bristol: nation, kind, number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaCode([u8; 9]);

/// What sort of area a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AreaKind {
    /// The whole kingdom, or more than one of its countries.
    Union,
    /// England, Scotland, Wales or Northern Ireland.
    Country,
    /// A region of England.
    Region,
    /// A county with districts, or a metropolitan one.
    County,
    /// The council area that collects the bins: a unitary authority, a district, a London borough.
    LocalAuthority,
    /// An electoral ward.
    Ward,
    /// A civil parish or community.
    Parish,
    /// A small area for statistics, of some 1,500 people.
    LowerOutputArea,
    /// A larger area for statistics, of some 8,000 people.
    MiddleOutputArea,
    /// An area of the health service.
    Health,
    /// The part of England's health areas that were clinical commissioning groups.
    SubHealth,
    /// A constituency of the House of Commons.
    Constituency,
}

/// A text that is no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an ONS code such as `E06000023`")]
pub struct AreaCodeError;

/// Stands for "none here" at the end of a code: `E99999999` is a county of England where there is none.
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

    /// Reads a code in any case, with blanks around it.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, AreaCodeError> {
        let code: [u8; 9] = text.trim().as_bytes().try_into().map_err(|_| AreaCodeError)?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        let [nation, number @ ..] = code;
        let is_code = b"EWNSKJ".contains(&nation) && number.iter().all(u8::is_ascii_digit);
        if is_code { Ok(Self(code)) } else { Err(AreaCodeError) }
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        // Letters and digits, by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What sort of area it names; none for sorts that nothing here is decided by, and for codes of no area.
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

    /// The countries it lies in or is made of, which its letters tell.
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

    /// The one country it lies in.
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
