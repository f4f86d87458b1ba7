//! Gets one record: from the catalogue, or from the feed if only the feed can tell.

use std::sync::Arc;

use super::asked_feed::{AskedFeed, none_unless, within};
use super::{Holding, Holdings};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::source_matches::note;
use crate::federation::{QueryContext, SourceError, SourceUnavailable};
use crate::model::{
    AnyRecord, Organization, Provenance, RecordId, RecordIssue, RecordKind, Service, TaxonomyTerm,
};
use crate::source::{
    FeedSource, FromRow, NestedRecord, detail_unavailable, has_no_own_id, own_record_unavailable,
};

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
        let Some(holding) = holding.filter(|_| may_say_more(&organization.provenance)) else {
            return Arc::clone(organization);
        };
        let detail = match holding {
            Holding::Stored(_) => Ok(holding.stored_record::<Organization>(&organization.id)),
            Holding::Live(feed) => Box::pin(feed.detail(&organization.id, asking)).await,
        };
        let filled = |detail: &Organization| {
            let mut full = Organization::clone(organization);
            full.fill_from(detail);
            Some(full)
        };
        completed(organization, detail, filled, detail_unavailable)
    }

    /// Adds what a term's own record says to a term that is nested in another record. The record of a live source is
    /// taken from its list of terms, which is read once for all of them. If the list cannot be read, returns the nested
    /// term with an issue that says so.
    pub(in crate::federation) async fn term_in_full(
        &self,
        nested: &Arc<TaxonomyTerm>,
        asking: &QueryContext,
    ) -> Arc<TaxonomyTerm> {
        let holding = self.get(nested.id.source());
        let Some(holding) = holding.filter(|_| may_say_more(&nested.provenance)) else {
            return Arc::clone(nested);
        };
        let own = match holding {
            Holding::Stored(_) => Ok(holding.stored_record::<TaxonomyTerm>(&nested.id)),
            Holding::Live(feed) => Box::pin(feed.listed(&nested.id, asking)).await,
        };
        completed(nested, own, |own| nested.completed_by(own), own_record_unavailable)
    }
}

/// Returns a shallow form of a record with what the fuller form adds to it. If that could not be read, returns the
/// shallow form with an issue.
fn completed<T: FromRow>(
    shallow: &Arc<T>,
    fuller: Result<Option<Arc<T>>, SourceError>,
    filled: impl FnOnce(&T) -> Option<T>,
    unavailable: fn(&str) -> RecordIssue,
) -> Arc<T> {
    match fuller {
        Ok(fuller) => {
            // If there is no fuller form, or it says no more, there is no more to get.
            fuller.and_then(|fuller| filled(&fuller)).map_or_else(|| Arc::clone(shallow), Arc::new)
        }
        Err(error) => {
            let mut lacking = T::clone(shallow);
            lacking.provenance_mut().issues.push(unavailable(&error.message));
            Arc::new(lacking)
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

    /// Returns a record from the catalogue. Returns `None` if it is not stored.
    fn stored_record<T: FromRow>(self, id: &RecordId) -> Option<Arc<T>> {
        match self.stored_answer(id) {
            StoredAnswer::Record(record) => T::of_any(record),
            StoredAnswer::Gone | StoredAnswer::Unknown => None,
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

    /// Returns a record from the feed's list of its kind. Returns `None` if the list does not have it.
    ///
    /// # Errors
    /// If the list could not be read as far as the record.
    async fn listed<T: FromRow>(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceError> {
        let seen = self.cached_list::<T>(asking).await;
        note(self.source, &seen, asking, self.clock.now());
        match seen.value.as_ref().and_then(|set| set.get(id.upstream())) {
            Some(record) => Ok(Some(Arc::clone(record))),
            None => none_unless(seen.error.filter(|_| !seen.whole)),
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

/// Returns whether another form of a record may say more than the form with this provenance.
fn may_say_more(provenance: &Provenance) -> bool {
    provenance.shallow && !has_no_own_id(provenance)
}

fn settle<T>(source: &FeedSource, error: Option<SourceError>) -> Result<Option<Arc<T>>, SourceUnavailable> {
    let source = source.info().key.clone();
    none_unless(error).map_err(|error| SourceUnavailable { source, error })
}
