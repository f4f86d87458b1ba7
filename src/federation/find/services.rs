//! Finding services.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::mark_lacking;
use crate::federation::consider::Considered;
use crate::federation::{Asking, Connection, Federation, PageRequest};
use crate::model::{Service, ServiceFilter, SourceKey, Stated, Verdict};
use crate::source::{Detailed, Source};

/// A question for services.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    /// What they must be.
    pub filter: ServiceFilter,
    /// Which part of the list.
    pub page: PageRequest,
    /// What is wanted that list pages may leave out.
    pub wanted: Wanted,
}

/// What is wanted of services that list pages may leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Nested members.
    pub nested: bool,
    /// Other facts, which matter where none of a source's services states them.
    pub facts: Stated,
}

impl Federation {
    /// Services over all sources that can match.
    pub async fn services(&self, query: &ServiceQuery, asking: &Asking) -> Connection<Service> {
        let filter = &query.filter;
        let considered = self
            .consider_each(
                |key| !filter.rules_out(key),
                |source| self.consider_services(source, filter, asking),
            )
            .await;
        let mut connection = self.connect(&considered, &query.page);
        let poor: Vec<_> = considered.iter().filter(|one| lacks(one, query.wanted)).collect();
        if !poor.is_empty() {
            let is_poor = |key: &SourceKey| poor.iter().any(|one| one.source.info().key == *key);
            self.detail_page(&mut connection, is_poor, asking).await;
        }
        connection
    }

    async fn consider_services(
        &self,
        source: Arc<Source>,
        filter: &ServiceFilter,
        asking: &Asking,
    ) -> Considered<Service> {
        let began = Instant::now();
        let until = asking.until(source.limits().deadline);
        let seen = source.set(filter.must_be_modified_since(), until).await;
        let mut considered = Considered::of(&source, began, seen, asking, self.clock.now());
        if *filter == ServiceFilter::default() {
            return considered;
        }
        let asked = Stated::asked_by(filter);
        let unstated = !states(&considered, asked);
        let needs_detail = |service: &Service| unstated || filter.verdict(service) == Verdict::NeedsDetail;
        self.deepen(&mut considered, needs_detail, asking).await;
        considered.retain(|service| filter.decide(service).is_kept())
    }

    /// Reads the own pages of those services that only these can decide about. What is kept of them will do,
    /// however old; what cannot be had by the source's deadline leaves the answer partial.
    pub(in crate::federation) async fn deepen(
        &self,
        considered: &mut Considered<Service>,
        needs_detail: impl Fn(&Service) -> bool,
        asking: &Asking,
    ) {
        let source = Arc::clone(&considered.source);
        let until = asking.until(source.limits().deadline);
        let listed = considered.matches.as_slice();
        if !listed.iter().any(|service| service.provenance.shallow && needs_detail(service))
            || source.lists_in_full(until).await
        {
            return;
        }
        // Only a few at once: a search must not queue a thousand requests ahead of everybody else's.
        let asked: Vec<_> =
            listed.iter().map(|service| (Arc::clone(service), needs_detail(service))).collect();
        let source_of = &source;
        let deepened = stream::iter(asked)
            .map(|(service, needed)| async move { deepened(source_of, &service, needed, until).await });
        let deepened: Vec<_> = deepened.buffered(source.limits().max_concurrency.max(1)).collect().await;
        let lacking = deepened.iter().find(|one| one.error.is_some()).and_then(|one| one.error.clone());
        considered.replace(deepened.into_iter().map(|one| one.service).collect());
        if lacking.is_some() {
            considered.lacks(lacking, asking);
        }
    }

    /// Reads the own pages of a page's services, of those sources whose lists say too little, all at once.
    async fn detail_page(
        &self,
        connection: &mut Connection<Service>,
        is_poor: impl Fn(&SourceKey) -> bool,
        asking: &Asking,
    ) {
        let sources: HashMap<_, _> = self.sources.iter().map(|source| (&source.info().key, source)).collect();
        let detailed = join_all(connection.records.iter().map(|service| async {
            let source = sources.get(service.id.source()).filter(|_| is_poor(service.id.source()))?;
            Some(source.in_detail(service, asking.until(source.limits().deadline)).await)
        }))
        .await;
        for (at, detailed) in detailed.into_iter().enumerate() {
            let (Some(detailed), Some(service)) = (detailed, connection.records.get_mut(at)) else {
                continue;
            };
            *service = detailed.service;
            let source = service.id.source().clone();
            if detailed.is_lacking && detailed.error.is_some() {
                asking.degraded();
                mark_lacking(connection, &source, detailed.error.as_ref());
            }
        }
    }
}

// Whether what one source has may leave out something that is wanted.
fn lacks(considered: &Considered<Service>, wanted: Wanted) -> bool {
    wanted.nested || !states(considered, wanted.facts)
}

// Facts that none of a list's services states, its feed may have left out of the list.
fn states(considered: &Considered<Service>, facts: Stated) -> bool {
    let services = considered.matches.as_slice().iter();
    facts == Stated::default()
        || considered.source.lists_state_facts()
        || Stated::by_any(services.map(AsRef::as_ref)).covers(facts)
}

async fn deepened(source: &Source, listed: &Arc<Service>, needed: bool, until: Instant) -> Detailed {
    if !needed {
        return Detailed { service: Arc::clone(listed), error: None, is_lacking: false };
    }
    match source.kept_single::<Service>(listed.id.upstream()).await {
        Some(service) => Detailed { service, error: None, is_lacking: false },
        None if Instant::now() >= until => {
            Detailed { service: Arc::clone(listed), error: Some(source.too_late()), is_lacking: true }
        }
        None => {
            let detailed = source.in_detail(listed, until).await;
            Detailed { error: detailed.error.filter(|_| detailed.is_lacking), ..detailed }
        }
    }
}
