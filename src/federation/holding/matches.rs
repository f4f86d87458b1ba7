//! What a question finds in what is held: the services that match, and how to come by each.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::asked_matches::AskedMatches;
use super::stored_matches::StoredMatches;
use crate::catalogue::{CatalogueSnapshot, StoreError};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::rows::MatchedRows;
use crate::federation::select::ServiceCandidate;
use crate::federation::{PageRequest, PageService, SourceReport};
use crate::model::{PostcodePlaces, RecordId, Service, ServiceFacts, Shape, TermVocabulary};

/// The matches in what is searched as one: the catalogue with all synchronised sources, or the list of a live one. Each
/// goes by its place among them.
pub(in crate::federation) enum HeldMatches {
    /// In the catalogue.
    Stored(StoredMatches),
    /// In the list of a live source.
    Asked(Box<AskedMatches>),
}

/// What may be on a page.
#[derive(Default)]
pub(in crate::federation) struct PageCandidates<'m> {
    pub(in crate::federation) candidates: Vec<ServiceCandidate<'m>>,
    /// Whether others that match lie before the part of the list that the page is of.
    pub(in crate::federation) goes_before: bool,
    /// Whether others that match lie behind that part.
    pub(in crate::federation) follows: bool,
    /// Whether they are in the order asked for, beginning at the end that the page is at.
    pub(in crate::federation) are_in_order: bool,
}

impl<'m> PageCandidates<'m> {
    /// Adds those of another holding.
    pub(in crate::federation) fn add(&mut self, other: Self) {
        self.goes_before |= other.goes_before;
        self.follows |= other.follows;
        self.are_in_order &= other.are_in_order;
        if self.candidates.is_empty() {
            self.candidates = other.candidates;
        } else {
            self.candidates.extend(other.candidates);
        }
    }
}

/// Where the record of a match is.
#[derive(Clone, Debug)]
pub(in crate::federation) enum MatchedPlace {
    /// In the catalogue, by its number in the table of facts.
    Stored(u32),
    /// In the list of a live source.
    Listed(Arc<Service>),
}

impl HeldMatches {
    /// What the catalogue has, if this is that.
    pub(in crate::federation) fn stored(&self) -> Option<&StoredMatches> {
        match self {
            Self::Stored(stored) => Some(stored),
            Self::Asked(_) => None,
        }
    }

    /// What a live source has, if this is that.
    pub(in crate::federation) fn asked(&self) -> Option<&AskedMatches> {
        match self {
            Self::Stored(_) => None,
            Self::Asked(asked) => Some(asked),
        }
    }

    /// How each source took part.
    pub(in crate::federation) fn reports(&self, now: DateTime<Utc>) -> Vec<SourceReport> {
        match self {
            Self::Stored(stored) => stored.reports.clone(),
            Self::Asked(asked) => vec![asked.considered.report(now)],
        }
    }

    /// How many services are gone through where all matches are looked at: those that are stored may have to be read.
    pub(in crate::federation) fn considered(&self) -> usize {
        match self {
            Self::Stored(stored) => stored.facts_table().len(),
            Self::Asked(asked) => asked.services().len(),
        }
    }

    /// What may be on a page; `holding` is the number by which these matches are known.
    pub(in crate::federation) fn candidates(
        &self,
        holding: usize,
        plan: SearchPlan,
        page: &PageRequest,
        still: &StillAsked,
    ) -> PageCandidates<'_> {
        match self {
            Self::Stored(stored) => stored.candidates(holding, plan.order, page, still),
            Self::Asked(asked) => asked.candidates(holding, plan, page, still),
        }
    }

    /// What is known of a match.
    pub(in crate::federation) fn facts(&self, at: usize) -> Option<&ServiceFacts> {
        match self {
            Self::Stored(stored) => stored.facts(at),
            Self::Asked(asked) => asked.facts(at),
        }
    }

    /// How well the words of a match answer.
    pub(in crate::federation) fn score(&self, at: usize) -> Option<f32> {
        match self {
            Self::Stored(stored) => stored.score(at),
            Self::Asked(asked) => asked.score(at),
        }
    }

    /// A match as a page shows it: what was written of it in a shape, or its record. `None` if that cannot be read, with a
    /// line in the log. May wait for the disk.
    pub(in crate::federation) fn page_service(
        &self,
        at: usize,
        shape: Option<Shape>,
        today: NaiveDate,
    ) -> Option<PageService> {
        match self {
            Self::Stored(stored) => stored.page_service(at, shape, today),
            Self::Asked(asked) => asked.page_service(at),
        }
    }

    /// Where the record of a match is.
    pub(in crate::federation) fn place(&self, at: usize) -> Option<MatchedPlace> {
        match self {
            Self::Stored(stored) => stored.ordinal(at).map(MatchedPlace::Stored),
            Self::Asked(asked) => asked.place(at),
        }
    }

    /// The terms that a filter is decided by here; `live` are those of all live sources.
    pub(in crate::federation) fn vocabulary<'m>(&'m self, live: &'m TermVocabulary) -> &'m TermVocabulary {
        match self {
            Self::Stored(stored) => stored.snapshot().vocabulary(),
            Self::Asked(_) => live,
        }
    }

    /// Adds all of them to what is counted.
    pub(in crate::federation) fn add_to<'m>(&'m self, rows: &mut MatchedRows<'m>) {
        match self {
            Self::Stored(stored) => rows.add_stored(stored.facts_table().clone(), stored.ordinals()),
            Self::Asked(asked) => rows.add_listed(asked.all_facts()),
        }
    }

    /// Tells the names of organisations and taxonomy terms: those that matches carry and, of these that are `wanted`, those
    /// that are stored. May wait for the disk.
    pub(in crate::federation) fn tell_names<'w>(
        &self,
        wanted: impl Iterator<Item = &'w RecordId>,
        mut tell: impl FnMut(&RecordId, &str),
    ) {
        match self {
            Self::Asked(asked) => asked.names().for_each(|(id, name)| tell(id, name)),
            Self::Stored(stored) => {
                for id in wanted.filter(|id| stored.is_of(id)) {
                    stored.name(id).iter().for_each(|name| tell(id, name));
                }
            }
        }
    }
}

impl MatchedPlace {
    /// What is known of the service.
    pub(in crate::federation) fn facts<'p>(
        &'p self,
        snapshot: Option<&'p CatalogueSnapshot>,
        places: &PostcodePlaces,
    ) -> Option<&'p ServiceFacts> {
        match self {
            Self::Stored(ordinal) => Some(snapshot?.facts().get(*ordinal)?),
            Self::Listed(service) => Some(service.facts(places)),
        }
    }

    /// Its record, past the cache of recent ones; `None` if there is no catalogue to read it from.
    pub(in crate::federation) fn read_passing(
        self,
        snapshot: Option<&CatalogueSnapshot>,
    ) -> Result<Option<Arc<Service>>, StoreError> {
        match self {
            Self::Stored(ordinal) => snapshot.map(|snapshot| snapshot.passing_service(ordinal)).transpose(),
            Self::Listed(service) => Ok(Some(service)),
        }
    }
}
