//! Reading the services of a page, and what the question makes of each.

use std::collections::BTreeSet;
use std::mem;

use chrono::NaiveDate;

use super::{MatchingServices, PageService, ServiceDistance, ServiceMatch, ServiceQuery};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::select::{RankedRecord as _, ServiceCandidate};
use crate::model::{PreparedFilter, ServiceFacts, SourceKey};

/// The bytes of records after which a question is said to hold more.
const HELD_AT_ONCE: usize = 256 << 10;

pub(super) struct PageReading<'q> {
    matching: &'q MatchingServices,
    query: &'q ServiceQuery,
    plan: SearchPlan,
    today: NaiveDate,
    /// The question made ready to be held against what each holding has, if it is wanted what that does not state.
    prepared: Vec<PreparedFilter<'q>>,
    still: &'q StillAsked,
    /// The bytes of records that the question was not said to hold yet.
    weight: usize,
    /// Whether there is room for more. Without any the question is about to be dropped, and asked again once there is some.
    has_room: bool,
    unreadable: BTreeSet<SourceKey>,
}

impl<'q> PageReading<'q> {
    pub(super) fn new(
        matching: &'q MatchingServices,
        query: &'q ServiceQuery,
        today: NaiveDate,
        still: &'q StillAsked,
    ) -> Self {
        let mut prepared = Vec::new();
        if query.unknown {
            let vocabularies = matching.held.iter().map(|held| held.vocabulary(matching.terms().live()));
            let prepare = |terms| PreparedFilter::new(&matching.filter, terms, today);
            prepared.extend(vocabularies.map(prepare));
        }
        let (plan, unreadable) = (SearchPlan::of(query), BTreeSet::new());
        Self { matching, query, plan, today, prepared, still, weight: 0, has_room: true, unreadable }
    }

    /// Returns the services of a page, what the question makes of each, and the sources of which some could not be read.
    pub(super) fn read(
        mut self,
        candidates: Vec<ServiceCandidate<'_>>,
    ) -> (Vec<PageService>, Vec<ServiceMatch>, BTreeSet<SourceKey>) {
        let mut records = Vec::with_capacity(candidates.len());
        let mut found = Vec::with_capacity(candidates.len());
        for candidate in &candidates {
            if let Some((record, one)) = self.service(candidate) {
                records.push(record);
                found.push(one);
            }
        }
        self.still.hold(self.weight);
        (records, found, self.unreadable)
    }

    fn service(&mut self, candidate: &ServiceCandidate<'_>) -> Option<(PageService, ServiceMatch)> {
        let held = self.matching.held.get(candidate.at.holding)?;
        if self.weight >= HELD_AT_ONCE {
            self.still.hold(mem::take(&mut self.weight));
            self.has_room = self.still.may_hold_more();
        }
        if !self.has_room {
            return None;
        }
        let Some(on_page) = held.page_service(candidate.at.at, self.query.shape, self.today) else {
            self.unreadable.insert(candidate.id.source().clone());
            return None;
        };
        self.weight += on_page.weight();
        let facts = held.facts(candidate.at.at)?;
        let is_place_of_record = self.plan.is_by_name();
        let found = ServiceMatch {
            position: (!is_place_of_record).then(|| Box::new(candidate.rank().to_position())),
            unknown: self.unknown(candidate, facts, &on_page),
            score: self.plan.is_ranked.then(|| held.score(candidate.at.at).unwrap_or_default()),
            distance: self.distance(facts),
        };
        Some((on_page, found))
    }

    fn unknown(
        &self,
        candidate: &ServiceCandidate<'_>,
        facts: &ServiceFacts,
        on_page: &PageService,
    ) -> Vec<&'static str> {
        match (self.prepared.get(candidate.at.holding), on_page.record()) {
            (Some(prepared), Some(service)) => prepared.unknown(facts, &**service),
            _ => Vec::new(),
        }
    }

    fn distance(&self, facts: &ServiceFacts) -> Option<Box<ServiceDistance>> {
        let nearest = facts.points.nearest(self.plan.near?.centre)?;
        let location = facts.location_of(nearest.point).cloned();
        Some(Box::new(ServiceDistance { metres: nearest.metres, location }))
    }
}
