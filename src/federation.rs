//! The use cases over all sources: which are asked, how their records merge, and what each reports.

mod changes;
mod editions;
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
mod place_learner;
mod quality;
mod query_context;
mod ranking;
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
mod wanted;

use std::sync::Arc;

use crate::catalogue::StoredCatalogue;
use crate::model::{AskLexicon, HistoryPosition, InstantClock, PostcodePlaces};
use crate::source::FeedSource;
use crate::sync::SourceSynchroniser;

pub use crate::source::{
    ConformanceSummary, EndpointPresence, EndpointReport, FeedCapabilities, FeedIssue, ListDepth,
    ParameterHonour, ParameterReport, ValidatorReason, ValidatorVerdict,
};
use holding::Holdings;

pub use crate::catalogue::{ReplicaRole, ReplicaStanding};
pub use changes::{
    ChangeFilter, ChangeHistory, ChangePage, ChangeQuery, ChangesSince, HistoryChange, HistoryChangeKind,
    HistoryUnreadable,
};
pub use editions::{EditionGone, EditionKeeper, EditionPage, EditionQuery, EditionWanted, ListEdition};
pub use export::{ExportBatch, ExportBroken, RecordExport};
pub use facet_values::{CountedValue, FacetValues};
pub use facets::{FacetCounts, FacetsWanted};
pub use find::{
    FoundLocation, LocationFilter, LocationPage, MatchingServices, OrganizationFilter, PageService,
    RecordLists, ServiceDistance, ServiceFinder, ServiceMatch, ServicePage, ServiceQuery, TaxonomyTermFilter,
    TermGroupPage, UnheldWord, UnpagedList, WantedOfOrganizations,
};
pub use get::{RecordGetter, SourceUnavailable};
pub use grid::{CellCount, GridCount, GridCounts, GridsWanted};
pub use known_terms::{GroupedTerm, KnownTerms, UnknownTerm};
pub use page::{PageRequest, PageRequestError, PageSizes, RecordPage};
pub use place_learner::PlaceLearner;
pub use quality::{CheckedRecently, EssentialCompleteness, NewestAssurance, QualityJudge, SourceQuality};
pub use query_context::{AnswerFreshness, QueryContext};
pub use report::{ReportStatus, SourceReport};
pub use state::{FeedStatus, RepublicationRule, SourceError, SourceErrorCode, SourceInfo, SourceState};
pub use statistics::{
    DetailsWanted, DimensionsError, GroupDimensions, GroupKey, GroupedStatistics, GroupsWanted,
    ServiceCounter, StatisticsRow,
};
pub use stored_record::StoredRecord;
pub use suggest::{FixedName, NameSuggester, NameSuggestion, NameSuggestions, SuggestQuery, SuggestedKind};
pub use wanted::WantedFacts;

/// All sources, queried as one.
pub struct Federation {
    holdings: Arc<Holdings>,
    lexicon: Arc<AskLexicon>,
    /// Knows where postcodes are and what places are called.
    pub places: Arc<PlaceLearner>,
    /// Finds services.
    pub services: ServiceFinder,
    /// Counts services.
    pub counter: ServiceCounter,
    /// Lists organisations, locations and taxonomy terms.
    pub lists: RecordLists,
    /// Gets records by their ids.
    pub records: RecordGetter,
    /// Suggests names.
    pub suggestions: NameSuggester,
    /// Keeps lists as they stood at one moment, for walks of the merged feed.
    pub editions: EditionKeeper,
    /// Judges the quality of the data of sources.
    pub quality: QualityJudge,
    /// Tells what changed in synchronised sources.
    pub history: ChangeHistory,
}

impl Federation {
    /// Federates these sources, in configuration order. All are live until [`Self::with_catalogue`] is called.
    pub fn new(sources: Vec<Arc<FeedSource>>, clock: InstantClock) -> Self {
        let holdings = Arc::new(Holdings::new(sources, clock));
        let places = Arc::new(PlaceLearner::new(Arc::clone(&holdings)));
        let shared = || (Arc::clone(&holdings), Arc::clone(&places));
        let services = ServiceFinder { holdings: Arc::clone(&holdings), places: Arc::clone(&places) };
        let records = RecordGetter { holdings: Arc::clone(&holdings) };
        let lists = RecordLists {
            holdings: Arc::clone(&holdings),
            places: Arc::clone(&places),
            records: records.clone(),
        };
        Self {
            lexicon: AskLexicon::built_in(),
            counter: ServiceCounter { holdings: Arc::clone(&holdings), services: services.clone() },
            suggestions: NameSuggester::new(shared()),
            editions: EditionKeeper::new(services.clone(), lists.clone()),
            quality: QualityJudge::new(shared()),
            history: ChangeHistory { holdings: Arc::clone(&holdings) },
            holdings,
            places,
            services,
            lists,
            records,
        }
    }

    /// Answers for sources in catalogue mode from this catalogue.
    #[must_use]
    pub fn with_catalogue(self, catalogue: StoredCatalogue, synchroniser: Arc<SourceSynchroniser>) -> Self {
        self.holdings.add_catalogue(catalogue, synchroniser);
        self
    }

    /// Reads phrases with this lexicon, rather than the built-in one.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Arc<AskLexicon>) -> Self {
        Self { lexicon, ..self }
    }

    /// Uses these positions of postcodes.
    #[must_use]
    pub fn with_places(self, places: Arc<PostcodePlaces>) -> Self {
        self.places.learn_postcodes(places);
        self
    }

    /// Suggests these names too.
    #[must_use]
    pub fn with_suggested(mut self, names: impl IntoIterator<Item = FixedName>) -> Self {
        self.suggestions.add_fixed(names);
        self
    }

    /// Returns the lexicon: what people say, and what services call it.
    pub fn lexicon(&self) -> Arc<AskLexicon> {
        Arc::clone(&self.lexicon)
    }

    /// Returns the clock that decides what is fresh, and what day it is.
    pub fn clock(&self) -> &InstantClock {
        self.holdings.clock()
    }

    /// Returns which catalogue this is, and how many changes it has seen: the part of the data's version that sources'
    /// states do not show. `None` if no source is synchronised.
    pub fn catalogue_version(&self) -> Option<HistoryPosition> {
        self.holdings.version()
    }

    /// Returns this gateway's role among those that share the catalogue. `None` if it shares it with no other gateway.
    pub fn standing(&self) -> Option<ReplicaStanding> {
        self.holdings.standing()
    }
}
