//! Live sources, answered from their feeds through the cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::provider_joins::ProviderJoins;
use crate::federation::source_matches::{SourceMatches, age, note};
use crate::federation::{QueryContext, SourceError, giving_way};
use crate::model::{InstantClock, RecordId, Service};
use crate::source::{CachedRead, DetailedService, FeedSource, FromRow, NestedRecord, RecordSet};

#[derive(Clone, Copy)]
pub(in crate::federation) struct AskedFeed<'h> {
    pub(in crate::federation) source: &'h Arc<FeedSource>,
    pub(super) joins: &'h ProviderJoins,
    pub(super) clock: &'h InstantClock,
}

impl AskedFeed<'_> {
    /// Returns the list of a kind from the cache, or reads it now.
    pub(in crate::federation) async fn cached_list<T: FromRow>(
        self,
        asking: &QueryContext,
    ) -> CachedRead<RecordSet<T>> {
        self.source.set(None, asking.until(self.source.limits().deadline)).await
    }

    /// Lists the feed's records of a kind. If its own list of them is complete and empty, collects them from its
    /// services.
    pub(super) async fn list<T: NestedRecord>(
        self,
        began: Instant,
        asking: &QueryContext,
    ) -> SourceMatches<T> {
        let seen = self.cached_list::<T>(asking).await;
        let has_none = seen.value.as_ref().is_some_and(|set| seen.whole && set.records().is_empty());
        if !has_none {
            return SourceMatches::of(self.source, began, seen, asking, self.clock.now());
        }
        self.derived(began, asking).await
    }

    pub(in crate::federation) async fn services(
        self,
        began: Instant,
        asking: &QueryContext,
    ) -> SourceMatches<Service> {
        let seen = self.cached_list::<Service>(asking).await;
        SourceMatches::of(self.source, began, seen, asking, self.clock.now())
    }

    async fn derived<T: NestedRecord>(self, began: Instant, asking: &QueryContext) -> SourceMatches<T> {
        let until = asking.until(self.source.limits().deadline);
        let mut services = self.services(began, asking).await;
        if self.source.rows_may_lack::<T>(services.matches.as_slice(), until).await {
            self.read_details(&mut services, T::is_left_out_of, asking).await;
        }
        let elsewhere = T::elsewhere(self.source, until).await;
        if elsewhere.error.is_some() {
            services.lacks(elsewhere.error, asking);
        }
        let mut found: BTreeMap<Box<str>, Arc<T>> = BTreeMap::new();
        let within = services.matches.as_slice().iter().flat_map(|one| T::within(one));
        for record in elsewhere.records.into_iter().chain(within) {
            found.entry(record.id().upstream().into()).or_insert(record);
        }
        services.into_other(found.into_values().collect())
    }

    /// Reads the details of the services for which `needs_detail` is true. A cached detail will do, however old. If one
    /// cannot be read by the source's deadline, the answer is partial.
    pub(in crate::federation) async fn read_details(
        self,
        considered: &mut SourceMatches<Service>,
        needs_detail: impl Fn(&Service) -> bool,
        asking: &QueryContext,
    ) {
        let source = self.source;
        let until = asking.until(source.limits().deadline);
        let listed = considered.matches.as_slice();
        if !giving_way::any(listed, |service| service.provenance.shallow && needs_detail(service)).await
            || source.lists_in_full(until).await
        {
            return;
        }
        // Only a few at once, so that a search does not queue a thousand requests ahead of everyone else's.
        let asked: Vec<_> =
            listed.iter().map(|service| (Arc::clone(service), needs_detail(service))).collect();
        let detailed = stream::iter(asked)
            .map(|(service, needed)| async move { detail(source, &service, needed, until).await });
        let detailed: Vec<_> = detailed.buffered(source.limits().max_concurrency.max(1)).collect().await;
        let lacking = detailed.iter().find(|one| one.error.is_some()).and_then(|one| one.error.clone());
        let mut services: Vec<_> = detailed.into_iter().map(|one| one.service).collect();
        // A detail may give another name than the list.
        services.sort_by(|a, b| (&a.order_key, &a.id).cmp(&(&b.order_key, &b.id)));
        considered.replace(services);
        if lacking.is_some() {
            considered.lacks(lacking, asking);
        }
    }

    /// Reads the detail of a record. Returns `None` if the feed has no such detail.
    ///
    /// # Errors
    /// If the detail cannot be read.
    pub(super) async fn detail<T: FromRow>(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceError> {
        let seen = self.source.single::<T>(id.upstream(), asking.until(self.source.limits().deadline)).await;
        let is_degraded = seen.error.is_some() || seen.stale;
        if is_degraded {
            asking.degraded(self.source.limits().fresh_for);
        }
        let Some(single) = seen.value else { return none_unless(seen.error) };
        if let Some(record) = &single.0 {
            let age = age(record.provenance().fetched_at, self.clock.now());
            if is_degraded { asking.took_aged(age) } else { asking.took(seen.fresh_for, age) }
        }
        Ok(single.0.clone())
    }

    /// Looks for a record inside services: first in their list rows, then in their details.
    ///
    /// # Errors
    /// If the record was not found, and something that may contain it could not be read.
    pub(super) async fn search_services<T: NestedRecord>(
        self,
        id: &RecordId,
        until: Instant,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceError> {
        let source = self.source;
        let seen: CachedRead<RecordSet<Service>> = source.set(None, until).await;
        note(source, &seen, asking, self.clock.now());
        let services = seen.value.as_ref().map_or(&[][..], |set| set.records());
        if let Some(record) = services.iter().find_map(|service| within(service, id)) {
            return Ok(Some(record));
        }
        let elsewhere = T::elsewhere(source, until).await;
        if let Some(record) = elsewhere.records.into_iter().find(|record| record.id() == id) {
            return Ok(Some(record));
        }
        let mut missing = seen.error.filter(|_| !seen.whole);
        if !source.rows_may_lack::<T>(services, until).await {
            return none_unless(missing);
        }
        let undecided: Vec<_> = services.iter().filter(|row| T::is_left_out_of(row)).cloned().collect();
        let pages = stream::iter(undecided);
        let pages = pages.map(|service| async move { source.in_detail(&service, until).await });
        let mut pages = pages.buffer_unordered(source.limits().max_concurrency.max(1));
        while let Some(detailed) = pages.next().await {
            if let Some(record) = within(&detailed.service, id) {
                return Ok(Some(record));
            }
            missing = missing.or(detailed.error.filter(|_| detailed.is_lacking));
            if Instant::now() >= until {
                break;
            }
        }
        none_unless(missing)
    }
}

/// Returns `None` for a record that was not found, unless an error may be the reason; then returns that error.
pub(super) fn none_unless<T>(error: Option<SourceError>) -> Result<Option<T>, SourceError> {
    match error {
        Some(error) => Err(error),
        None => Ok(None),
    }
}

/// Returns the record with this id if a service contains it.
pub(super) fn within<T: NestedRecord>(service: &Service, id: &RecordId) -> Option<Arc<T>> {
    T::within(service).into_iter().find(|record| record.id() == id)
}

async fn detail(source: &FeedSource, listed: &Arc<Service>, needed: bool, until: Instant) -> DetailedService {
    if !needed {
        return DetailedService { service: Arc::clone(listed), error: None, is_lacking: false };
    }
    match source.in_cached_detail(listed).await {
        Some(service) => DetailedService { service, error: None, is_lacking: false },
        None if Instant::now() >= until => {
            DetailedService { service: Arc::clone(listed), error: Some(source.too_late()), is_lacking: true }
        }
        None => {
            let detailed = source.in_detail(listed, until).await;
            DetailedService { error: detailed.error.filter(|_| detailed.is_lacking), ..detailed }
        }
    }
}
