//! Services on pages: written from their records, or as they were written before.

use std::sync::Arc;

use async_graphql::registry::Registry;

use super::Service;
use crate::federation::{PageService, ServicePage};
use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model::{self, Record as _, Shape};

/// A service on a page.
#[derive(Clone, Copy)]
pub(crate) struct ServiceNode<'p> {
    pub(super) page: &'p ServicePage,
    pub(super) service: &'p PageService,
    /// Which one of the page.
    pub(super) at: usize,
}

impl ServiceNode<'_> {
    /// Writes a service as its live source lists it: again if that has been done since it was read.
    fn write_listed<'r>(
        &self,
        listed: &Arc<model::Service>,
        shape: Shape,
        field: &'r FieldPlan,
        walk: &mut OutputWalk<'r>,
    ) -> WriteResult {
        if let Some(rendering) = listed.renderings.find(shape, self.page.today) {
            return walk.write_again(&rendering);
        }
        let keep = |rendering| listed.renderings.keep(rendering, listed.weight());
        walk.render(shape, |walk| Service(Arc::clone(listed)).write(field, walk), keep)
    }
}

impl FieldOutput for ServiceNode<'_> {
    fn register(registry: &mut Registry) -> String {
        Service::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match (self.service, self.page.shape) {
            (PageService::Written(rendering, _), _) => walk.write_again(rendering),
            (PageService::Listed(listed), Some(shape)) => self.write_listed(listed, shape, field, walk),
            (PageService::Stored(stored, ordinal), Some(shape)) => {
                let hold = |rendering| self.page.hold_rendering(*ordinal, rendering);
                walk.render(shape, |walk| Service(Arc::clone(stored)).write(field, walk), hold)
            }
            (
                PageService::Made(service)
                | PageService::Detailed(service, _)
                | PageService::Listed(service)
                | PageService::Stored(service, _),
                _,
            ) => Service(Arc::clone(service)).write(field, walk),
        }
    }
}
