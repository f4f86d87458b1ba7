//! Live sources: their lists, read through what is kept of them, less what does not match.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use tokio::time::Instant;

use super::{MatchingServices, PageService, WantedFacts};
use crate::federation::find::mark_lacking;
use crate::federation::holding::AskedFeed;
use crate::federation::source_matches::{MatchingRecords, SourceMatches};
use crate::federation::{Federation, QueryContext, RecordPage, giving_way};
use crate::model::{
    FilterMatch, FilterVerdict, PreparedFilter, RecordId, Service, ServiceFilter, SourceKey, StatedFacts,
    Taxonomy, TaxonomyTerm, TermVocabulary, WordCounts, london_today,
};
use crate::source::{CachedRead, FeedSource, SourceError};

/// What one live source has that matches.
pub(super) struct LiveMatches {
    pub(super) considered: SourceMatches<Service>,
    /// The conditions that services do not state the facts for, where they are kept all the same.
    pub(super) unknown: HashMap<RecordId, Vec<&'static str>>,
    /// The terms of the source, where the question has to do with terms.
    pub(super) terms: TermVocabulary,
    /// Whether these are all terms that the source lists.
    pub(super) are_terms_listed: bool,
}

/// What is read of a live source's terms.
#[derive(Clone, Copy, PartialEq)]
enum TermsRead {
    /// Nothing.
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
    pub(super) considered: SourceMatches<Service>,
    terms_read: TermsRead,
    /// The terms that the source lists, where they matter.
    listed: TermVocabulary,
    /// Whether these are all that it lists.
    are_terms_listed: bool,
}

impl GatheredServices {
    /// How often its services say each word: counted once for a list that is as it was read.
    pub(super) async fn word_counts(&self) -> Arc<WordCounts> {
        let kept = match &self.considered.matches {
            MatchingRecords::All(set) => Some(set.words()),
            MatchingRecords::Some(_) => None,
        };
        if let Some(counts) = kept.and_then(|kept| kept.get()) {
            return Arc::clone(counts);
        }
        let mut counts = WordCounts::default();
        giving_way::each(self.considered.matches.as_slice(), |service| counts.add(service.ask_text())).await;
        let counts = Arc::new(counts);
        kept.map_or_else(|| Arc::clone(&counts), |kept| Arc::clone(kept.get_or_init(|| Arc::clone(&counts))))
    }

    fn vocabulary(&self) -> TermVocabulary {
        let mut vocabulary = self.listed.clone();
        if self.terms_read != TermsRead::None {
            let services = self.considered.matches.as_slice();
            services.iter().for_each(|service| vocabulary.add_service(service));
        }
        vocabulary
    }
}

impl Federation {
    /// What a live source has: its list, and the detail pages of those services that only these can decide about.
    pub(super) async fn gather_services(
        &self,
        feed: AskedFeed<'_>,
        filter: &ServiceFilter,
        by_terms: bool,
        asking: &QueryContext,
    ) -> GatheredServices {
        let source = feed.source;
        let (began, today) = (Instant::now(), london_today(self.clock.now()));
        let places = self.places();
        let until = asking.until(source.limits().deadline);
        let services = source.set(filter.must_be_modified_since(), until);
        let terms_read = TermsRead::of(filter, by_terms);
        let (seen, listed) = join(services, listed_terms(source, terms_read, until)).await;
        let ListedTerms { terms: listed, error: unlisted, are_all: are_terms_listed } = listed;
        let considered = SourceMatches::of(source, began, seen, asking, self.clock.now());
        let mut gathered = GatheredServices { considered, terms_read, listed, are_terms_listed };
        if *filter == ServiceFilter::default() {
            return gathered;
        }
        if unlisted.is_some() && filter.asks_for_narrower_terms() {
            gathered.considered.lacks(unlisted, asking);
        }
        self.provide(&mut gathered.considered, filter, until, asking).await;
        let vocabulary = gathered.vocabulary();
        let asked = PreparedFilter::new(filter, &vocabulary, today);
        let unstated = !states(&gathered.considered, StatedFacts::asked_by(filter));
        let is_undecided = |service: &Service| {
            unstated || asked.verdict(service.facts(&places), service) == FilterVerdict::NeedsDetail
        };
        feed.read_details(&mut gathered.considered, is_undecided, asking).await;
        self.provide(&mut gathered.considered, filter, until, asking).await;
        gathered
    }

    /// Those of what a live source has that match.
    pub(super) async fn decide_services(
        &self,
        gathered: GatheredServices,
        filter: &ServiceFilter,
    ) -> LiveMatches {
        // Details name terms that lists leave out.
        let terms = gathered.vocabulary();
        let GatheredServices { considered, are_terms_listed, .. } = gathered;
        if *filter == ServiceFilter::default() {
            return LiveMatches { considered, unknown: HashMap::new(), terms, are_terms_listed };
        }
        let places = self.places();
        let asked = PreparedFilter::new(filter, &terms, london_today(self.clock.now()));
        let decide = |service: &Service| asked.decide(service.facts(&places), service);
        let considered = considered.retain(|service| decide(service).is_retained()).await;
        let unknown = |service: &Arc<Service>| {
            let is_silent = matches!(decide(service), FilterMatch::Unknown { .. });
            let unknown = || asked.unknown(service.facts(&places), &**service);
            is_silent.then(|| (service.id.clone(), unknown()))
        };
        let unknown = giving_way::mapped(considered.matches.as_slice(), unknown).await.into_iter().collect();
        drop(asked);
        LiveMatches { considered, unknown, terms, are_terms_listed }
    }

    /// The live sources of whose services on a page something is wanted that their rows say nothing of, and whose own
    /// pages are known to say more than rows do.
    pub(super) async fn silent_sources<'m>(
        &self,
        page: &RecordPage<PageService>,
        matching: &'m MatchingServices,
        wanted: WantedFacts,
        asking: &QueryContext,
    ) -> Vec<&'m SourceKey> {
        let is_wanted = |one: &&LiveMatches| {
            let key = &one.considered.source.info().key;
            let mut read = page.records.iter().filter_map(PageService::record);
            read.any(|service| service.id.source() == key && wanted.is_silent(service))
        };
        let sources = matching.live.iter().filter(is_wanted).map(|one| async {
            let source = &one.considered.source;
            let until = asking.until(source.limits().deadline);
            let says_all = source.rows_say_all(one.considered.matches.as_slice(), until).await;
            (!says_all).then_some(&source.info().key)
        });
        join_all(sources).await.into_iter().flatten().collect()
    }

    /// Reads the own pages of a page's services, of those whose rows say too little, all at once.
    pub(super) async fn detail_page(
        &self,
        connection: &mut RecordPage<PageService>,
        is_poor: impl Fn(&Service) -> bool,
        asking: &QueryContext,
    ) {
        let sources: HashMap<_, _> =
            self.holdings.sources().iter().map(|source| (&source.info().key, source)).collect();
        let detailed = join_all(connection.records.iter().map(|on_page| async {
            let service = on_page.record()?;
            let source = sources.get(service.id.source()).filter(|_| is_poor(service))?;
            Some(source.in_detail(service, asking.until(source.limits().deadline)).await)
        }))
        .await;
        for (at, detailed) in detailed.into_iter().enumerate() {
            let (Some(detailed), Some(on_page)) = (detailed, connection.records.get_mut(at)) else {
                continue;
            };
            let source = detailed.service.id.source().clone();
            if let Some(listed) = on_page.record().cloned() {
                *on_page = PageService::Detailed(detailed.service, listed);
            }
            if detailed.is_lacking && detailed.error.is_some() {
                let target = sources.get(&source).map(|source| source.limits().fresh_for);
                asking.degraded(target.unwrap_or_default());
                mark_lacking(connection, &source, detailed.error.as_ref());
            }
        }
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

impl LiveMatches {
    /// The source, where its list may leave out something that is wanted.
    pub(super) fn lacks(&self, wanted: WantedFacts) -> Option<&SourceKey> {
        let lacks = wanted.nested || !states(&self.considered, wanted.facts);
        lacks.then_some(&self.considered.source.info().key)
    }
}

// Facts that none of a list's services states, its feed may have left out of the list.
fn states(considered: &SourceMatches<Service>, facts: StatedFacts) -> bool {
    let services = considered.matches.as_slice().iter();
    facts == StatedFacts::default()
        || considered.source.lists_state_facts()
        || StatedFacts::by_any(services.map(AsRef::as_ref)).covers(facts)
}
