//! Getting: one record by its id, and what a record at hand does not carry.
//!
//! What is asked here is boxed: these futures are large and seldom needed, and every field of every record would
//! carry the room for them through its resolvers.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::Instant;

use super::source_matches::{age, note};
use super::{Federation, QueryContext, SourceError};
use crate::model::{
    AnyRecord, Dialect, Location, Organization, Record, RecordId, RecordKind, Service, ServiceAtLocation,
    SourceKey, Taxonomy, TaxonomyTerm,
};
use crate::source::{
    CachedRead, FeedDeclaration, FeedSource, FromRow, NestedRecord, RecordSet, has_no_own_id,
};

/// The source of a record cannot answer and nothing of the record is kept.
#[derive(Clone, Debug)]
pub struct SourceUnavailable {
    /// The source.
    pub source: SourceKey,
    /// Why.
    pub error: SourceError,
}

impl Federation {
    /// A service with everything its feed has of it; none where the feed has no such service.
    ///
    /// # Errors
    /// When its source cannot answer and nothing is kept.
    pub async fn service(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        match self.synchronised_at_hand(id) {
            Some(kept) => Ok(Some(kept)),
            None => Box::pin(self.own_or_listed(id, asking)).await,
        }
    }

    /// A service, likewise, with what its feed says elsewhere of its provider.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn full_service(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let Some(service) = self.service(id, asking).await? else { return Ok(None) };
        let Some(provider) = service.provider_apart() else { return Ok(Some(service)) };
        // A provider that cannot be had is only named, as its feed does.
        let provider = self.organization(provider, asking).await.ok().flatten();
        Ok(Some(
            provider.map_or_else(|| Arc::clone(&service), |provider| Arc::new(service.provided_by(provider))),
        ))
    }

    async fn own_or_listed(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let Some(source) = self.source(id.source()) else { return Ok(None) };
        if let Some(kept) = self.synchronised_or_gone(source, id) {
            return Ok(kept);
        }
        let own = self.own_answer::<Service>(source, id, asking).await;
        if let Ok(Some(service)) = own {
            return Ok(Some(service));
        }
        // Some feeds list a service and have no page of it, or one that fails.
        let seen = source.set::<Service>(None, asking.until(source.limits().deadline)).await;
        note(source, &seen, asking, self.clock.now());
        let listed = seen.value.as_ref().and_then(|set| set.get(id.upstream()).cloned());
        match listed {
            Some(service) => {
                Ok(Some(source.in_detail(&service, asking.until(source.limits().deadline)).await.service))
            }
            None => settle(source, own.err().or(seen.error.filter(|_| !seen.whole))),
        }
    }

    /// An organisation, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn organization(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Organization>>, SourceUnavailable> {
        self.synchronised_or_asked(id, asking).await
    }

    /// A location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn location(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Location>>, SourceUnavailable> {
        self.synchronised_or_asked(id, asking).await
    }

    /// A service at a location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn service_at_location(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<ServiceAtLocation>>, SourceUnavailable> {
        self.synchronised_or_asked(id, asking).await
    }

    /// A taxonomy, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Taxonomy>>, SourceUnavailable> {
        self.synchronised_or_asked(id, asking).await
    }

    /// A taxonomy term, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy_term(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<TaxonomyTerm>>, SourceUnavailable> {
        self.synchronised_or_asked(id, asking).await
    }

    /// The same organisation with what it leaves out and its own page has; as it is where that cannot be had, with an
    /// issue that says so.
    pub async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        let Some(source) = self.source(organization.id.source()) else { return Arc::clone(organization) };
        if !organization.provenance.shallow || has_no_own_id(&organization.provenance) {
            return Arc::clone(organization);
        }
        if self.is_synchronised(source) {
            let kept = self.synchronised_record(&organization.id).ok().flatten();
            return kept.map_or_else(|| Arc::clone(organization), |kept| filled(organization, &kept));
        }
        match Box::pin(self.own_answer::<Organization>(source, &organization.id, asking)).await {
            Ok(Some(detailed)) => filled(organization, &detailed),
            // The feed has no endpoint for organisations, or not this one: there is no more to be had.
            Ok(None) => Arc::clone(organization),
            Err(error) => {
                let mut lacking = Organization::clone(organization);
                lacking.provenance_mut().issues.push(crate::source::detail_unavailable(&error.message));
                Arc::new(lacking)
            }
        }
    }

    /// Whether an id that a record names is that of no record of its feed. False where that is not certain: the source
    /// cannot answer, or it would take all services' own pages to tell.
    pub async fn is_dangling(&self, id: &RecordId, asking: &QueryContext) -> bool {
        match id.kind() {
            RecordKind::Service => matches!(self.service(id, asking).await, Ok(None)),
            RecordKind::Organization => Box::pin(self.is_nowhere::<Organization>(id, asking)).await,
            RecordKind::Location => Box::pin(self.is_nowhere::<Location>(id, asking)).await,
            RecordKind::ServiceAtLocation => Box::pin(self.is_nowhere::<ServiceAtLocation>(id, asking)).await,
            RecordKind::Taxonomy => Box::pin(self.is_nowhere::<Taxonomy>(id, asking)).await,
            RecordKind::TaxonomyTerm => Box::pin(self.is_nowhere::<TaxonomyTerm>(id, asking)).await,
        }
    }

    /// The dialect a source is read as; none before that is found out.
    pub async fn dialect(&self, source: &SourceKey, asking: &QueryContext) -> Option<Dialect> {
        let source = self.source(source)?;
        Box::pin(source.make_sure_of_dialect(asking.until(source.limits().deadline))).await;
        source.dialect()
    }

    /// What the feed declares at its root; none where it does not answer.
    pub async fn declared(&self, source: &SourceKey, asking: &QueryContext) -> Option<Arc<FeedDeclaration>> {
        let source = self.source(source)?;
        Box::pin(source.declared(asking.until(source.limits().deadline))).await.value
    }

    /// What is kept of a record of a synchronised source, or that there is no such record. None where only the feed
    /// can tell: the source is live, its first synchronisation has not come to its end, or what is kept cannot be read.
    fn synchronised_or_gone<T>(&self, source: &FeedSource, id: &RecordId) -> Option<Option<Arc<T>>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        self.progress(source)?;
        let kept = self.synchronised_record(id).ok()?;
        (kept.is_some() || self.keeps_everything(source)).then_some(kept)
    }

    /// A record's own answer.
    async fn own_answer<T: FromRow>(
        &self,
        source: &FeedSource,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceError> {
        let seen = source.single::<T>(id.upstream(), asking.until(source.limits().deadline)).await;
        let is_degraded = seen.error.is_some() || seen.stale;
        if is_degraded {
            asking.degraded(source.limits().fresh_for);
        }
        let Some(single) = seen.value else { return seen.error.map_or(Ok(None), Err) };
        if let Some(record) = &single.0 {
            let age = age(record.provenance().fetched_at, self.clock.now());
            if is_degraded { asking.took_aged(age) } else { asking.took(seen.fresh_for, age) }
        }
        Ok(single.0.clone())
    }

    /// Returns what is kept of a record of a synchronised source. `None` if nothing is, or if it cannot be read.
    fn synchronised_at_hand<T>(&self, id: &RecordId) -> Option<Arc<T>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        self.source(id.source()).filter(|source| self.is_synchronised(source))?;
        self.synchronised_record(id).ok()?
    }

    // What is kept is looked for before a future is made that has room for asking feeds.
    async fn synchronised_or_asked<T: NestedRecord>(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceUnavailable>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        match self.synchronised_at_hand(id) {
            Some(kept) => Ok(Some(kept)),
            None => Box::pin(self.own_or_nested(id, asking)).await,
        }
    }

    /// A record's own answer or, where the feed has none, the record as another one carries it.
    async fn own_or_nested<T: NestedRecord>(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceUnavailable>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        let Some(source) = self.source(id.source()) else { return Ok(None) };
        if let Some(kept) = self.synchronised_or_gone(source, id) {
            return Ok(kept);
        }
        let own = self.own_answer::<T>(source, id, asking).await;
        if let Ok(Some(record)) = own {
            return Ok(Some(record));
        }
        let until = asking.until(source.limits().deadline);
        let listed = source.set::<T>(None, until).await;
        let found = listed.value.as_ref().and_then(|set| set.get(id.upstream()).cloned());
        if found.is_some() {
            note(source, &listed, asking, self.clock.now());
            return Ok(found);
        }
        match self.search_services(source, id, until, asking).await {
            Ok(Some(record)) => Ok(Some(record)),
            // That there is no such record is certain only once all that may have it was read.
            Ok(None) => settle(source, own.err().or(listed.error.filter(|_| !listed.whole))),
            Err(error) => settle(source, Some(error)),
        }
    }

    /// Whether no list, no record in one and no own page of its feed has a record.
    async fn is_nowhere<T: NestedRecord>(&self, id: &RecordId, asking: &QueryContext) -> bool
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        let Some(source) = self.source(id.source()) else { return false };
        if let Some(kept) = self.synchronised_or_gone::<T>(source, id) {
            return kept.is_none();
        }
        let until = asking.until(source.limits().deadline);
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
            && matches!(self.own_answer::<T>(source, id, asking).await, Ok(None))
    }

    /// Looks for a record inside a source's services: as they are listed and, failing that, on their own pages.
    async fn search_services<T: NestedRecord>(
        &self,
        source: &FeedSource,
        id: &RecordId,
        until: Instant,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceError> {
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
        if T::IN_LISTS || source.lists_in_full(until).await {
            return missing.map_or(Ok(None), Err);
        }
        let pages = stream::iter(services.to_vec());
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
        missing.map_or(Ok(None), Err)
    }
}

fn filled(organization: &Arc<Organization>, other: &Organization) -> Arc<Organization> {
    let mut whole = Organization::clone(organization);
    whole.fill_from(other);
    Arc::new(whole)
}

fn within<T: NestedRecord>(service: &Service, id: &RecordId) -> Option<Arc<T>> {
    T::within(service).into_iter().find(|record| record.id() == id)
}

fn settle<T>(source: &FeedSource, error: Option<SourceError>) -> Result<Option<Arc<T>>, SourceUnavailable> {
    match error {
        None => Ok(None),
        Some(error) => Err(SourceUnavailable { source: source.info().key.clone(), error }),
    }
}
