//! Searching a live source: its list, from the cache or read now, and the details of services that the list cannot
//! decide.

use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::future::join;
use tokio::time::Instant;

use super::AskedFeed;
use super::asked_matches::{AskedMatches, states};
use crate::federation::ranking::SearchPlan;
use crate::federation::source_matches::{MatchingRecords, SourceMatches};
use crate::federation::{QueryContext, WantedFacts, giving_way};
use crate::model::{
    FilterVerdict, PostcodePlaces, PreparedFilter, Service, ServiceFilter, StatedFacts, Taxonomy,
    TaxonomyTerm, TermVocabulary, WordCounts, london_today,
};
use crate::source::{CachedRead, FeedSource, SourceError};

#[derive(Clone, Copy, PartialEq)]
enum TermsRead {
    None,
    /// The list of terms.
    Terms,
    /// The lists of terms and of their vocabularies.
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

/// The services of one live source, with everything needed to decide which of them match.
pub(super) struct GatheredServices {
    considered: SourceMatches<Service>,
    places: Arc<PostcodePlaces>,
    terms_read: TermsRead,
    listed: ListedTerms,
}

impl GatheredServices {
    /// Counts how often the services use each word. The counts of an unfiltered list are computed once and kept with
    /// it.
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

    /// Keeps the services that match. Also returns the source's terms, as far as the filter or the counts need them.
    pub(super) async fn decide(
        self,
        filter: &Arc<ServiceFilter>,
        today: NaiveDate,
    ) -> (AskedMatches, TermVocabulary) {
        // After the details have been read, because they name terms that lists leave out.
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
    /// Reads the list of services, and the details of those whose rows cannot decide the filter or leave out what the
    /// plan needs.
    pub(super) async fn gather_services(
        self,
        filter: &ServiceFilter,
        plan: SearchPlan,
        places: Arc<PostcodePlaces>,
        asking: &QueryContext,
    ) -> GatheredServices {
        let began = Instant::now();
        let until = asking.until(self.source.limits().deadline);
        let services = self.source.set(filter.must_be_modified_since(), until);
        let terms_read = TermsRead::of(filter, plan.by_terms);
        let (seen, listed) = join(services, listed_terms(self.source, terms_read, until)).await;
        let considered = SourceMatches::of(self.source, began, seen, asking, self.clock.now());
        let mut gathered = GatheredServices { considered, places, terms_read, listed };
        if *filter == ServiceFilter::default() {
            self.complete_undecided(&mut gathered, filter, plan.wanted, asking).await;
            return gathered;
        }
        if let Some(error) = gathered.listed.error.take()
            && filter.asks_for_narrower_terms()
        {
            gathered.considered.lacks(Some(error), asking);
        }
        self.join_providers(&mut gathered.considered, filter, until, asking).await;
        self.complete_undecided(&mut gathered, filter, plan.wanted, asking).await;
        self.join_providers(&mut gathered.considered, filter, until, asking).await;
        gathered
    }

    async fn complete_undecided(
        self,
        gathered: &mut GatheredServices,
        filter: &ServiceFilter,
        wanted: WantedFacts,
        asking: &QueryContext,
    ) {
        if *filter == ServiceFilter::default() && wanted == WantedFacts::default() {
            return;
        }
        let (vocabulary, places) = (gathered.vocabulary(), Arc::clone(&gathered.places));
        let asked = PreparedFilter::new(filter, &vocabulary, london_today(self.clock.now()));
        let considered = &mut gathered.considered;
        // How a phrase is read depends on the words of all services.
        let takes_all = filter.has_asks() || !states(considered, StatedFacts::asked_by(filter));
        let wants_all = wanted.nested || !states(considered, wanted.facts);
        let lacks = |service: &Service, rows_say_all: bool| {
            let verdict = asked.verdict(service.facts(&places), service, rows_say_all);
            let FilterVerdict::Decided(end) = verdict else { return true };
            end.is_retained() && (wants_all || !rows_say_all && wanted.is_silent(service))
        };
        let hinges_on_fields = |service: &Service| {
            service.provenance.shallow && !takes_all && lacks(service, false) && !lacks(service, true)
        };
        let rows_say_all = !giving_way::any(considered.matches.as_slice(), hinges_on_fields).await
            || self.source.rows_say_all(asking.until(self.source.limits().deadline)).await;
        self.read_details(considered, |service| takes_all || lacks(service, rows_say_all), asking).await;
    }
}

/// The terms in a source's own list. Services name the narrow terms, but only the list says which terms are broader,
/// and it may say more of a term than a service does.
#[derive(Default)]
struct ListedTerms {
    terms: TermVocabulary,
    /// Why the list could not be read in full, so that matches may be missing.
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
