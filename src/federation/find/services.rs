//! Finding services, in any order: what the holdings have that matches is merged, cut into pages and counted as one.

mod export;
mod matching;
mod nothing;
mod ordered;
mod page;
mod page_details;
mod page_reading;
mod page_service;

pub use matching::MatchingServices;
pub use nothing::UnheldWord;
pub(in crate::federation) use ordered::OrderedServices;
pub use page_service::PageService;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::federation::facets::{FacetCounts, FacetsWanted};
use crate::federation::grid::{GridCounts, GridsWanted};
use crate::federation::holding::Holdings;
use crate::federation::known_terms::UnknownTerm;
use crate::federation::place_learner::PlaceLearner;
use crate::federation::ranking::SearchPlan;
use crate::federation::{PageRequest, QueryContext, RecordPage};
use crate::model::{
    AskedPhrase, RecordId, Rendering, Service, ServiceFilter, Shape, SortOrder, SortPosition, StatedFacts,
    UnsaidFields,
};

/// Finds services over all sources.
#[derive(Clone)]
pub struct ServiceFinder {
    pub(in crate::federation) holdings: Arc<Holdings>,
    pub(in crate::federation) places: Arc<PlaceLearner>,
}

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
    /// Whether a row says nothing of some of it, though the service's detail may.
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
            PageService::Written(_, ordinal) => self.matching.stored()?.position(*ordinal),
            on_page => on_page.listed().map(|service| SortPosition::of(&**service)),
        })
    }

    /// Holds what was written of a stored service and of nothing else, so that it can be sent again.
    pub fn hold_rendering(&self, ordinal: u32, rendering: Rendering) {
        if let Some(stored) = self.matching.stored() {
            stored.snapshot().hold_service_rendering(ordinal, rendering);
        }
    }
}

impl ServiceFinder {
    /// Services over all sources that can match.
    pub async fn find(&self, query: &ServiceQuery, asking: &QueryContext) -> ServicePage {
        let matching = Arc::new(self.search(&query.filter, SearchPlan::of(query), asking).await);
        let mut page = self.service_page(&matching, query, asking).await;
        page.unknown_terms = matching.unknown_terms(&query.filter, asking).await;
        self.complete_page(&mut page.connection, &matching, query.wanted, asking).await;
        page
    }
}
