//! Joins services of live sources with providers that they only name, for filters that ask about a provider's own
//! details.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::time::Instant;

use super::AskedFeed;
use crate::federation::QueryContext;
use crate::federation::source_matches::SourceMatches;
use crate::model::{NestedMember, Organization, Record as _, RecordId, Service, ServiceFilter};
use crate::source::{CachedRead, RecordSet};

/// The most memory that joined services may take, in bytes.
const MOST_BYTES: u64 = crate::config::memory::PROVIDER_JOINS;

/// Services joined with their providers, cached so that their words and facts are computed once. The flag in the key
/// says whether the service is shallow: its list row and its detail differ, so each is cached.
pub(super) struct ProviderJoins(Cache<(RecordId, bool), JoinedService>);

#[derive(Clone)]
struct JoinedService {
    listed: Arc<Service>,
    provider: Arc<Organization>,
    joined: Arc<Service>,
}

impl Default for ProviderJoins {
    fn default() -> Self {
        let weight = |_: &(RecordId, bool), service: &JoinedService| {
            u32::try_from(service.joined.weight()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weight).build())
    }
}

impl ProviderJoins {
    fn join(&self, listed: &Arc<Service>, providers: &RecordSet<Organization>) -> Arc<Service> {
        let Some(id) = listed.provider() else { return Arc::clone(listed) };
        let Some(provider) = providers.get(id.upstream()) else { return Arc::clone(listed) };
        let key = (listed.id.clone(), listed.provenance.shallow);
        if let Some(held) = self.0.get(&key)
            && Arc::ptr_eq(&held.listed, listed)
            && Arc::ptr_eq(&held.provider, provider)
        {
            return held.joined;
        }
        let joined = listed.completed_by(provider);
        let (listed, provider) = (Arc::clone(listed), Arc::clone(provider));
        self.0.insert(key, JoinedService { listed, provider, joined: Arc::clone(&joined) });
        joined
    }
}

impl AskedFeed<'_> {
    /// Adds the providers to services that only name them, if `filter` asks about what providers say, and their
    /// registration numbers to services that nest them without. If the list of organisations cannot be read in full, the
    /// answer is partial.
    pub(super) async fn join_providers(
        self,
        considered: &mut SourceMatches<Service>,
        filter: &ServiceFilter,
        until: Instant,
        asking: &QueryContext,
    ) {
        let asks_of_numbers = filter.asks_of_registration_numbers();
        let is_to_be_joined = |service: &Arc<Service>| match &service.organization {
            None => service.organization_id.is_some(),
            Some(nested) => asks_of_numbers && !nested.carried.has(NestedMember::Identifiers),
        };
        if !filter.asks_of_providers() || !considered.matches.as_slice().iter().any(is_to_be_joined) {
            return;
        }
        let CachedRead { value, whole, error, .. } = self.source.set::<Organization>(None, until).await;
        if !whole && error.is_some() {
            considered.lacks(error, asking);
        }
        let Some(providers) = value else { return };
        let services = considered.matches.as_slice().iter();
        considered.replace(services.map(|service| self.joins.join(service, &providers)).collect());
    }
}
