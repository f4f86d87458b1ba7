//! The schema as a document.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{
    Context, ContextSelectionSet, EmptyMutation, EmptySubscription, ID, ObjectType, OutputType, Positioned,
    Request, Response, SDLExportOptions, Schema, SchemaBuilder, ServerResult, Value,
};
use futures_util::FutureExt as _;

use super::output::{FieldOutput, GraphObject as _};
use super::query::Query;
use super::subgraph::{FederatedSubgraph, PlainSchema, SchemaVariant};

/// The root for the schema library. It describes a variant of the graph, and executes only introspection.
pub(super) struct DescribedRoot<V>(PhantomData<V>);

impl<V: SchemaVariant> OutputType for DescribedRoot<V> {
    fn type_name() -> Cow<'static, str> {
        Query::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Query::register(registry);
        V::adapt(registry);
        name
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

impl<V: SchemaVariant> ContainerType for DescribedRoot<V> {
    async fn resolve_field(&self, _: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(None)
    }
}

impl<V: SchemaVariant> ObjectType for DescribedRoot<V> {}

/// Builds the schema, without anything to read data from.
fn build<V: SchemaVariant + 'static>() -> SchemaBuilder<DescribedRoot<V>, EmptyMutation, EmptySubscription> {
    Schema::build(DescribedRoot(PhantomData), EmptyMutation, EmptySubscription)
        .override_output_type_description::<ID>(
            "An opaque string that identifies one object; do not parse it.",
        )
}

/// Returns the schema definition, as in `schema.graphql`.
pub fn sdl() -> String {
    sdl_of::<PlainSchema>()
}

/// Returns the schema definition of the graph that is served, with or without what is only for federation routers.
pub fn served_sdl(is_federated: bool) -> String {
    if is_federated { sdl_of::<FederatedSubgraph>() } else { sdl() }
}

/// Returns the schema definition of a variant.
pub(super) fn sdl_of<V: SchemaVariant + 'static>() -> String {
    let options =
        SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions().use_space_ident();
    without_built_in_directives(&build::<V>().finish().sdl_with_options(options))
}

/// Returns the library's answer to introspection of the graph that is served. `None` if it would have to wait, which
/// introspection never does.
pub(super) fn introspection(is_federated: bool, query: impl Into<Request>) -> Option<Response> {
    let request = query.into();
    if is_federated {
        build::<FederatedSubgraph>().finish().execute(request).now_or_never()
    } else {
        build::<PlainSchema>().finish().execute(request).now_or_never()
    }
}

// Every GraphQL server has them. Printing them makes tools complain about a second definition.
fn without_built_in_directives(sdl: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in sdl.lines() {
        if line.starts_with("directive @") {
            // Also removes the description, which is on the line before.
            kept.pop();
        } else {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use async_graphql::IntrospectionMode;
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_committed_schema_is_the_one_served() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
        if std::env::vars().any(|(name, value)| name == "BLESS" && value == "1") {
            std::fs::write(&path, sdl()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == sdl(),
            "schema.graphql is not what the code serves: accept it with `just bless`"
        );
    }

    fn introspected() -> Vec<Value> {
        let about = "name description isDeprecated";
        let query = format!(
            "{{ __schema {{ types {{ name description
                fields(includeDeprecated: true) {{ {about} args {{ name description }} }}
                inputFields {{ name description }}
                enumValues(includeDeprecated: true) {{ {about} }} }} }} }}"
        );
        let mut request = Request::new(query);
        request.introspection_mode = IntrospectionMode::Enabled;
        let response = introspection(true, request).unwrap();
        assert!(response.is_ok(), "{:?}", response.errors);
        let types = response.data.into_json().unwrap()["__schema"]["types"].take();
        let Value::Array(types) = types else { panic!("no list of types") };
        let ours = |of: &Value| !of["name"].as_str().is_some_and(|name| name.starts_with("__"));
        types.into_iter().filter(ours).collect()
    }

    fn undescribed(of: &Value, path: &str, missing: &mut Vec<String>) {
        let path = format!("{path}/{}", of["name"].as_str().unwrap_or("?"));
        if of["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            missing.push(path.clone());
        }
        for members in ["fields", "args", "inputFields", "enumValues"] {
            let members = of[members].as_array().into_iter().flatten();
            members.for_each(|member| undescribed(member, &path, missing));
        }
    }

    #[test]
    fn everything_has_a_description() {
        let types = introspected();
        assert!(types.len() > 50, "only {} types", types.len());
        let mut missing = Vec::new();
        types.iter().for_each(|of| undescribed(of, "", &mut missing));
        assert!(missing.is_empty(), "without a description: {missing:#?}");
    }

    #[test]
    fn the_document_defines_no_directive_that_every_server_has() {
        assert!(!sdl().contains("directive @"));
        assert!(sdl().contains("@specifiedBy") && sdl().contains("@oneOf"));
    }
}
