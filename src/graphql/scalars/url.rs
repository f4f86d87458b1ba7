//! The `URL` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};

use super::forms::misshapen;
use super::text;

/// A web address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Url(pub(crate) url::Url);

/// An absolute web address.
#[Scalar(name = "URL", specified_by_url = "https://url.spec.whatwg.org/")]
impl ScalarType for Url {
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

fn read(value: &Value) -> Option<Url> {
    url::Url::parse(text(value)?).ok().map(Url)
}
