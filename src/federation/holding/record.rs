//! Getting one record: from what is stored of its source or, where only the feed can tell, from there.

use std::sync::Arc;

use super::asked_feed::{AskedFeed, within};
use super::{Holding, Holdings, StoredSource};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::source_matches::note;
use crate::federation::{QueryContext, SourceError, SourceUnavailable};
use crate::model::{AnyRecord, Organization, RecordId, Service, SourceKey};
use crate::source::{FeedSource, NestedRecord, has_no_own_id};

/// What the catalogue says of an id.
#[derive(Clone, Debug)]
pub(in crate::federation) enum StoredAnswer<R> {
    /// Its record.
    Record(R),
    /// That there is no such record.
    Gone,
    /// Nothing: only the feed can tell.
    Unknown,
}

/// How much is stored of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::federation) enum HeldRecords {
    /// All its records: what is not stored does not exist.
    Everything,
    /// Some of its records.
    Something,
    /// Nothing: it is live.
    Nothing,
}

impl Holdings {
    /// How much is stored of a source.
    pub(in crate::federation) fn records_of(&self, source: &SourceKey) -> HeldRecords {
        match self.get(source).and_then(Holding::stored) {
            None => HeldRecords::Nothing,
            Some(stored) if stored.has_everything() => HeldRecords::Everything,
            Some(_) => HeldRecords::Something,
        }
    }
}

/// What a snapshot says of an id, if so much of its source is stored.
pub(in crate::federation) fn look_up(
    snapshot: &CatalogueSnapshot,
    id: &RecordId,
    held: HeldRecords,
) -> StoredAnswer<AnyRecord> {
    if held == HeldRecords::Nothing {
        return StoredAnswer::Unknown;
    }
    match snapshot.record(id) {
        Ok(Some(record)) => StoredAnswer::Record(record),
        Ok(None) if held == HeldRecords::Everything => StoredAnswer::Gone,
        Ok(None) => StoredAnswer::Unknown,
        Err(error) => {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            StoredAnswer::Unknown
        }
    }
}

impl StoredSource<'_> {
    fn answer<T>(self, id: &RecordId) -> StoredAnswer<Arc<T>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        let Ok(record) = self.any(id) else { return StoredAnswer::Unknown };
        match record.and_then(|record| Arc::try_from(record).ok()) {
            Some(record) => StoredAnswer::Record(record),
            None if self.has_everything() => StoredAnswer::Gone,
            None => StoredAnswer::Unknown,
        }
    }
}

impl Holding<'_> {
    /// What is stored of a record, or that there is no such record. Feeds are not asked.
    pub(in crate::federation) fn stored_answer<T>(self, id: &RecordId) -> StoredAnswer<Arc<T>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        self.stored().map_or(StoredAnswer::Unknown, |stored| stored.answer(id))
    }

    /// Whether no list, no record in one and no detail of its feed has a record. False where that is not certain.
    pub(in crate::federation) async fn is_nowhere<T: NestedRecord>(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> bool
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        match self.stored_answer::<T>(id) {
            StoredAnswer::Record(_) => false,
            StoredAnswer::Gone => true,
            StoredAnswer::Unknown => self.feed().is_nowhere::<T>(id, asking).await,
        }
    }

    /// An organisation with what its detail says beside: as it is where that cannot be had, with an issue that says so.
    pub(in crate::federation) async fn organization_in_detail(
        self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        if !organization.provenance.shallow || has_no_own_id(&organization.provenance) {
            return Arc::clone(organization);
        }
        let detail = match self {
            Self::Stored(stored) => {
                Ok(stored.any(&organization.id).ok().flatten().and_then(|record| Arc::try_from(record).ok()))
            }
            Self::Live(feed) => Box::pin(feed.detail::<Organization>(&organization.id, asking)).await,
        };
        match detail {
            Ok(Some(detail)) => filled(organization, &detail),
            // The feed has no endpoint for organisations, or not this one: there is no more to be had.
            Ok(None) => Arc::clone(organization),
            Err(error) => {
                let mut lacking = Organization::clone(organization);
                lacking.provenance.issues.push(crate::source::detail_unavailable(&error.message));
                Arc::new(lacking)
            }
        }
    }
}

impl AskedFeed<'_> {
    /// A service: its detail or, where the feed has none, the service as it is listed.
    pub(in crate::federation) async fn service(
        self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let detail = self.detail::<Service>(id, asking).await;
        if let Ok(Some(service)) = detail {
            return Ok(Some(service));
        }
        // Some feeds list a service and have no page of it, or one that fails.
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

    /// A record: its detail or, where the feed has none, the record as it is listed or another one carries it.
    pub(in crate::federation) async fn record<T: NestedRecord>(
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
            // That there is no such record is certain only once all that may have it was read.
            Ok(None) => settle(self.source, detail.err().or(listed.error.filter(|_| !listed.whole))),
            Err(error) => settle(self.source, Some(error)),
        }
    }

    async fn is_nowhere<T: NestedRecord>(self, id: &RecordId, asking: &QueryContext) -> bool {
        let (source, until) = (self.source, asking.until(self.source.limits().deadline));
        // The list first: one read of it tells of every id.
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
            && (T::IN_LISTS || source.lists_in_full(until).await)
            // Last: an id that was derived here is found by now, and no feed is asked for it.
            && matches!(self.detail::<T>(id, asking).await, Ok(None))
    }
}

fn filled(organization: &Arc<Organization>, detail: &Organization) -> Arc<Organization> {
    let mut full = Organization::clone(organization);
    full.fill_from(detail);
    Arc::new(full)
}

fn settle<T>(source: &FeedSource, error: Option<SourceError>) -> Result<Option<Arc<T>>, SourceUnavailable> {
    match error {
        None => Ok(None),
        Some(error) => Err(SourceUnavailable { source: source.info().key.clone(), error }),
    }
}
