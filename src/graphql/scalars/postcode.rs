//! The `Postcode` scalar.

use super::text;
use crate::model::{self, AskedPostcode, AskedPostcodeError};
use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// A postcode, or the first part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Postcode(pub(crate) AskedPostcode);

/// A UK postcode, printed canonically: `BS1 4DJ`. It is read in any case, with any spaces, hyphens and full stops. As an
/// argument, its first part is read too: a district (`BS1`) or a sector (`BS1 4`).
#[Scalar(name = "Postcode")]
impl ScalarType for Postcode {
    fn parse(value: Value) -> InputValueResult<Self> {
        // It may be somebody's own, so the error does not repeat it.
        let asked = text(&value).ok_or(AskedPostcodeError).and_then(AskedPostcode::parse);
        asked.map(Self).map_err(InputValueError::custom)
    }

    // What a text cannot be is left to `parse`, whose error says how a postcode looks.
    fn is_valid(value: &Value) -> bool {
        text(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<model::Postcode> for Postcode {
    fn from(postcode: model::Postcode) -> Self {
        Self(postcode.into())
    }
}
