//! The dialects, as the schema lists them: whatever dialects the gateway reads, and one for what is not known yet.

use async_graphql::registry::Registry;

use crate::graphql::output::{FieldOutput, registered_enum};
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model;

/// The kind of publishing system that a source uses. `None` if it is not detected yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect(Option<model::Dialect>);

impl Dialect {
    /// Its name in the schema: that of configurations, as names of values are written there.
    fn schema_name(self) -> String {
        let name = self.0.map_or("unknown", model::Dialect::as_str);
        name.replace('-', "_").to_ascii_uppercase()
    }

    fn about(self) -> &'static str {
        self.0.map_or("Not detected yet.", model::Dialect::about)
    }
}

impl From<Option<model::Dialect>> for Dialect {
    fn from(dialect: Option<model::Dialect>) -> Self {
        Self(dialect)
    }
}

impl FieldOutput for Dialect {
    fn register(registry: &mut Registry) -> String {
        let known = model::Dialect::ALL.iter().copied().map(Some);
        let values = known.chain([None]).map(Self).map(|value| (value.schema_name(), value.about()));
        registered_enum(
            registry,
            "Dialect",
            "The kind of publishing system, and so of data format, that a source uses.",
            values,
        )
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.name(&self.schema_name());
        Ok(())
    }
}
