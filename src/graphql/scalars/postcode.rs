//! The `Postcode` scalar.

use super::forms::misshapen;
use super::text;
use crate::model;
use async_graphql::{InputValueResult, Scalar, ScalarType, Value};

/// A postcode.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Postcode(pub(crate) model::Postcode);

/// A whole UK postcode, accepted with any case and spacing, printed canonically (`BS1 4DJ`).
#[Scalar(name = "Postcode")]
impl ScalarType for Postcode {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_str().to_owned())
    }
}

fn read(value: &Value) -> Option<Postcode> {
    model::Postcode::parse(text(value)?).ok().map(Postcode)
}
