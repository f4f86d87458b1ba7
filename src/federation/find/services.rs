//! Finding services.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::mark_lacking;
use crate::federation::consider::Considered;
use crate::federation::select::{Candidate, Selection, select};
use crate::federation::{Asking, Connection, Federation, PageRequest};
use crate::model::{
    Lead, Order, OrderBy, Position, Prepared, Service, ServiceFilter, SourceKey, TextQuery, Verdict,
    Vocabulary, london_today,
};
use crate::source::{Detailed, Source};

/// A question for services.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    /// What they must be.
    pub filter: ServiceFilter,
    /// In which order they are wanted.
    pub order: Order,
    /// Which part of the list.
    pub page: PageRequest,
    /// Whether nested members are wanted that list pages may leave out.
    pub in_detail: bool,
}

/// A page of services, with what the question makes of each.
#[derive(Debug)]
pub struct ServicePage {
    /// The page itself.
    pub connection: Connection<Service>,
    /// The order it is in.
    pub order: Order,
    /// What the question makes of each service of the page, in the same order.
    pub found: Vec<Found>,
}

/// What a question makes of one service.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its place in the order asked for.
    pub position: Position,
    /// The conditions that it does not state the facts for, by their names in the filter.
    pub unknown: Vec<&'static str>,
}

/// What one source has that matches.
struct Pool<'q> {
    considered: Considered<Service>,
    asked: Prepared<'q>,
}

impl Federation {
    /// Services over all sources that can match.
    pub async fn services(&self, query: &ServiceQuery, asking: &Asking) -> ServicePage {
        let filter = &query.filter;
        let asked = self.sources.iter().filter(|source| !filter.rules_out(&source.info().key));
        let pools = asked.map(|source| self.consider_services(Arc::clone(source), filter, asking));
        let pools = join_all(pools).await;
        let mut page = self.service_page(&pools, query);
        if query.in_detail {
            self.detail_page(&mut page.connection, asking).await;
        }
        page
    }

    fn service_page(&self, pools: &[Pool<'_>], query: &ServiceQuery) -> ServicePage {
        let order = query.order;
        if order == Order::default() {
            // Sources keep their lists in this order, so that nothing has to be sorted.
            let connection = self.connect(pools.iter().map(|pool| &pool.considered), &query.page);
            let by_key: HashMap<_, _> = pools.iter().map(|pool| (pool.key(), pool)).collect();
            let found = connection.records.iter().map(|service| Found {
                position: Position::of(&**service),
                unknown: by_key.get(service.id.source()).map_or_else(Vec::new, |pool| pool.unknown(service)),
            });
            return ServicePage { found: found.collect(), connection, order };
        }
        let candidates = pools.iter().enumerate().flat_map(|(number, pool)| pool.candidates(number, order));
        let Selection { candidates, has_next_page, has_previous_page } =
            select(candidates.collect(), order, &query.page);
        let chosen = candidates.iter().filter_map(|candidate| {
            let (pool, at) = candidate.at;
            let pool = pools.get(pool)?;
            let service = pool.considered.matches.as_slice().get(at)?;
            let position = candidate.rank().to_position();
            Some((Arc::clone(service), Found { position, unknown: pool.unknown(service) }))
        });
        let (records, found) = chosen.unzip();
        let reports = self.reports(pools.iter().map(|pool| &pool.considered));
        let total_count = reports.iter().map(|report| report.matched).sum();
        let connection = Connection { records, has_next_page, has_previous_page, total_count, reports };
        ServicePage { connection, order, found }
    }

    async fn consider_services<'q>(
        &self,
        source: Arc<Source>,
        filter: &'q ServiceFilter,
        asking: &Asking,
    ) -> Pool<'q> {
        let (began, today) = (Instant::now(), london_today(self.clock.now()));
        let until = asking.until(source.limits().deadline);
        let seen = source.set(filter.must_be_modified_since(), until).await;
        let mut considered = Considered::of(&source, began, seen, asking, self.clock.now());
        if *filter == ServiceFilter::default() {
            return Pool { considered, asked: Prepared::new(filter, &Vocabulary::default(), today) };
        }
        let known = |considered: &Considered<Service>| match filter.asks_for_terms() {
            true => Vocabulary::of_services(considered.matches.as_slice().iter().map(AsRef::as_ref)),
            false => Vocabulary::default(),
        };
        let asked = Prepared::new(filter, &known(&considered), today);
        let is_undecided =
            |service: &Service| asked.verdict(service.facts(), &words(service)) == Verdict::NeedsDetail;
        self.deepen(&mut considered, is_undecided, asking).await;
        // Details name terms that lists leave out.
        let asked = Prepared::new(filter, &known(&considered), today);
        let considered =
            considered.retain(|service| asked.decide(service.facts(), &words(service)).is_kept());
        Pool { considered, asked }
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

    /// Reads the own pages of a page's services, all at once.
    async fn detail_page(&self, connection: &mut Connection<Service>, asking: &Asking) {
        let sources: HashMap<_, _> = self.sources.iter().map(|source| (&source.info().key, source)).collect();
        let detailed = join_all(connection.records.iter().map(|service| async {
            let source = sources.get(service.id.source())?;
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

impl Pool<'_> {
    fn key(&self) -> &SourceKey {
        &self.considered.source.info().key
    }

    fn unknown(&self, service: &Service) -> Vec<&'static str> {
        self.asked.unknown(service.facts(), &words(service))
    }

    fn candidates(&self, number: usize, order: Order) -> impl Iterator<Item = Candidate<'_>> {
        self.considered.matches.as_slice().iter().enumerate().map(move |(at, service)| {
            let facts = service.facts();
            Candidate { facts, lead: lead(order, service), at: (number, at) }
        })
    }
}

fn lead(order: Order, service: &Service) -> Lead {
    let facts = service.facts();
    order.lead(match order.by {
        _ => facts.last_modified.map(|at| at.timestamp_millis() as f64),
    })
}

/// Looks for words in a record at hand.
fn words(service: &Service) -> impl Fn(&TextQuery) -> bool {
    move |text| text.matches(service.search_text())
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
