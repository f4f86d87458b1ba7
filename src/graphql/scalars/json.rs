//! The `JSON` scalar.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, InputValueResult, OutputType, Positioned, Scalar, ScalarType, ServerResult, Value,
};

use crate::graphql::budget::Budget;
use crate::graphql::size;

/// A JSON value of an answer. Its bytes are taken from the operation's budget before it is copied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json(pub(crate) serde_json::Value);

/// What the schema says of it.
struct Any(serde_json::Value);

/// Any JSON value, kept as its feed sent it.
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

impl OutputType for Json {
    fn type_name() -> Cow<'static, str> {
        <Any as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Any as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        if let Some(budget) = ctx.data_opt::<Arc<Budget>>() {
            let (all, outside_lists) = size::of_json(&self.0);
            // What stands around the value counts those bytes that lie outside lists; copying them is allowed first.
            budget.allow_bytes(all, ctx).await;
            budget.take_bytes(all - outside_lists, ctx).await;
        }
        Ok(self.to_value())
    }
}

impl Json {
    /// What a record holds beyond the model; none where it holds nothing.
    pub(crate) fn extra(extra: &serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        (!extra.is_empty()).then(|| Self(serde_json::Value::Object(extra.clone())))
    }

    pub(super) fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
