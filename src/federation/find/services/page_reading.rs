//! Reading the services of a page, and what the question makes of each.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use chrono::NaiveDate;

use super::page::CandidatePlace;
use super::{MatchingServices, PageService, ServiceMatch, ServiceQuery, Yardstick, score};
use crate::federation::query_context::StillAsked;
use crate::federation::select::{RankedRecord as _, ServiceCandidate};
use crate::model::{PreparedFilter, SortOrder, SourceKey};

/// The bytes of records after which a question is said to hold more.
const HELD_AT_ONCE: usize = 256 << 10;

/// A page while it is read.
pub(super) struct PageReading<'q> {
    matching: &'q MatchingServices,
    query: &'q ServiceQuery,
    yardstick: Yardstick,
    today: NaiveDate,
    /// The question made ready to be held against what is stored, if it is wanted what that does not state.
    prepared: Option<PreparedFilter<'q>>,
    asked: &'q StillAsked,
    /// The bytes of records that the question was not said to hold yet.
    weight: usize,
    /// Whether there is room for more. Without any the question is about to be dropped, and asked again once there is some.
    has_room: bool,
    /// The sources of which a match could not be read.
    unreadable: BTreeSet<SourceKey>,
}

impl<'q> PageReading<'q> {
    /// A page of which nothing has been read.
    pub(super) fn new(
        matching: &'q MatchingServices,
        query: &'q ServiceQuery,
        today: NaiveDate,
        asked: &'q StillAsked,
    ) -> Self {
        let stored = matching.kept.as_ref().filter(|_| query.unknown);
        let prepared = stored.map(|kept| kept.prepared(&matching.filter, today));
        let (yardstick, unreadable) = (Yardstick::of(query), BTreeSet::new());
        Self { matching, query, yardstick, today, prepared, asked, weight: 0, has_room: true, unreadable }
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
        self.asked.hold(self.weight);
        (records, found, self.unreadable)
    }

    fn service(&mut self, candidate: &ServiceCandidate<'_>) -> Option<(PageService, ServiceMatch)> {
        match candidate.at {
            CandidatePlace::Live(number, at) => self.listed(candidate, number, at),
            CandidatePlace::Kept(at) => self.stored(candidate, at),
        }
    }

    fn listed(
        &self,
        candidate: &ServiceCandidate<'_>,
        number: usize,
        at: usize,
    ) -> Option<(PageService, ServiceMatch)> {
        let one = self.matching.live.get(number)?;
        let service = one.considered.matches.as_slice().get(at)?;
        let unknown = one.unknown.get(&service.id).cloned().unwrap_or_default();
        let found = self.found(candidate, || score(&self.matching.filter, service), unknown);
        Some((PageService::Listed(Arc::clone(service)), found))
    }

    fn stored(&mut self, candidate: &ServiceCandidate<'_>, at: usize) -> Option<(PageService, ServiceMatch)> {
        let kept = self.matching.kept.as_ref()?;
        if self.weight >= HELD_AT_ONCE {
            self.asked.hold(mem::take(&mut self.weight));
            self.has_room = self.asked.may_hold_more();
        }
        if !self.has_room {
            return None;
        }
        let Some(on_page) = kept.page_service(at, self.query.shape, self.today) else {
            self.unreadable.insert(candidate.facts.id.source().clone());
            return None;
        };
        self.weight += on_page.weight();
        let record = self.prepared.as_ref().zip(on_page.record());
        let unknown = record.map(|(prepared, service)| prepared.unknown(candidate.facts, &**service));
        let found = self.found(candidate, || kept.score(at).unwrap_or_default(), unknown.unwrap_or_default());
        Some((on_page, found))
    }

    fn found(
        &self,
        candidate: &ServiceCandidate<'_>,
        score: impl FnOnce() -> f32,
        unknown: Vec<&'static str>,
    ) -> ServiceMatch {
        let is_place_of_record = self.query.order == SortOrder::default();
        let position = (!is_place_of_record).then(|| candidate.rank().to_position());
        self.yardstick.found(position, candidate.facts, score, unknown)
    }
}
