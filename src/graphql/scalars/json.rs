//! The `JSON` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};

/// Any JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json(pub(crate) serde_json::Value);

/// Any JSON value, kept as its feed sent it.
#[Scalar(
    name = "JSON",
    specified_by_url = "https://ecma-international.org/publications-and-standards/standards/ecma-404/"
)]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

impl Json {
    /// What a record holds beyond the model; none where it holds nothing.
    pub(crate) fn extra(extra: &serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        (!extra.is_empty()).then(|| Self(serde_json::Value::Object(extra.clone())))
    }
}
