//! What resolvers may reach: the federation, the question under way, and the settings.

use std::sync::Arc;

use async_graphql::Context;

use super::settings::GraphSettings;
use crate::federation::{Asking, Federation};

/// Reaches what [`super::Graph`] puts into every request.
pub(super) trait Reach {
    fn federation(&self) -> &Federation;
    fn asking(&self) -> &Asking;
    fn settings(&self) -> &GraphSettings;
}

impl Reach for Context<'_> {
    fn federation(&self) -> &Federation {
        self.data_unchecked::<Arc<Federation>>()
    }

    fn asking(&self) -> &Asking {
        self.data_unchecked::<Arc<Asking>>()
    }

    fn settings(&self) -> &GraphSettings {
        self.data_unchecked::<Arc<GraphSettings>>()
    }
}
