//! Providers that services of live sources only name: put into them, where a question looks into what these say.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::time::Instant;

use crate::federation::source_matches::SourceMatches;
use crate::federation::{Federation, QueryContext};
use crate::model::{Organization, Record as _, RecordId, Service, ServiceFilter};
use crate::source::{CachedRead, RecordSet};

/// What services with their providers put in may weigh together, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// Services with their providers put in, so that their words and facts are worked out once.
/// The row of a list and the service's own page differ, so each is kept.
pub(in crate::federation) struct ProviderJoins(Cache<(RecordId, bool), Joined>);

#[derive(Clone)]
struct Joined {
    listed: Arc<Service>,
    provider: Arc<Organization>,
    whole: Arc<Service>,
}

impl Default for ProviderJoins {
    fn default() -> Self {
        let weight =
            |_: &(RecordId, bool), joined: &Joined| u32::try_from(joined.whole.weight()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weight).build())
    }
}

impl ProviderJoins {
    fn of(&self, listed: &Arc<Service>, provider: &Arc<Organization>) -> Arc<Service> {
        let is_same =
            |held: &Joined| Arc::ptr_eq(&held.listed, listed) && Arc::ptr_eq(&held.provider, provider);
        let key = (listed.id.clone(), listed.provenance.shallow);
        if let Some(held) = self.0.get(&key).filter(is_same) {
            return held.whole;
        }
        let whole = Arc::new(listed.provided_by(Arc::clone(provider)));
        let joined =
            Joined { listed: Arc::clone(listed), provider: Arc::clone(provider), whole: Arc::clone(&whole) };
        self.0.insert(key, joined);
        whole
    }
}

impl Federation {
    /// Puts the providers into those services that only name them, where `filter` asks about what providers say. Without
    /// all providers at hand, the answer is partial.
    pub(super) async fn provide(
        &self,
        considered: &mut SourceMatches<Service>,
        filter: &ServiceFilter,
        until: Instant,
        asking: &QueryContext,
    ) {
        let mut services = considered.matches.as_slice().iter();
        if !filter.asks_of_providers() || !services.any(|one| one.provider_apart().is_some()) {
            return;
        }
        let CachedRead { value, whole, error, .. } = considered.source.set::<Organization>(None, until).await;
        if !whole && error.is_some() {
            considered.lacks(error, asking);
        }
        let Some(providers) = value else { return };
        let services = considered.matches.as_slice().iter();
        considered.replace(services.map(|service| self.provided_by_one_of(&providers, service)).collect());
    }

    fn provided_by_one_of(
        &self,
        providers: &RecordSet<Organization>,
        service: &Arc<Service>,
    ) -> Arc<Service> {
        match service.provider_apart().and_then(|id| providers.get(id.upstream())) {
            Some(provider) => self.provided.of(service, provider),
            None => Arc::clone(service),
        }
    }
}
