//! Lists as they leave the graph: counted against the operation's budget, and resolved some elements at a time.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures_util::future::try_join_all;
use tokio::task::coop::consume_budget;

use crate::graphql::budget::Budget;
use crate::graphql::size::outside_lists;

/// How many elements are resolved at once. What they need of feeds they wait for together; those beyond take no memory
/// yet.
const AT_ONCE: usize = 100;

/// A list of the graph. Every field that returns a list returns this one.
pub(crate) struct List<T>(Vec<T>);

impl<T> From<Vec<T>> for List<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<T: OutputType> OutputType for List<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let budget = ctx.data_opt::<Arc<Budget>>();
        if let Some(budget) = budget {
            budget.take_nodes(self.0.len(), ctx).await;
        }
        let mut resolved = Vec::with_capacity(self.0.len());
        for (nth, elements) in self.0.chunks(AT_ONCE).enumerate() {
            resolved.extend(resolve_each(elements, nth * AT_ONCE, budget, ctx, field).await?);
        }
        Ok(Value::List(resolved))
    }
}

/// Resolves some elements together. Each gives way to other tasks once this one has had its turn, so that a time limit
/// holds however long the list is.
async fn resolve_each<T: OutputType>(
    elements: &[T],
    first: usize,
    budget: Option<&Arc<Budget>>,
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Vec<Value>> {
    try_join_all(elements.iter().enumerate().map(|(place, element)| {
        let ctx = ctx.with_index(first + place);
        async move {
            consume_budget().await;
            let value = element.resolve(&ctx, field).await.map_err(|error| ctx.set_error_path(error))?;
            if let Some(budget) = budget {
                budget.take_bytes(outside_lists(&value) + 1, &ctx).await;
            }
            Ok(value)
        }
    }))
    .await
}
