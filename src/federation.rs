//! The use cases over all sources: who is asked, how answers merge, what each source reports.

mod changes;
mod editions;
mod entities;
mod export;
mod facet_values;
mod facets;
mod find;
mod get;
mod giving_way;
mod grid;
mod holding;
mod known_terms;
mod labels;
mod lifecycle;
mod merge;
mod page;
mod place_names;
mod quality;
mod query_context;
mod report;
mod rows;
mod select;
mod source_matches;
mod state;
mod statistics;
mod stored_record;
mod suggest;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::catalogue::StoredCatalogue;
use crate::model::{AskLexicon, HistoryPosition, InstantClock, PostcodePlaces, SourceKey};
use crate::source::FeedSource;
use crate::sync::SourceSynchroniser;

pub use crate::source::{
    ConformanceSummary, EndpointPresence, EndpointReport, FeedCapabilities, FeedIssue, ListDepth,
    ParameterHonour, ParameterReport, ValidatorReason, ValidatorVerdict,
};
use editions::EditionCache;
use find::ProviderJoins;
use holding::{Holding, Holdings};
use place_names::KnownNames;
use quality::LiveTallies;
use suggest::{FixedNames, LiveNames, PlaceShelf};

pub use crate::catalogue::{ReplicaRole, ReplicaStanding};
pub use changes::{
    ChangeFilter, ChangePage, ChangeQuery, ChangesSince, HistoryChange, HistoryChangeKind, HistoryUnreadable,
};
pub use editions::{EditionGone, EditionPage, EditionQuery, EditionWanted, ListEdition};
pub use export::{ExportBatch, ExportBroken, RecordExport};
pub use facet_values::{CountedValue, FacetValues};
pub use facets::{FacetCounts, FacetsWanted};
pub use find::{
    FoundLocation, LocationFilter, LocationPage, MatchingServices, OrganizationFilter, PageService,
    ServiceDistance, ServiceMatch, ServicePage, ServiceQuery, TaxonomyTermFilter, TermGroupPage, UnheldWord,
    UnpagedList, WantedFacts, WantedOfOrganizations,
};
pub use get::SourceUnavailable;
pub use grid::{CellCount, GridCount, GridCounts, GridsWanted};
pub use known_terms::{GroupedTerm, KnownTerms, UnknownTerm};
pub use page::{PageRequest, PageRequestError, PageSizes, RecordPage};
pub use quality::{CheckedRecently, EssentialCompleteness, NewestAssurance, SourceQuality};
pub use query_context::{AnswerFreshness, QueryContext};
pub use report::{ReportStatus, SourceReport};
pub use state::{FeedStatus, RepublicationRule, SourceError, SourceErrorCode, SourceInfo, SourceState};
pub use statistics::{
    DetailsWanted, DimensionsError, GroupDimensions, GroupKey, GroupedStatistics, GroupsWanted, StatisticsRow,
};
pub use stored_record::StoredRecord;
pub use suggest::{FixedName, NameSuggestion, NameSuggestions, SuggestQuery, SuggestedKind};

/// All sources, asked as one.
pub struct Federation {
    holdings: Holdings,
    clock: InstantClock,
    places: ArcSwap<PostcodePlaces>,
    provided: ProviderJoins,
    live_names: LiveNames,
    live_tallies: LiveTallies,
    suggested: Arc<FixedNames>,
    lexicon: Arc<AskLexicon>,
    known_names: KnownNames,
    place_shelf: PlaceShelf,
    editions: EditionCache,
}

impl Federation {
    /// Over these sources, in configuration order.
    pub fn new(sources: Vec<Arc<FeedSource>>, clock: InstantClock) -> Self {
        Self {
            holdings: Holdings::new(sources, clock.clone()),
            clock,
            places: ArcSwap::default(),
            provided: ProviderJoins::default(),
            live_tallies: LiveTallies::default(),
            live_names: LiveNames::default(),
            suggested: Arc::default(),
            lexicon: AskLexicon::built_in(),
            known_names: KnownNames::default(),
            place_shelf: PlaceShelf::default(),
            editions: EditionCache::default(),
        }
    }

    /// The same, answering for sources in catalogue mode from what is stored of them.
    #[must_use]
    pub fn with_catalogue(self, catalogue: StoredCatalogue, synchroniser: Arc<SourceSynchroniser>) -> Self {
        Self { holdings: self.holdings.with_catalogue(catalogue, synchroniser), ..self }
    }

    /// The same, hearing phrases by these rows of what people say.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Arc<AskLexicon>) -> Self {
        Self { lexicon, ..self }
    }

    /// What people say and what services call it.
    pub fn lexicon(&self) -> Arc<AskLexicon> {
        Arc::clone(&self.lexicon)
    }

    /// The same, knowing where these postcodes are.
    #[must_use]
    pub fn with_places(self, places: Arc<PostcodePlaces>) -> Self {
        Self { places: places.into(), ..self }
    }

    /// Where postcodes are, as far as is known by now.
    pub fn places(&self) -> Arc<PostcodePlaces> {
        self.places.load_full()
    }

    /// The clock every answer is judged by.
    pub fn clock(&self) -> &InstantClock {
        &self.clock
    }

    /// How each source fares, in configuration order.
    pub fn states(&self) -> Vec<SourceState> {
        self.holdings.each().map(|holding| self.state_of(holding)).collect()
    }

    /// How one source fares; none where no source has that key.
    pub fn state(&self, key: &SourceKey) -> Option<SourceState> {
        self.holdings.get(key).map(|holding| self.state_of(holding))
    }

    /// What is configured of a source; none where no source has that key.
    pub fn info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.source(key).map(|source| Arc::clone(source.info()))
    }

    /// What a source is known to do; none where no source has that key.
    pub fn capabilities(&self, key: &SourceKey) -> Option<FeedCapabilities> {
        self.source(key).map(|source| source.capabilities())
    }

    /// Where what a source sends departs from the standard it declares; none where no source has that key.
    pub fn conformance(&self, key: &SourceKey) -> Option<Arc<ConformanceSummary>> {
        self.source(key).map(|source| source.conformance())
    }

    /// What the version of the data goes by beside the states of the sources: which catalogue, and how many changes
    /// it has seen. None where no source is synchronised.
    pub fn catalogue_version(&self) -> Option<HistoryPosition> {
        let snapshot = self.holdings.snapshot()?;
        let store = snapshot.store();
        Some(HistoryPosition { generation: store.generation().into(), sequence: store.sequence() })
    }

    /// Where this gateway stands among those that keep the catalogue together; none if it keeps it alone.
    pub fn standing(&self) -> Option<ReplicaStanding> {
        self.holdings.synced()?.catalogue.standing()
    }

    fn source(&self, key: &SourceKey) -> Option<&Arc<FeedSource>> {
        self.holdings.get(key).map(Holding::source)
    }
}
