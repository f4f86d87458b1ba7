//! The graph as a subgraph: `_service` describes it to a composer, and `_entities` returns objects whose keys a router
//! already has. Both exist only if `graphql.federation` is on.

mod composed;
mod entity;
mod representation;

use std::sync::LazyLock;

use oruk_gateway_derive::graph_object;

pub use composed::subgraph_sdl;
pub(super) use composed::{FederatedSubgraph, PlainSchema, SchemaVariant};
pub(super) use entity::{SubgraphEntity, entities};
pub(super) use representation::EntityRepresentation;

static SUBGRAPH_SDL: LazyLock<String> = LazyLock::new(subgraph_sdl);

/// The description of the subgraph for a composer.
pub(super) struct SubgraphService;

/// The graph as a subgraph.
#[graph_object("_Service")]
impl SubgraphService {
    /// The schema, with the directives of Apollo Federation 2, for composing this graph with others.
    fn sdl(&self) -> &'static str {
        &SUBGRAPH_SDL
    }
}
