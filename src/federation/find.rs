//! Finding: lists over all sources.

mod locations;
mod organizations;
mod services;
mod taxonomy_terms;
mod term_groups;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::merge::{MergedPage, cut};
use super::source_matches::SourceMatches;
use super::{Federation, PageRequest, QueryContext, RecordPage, ReportStatus, SourceReport};
use crate::model::{AnyRecord, Record, SourceKey};
use crate::source::{FeedSource, NestedRecord};

pub use locations::{FoundLocation, LocationFilter, LocationPage};
pub use organizations::{OrganizationFilter, WantedOfOrganizations};
pub(super) use services::{CandidatePlace, OrderedService, OrderedServices, ProviderJoins};
pub use services::{
    MatchingServices, PageService, ServiceDistance, ServiceMatch, ServicePage, ServiceQuery, UnheldWord,
    WantedFacts,
};
pub use taxonomy_terms::{TaxonomyTermFilter, UnpagedList};
pub use term_groups::TermGroupPage;

impl Federation {
    /// Considers every source that `may_match`, all at once.
    pub(super) async fn consider_each<T, F: Future<Output = SourceMatches<T>>>(
        &self,
        may_match: impl Fn(&SourceKey) -> bool,
        consider: impl Fn(Arc<FeedSource>) -> F,
    ) -> Vec<SourceMatches<T>> {
        let asked = self.sources.iter().filter(|source| may_match(&source.info().key));
        join_all(asked.map(|source| consider(Arc::clone(source)))).await
    }

    /// The page of what was considered, and how each source took part.
    fn connect<'a, T: Record + 'a>(
        &self,
        considered: impl Iterator<Item = &'a SourceMatches<T>> + Clone,
        page: &PageRequest,
    ) -> RecordPage<Arc<T>> {
        let lists: Vec<&[Arc<T>]> = considered.clone().map(|one| one.matches.as_slice()).collect();
        let MergedPage { records, has_next_page, has_previous_page } = cut(&lists, page);
        let reports = self.reports(considered);
        let total_count = SourceReport::total(&reports);
        RecordPage { records, has_next_page, has_previous_page, total_count, reports }
    }

    fn reports<'a, T: Record + 'a>(
        &self,
        considered: impl Iterator<Item = &'a SourceMatches<T>>,
    ) -> Vec<SourceReport> {
        let now = self.clock.now();
        considered.map(|one| one.report(now)).collect()
    }

    /// All of a source's records of a kind: as it lists them, or, where it does not, as its services carry them.
    pub(super) async fn listed_or_derived<T: NestedRecord>(
        &self,
        source: Arc<FeedSource>,
        asking: &QueryContext,
    ) -> SourceMatches<T>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        let began = Instant::now();
        if self.is_synchronised(&source) {
            self.until_warm(std::slice::from_ref(&source), asking).await;
            let seen = self.synchronised_set::<T>(&source).await;
            return SourceMatches::of(&source, began, seen, asking, self.clock.now());
        }
        let until = asking.until(source.limits().deadline);
        let seen = source.set::<T>(None, until).await;
        let has_none = seen.value.as_ref().is_some_and(|set| seen.whole && set.records().is_empty());
        if !has_none {
            return SourceMatches::of(&source, began, seen, asking, self.clock.now());
        }
        self.derived(source, began, asking).await
    }

    async fn derived<T: NestedRecord>(
        &self,
        source: Arc<FeedSource>,
        began: Instant,
        asking: &QueryContext,
    ) -> SourceMatches<T> {
        let until = asking.until(source.limits().deadline);
        let services = source.set(None, until).await;
        let mut services = SourceMatches::of(&source, began, services, asking, self.clock.now());
        if !T::IN_LISTS {
            self.deepen(&mut services, |_| true, asking).await;
        }
        let elsewhere = T::elsewhere(&source, until).await;
        if elsewhere.error.is_some() {
            services.lacks(elsewhere.error, asking);
        }
        let mut found: BTreeMap<Box<str>, Arc<T>> = BTreeMap::new();
        for record in elsewhere
            .records
            .into_iter()
            .chain(services.matches.as_slice().iter().flat_map(|one| T::within(one)))
        {
            found.entry(record.id().upstream().into()).or_insert(record);
        }
        services.into_other(found.into_values().collect())
    }
}

/// Marks in the reports what could not be had for the page itself.
fn mark_lacking<T>(
    connection: &mut RecordPage<T>,
    source: &SourceKey,
    error: Option<&crate::source::SourceError>,
) {
    let report = connection.reports.iter_mut().find(|report| report.info.key == *source);
    if let Some(report) = report {
        report.status = ReportStatus::Partial;
        report.error = report.error.take().or_else(|| error.cloned());
    }
}

/// What a filter needs of a kind of record to look for words in it.
fn search_text(fields: &[Option<&str>]) -> crate::model::SearchText {
    let fields: Vec<&str> = fields.iter().copied().flatten().collect();
    crate::model::SearchText::of(&fields)
}
