//! The `ID` scalar on its way out, without a copy of the text in between: every record of a page has one.

use async_graphql::ID;
use async_graphql::registry::Registry;

use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};

/// An id as a record holds it.
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl FieldOutput for Id<'_> {
    fn register(registry: &mut Registry) -> String {
        ID::register(registry)
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        // Ids are made of letters that need no escaping.
        walk.name(self.0);
        Ok(())
    }
}
