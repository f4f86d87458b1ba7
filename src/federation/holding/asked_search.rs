//! Searching a live source: its list, read through what is cached of it, and the details that only can decide.

use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::future::join;
use tokio::time::Instant;

use super::AskedFeed;
use super::asked_matches::{AskedMatches, states};
use crate::federation::source_matches::{MatchingRecords, SourceMatches};
use crate::federation::{QueryContext, giving_way};
use crate::model::{
    FilterVerdict, PostcodePlaces, PreparedFilter, Service, ServiceFilter, StatedFacts, Taxonomy,
    TaxonomyTerm, TermVocabulary, WordCounts, london_today,
};
use crate::source::{CachedRead, FeedSource, SourceError};

#[derive(Clone, Copy, PartialEq)]
enum TermsRead {
    None,
    /// Their list.
    Terms,
    /// Their list, and that of their vocabularies.
    Vocabularies,
}

impl TermsRead {
    fn of(filter: &ServiceFilter, by_terms: bool) -> Self {
        match (by_terms || filter.asks_for_vocabularies(), filter.asks_for_terms()) {
            (true, _) => Self::Vocabularies,
            (false, true) => Self::Terms,
            (false, false) => Self::None,
        }
    }
}

/// What one live source has, with all that decides about it, before anything is decided.
pub(super) struct GatheredServices {
    considered: SourceMatches<Service>,
    places: Arc<PostcodePlaces>,
    terms_read: TermsRead,
    listed: ListedTerms,
}

impl GatheredServices {
    /// How often its services say each word: counted once for a list that is as it was read.
    pub(super) async fn word_counts(&self) -> Arc<WordCounts> {
        let once = match &self.considered.matches {
            MatchingRecords::All(set) => Some(set.words()),
            MatchingRecords::Some(_) => None,
        };
        if let Some(counts) = once.and_then(|once| once.get()) {
            return Arc::clone(counts);
        }
        let mut counts = WordCounts::default();
        giving_way::each(self.considered.matches.as_slice(), |service| counts.add(service.ask_text())).await;
        let counts = Arc::new(counts);
        match once {
            Some(once) => Arc::clone(once.get_or_init(|| counts)),
            None => counts,
        }
    }

    pub(super) fn are_terms_listed(&self) -> bool {
        self.listed.are_all
    }

    fn vocabulary(&self) -> TermVocabulary {
        let mut vocabulary = self.listed.terms.clone();
        if self.terms_read != TermsRead::None {
            let services = self.considered.matches.as_slice();
            services.iter().for_each(|service| vocabulary.add_service(service));
        }
        vocabulary
    }

    /// Those that match, and the terms of the source, where the question has to do with terms.
    pub(super) async fn decide(
        self,
        filter: &Arc<ServiceFilter>,
        today: NaiveDate,
    ) -> (AskedMatches, TermVocabulary) {
        // Details name terms that lists leave out.
        let terms = self.vocabulary();
        let Self { mut considered, places, .. } = self;
        if **filter != ServiceFilter::default() {
            let asked = PreparedFilter::new(filter, &terms, today);
            let is_match = |service: &Service| asked.decide(service.facts(&places), service).is_retained();
            considered = considered.retain(is_match).await;
        }
        (AskedMatches { considered, filter: Arc::clone(filter), places }, terms)
    }
}

impl AskedFeed<'_> {
    /// What the source has: its list, and the details of those services that only these can decide about.
    pub(super) async fn gather_services(
        self,
        filter: &ServiceFilter,
        by_terms: bool,
        places: Arc<PostcodePlaces>,
        asking: &QueryContext,
    ) -> GatheredServices {
        let began = Instant::now();
        let until = asking.until(self.source.limits().deadline);
        let services = self.source.set(filter.must_be_modified_since(), until);
        let terms_read = TermsRead::of(filter, by_terms);
        let (seen, listed) = join(services, listed_terms(self.source, terms_read, until)).await;
        let considered = SourceMatches::of(self.source, began, seen, asking, self.clock.now());
        let mut gathered = GatheredServices { considered, places, terms_read, listed };
        if *filter == ServiceFilter::default() {
            return gathered;
        }
        if let Some(error) = gathered.listed.error.take()
            && filter.asks_for_narrower_terms()
        {
            gathered.considered.lacks(Some(error), asking);
        }
        self.join_providers(&mut gathered.considered, filter, until, asking).await;
        self.complete_undecided(&mut gathered, filter, asking).await;
        self.join_providers(&mut gathered.considered, filter, until, asking).await;
        gathered
    }

    async fn complete_undecided(
        self,
        gathered: &mut GatheredServices,
        filter: &ServiceFilter,
        asking: &QueryContext,
    ) {
        let (vocabulary, places) = (gathered.vocabulary(), Arc::clone(&gathered.places));
        let asked = PreparedFilter::new(filter, &vocabulary, london_today(self.clock.now()));
        let unstated = !states(&gathered.considered, StatedFacts::asked_by(filter));
        let is_undecided = |service: &Service| {
            unstated || asked.verdict(service.facts(&places), service) == FilterVerdict::NeedsDetail
        };
        self.read_details(&mut gathered.considered, is_undecided, asking).await;
    }
}

/// The terms that a source lists. Services carry the narrow ones, and only the list says what these are below; what a
/// service carries may say less than the list does.
#[derive(Default)]
struct ListedTerms {
    terms: TermVocabulary,
    /// What kept the list from being had, so that matches may be missing.
    error: Option<SourceError>,
    are_all: bool,
}

async fn listed_terms(source: &FeedSource, wanted: TermsRead, until: Instant) -> ListedTerms {
    if wanted == TermsRead::None {
        return ListedTerms { are_all: true, ..ListedTerms::default() };
    }
    let vocabularies = async {
        match wanted {
            TermsRead::Vocabularies => source.set::<Taxonomy>(None, until).await.value,
            _ => None,
        }
    };
    let (terms, vocabularies) = join(source.set::<TaxonomyTerm>(None, until), vocabularies).await;
    let CachedRead { value, whole, error, .. } = terms;
    let listed = value.iter().flat_map(|set| set.records()).map(AsRef::as_ref);
    let vocabularies = vocabularies.iter().flat_map(|set| set.records()).map(AsRef::as_ref);
    let terms = TermVocabulary::of_lists(vocabularies, listed);
    ListedTerms { terms, error: error.filter(|_| !whole), are_all: whole }
}
