//! Gets one record: from the catalogue, or from the feed if only the feed can tell.

use std::sync::Arc;

use super::asked_feed::{AskedFeed, none_unless, within};
use super::{Holding, Holdings};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::source_matches::note;
use crate::federation::{QueryContext, SourceError, SourceUnavailable};
use crate::model::{AnyRecord, Organization, RecordId, RecordKind, Service};
use crate::source::{FeedSource, FromRow, NestedRecord, has_no_own_id};

#[derive(Clone, Debug)]
pub(in crate::federation) enum StoredAnswer {
    Record(AnyRecord),
    Gone,
    /// Nothing is known here: only the feed can tell.
    Unknown,
}

impl Holdings {
    /// Adds what an organisation's detail says. If the detail cannot be read, returns the organisation with an issue
    /// that says so.
    pub(in crate::federation) async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        let holding = self.get(organization.id.source());
        let Some(holding) = holding.filter(|_| may_have_detail(organization)) else {
            return Arc::clone(organization);
        };
        let detail = match (holding, holding.stored_answer(&organization.id)) {
            (Holding::Stored(_), StoredAnswer::Record(record)) => Ok(Organization::of_any(record)),
            (Holding::Stored(_), _) => Ok(None),
            (Holding::Live(feed), _) => Box::pin(feed.detail::<Organization>(&organization.id, asking)).await,
        };
        match detail {
            Ok(Some(detail)) => filled(organization, &detail),
            // The feed has no detail of this organisation, so there is no more to get.
            Ok(None) => Arc::clone(organization),
            Err(error) => {
                let mut lacking = Organization::clone(organization);
                lacking.provenance.issues.push(crate::source::detail_unavailable(&error.message));
                Arc::new(lacking)
            }
        }
    }
}

/// Reads a stored record. Returns `None` if there is none, or if it cannot be read; the log says why.
pub(in crate::federation) fn read_stored(snapshot: &CatalogueSnapshot, id: &RecordId) -> Option<AnyRecord> {
    match look_up(snapshot, id, || true) {
        StoredAnswer::Record(record) => Some(record),
        StoredAnswer::Gone | StoredAnswer::Unknown => None,
    }
}

/// Looks up an id of a synchronised source in a snapshot. `has_everything` says whether an id that is not stored does
/// not exist.
pub(in crate::federation) fn look_up(
    snapshot: &CatalogueSnapshot,
    id: &RecordId,
    has_everything: impl FnOnce() -> bool,
) -> StoredAnswer {
    match snapshot.record(id) {
        Ok(Some(record)) => StoredAnswer::Record(record),
        Ok(None) if has_everything() => StoredAnswer::Gone,
        Ok(None) => StoredAnswer::Unknown,
        Err(error) => {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            StoredAnswer::Unknown
        }
    }
}

impl Holding<'_> {
    /// Looks up a record in the catalogue only. Never asks a feed.
    // Not on another thread: reading one record takes less time than changing threads.
    pub(in crate::federation) fn stored_answer(self, id: &RecordId) -> StoredAnswer {
        match self {
            Self::Stored(stored) => look_up(&stored.snapshot(), id, || stored.has_everything()),
            Self::Live(_) => StoredAnswer::Unknown,
        }
    }

    /// Returns whether the feed has a record nowhere: in no list, in no other record and in no detail. `false` if that
    /// is uncertain.
    pub(in crate::federation) async fn is_nowhere<T: NestedRecord>(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> bool {
        match self.stored_answer(id) {
            StoredAnswer::Record(_) => false,
            StoredAnswer::Gone => true,
            StoredAnswer::Unknown => self.feed().is_nowhere::<T>(id, asking).await,
        }
    }
}

impl AskedFeed<'_> {
    pub(in crate::federation) async fn any(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<AnyRecord>, SourceUnavailable> {
        Ok(match id.kind() {
            RecordKind::Service => self.service(id, asking).await?.map(AnyRecord::Service),
            RecordKind::Organization => self.record(id, asking).await?.map(AnyRecord::Organization),
            RecordKind::Location => self.record(id, asking).await?.map(AnyRecord::Location),
            RecordKind::ServiceAtLocation => self.record(id, asking).await?.map(AnyRecord::ServiceAtLocation),
            RecordKind::Taxonomy => self.record(id, asking).await?.map(AnyRecord::Taxonomy),
            RecordKind::TaxonomyTerm => self.record(id, asking).await?.map(AnyRecord::TaxonomyTerm),
        })
    }

    /// Gets a service: its detail or, if the feed has none, the service from its list.
    async fn service(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let detail = self.detail::<Service>(id, asking).await;
        if let Ok(Some(service)) = detail {
            return Ok(Some(service));
        }
        // Some feeds list a service but have no detail page for it, or one that fails.
        let seen = self.cached_list::<Service>(asking).await;
        note(self.source, &seen, asking, self.clock.now());
        let listed = seen.value.as_ref().and_then(|set| set.get(id.upstream()).cloned());
        match listed {
            Some(service) => {
                let until = asking.until(self.source.limits().deadline);
                Ok(Some(self.source.in_detail(&service, until).await.service))
            }
            None => settle(self.source, detail.err().or(seen.error.filter(|_| !seen.whole))),
        }
    }

    /// Gets a record: its detail or, if the feed has none, from its list or from another record that contains it.
    async fn record<T: NestedRecord>(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceUnavailable> {
        let detail = self.detail::<T>(id, asking).await;
        if let Ok(Some(record)) = detail {
            return Ok(Some(record));
        }
        let listed = self.cached_list::<T>(asking).await;
        let found = listed.value.as_ref().and_then(|set| set.get(id.upstream()).cloned());
        if found.is_some() {
            note(self.source, &listed, asking, self.clock.now());
            return Ok(found);
        }
        let until = asking.until(self.source.limits().deadline);
        match self.search_services(id, until, asking).await {
            Ok(Some(record)) => Ok(Some(record)),
            // The record is known not to exist only if everything that may contain it was read.
            Ok(None) => settle(self.source, detail.err().or(listed.error.filter(|_| !listed.whole))),
            Err(error) => settle(self.source, Some(error)),
        }
    }

    async fn is_nowhere<T: NestedRecord>(self, id: &RecordId, asking: &QueryContext) -> bool {
        let (source, until) = (self.source, asking.until(self.source.limits().deadline));
        // The list first, because one read of it answers for every id.
        let listed = source.set::<T>(None, until).await;
        if listed.error.is_some() && !listed.whole
            || listed.value.is_some_and(|set| set.get(id.upstream()).is_some())
        {
            return false;
        }
        let services = source.set::<Service>(None, until).await;
        let Some(set) = services.value.filter(|_| services.whole) else { return false };
        let elsewhere = T::elsewhere(source, until).await;
        !set.records().iter().any(|service| within::<T>(service, id).is_some())
            && elsewhere.error.is_none()
            && !elsewhere.records.iter().any(|record| record.id() == id)
            && !source.rows_may_lack::<T>(set.records(), until).await
            // Last, because an id that the gateway derived is found by now, and need not be requested from the feed.
            && matches!(self.detail::<T>(id, asking).await, Ok(None))
    }
}

fn may_have_detail(organization: &Organization) -> bool {
    organization.provenance.shallow && !has_no_own_id(&organization.provenance)
}

fn filled(organization: &Arc<Organization>, detail: &Organization) -> Arc<Organization> {
    let mut full = Organization::clone(organization);
    full.fill_from(detail);
    Arc::new(full)
}

fn settle<T>(source: &FeedSource, error: Option<SourceError>) -> Result<Option<Arc<T>>, SourceUnavailable> {
    let source = source.info().key.clone();
    none_unless(error).map_err(|error| SourceUnavailable { source, error })
}
