//! Finds services in any order: merges the matches of all holdings, cuts pages from them and counts them.

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
use crate::federation::{PageRequest, QueryContext, RecordPage, WantedFacts};
use crate::model::{AskedPhrase, RecordId, Rendering, ServiceFilter, Shape, SortOrder, SortPosition};

/// Finds services over all sources.
#[derive(Clone)]
pub struct ServiceFinder {
    pub(in crate::federation) holdings: Arc<Holdings>,
    pub(in crate::federation) places: Arc<PlaceLearner>,
}

/// A search for services.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    /// The conditions that services must meet.
    pub filter: ServiceFilter,
    /// The order of the list.
    pub order: SortOrder,
    /// The part of the list.
    pub page: PageRequest,
    /// The selected parts that list rows may leave out.
    pub wanted: WantedFacts,
    /// What to count over all matches.
    pub facets: FacetsWanted,
    /// The map grids to count all matches by.
    pub grids: GridsWanted,
    /// Whether to say for each service which conditions it does not state the facts for.
    pub unknown: bool,
    /// The shape of what is written of each service. A service that already has a rendering in this shape is not read
    /// again.
    pub shape: Option<Shape>,
}

/// A page of services, with each one's place in the order, score and distance.
#[derive(Debug)]
pub struct ServicePage {
    /// The page.
    pub connection: RecordPage<PageService>,
    /// The order it is in.
    pub order: SortOrder,
    /// How each service of the page matches, in the same order.
    pub found: Vec<ServiceMatch>,
    /// The counts that were asked for.
    pub facets: FacetCounts,
    /// The phrases that every match answers, with how they were read.
    pub asks: Vec<AskedPhrase>,
    /// The number of services in each cell of the grids that were asked for.
    pub grids: GridCounts,
    /// The shape asked for.
    pub shape: Option<Shape>,
    /// The date on which the page was made.
    pub today: NaiveDate,
    /// All matches, for counts that are made later.
    pub matching: Arc<MatchingServices>,
    /// The terms and vocabularies in the filter that no source has.
    pub unknown_terms: Vec<UnknownTerm>,
}

/// How one service matches.
#[derive(Clone, Debug)]
pub struct ServiceMatch {
    /// The service's place in the order asked for. `None` if the order is by name: the record tells its place then.
    pub position: Option<Box<SortPosition>>,
    /// The conditions, by their names in the filter, that the service does not state the facts for. Empty if these were
    /// not asked for.
    pub unknown: Vec<&'static str>,
    /// How well the words match. `None` if the filter has neither text nor a phrase.
    pub score: Option<f32>,
    /// How far away the nearest place is. `None` if the filter has no `near`, or no position of the service is known.
    pub distance: Option<Box<ServiceDistance>>,
}

/// The distance to a service's nearest place.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceDistance {
    /// The distance in metres.
    pub metres: f64,
    /// The nearest place. `None` if it is not a location with an id.
    pub location: Option<RecordId>,
}

impl ServicePage {
    /// Returns the place of one of the services in the order asked for. `None` if the page has no service with this
    /// index.
    pub fn position(&self, at: usize) -> Option<SortPosition> {
        let found = self.found.get(at)?.position.as_deref().cloned();
        found.or_else(|| match self.connection.records.get(at)? {
            PageService::Written(_, ordinal) => self.matching.stored()?.position(*ordinal),
            on_page => on_page.listed().map(|service| SortPosition::of(&**service)),
        })
    }

    /// Caches the rendering of a stored service, so that it can be sent again. It must depend on nothing but the
    /// service.
    pub fn hold_rendering(&self, ordinal: u32, rendering: Rendering) {
        if let Some(stored) = self.matching.stored() {
            stored.snapshot().hold_service_rendering(ordinal, rendering);
        }
    }
}

impl ServiceFinder {
    /// Finds a page of services over all sources that may match.
    pub async fn find(&self, query: &ServiceQuery, asking: &QueryContext) -> ServicePage {
        let matching = Arc::new(self.search(&query.filter, SearchPlan::of(query), asking).await);
        let mut page = self.service_page(&matching, query, asking).await;
        page.unknown_terms = matching.unknown_terms(&query.filter, asking).await;
        self.complete_page(&mut page.connection, &matching, query.wanted, asking).await;
        page
    }
}
