//! Introspection: the library's answer, read once, and written by the same walk as all other fields.

mod types;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::registry::Registry;
use serde::Deserialize;

use super::output::FieldOutput;
use super::plan::FieldPlan;
use super::schema;
use super::walk::{OutputWalk, WriteResult};
use types::{SchemaView, TypeView};

/// The query for everything that introspection can return, without lists of types inside types.
const QUERY: &str = include_str!("introspection/everything.graphql");

/// The library's answer.
#[derive(Clone, Default)]
pub(crate) struct IntrospectionAnswer(Arc<ToldAnswer>);

#[derive(Default)]
struct ToldAnswer {
    schema: ToldSchema,
    types: HashMap<String, Arc<ToldType>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldSchema {
    types: Vec<Arc<ToldType>>,
    query_type: Option<TypeReference>,
    mutation_type: Option<TypeReference>,
    subscription_type: Option<TypeReference>,
    directives: Vec<Arc<ToldDirective>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldType {
    kind: String,
    name: Option<String>,
    description: Option<String>,
    fields: Option<Vec<Arc<ToldField>>>,
    /// The library leaves them out for interfaces, none of which has any.
    interfaces: Option<Vec<TypeReference>>,
    possible_types: Option<Vec<TypeReference>>,
    enum_values: Option<Vec<Arc<ToldEnumValue>>>,
    input_fields: Option<Vec<Arc<ToldInputValue>>>,
    #[serde(rename = "specifiedByURL")]
    specified_by_url: Option<String>,
    is_one_of: Option<bool>,
}

/// A type by name, or a list or non-null wrapper of a type.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeReference {
    kind: String,
    name: Option<String>,
    of_type: Option<Arc<TypeReference>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldField {
    name: String,
    description: Option<String>,
    args: Vec<Arc<ToldInputValue>>,
    #[serde(rename = "type")]
    of: TypeReference,
    is_deprecated: bool,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldInputValue {
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    of: TypeReference,
    default_value: Option<String>,
    is_deprecated: bool,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldEnumValue {
    name: String,
    description: Option<String>,
    is_deprecated: bool,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldDirective {
    name: String,
    description: Option<String>,
    is_repeatable: bool,
    locations: Vec<String>,
    args: Vec<Arc<ToldInputValue>>,
}

impl IntrospectionAnswer {
    /// Reads the library's answer, with or without what is only for federation routers.
    pub(super) fn read(is_federated: bool) -> Self {
        #[derive(Deserialize)]
        struct Data {
            #[serde(rename = "__schema")]
            schema: ToldSchema,
        }
        let response = schema::introspection(is_federated, QUERY);
        let data = response.and_then(|response| response.data.into_json().ok());
        // A test checks that it can be read. Otherwise introspection returns nothing.
        let schema = match serde_json::from_value(data.unwrap_or_default()) {
            Ok(Data { schema }) => schema,
            Err(error) => {
                tracing::error!(%error, "the schema's description cannot be read");
                ToldSchema::default()
            }
        };
        let named = schema.types.iter().filter_map(|of| Some((of.name.clone()?, Arc::clone(of))));
        let types = named.collect();
        Self(Arc::new(ToldAnswer { schema, types }))
    }

    /// Returns a type by name.
    fn named(&self, name: &str) -> Option<TypeView> {
        let of = Arc::clone(self.0.types.get(name)?);
        Some(TypeView::Named { of, all: self.clone() })
    }

    fn type_of(&self, reference: &TypeReference) -> Option<TypeView> {
        match (&reference.name, &reference.of_type) {
            (Some(name), _) => self.named(name),
            (None, Some(within)) => Some(TypeView::Wrapping {
                kind: reference.kind.clone(),
                within: TypeReference::clone(within),
                all: self.clone(),
            }),
            (None, None) => None,
        }
    }
}

/// Registers the types of introspection, which the library does not expose.
pub(super) fn register(registry: &mut Registry) {
    SchemaView::register(registry);
}

/// Writes `__schema` or `__type`.
///
/// # Errors
/// Returns an error if the operation must end.
pub(super) fn write<'r>(
    all: &IntrospectionAnswer,
    field: &'r FieldPlan,
    walk: &mut OutputWalk<'r>,
) -> WriteResult {
    if &*field.name == "__schema" {
        return SchemaView(all.clone()).write(field, walk);
    }
    // `__type` has one argument, which is required.
    match walk.argument(field, 0, None::<fn() -> String>) {
        Ok(name) => all.named(&name).write(field, walk),
        Err(error) => Option::<TypeView>::fail(error, field, walk),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_answer_can_be_read() {
        let read = IntrospectionAnswer::read(false);
        assert!(read.0.types.len() > 50);
        assert!(read.named("Service").is_some() && read.named("__Type").is_some());
    }
}
