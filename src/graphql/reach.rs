//! What resolvers may reach: the federation, the question under way, and the settings.

use std::sync::Arc;

use async_graphql::Context;

use super::budget::Budget;
use super::settings::GraphSettings;
use crate::federation::{Asking, Federation};

/// Reaches what [`super::Graph`] puts into every request. The question under way is only to be had by saying what is
/// done with it, so that nothing is asked of sources without being counted.
pub(super) trait Reach {
    fn federation(&self) -> &Federation;
    fn settings(&self) -> &GraphSettings;

    /// Returns the question under way once a search is taken from its budget. If none is left, the operation ends.
    fn searching(&self) -> impl Future<Output = &Asking> + Send;

    /// Sees to it that places are known by the names that addresses give them, if any is asked for by its name.
    fn knowing_names(&self, if_any: bool) -> impl Future<Output = ()> + Send;

    /// Returns the question under way once a record is taken from its budget. If none is left, the operation ends.
    fn reading(&self) -> impl Future<Output = &Asking> + Send;
}

impl Reach for Context<'_> {
    fn federation(&self) -> &Federation {
        self.data_unchecked::<Arc<Federation>>()
    }

    fn settings(&self) -> &GraphSettings {
        self.data_unchecked::<Arc<GraphSettings>>()
    }

    async fn searching(&self) -> &Asking {
        self.data_unchecked::<Arc<Budget>>().take_search(self).await;
        self.data_unchecked::<Arc<Asking>>()
    }

    async fn knowing_names(&self, if_any: bool) {
        if if_any {
            self.federation().know_place_names(self.searching().await).await;
        }
    }

    async fn reading(&self) -> &Asking {
        self.data_unchecked::<Arc<Budget>>().take_reading(self).await;
        self.data_unchecked::<Arc<Asking>>()
    }
}
