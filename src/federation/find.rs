//! Lists of records over all sources.

mod locations;
mod organizations;
mod services;
mod taxonomy_terms;
mod term_groups;

use std::sync::Arc;

use futures_util::future::join_all;

use super::holding::Holdings;
use super::merge::cut;
use super::select::SelectedPage;
use super::source_matches::SourceMatches;
use super::{PageRequest, PlaceLearner, RecordGetter, RecordPage, SourceReport};
use crate::model::{Record, SourceKey};
use crate::source::FeedSource;

pub use locations::{FoundLocation, LocationFilter, LocationPage};
pub use organizations::{OrganizationFilter, WantedOfOrganizations};
pub(super) use services::OrderedServices;
pub use services::{
    MatchingServices, PageService, ServiceDistance, ServiceFinder, ServiceMatch, ServicePage, ServiceQuery,
    UnheldWord,
};
pub use taxonomy_terms::{TaxonomyTermFilter, UnpagedList};
pub use term_groups::TermGroupPage;

/// Lists organisations, locations and taxonomy terms over all sources.
#[derive(Clone)]
pub struct RecordLists {
    pub(super) holdings: Arc<Holdings>,
    pub(super) places: Arc<PlaceLearner>,
    pub(super) records: RecordGetter,
}

impl RecordLists {
    /// Calls `consider` for every source that `may_match`, all at once.
    pub(super) async fn consider_each<'s, T, F: Future<Output = SourceMatches<T>>>(
        &'s self,
        may_match: impl Fn(&SourceKey) -> bool,
        consider: impl Fn(&'s Arc<FeedSource>) -> F,
    ) -> Vec<SourceMatches<T>> {
        let asked = self.holdings.sources().iter().filter(|source| may_match(&source.info().key));
        join_all(asked.map(consider)).await
    }

    /// Cuts a page from the matches of all sources, and reports on each source.
    fn connect<'a, T: Record + 'a>(
        &self,
        considered: impl Iterator<Item = &'a SourceMatches<T>> + Clone,
        page: &PageRequest,
    ) -> RecordPage<Arc<T>> {
        let lists: Vec<&[Arc<T>]> = considered.clone().map(|one| one.matches.as_slice()).collect();
        let SelectedPage { candidates: records, has_next_page, has_previous_page } = cut(&lists, page);
        let reports = self.reports(considered);
        let total_count = SourceReport::total(&reports);
        RecordPage { records, has_next_page, has_previous_page, total_count, reports }
    }

    fn reports<'a, T: Record + 'a>(
        &self,
        considered: impl Iterator<Item = &'a SourceMatches<T>>,
    ) -> Vec<SourceReport> {
        let now = self.holdings.now();
        considered.map(|one| one.report(now)).collect()
    }
}

/// Returns the words in these fields, for filters that search text.
fn search_text(fields: &[Option<&str>]) -> crate::model::SearchText {
    let fields: Vec<&str> = fields.iter().copied().flatten().collect();
    crate::model::SearchText::of(&fields)
}
