//! The variants of the schema: for clients of this gateway, for a router, and for a composer.

use async_graphql::Value;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{MetaDirectiveInvocation, MetaType, Registry};

use crate::graphql::output::GraphObject as _;
use crate::graphql::query::Query;
use crate::graphql::schema::sdl_of;

/// The fields of the root that are only for routers.
const ROUTERS_FIELDS: [&str; 2] = ["_service", "_entities"];

/// The keys by which a router may ask for an entity, by type name.
const ENTITY_KEYS: [(&str, &str); 8] = [
    ("Service", "id"),
    ("Organization", "id"),
    ("Location", "id"),
    ("ServiceAtLocation", "id"),
    ("Taxonomy", "id"),
    ("TaxonomyTerm", "id"),
    ("Source", "id"),
    ("Source", "key"),
];

/// Types that are the same in every graph with Relay pagination, and so may be in several subgraphs.
const SHAREABLE: [&str; 1] = ["PageInfo"];

/// The beginning of the schema for a composer. Apollo's composer accepts `@oneOf` only if the subgraph defines it, and
/// omits it from the supergraph; Hive's keeps it in any case. The gateway itself checks that exactly one member is
/// given.
const PREAMBLE: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

"Exactly one member of the input object must be given."
directive @oneOf on INPUT_OBJECT

"#;

/// A variant of the schema.
pub(in crate::graphql) trait SchemaVariant: Send + Sync {
    /// Changes the types that the library has been told of.
    fn adapt(registry: &mut Registry);
}

/// Without the fields for routers.
pub(in crate::graphql) struct PlainSchema;

/// With the fields for routers.
pub(in crate::graphql) struct FederatedSubgraph;

/// For a composer: with directives, but without the fields for routers, which the composer adds itself.
pub(in crate::graphql) struct ComposedSubgraph;

impl SchemaVariant for PlainSchema {
    fn adapt(registry: &mut Registry) {
        if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(Query::NAME) {
            fields.retain(|name, _| !ROUTERS_FIELDS.contains(&name.as_str()));
        }
    }
}

impl SchemaVariant for FederatedSubgraph {
    fn adapt(_: &mut Registry) {}
}

impl SchemaVariant for ComposedSubgraph {
    fn adapt(registry: &mut Registry) {
        PlainSchema::adapt(registry);
        for (of, key) in ENTITY_KEYS {
            let fields = IndexMap::from([("fields".to_owned(), Value::from(key))]);
            invoke(registry, of, MetaDirectiveInvocation { name: "key".to_owned(), args: fields });
        }
        for of in SHAREABLE {
            let args = IndexMap::new();
            invoke(registry, of, MetaDirectiveInvocation { name: "shareable".to_owned(), args });
        }
    }
}

fn invoke(registry: &mut Registry, of: &str, directive: MetaDirectiveInvocation) {
    if let Some(MetaType::Object { directive_invocations, .. }) = registry.types.get_mut(of) {
        directive_invocations.push(directive);
    }
}

/// Returns the schema for an Apollo Federation 2 composer, as `_service` returns it.
pub fn subgraph_sdl() -> String {
    PREAMBLE.to_owned() + &sdl_of::<ComposedSubgraph>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::{sdl, served_sdl};

    #[test]
    fn a_composer_reads_the_plain_schema_with_keys() {
        let composed = subgraph_sdl();
        let rest = composed.strip_prefix(PREAMBLE).unwrap();
        let without = |line: &str| {
            let keys = [r#" @key(fields: "id")"#, r#" @key(fields: "key")"#, " @shareable"];
            keys.iter().fold(line.to_owned(), |line, key| line.replace(key, ""))
        };
        let stripped: Vec<String> = rest.lines().map(without).collect();
        assert_eq!(stripped.join("\n") + "\n", sdl());
        let changed: Vec<&str> = rest.lines().filter(|line| without(line) != *line).collect();
        assert_eq!(changed.len(), 8, "{changed:#?}");
        assert!(
            changed.contains(&r#"type Service implements Node & Record @key(fields: "id") {"#),
            "{changed:#?}"
        );
        assert!(changed.contains(&r#"type Source implements Node @key(fields: "id") @key(fields: "key") {"#));
    }

    #[test]
    fn what_is_for_routers_is_there_only_if_it_is_wanted() {
        assert_eq!(served_sdl(false), sdl());
        assert!(!sdl().contains("_Any") && !sdl().contains("_entities"));
        let served = served_sdl(true);
        for part in [
            "scalar _Any",
            "union _Entity = ",
            "type _Service {",
            "_service: _Service!",
            "representations: [_Any!]!",
            "): [_Entity]!",
        ] {
            assert!(served.contains(part), "{part}");
        }
    }
}
