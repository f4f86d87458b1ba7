//! Why a postcode has no known position.

use super::built_in::PostcodeDirectory;
use super::key::PostcodeSpan;
use crate::model::AskedPostcode;

/// Why a text in the form of a postcode has no known position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeDoubt {
    /// It is in Northern Ireland, whose directory has a different licence.
    #[error(
        "is a postcode of Northern Ireland, which is not built in: the operator of this gateway can configure a file of \
         postcodes (`places.postcodes`)"
    )]
    NorthernIreland,
    /// It is in Jersey, Guernsey or the Isle of Man, which are not part of the United Kingdom.
    #[error(
        "is a postcode of Jersey, Guernsey or the Isle of Man, which the postcode directory does not cover"
    )]
    Islands,
    /// No postcode area has these letters.
    #[error("is not a postcode: no postcode area has the letters it begins with")]
    NoSuchArea,
    /// The area has no such district or sector, or only a very new one.
    #[error("is not a known postcode: its area exists, but not this district or sector")]
    NoSuchDistrict,
}

impl PostcodeDoubt {
    /// Returns why this postcode has no known position.
    pub fn of(asked: &AskedPostcode) -> Self {
        let letters = asked.area();
        match letters {
            "BT" => Self::NorthernIreland,
            "JE" | "GY" | "IM" => Self::Islands,
            _ if PostcodeSpan::of_area(letters)
                .is_some_and(|area| PostcodeDirectory::get().has_any(area)) =>
            {
                Self::NoSuchDistrict
            }
            _ => Self::NoSuchArea,
        }
    }
}
