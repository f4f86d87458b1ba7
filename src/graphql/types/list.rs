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
            // So that a time limit holds however long the list is.
            consume_budget().await;
            resolved.extend(resolve_each(elements, nth * AT_ONCE, budget, ctx, field).await?);
            if let Some(budget) = budget {
                budget.check_errors(ctx).await;
            }
        }
        Ok(Value::List(resolved))
    }
}

/// Resolves some elements together, which are the `first` of their list and those after it.
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
            let value = element.resolve(&ctx, field).await.map_err(|error| ctx.set_error_path(error))?;
            // At once: others of its list may wait for long, and many lists may.
            if let Some(budget) = budget {
                budget.take_bytes(outside_lists(&value) + 1, &ctx).await;
            }
            Ok(value)
        }
    }))
    .await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};
    use serde_json::json;

    use super::*;
    use crate::graphql::GraphSettings;

    struct Root;

    #[Object]
    impl Root {
        async fn numbers(&self, count: i32) -> List<i32> {
            (0..count).collect()
        }
    }

    fn schema() -> Schema<Root, EmptyMutation, EmptySubscription> {
        Schema::new(Root, EmptyMutation, EmptySubscription)
    }

    #[tokio::test]
    async fn elements_keep_their_order_over_all_turns() {
        let data = schema().execute("{ numbers(count: 250) }").await.data.into_json().unwrap();
        assert_eq!(data, json!({ "numbers": (0..250).collect::<Vec<i32>>() }));
    }

    #[tokio::test]
    async fn a_long_list_does_not_outlast_a_time_limit() {
        let schema = schema();
        let executing = schema.execute("{ numbers(count: 3000000) }");
        let executed = tokio::time::timeout(Duration::from_millis(1), executing).await;
        assert!(executed.is_err(), "it never gave way");
    }

    #[tokio::test]
    async fn an_operation_ends_with_the_path_where_its_budget_was_spent() {
        for (settings, key) in [
            (GraphSettings { max_nodes: 299, ..GraphSettings::default() }, "max_nodes"),
            (GraphSettings { max_answer: 500, ..GraphSettings::default() }, "max_answer"),
        ] {
            let budget = Arc::new(Budget::new(&settings));
            let schema = schema();
            let executing =
                schema.execute(Request::new("{ all: numbers(count: 300) }").data(Arc::clone(&budget)));
            let refusal = tokio::select! {
                refusal = budget.ended() => refusal,
                response = executing => panic!("{response:?}"),
            };
            assert!(refusal.message.contains(key), "{}", refusal.message);
            assert_eq!(serde_json::to_value(&refusal.path).unwrap()[0], "all");
        }
    }
}
