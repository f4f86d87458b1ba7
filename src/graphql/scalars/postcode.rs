//! The `Postcode` scalar.

use super::forms::misshapen;
use super::text;
use crate::model::{self, AskedPostcode};
use async_graphql::{InputValueResult, Scalar, ScalarType, Value};

/// A postcode, or the first part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Postcode(pub(crate) AskedPostcode);

/// A UK postcode, written as `BS1 4DJ`. Input may be in any case, with any spaces, hyphens and full stops. Arguments
/// also accept the first part of a postcode: a district (`BS1`) or a sector (`BS1 4`).
#[Scalar(name = "Postcode")]
impl ScalarType for Postcode {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
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

fn read(value: &Value) -> Option<Postcode> {
    AskedPostcode::parse(text(value)?).ok().map(Postcode)
}
