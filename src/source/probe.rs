//! Finding out what a feed does, rather than what it says it does, in about a dozen polite requests.

mod detect;
mod questions;
mod report;

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::Source;
use super::collection::{FromRow, endpoint_name};
use super::declared::Declared;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{Feed, Page};
use crate::model::{
    Organization, Record, RecordKind, Service, ServiceAtLocation, SourceKey, Taxonomy, TaxonomyTerm,
};
pub use report::{EndpointReport, Honour, PageLimit, ParameterReport, Presence, ProbeReport};

use questions::Questions;

/// The most records asked for on one page, to learn where the feed stops: more would cost the publisher dearly.
const LARGE_PAGE: usize = 500;

impl Source {
    /// Probes the feed: one question after the other, at its own pace, past everything kept.
    ///
    /// Where the first page of services cannot be read there is nothing more to learn, and nothing more is asked.
    pub async fn probe(&self) -> ProbeReport {
        let blank = ProbeReport::blank(&self.info);
        let feed = match &self.feed {
            Ok(feed) => feed,
            Err(reason) => return ProbeReport { error: Some(reason.clone()), ..blank },
        };
        let mut probe = Probe { feed, questions: Questions::default() };
        match probe.first_page().await {
            Ok(first) => probe.all(first, blank).await,
            Err(error) => {
                ProbeReport { error: Some(error), latency: probe.questions.median_latency(), ..blank }
            }
        }
    }
}

/// A probe under way.
struct Probe<'a> {
    feed: &'a Feed,
    questions: Questions,
}

type Answer<T> = Result<Option<Page<T>>, SourceError>;

impl Probe<'_> {
    async fn all(&mut self, first: Page<Service>, blank: ProbeReport) -> ProbeReport {
        let declared = self.declared().await;
        let page_limit = self.page_limit(&first).await;
        let endpoints = self.endpoints(&first).await;
        let parameters = self.parameters(&first).await;
        ProbeReport {
            is_reachable: true,
            dialect: blank.dialect.or_else(|| detect::dialect(&declared)),
            declared,
            endpoints,
            parameters,
            page_limit,
            records: first.total_items,
            issues: count_issues(&first.records),
            latency: self.questions.median_latency(),
            ..blank
        }
    }

    async fn first_page(&mut self) -> Result<Page<Service>, SourceError> {
        let page = self.page(self.feed.limits.page_size, &[]).await?;
        page.ok_or_else(|| SourceError {
            code: SourceErrorCode::HttpStatus,
            message: "there are no services at this address".to_owned(),
            http_status: Some(404),
            at: self.feed.engine.now(),
            retry_after: None,
        })
    }

    async fn declared(&mut self) -> Declared {
        let asked = Instant::now();
        let declared = self.feed.declared().await;
        self.questions.took(asked.elapsed());
        declared.unwrap_or_default()
    }

    /// How many records a page may have: where the first page was cut short, its length; else what a large one shows.
    async fn page_limit(&mut self, first: &Page<Service>) -> Option<PageLimit> {
        let asked = self.feed.limits.page_size;
        let limit = questions::page_limit(asked, first.rows, first.total_items);
        if limit.is_some_and(|limit| limit.is_reached) || asked >= LARGE_PAGE {
            return limit;
        }
        let large = self.page::<Service>(LARGE_PAGE, &[]).await.ok().flatten()?;
        questions::page_limit(LARGE_PAGE, large.rows, large.total_items)
    }

    async fn endpoints(&mut self, first: &Page<Service>) -> Vec<EndpointReport> {
        vec![
            EndpointReport {
                name: endpoint_name(RecordKind::Service),
                presence: questions::presence(&Ok(Some(first.rows))),
                records: first.total_items,
            },
            self.endpoint::<Organization>().await,
            self.endpoint::<ServiceAtLocation>().await,
            self.endpoint::<Taxonomy>().await,
            self.endpoint::<TaxonomyTerm>().await,
        ]
    }

    async fn endpoint<T: FromRow>(&mut self) -> EndpointReport {
        let answer: Answer<T> = self.page(1, &[]).await;
        let records = answer.as_ref().ok().and_then(|page| page.as_ref()?.total_items);
        let rows = answer.map(|page| page.map(|page| page.rows));
        EndpointReport { name: endpoint_name(T::KIND), presence: questions::presence(&rows), records }
    }

    /// What the feed makes of parameters that leave nothing over where they are honoured.
    async fn parameters(&mut self, first: &Page<Service>) -> Vec<ParameterReport> {
        let mut reports = Vec::new();
        for (name, value) in questions::NOTHING_MATCHES {
            let answer: Answer<Service> = self.page(1, &[(name, value.to_owned())]).await;
            let answer = answer.map(|page| page.map(|page| (page.rows, page.total_items)));
            let honoured = questions::honoured((first.rows, first.total_items), &answer);
            reports.push(ParameterReport { name, honoured });
        }
        reports
    }

    async fn page<T: FromRow>(&mut self, size: usize, parameters: &[(&str, String)]) -> Answer<T> {
        let url = self.feed.address.page(T::KIND, 1, size, parameters);
        let asked = Instant::now();
        let answer = self.feed.page(url).await;
        self.questions.took(asked.elapsed());
        answer
    }
}

fn count_issues(services: &[Service]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for issue in services.iter().flat_map(|service| &service.provenance().issues) {
        *counts.entry(issue.code.as_str()).or_default() += 1;
    }
    counts
}
