//! Reads the services of a page, and notes how each matches.

use std::collections::BTreeSet;
use std::mem;

use chrono::NaiveDate;

use super::{MatchingServices, PageService, ServiceDistance, ServiceMatch, ServiceQuery};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::select::{RankedRecord as _, ServiceCandidate};
use crate::model::{PreparedFilter, ServiceFacts, SourceKey};

/// After this many bytes of records, the query's load is told.
const HELD_AT_ONCE: usize = 256 << 10;

pub(super) struct PageReading<'q> {
    matching: &'q MatchingServices,
    query: &'q ServiceQuery,
    plan: SearchPlan,
    today: NaiveDate,
    /// The filter prepared for each holding's terms. Empty unless the query asks which facts are not stated.
    prepared: Vec<PreparedFilter<'q>>,
    still: &'q StillAsked,
    /// The bytes of records that the query's load has not been told of yet.
    weight: usize,
    /// Whether the query may hold more memory. If not, it is about to be dropped, and is executed again once memory is
    /// free.
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

    /// Returns the services of a page, how each matches, and the sources of which some services could not be read.
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
