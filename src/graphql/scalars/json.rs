//! The `JSON` scalar.

use async_graphql::registry::Registry;
use async_graphql::{InputValueResult, OutputType as _, Scalar, ScalarType, Value};
use serde_json::Map;

use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};

/// A JSON value as its feed sent it, written where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Json<'a> {
    Value(&'a serde_json::Value),
    Members(&'a Map<String, serde_json::Value>),
    /// One that is kept as JSON.
    Written(&'a str),
}

/// What the schema says of it.
#[derive(Debug)]
pub(super) struct Any(serde_json::Value);

/// Any JSON value, exactly as the feed sent it.
#[Scalar(
    name = "JSON",
    specified_by_url = "https://ecma-international.org/publications-and-standards/standards/ecma-404/"
)]
impl ScalarType for Any {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

impl FieldOutput for Json<'_> {
    fn register(registry: &mut Registry) -> String {
        Any::create_type_info(registry)
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match self {
            Self::Value(value) => walk.json(*value),
            Self::Members(members) => walk.json(*members),
            Self::Written(json) => walk.written(json),
        }
        Ok(())
    }
}

impl<'a> Json<'a> {
    /// What a record holds beyond the model; none where it holds nothing.
    pub(crate) fn extra(extra: &'a Map<String, serde_json::Value>) -> Option<Self> {
        (!extra.is_empty()).then_some(Self::Members(extra))
    }
}
