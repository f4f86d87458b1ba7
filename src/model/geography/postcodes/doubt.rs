//! Why no place is known for a postcode.

use super::built_in::PostcodeDirectory;
use super::key::PostcodeSpan;
use crate::model::AskedPostcode;

/// Why no place is known for a postcode that is written as postcodes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeDoubt {
    /// It is one of Northern Ireland, whose directory is under terms of its own.
    #[error(
        "is a postcode of Northern Ireland, which is not built in: the operator of this gateway can configure a file of \
         postcodes (`places.postcodes`)"
    )]
    NorthernIreland,
    /// It is one of the islands that are no part of the United Kingdom.
    #[error(
        "is a postcode of Jersey, Guernsey or the Isle of Man, which the postcode directory does not cover"
    )]
    Islands,
    /// No area has its letters.
    #[error("is not a postcode: no postcode area has the letters it begins with")]
    NoSuchArea,
    /// Its area has no such district or sector, or has it only lately.
    #[error("is not a known postcode: its area exists, but not this district or sector")]
    NoSuchDistrict,
}

impl PostcodeDoubt {
    /// Why no place is known for this one.
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
