//! Finds out what a feed actually does, rather than what it claims, in about two dozen polite requests.

mod audit;
mod questions;
mod report;

use std::sync::Arc;

use tokio::time::Instant;

use super::FeedSource;
use super::collection::{FromRow, endpoint_name};
use super::conformance::ConformanceLedger;
use super::declared::FeedDeclaration;
use super::dialect_state::FeedManner;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{FeedPage, KnownFeed};
use super::page_form::PageForm;
use crate::model::{
    Location, Organization, RecordKind, Service, ServiceAtLocation, SourceKey, Taxonomy, TaxonomyTerm,
};
pub use report::{
    EndpointPresence, EndpointReport, PageLimit, ParameterHonour, ParameterReport, ProbeReport,
};

use super::detail::MODIFIED_AFTER;
use questions::{ListExtent, QuestionTimes};

/// The query parameters that are tried.
pub(super) const PARAMETERS: [&str; 2] = {
    let [(search, _), (modified_after, _)] = questions::NOTHING_MATCHES;
    [search, modified_after]
};

/// The most records requested on one page, to find the feed's limit. More would be costly for the publisher.
const LARGE_PAGE: usize = 500;

impl FeedSource {
    /// Probes the feed with one request at a time, at its own pace, bypassing the cache.
    ///
    /// If the first page of services cannot be read, there is nothing more to learn, and no further request is sent.
    pub async fn probe(&self) -> ProbeReport {
        let blank = ProbeReport::blank(&self.info);
        let feed = &self.feed;
        let asked = Instant::now();
        let manner = match feed.manner_anew().await {
            Ok(manner) => manner,
            Err(error) => return ProbeReport { error: Some(error), latency: Some(asked.elapsed()), ..blank },
        };
        let mut probe = RunningProbe { feed, manner, questions: QuestionTimes::default() };
        match probe.first_page().await {
            Ok(first) => probe.all(first, blank).await,
            Err(error) => {
                ProbeReport { error: Some(error), latency: probe.questions.median_latency(), ..blank }
            }
        }
    }
}

struct RunningProbe<'a> {
    feed: &'a KnownFeed,
    manner: Arc<FeedManner>,
    questions: QuestionTimes,
}

type ProbeAnswer<T> = Result<Option<FeedPage<T>>, SourceError>;

impl RunningProbe<'_> {
    async fn all(&mut self, first: FeedPage<Service>, blank: ProbeReport) -> ProbeReport {
        let declared = self.declared().await;
        let page_limit = self.page_limit(&first).await;
        let endpoints = self.endpoints(&first).await;
        let parameters = self.parameters(&first).await;
        let dialect = self.manner.dialect;
        let ledger = ConformanceLedger::default();
        ledger.walked(RecordKind::Service, first.tally, true);
        let standard = self.manner.description.standard.of_version(declared.version.as_deref());
        let validator = self.audit(standard, &ledger).await;
        let mut conformance = Arc::unwrap_or_clone(ledger.conformance());
        conformance.issues.extend(validator.of_root());
        ProbeReport {
            is_reachable: true,
            dialect: Some(dialect),
            declared,
            endpoints,
            parameters,
            page_limit,
            records: first.total_items,
            conformance,
            validator: Some(validator),
            latency: self.questions.median_latency(),
            ..blank
        }
    }

    async fn first_page(&mut self) -> Result<FeedPage<Service>, SourceError> {
        let page = |form| self.manner.address.page(RecordKind::Service, 1, form, &[]);
        let asked = Instant::now();
        let answer =
            self.feed.ask_for_first(RecordKind::Service, |form| self.feed.page(&self.manner, page(form)));
        let answer = answer.await;
        self.questions.took(asked.elapsed());
        answer?.ok_or_else(|| self.feed.no_services())
    }

    /// Returns what the root document declares. Does not request it again if detection has just read it.
    async fn declared(&mut self) -> FeedDeclaration {
        if let Some(declared) = self.feed.spoken.declared().filter(|_| !self.feed.spoken.is_configured()) {
            return FeedDeclaration::clone(&declared);
        }
        let asked = Instant::now();
        let declared = self.feed.declared().await;
        self.questions.took(asked.elapsed());
        declared.unwrap_or_default()
    }

    /// Finds the feed's limit on page sizes: the length of the first page if it was cut short, or else what a large
    /// page shows.
    async fn page_limit(&mut self, first: &FeedPage<Service>) -> Option<PageLimit> {
        let asked = self.feed.habits.form(RecordKind::Service, self.feed.limits.page_size).size?;
        let limit = questions::page_limit(asked, first.rows, first.total_items);
        if limit.is_some_and(|limit| limit.is_reached) || asked >= LARGE_PAGE {
            return limit;
        }
        let large = self.page::<Service>(LARGE_PAGE, &[]).await.ok().flatten()?;
        questions::page_limit(LARGE_PAGE, large.rows, large.total_items)
    }

    async fn endpoints(&mut self, first: &FeedPage<Service>) -> Vec<EndpointReport> {
        let services = self.report::<Service>(&Ok(Some(first.rows)), first.total_items);
        let others = [
            self.endpoint::<Organization>().await,
            self.endpoint::<Location>().await,
            self.endpoint::<ServiceAtLocation>().await,
            self.endpoint::<Taxonomy>().await,
            self.endpoint::<TaxonomyTerm>().await,
        ];
        std::iter::once(services).chain(others.into_iter().flatten()).collect()
    }

    /// Reports on the endpoint for `T`. Returns `None` if the dialect has no such endpoint.
    async fn endpoint<T: FromRow>(&mut self) -> Option<EndpointReport> {
        if !self.manner.address.offers(T::KIND) {
            return None;
        }
        let answer: ProbeAnswer<T> = self.page(1, &[]).await;
        let records = answer.as_ref().ok().and_then(|page| page.as_ref()?.total_items);
        Some(self.report::<T>(&answer.map(|page| page.map(|page| page.rows)), records))
    }

    fn report<T: FromRow>(
        &self,
        rows: &Result<Option<usize>, SourceError>,
        records: Option<u64>,
    ) -> EndpointReport {
        EndpointReport {
            failure: rows.as_ref().err().map(|error| error.message.clone()),
            name: endpoint_name(T::KIND),
            path: self.manner.address.path(T::KIND),
            presence: questions::presence(rows),
            http_status: questions::http_status(rows),
            records,
        }
    }

    /// Tries parameters that match nothing if the feed honours them.
    async fn parameters(&mut self, first: &FeedPage<Service>) -> Vec<ParameterReport> {
        let mut reports = Vec::new();
        for (name, value) in questions::NOTHING_MATCHES {
            let without = (first.rows, first.total_items);
            let narrowed = self.extent(name, value).await;
            let mut honoured = questions::honoured(without, &narrowed);
            // A feed that returns nothing whatever the value would hide all its records.
            if name == MODIFIED_AFTER && honoured == ParameterHonour::Honoured {
                let all = self.extent(name, questions::LONG_AGO).await;
                honoured = questions::keeps_what_matches(without, &all);
            }
            reports.push(ParameterReport { name, honoured });
        }
        reports
    }

    /// Returns how many services there are with a parameter.
    async fn extent(&mut self, name: &str, value: &str) -> Result<Option<ListExtent>, SourceError> {
        let answer: ProbeAnswer<Service> = self.page(1, &[(name, value.to_owned())]).await;
        answer.map(|page| page.map(|page| (page.rows, page.total_items)))
    }

    async fn page<T: FromRow>(&mut self, size: usize, parameters: &[(&str, String)]) -> ProbeAnswer<T> {
        let known = self.feed.habits.form(T::KIND, size);
        let form = PageForm { size: known.size.map(|_| size), ..known };
        let url = self.manner.address.page(T::KIND, 1, form, parameters);
        let asked = Instant::now();
        let answer = self.feed.page(&self.manner, url).await;
        self.questions.took(asked.elapsed());
        answer
    }
}
