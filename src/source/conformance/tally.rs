//! Counts departures over many records in little memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::issues::{RecordDeparture, RecordDepartures, meaning};
use super::links::{RecordMark, RowLink, RowLinks};
use crate::model::{IssueCode, IssueSeverity, RecordIssue, RecordKind};

/// The departures of many records of one kind, from one walk or from detail pages.
#[derive(Debug, Default)]
pub(in crate::source) struct DepartureTally {
    kinds: Vec<DepartureKind>,
    /// Indices into `kinds` by code and path. Departures of pages as a whole have no path, and are told apart by
    /// message.
    by_place: HashMap<(IssueCode, Box<str>, &'static str), u16>,
    records: HashMap<Arc<str>, Box<[DepartureCount]>>,
    /// The records found, in rows of their own or nested in others.
    held: HashSet<RecordMark>,
    /// The records that each record refers to without containing them.
    named: HashMap<Arc<str>, Box<[NamedTie]>>,
    /// Departures of pages as a whole, which belong to no record.
    pages: HashMap<u16, u32>,
}

/// A kind of departure at a path.
#[derive(Debug)]
pub(super) struct DepartureKind {
    pub code: IssueCode,
    pub severity: IssueSeverity,
    pub path: Box<str>,
    pub message: &'static str,
}

/// How often a kind of departure occurred in a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct DepartureCount {
    pub kind: u16,
    pub count: u32,
}

/// A reference from one record to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct NamedTie {
    /// The target of the reference.
    pub target: RecordMark,
    /// The kind of the target.
    pub kind: RecordKind,
    /// The departure that this reference is if the target does not exist.
    pub met: DepartureCount,
}

/// The most kinds of departure counted for one feed.
const MOST_KINDS: usize = 500;
/// The most records whose departures are counted.
const MOST_RECORDS: usize = 200_000;
/// The most records that are remembered as found.
const MOST_HELD: usize = 1_000_000;

impl DepartureTally {
    /// Counts a record's departures. They replace earlier ones of the same record.
    pub(in crate::source) fn add(&mut self, upstream_id: &Arc<str>, departures: RecordDepartures) {
        if self.records.len() >= MOST_RECORDS && !self.records.contains_key(upstream_id) {
            return;
        }
        let RecordDepartures(departures, links) = departures;
        let met = departures.into_iter().filter_map(|one| self.met(one)).collect();
        self.records.insert(Arc::clone(upstream_id), met);
        self.tie(upstream_id, links);
    }

    fn tie(&mut self, upstream_id: &Arc<str>, links: RowLinks) {
        self.hold(links.held);
        let ties = links.named.into_iter().filter_map(|link| {
            let code = IssueCode::DanglingReference;
            let (severity, message) = (code.severity(), meaning(code));
            let met = self.met(RecordDeparture { code, severity, path: link.path, message, count: 1 })?;
            Some(NamedTie { target: link.target, kind: link.kind, met })
        });
        let ties: Box<[NamedTie]> = ties.collect();
        if ties.is_empty() {
            self.named.remove(upstream_id);
        } else {
            self.named.insert(Arc::clone(upstream_id), ties);
        }
    }

    fn hold(&mut self, held: impl IntoIterator<Item = RecordMark>) {
        let room = MOST_HELD.saturating_sub(self.held.len());
        self.held.extend(held.into_iter().take(room));
    }

    /// Counts the issues of a page as a whole.
    pub(in crate::source) fn add_page(&mut self, issues: &[RecordIssue]) {
        let mut departures = RecordDepartures::default();
        departures.noted(&[("", issues)]);
        departures.0.into_iter().for_each(|one| self.count_on_page(one));
    }

    fn count_on_page(&mut self, one: RecordDeparture) {
        if let Some(met) = self.met(one) {
            *self.pages.entry(met.kind).or_default() += met.count;
        }
    }

    /// Counts one more departure of a record that has been counted.
    pub(in crate::source) fn add_to(&mut self, upstream_id: &str, issue: &RecordIssue) {
        let mut departures = RecordDepartures::default();
        departures.noted(&[("", std::slice::from_ref(issue))]);
        for one in departures.0 {
            let Some(met) = self.met(one) else { continue };
            if let Some(record) = self.records.get_mut(upstream_id)
                && !record.iter().any(|known| known.kind == met.kind)
            {
                *record = record.iter().copied().chain([met]).collect();
            }
        }
    }

    /// Merges another tally into this one.
    pub(in crate::source) fn take_in(&mut self, other: Self) {
        if self.is_empty() && self.kinds.is_empty() {
            *self = other;
            return;
        }
        for (id, met) in &other.records {
            let departures = met.iter().filter_map(|met| other.departure(*met)).collect();
            self.add(id, RecordDepartures(departures, other.links(id)));
        }
        let of_pages = other.pages().filter_map(|met| other.departure(met));
        of_pages.for_each(|one| self.count_on_page(one));
        self.hold(other.held);
    }

    fn departure(&self, met: DepartureCount) -> Option<RecordDeparture> {
        let DepartureKind { code, severity, path, message } = self.kind(met)?;
        let (code, severity, path) = (*code, *severity, path.to_string());
        Some(RecordDeparture { code, severity, path, message, count: met.count })
    }

    fn links(&self, upstream_id: &str) -> RowLinks {
        let link = |tie: &NamedTie| {
            let path = self.kind(tie.met)?.path.to_string();
            Some(RowLink { target: tie.target, kind: tie.kind, path })
        };
        RowLinks { held: Vec::new(), named: self.named(upstream_id).iter().filter_map(link).collect() }
    }

    /// Drops all records but those for which `keep` returns `true`.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.records.retain(|id, _| keep(id));
        self.named.retain(|id, _| keep(id));
    }

    /// Returns whether a record was found, in a row of its own or nested in another.
    pub(super) fn holds(&self, record: RecordMark) -> bool {
        self.held.contains(&record)
    }

    /// Returns the references of a record.
    pub(super) fn named(&self, upstream_id: &str) -> &[NamedTie] {
        self.named.get(upstream_id).map_or(&[], |ties| ties)
    }

    /// Returns whether there were too many records to remember them all.
    pub(super) fn is_overflowing(&self) -> bool {
        self.held.len() >= MOST_HELD
    }

    pub(super) fn has(&self, upstream_id: &str) -> bool {
        self.records.contains_key(upstream_id)
    }

    pub(super) fn is_full(&self) -> bool {
        self.kinds.len() >= MOST_KINDS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.pages.is_empty()
    }

    /// Returns the records with their departures.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &[DepartureCount])> {
        self.records.iter().map(|(id, met)| (&**id, &**met))
    }

    pub(super) fn of(&self, upstream_id: &str) -> &[DepartureCount] {
        self.records.get(upstream_id).map_or(&[], |met| met)
    }

    pub(super) fn pages(&self) -> impl Iterator<Item = DepartureCount> {
        self.pages.iter().map(|(kind, count)| DepartureCount { kind: *kind, count: *count })
    }

    pub(super) fn kind(&self, met: DepartureCount) -> Option<&DepartureKind> {
        self.kinds.get(usize::from(met.kind))
    }

    // Returns `None` if there are too many kinds already.
    fn met(&mut self, one: RecordDeparture) -> Option<DepartureCount> {
        let RecordDeparture { code, severity, path, message, count } = one;
        let said = if path.is_empty() { message } else { "" };
        let key = (code, path.into_boxed_str(), said);
        if let Some(kind) = self.by_place.get(&key) {
            let known = self.kinds.get_mut(usize::from(*kind))?;
            known.severity = known.severity.min(severity);
            return Some(DepartureCount { kind: *kind, count });
        }
        if self.is_full() {
            return None;
        }
        let kind = u16::try_from(self.kinds.len()).ok()?;
        self.kinds.push(DepartureKind { code, severity, path: key.1.clone(), message });
        self.by_place.insert(key, kind);
        Some(DepartureCount { kind, count })
    }
}
