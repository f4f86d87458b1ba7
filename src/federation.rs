//! The use cases over all sources: who is asked, how answers merge, what each source reports.

mod asking;
mod changes;
mod consider;
mod editions;
mod entities;
mod export;
mod facet_values;
mod facets;
mod find;
mod get;
mod giving_way;
mod grid;
mod kept;
mod kept_sets;
mod known_terms;
mod labels;
mod merge;
mod page;
mod place_names;
mod probing;
mod quality;
mod report;
mod rows;
mod select;
mod state;
mod statistics;
mod suggest;
mod warm;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::catalogue::ReplicaStanding;
use crate::model::{Clock, HistoryPosition, Lexicon, Postcodes, SourceKey};
use crate::source::Source;

pub use crate::source::{
    Capabilities, Conformance, ConformanceIssue, EndpointReport, Honour, ListDepth, ParameterReport,
    Presence, Reason, Verdict,
};
use editions::Editions;
use find::Provided;
use kept::Keeping;
use place_names::KnownNames;
use quality::LiveTallies;
use suggest::{FixedNames, LiveNames, PlaceShelf};

pub use asking::{Asking, Freshness};
pub use changes::{Change, ChangeFilter, ChangeKind, ChangePage, ChangeQuery, HistoryUnreadable, Since};
pub use editions::{Edition, EditionGone, EditionPage, EditionQuery, EditionWanted};
pub use export::{ExportBatch, ExportBroken, RecordExport};
pub use facet_values::{FacetValue, FacetValues};
pub use facets::{FacetCounts, FacetsWanted};
pub use find::{
    Distance, Found, FoundLocation, Listed, LocationFilter, LocationPage, Matching, NearWord,
    OrganizationFilter, ServicePage, ServiceQuery, TaxonomyTermFilter, TermGroupPage, Wanted,
    WantedOfOrganizations,
};
pub use get::Unavailable;
pub use grid::{CellCount, GridCount, GridCounts, GridsWanted};
pub use known_terms::{GroupedTerm, KnownTerms, UnknownTerm};
pub use page::{Connection, PageRequest, PageRequestError, Paging};
pub use quality::{Checked, Completeness, NewestAssurance, Quality};
pub use report::{Report, ReportStatus};
pub use state::{Republication, SourceError, SourceErrorCode, SourceInfo, SourceState, SourceStatus};
pub use statistics::{DetailsWanted, Dimensions, DimensionsError, GroupsWanted, Key, Row, Statistics};
pub use suggest::{FixedName, SuggestQuery, Suggestion, SuggestionKind, Suggestions};

/// All sources, asked as one.
pub struct Federation {
    sources: Vec<Arc<Source>>,
    keeping: Option<Keeping>,
    clock: Clock,
    places: ArcSwap<Postcodes>,
    provided: Provided,
    live_names: LiveNames,
    live_tallies: LiveTallies,
    suggested: Arc<FixedNames>,
    lexicon: Arc<Lexicon>,
    known_names: KnownNames,
    place_shelf: PlaceShelf,
    editions: Editions,
}

impl Federation {
    /// Over these sources, in configuration order.
    pub fn new(sources: Vec<Arc<Source>>, clock: Clock) -> Self {
        Self {
            sources,
            keeping: None,
            clock,
            places: ArcSwap::default(),
            provided: Provided::default(),
            live_tallies: LiveTallies::default(),
            live_names: LiveNames::default(),
            suggested: Arc::default(),
            lexicon: Lexicon::built_in(),
            known_names: KnownNames::default(),
            place_shelf: PlaceShelf::default(),
            editions: Editions::default(),
        }
    }

    /// The same, hearing phrases by these rows of what people say.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Arc<Lexicon>) -> Self {
        Self { lexicon, ..self }
    }

    /// What people say and what services call it.
    pub fn lexicon(&self) -> Arc<Lexicon> {
        Arc::clone(&self.lexicon)
    }

    /// The same, knowing where these postcodes are.
    #[must_use]
    pub fn with_places(self, places: Arc<Postcodes>) -> Self {
        Self { places: places.into(), ..self }
    }

    /// Where postcodes are, as far as is known by now.
    pub fn places(&self) -> Arc<Postcodes> {
        self.places.load_full()
    }

    /// The clock every answer is judged by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How each source fares, in configuration order.
    pub fn states(&self) -> Vec<SourceState> {
        self.sources.iter().map(|source| self.state_of(source)).collect()
    }

    /// How one source fares; none where no source has that key.
    pub fn state(&self, key: &SourceKey) -> Option<SourceState> {
        self.source(key).map(|source| self.state_of(source))
    }

    /// What is configured of a source; none where no source has that key.
    pub fn info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.source(key).map(|source| Arc::clone(source.info()))
    }

    /// What a source is known to do; none where no source has that key.
    pub fn capabilities(&self, key: &SourceKey) -> Option<Capabilities> {
        self.source(key).map(|source| source.capabilities())
    }

    /// Where what a source sends departs from the standard it declares; none where no source has that key.
    pub fn conformance(&self, key: &SourceKey) -> Option<Arc<Conformance>> {
        self.source(key).map(|source| source.conformance())
    }

    /// What the version of the data goes by beside the states of the sources: which catalogue, and how many changes
    /// it has seen. None where no source is synchronised.
    pub fn catalogue_version(&self) -> Option<HistoryPosition> {
        let snapshot = self.snapshot()?;
        let store = snapshot.store();
        Some(HistoryPosition { generation: store.generation().into(), sequence: store.sequence() })
    }

    /// Where this gateway stands among those that keep the catalogue together; none if it keeps it alone.
    pub fn standing(&self) -> Option<ReplicaStanding> {
        self.keeping.as_ref()?.catalogue.standing()
    }

    fn source(&self, key: &SourceKey) -> Option<&Arc<Source>> {
        self.sources.iter().find(|source| source.info().key == *key)
    }
}
