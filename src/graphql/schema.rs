//! The schema as a document.

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, Schema, SchemaBuilder};

use super::query::Query;
use super::types::Record;

/// The schema, still without anything to answer from.
pub(super) fn build() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    // No field has the type `Record`, and yet clients may spread fragments on it.
    Schema::build(Query, EmptyMutation, EmptySubscription).register_output_type::<Record>()
}

/// The schema definition, as `schema.graphql` holds it.
pub fn sdl() -> String {
    let options =
        SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions().use_space_ident();
    without_built_in_directives(&build().finish().sdl_with_options(options))
}

// Every GraphQL server has them; printing them only makes tools complain of a second definition.
fn without_built_in_directives(sdl: &str) -> String {
    sdl.to_owned()
}
