//! Finding services: in the catalogue and in the lists of live sources at once, in any order.

mod export;
mod live;
mod matching;
mod nothing;
mod ordered;
mod page;
mod page_reading;
mod page_service;
mod providers;
mod stored;

pub use matching::MatchingServices;
pub use nothing::UnheldWord;
pub(in crate::federation) use ordered::{OrderedService, OrderedServices};
pub(in crate::federation) use page::CandidatePlace;
pub use page_service::PageService;
pub(in crate::federation) use providers::ProviderJoins;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::federation::facets::{FacetCounts, FacetsWanted};
use crate::federation::grid::{GridCounts, GridsWanted};
use crate::federation::known_terms::UnknownTerm;
use crate::federation::{Federation, PageRequest, QueryContext, RecordPage};
use crate::model::{
    AskedPhrase, NearPoint, RecordId, Rendering, Service, ServiceFilter, Shape, SortOrder, SortPosition,
    SourceKey, StatedFacts, TextQuery, UnsaidFields,
};

/// A question for services.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    /// What they must be.
    pub filter: ServiceFilter,
    /// In which order they are wanted.
    pub order: SortOrder,
    /// Which part of the list.
    pub page: PageRequest,
    /// What is wanted that list pages may leave out.
    pub wanted: WantedFacts,
    /// What is to be counted over all matches.
    pub facets: FacetsWanted,
    /// Which grids of a map they are to be counted by.
    pub grids: GridsWanted,
    /// Whether it is wanted which conditions each does not state the facts for.
    pub unknown: bool,
    /// What is to be written of each: of those that were written so before, the record is not read again.
    pub shape: Option<Shape>,
}

/// What is wanted of services that list pages may leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedFacts {
    /// Nested members.
    pub nested: bool,
    /// Other facts, which matter where none of a source's services states them.
    pub facts: StatedFacts,
    /// Fields, which matter where a row says nothing of them.
    pub fields: UnsaidFields,
}

impl WantedFacts {
    /// Whether a row says nothing of some of it, though the service's own page may.
    fn is_silent(self, service: &Service) -> bool {
        service.provenance.shallow && !self.fields.and(UnsaidFields::by(service)).is_empty()
    }
}

/// A page of services, with what the question makes of each.
#[derive(Debug)]
pub struct ServicePage {
    /// The page itself.
    pub connection: RecordPage<PageService>,
    /// The order it is in.
    pub order: SortOrder,
    /// What the question makes of each service of the page, in the same order.
    pub found: Vec<ServiceMatch>,
    /// What was to be counted.
    pub facets: FacetCounts,
    /// The phrases that every match answers, as they were read.
    pub asks: Vec<AskedPhrase>,
    /// How many there are in each cell of the grids wanted.
    pub grids: GridCounts,
    /// What is to be written of each, as asked for.
    pub shape: Option<Shape>,
    /// The day on which it was made.
    pub today: NaiveDate,
    /// All that matches, for what is counted later.
    pub matching: Arc<MatchingServices>,
    /// What the question names that no source has.
    pub unknown_terms: Vec<UnknownTerm>,
}

/// What a question makes of one service.
#[derive(Clone, Debug)]
pub struct ServiceMatch {
    /// Its place in the order asked for. `None` if that is the place of its record in the order of names.
    pub position: Option<Box<SortPosition>>,
    /// The conditions that it does not state the facts for, by their names in the filter, if they are wanted.
    pub unknown: Vec<&'static str>,
    /// How well its words match; none where neither a text nor a phrase was asked for.
    pub score: Option<f32>,
    /// How far its nearest place is; none where nothing near was asked for, or nobody knows where it is.
    pub distance: Option<Box<ServiceDistance>>,
}

/// How far a service is.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceDistance {
    /// Metres to its nearest place.
    pub metres: f64,
    /// That place.
    pub location: Option<RecordId>,
}

impl ServicePage {
    /// Returns the place of one of its services in the order asked for.
    pub fn position(&self, at: usize) -> Option<SortPosition> {
        let found = self.found.get(at)?.position.as_deref().cloned();
        found.or_else(|| match self.connection.records.get(at)? {
            PageService::Written(_, ordinal) => self.matching.kept.as_ref()?.position(*ordinal),
            on_page => on_page.listed().map(|service| SortPosition::of(&**service)),
        })
    }

    /// Holds what was written of a stored service and of nothing else, so that it can be sent again.
    pub fn hold_rendering(&self, ordinal: u32, rendering: Rendering) {
        if let Some(kept) = &self.matching.kept {
            kept.snapshot().hold_service_rendering(ordinal, rendering);
        }
    }
}

impl Federation {
    /// Services over all sources that can match.
    pub async fn services(&self, query: &ServiceQuery, asking: &QueryContext) -> ServicePage {
        let matching = Arc::new(self.measured(&query.filter, Yardstick::of(query), asking).await);
        let mut page = self.service_page(&matching, query, asking).await;
        page.unknown_terms = self.unknown_terms(&query.filter, &matching, asking).await;
        let poor: Vec<&SourceKey> = matching.live.iter().filter_map(|one| one.lacks(query.wanted)).collect();
        let silent = self.silent_sources(&page.connection, &matching, query.wanted, asking).await;
        let is_poor = |service: &Service| {
            let source = service.id.source();
            poor.contains(&source) || (silent.contains(&source) && query.wanted.is_silent(service))
        };
        if !poor.is_empty() || !silent.is_empty() {
            self.detail_page(&mut page.connection, is_poor, asking).await;
        }
        page
    }
}

/// What a question goes by beside its filter: where distances are counted from, and whether words count.
#[derive(Clone, Copy, Debug)]
struct Yardstick {
    order: SortOrder,
    /// How many are wanted of them.
    page_size: usize,
    near: Option<NearPoint>,
    is_ranked: bool,
    /// Whether what matches is counted by what is known of its terms.
    by_terms: bool,
    /// Whether it is only counted, and never put in order.
    only_counts: bool,
}

impl Yardstick {
    fn of(query: &ServiceQuery) -> Self {
        let filter = &query.filter;
        let is_ranked = filter.is_ranked();
        let (order, near, by_terms) = (query.order, filter.nearby(), query.facets.by_terms);
        Self { order, page_size: query.page.size, near, is_ranked, by_terms, only_counts: false }
    }
}

/// How well a service's words answer every text and phrase that each match must hold.
fn score(filter: &ServiceFilter, service: &Arc<Service>) -> f32 {
    TextQuery::of_tenths(filter.tenths(service))
}
