//! The departures of one source, from its last complete walks and from the detail pages read since.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::issues::RecordDepartures;
use super::tally::{DepartureCount, DepartureKind, DepartureTally, NamedTie};
use super::{ConformanceSummary, FeedIssue};
use crate::model::{IssueCode, IssueSeverity, RecordKind};
use crate::source::collection::endpoint_name;

/// Records one source's departures.
#[derive(Debug, Default)]
pub(in crate::source) struct ConformanceLedger {
    entries: Mutex<LedgerEntries>,
    /// Whether everything in the feed was read, so that an id that has not been found does not exist.
    is_complete: AtomicBool,
    /// What was known before the restart.
    remembered: OnceLock<Arc<ConformanceSummary>>,
}

/// The departures of each kind of record.
#[derive(Debug, Default)]
struct LedgerEntries {
    by_kind: HashMap<RecordKind, LedgerEntry>,
    /// The summary, until something is added. Computing it visits every record.
    sum: Option<Arc<ConformanceSummary>>,
}

/// The departures of one kind of record.
#[derive(Debug, Default)]
struct LedgerEntry {
    listed: DepartureTally,
    detailed: DepartureTally,
    is_whole: bool,
}

/// How many example records are named for each departure.
const EXAMPLES: usize = 50;

impl ConformanceLedger {
    /// Adds the result of a walk. A complete walk replaces the last result. An incomplete one counts only if nothing
    /// better is known.
    pub(in crate::source) fn walked(&self, kind: RecordKind, tally: DepartureTally, is_whole: bool) {
        let mut entries = self.lock();
        let entry = entries.changing(kind);
        if is_whole || entry.listed.is_empty() {
            entry.detailed.retain(|id| tally.has(id));
            entry.listed = tally;
            entry.is_whole = is_whole;
        }
    }

    /// Adds the result of reading a detail page.
    pub(in crate::source) fn read(&self, kind: RecordKind, upstream_id: &str, departures: RecordDepartures) {
        let mut entries = self.lock();
        let entry = entries.changing(kind);
        if entry.detailed.is_full() {
            entry.detailed = DepartureTally::default();
        }
        entry.detailed.add(&Arc::from(upstream_id), departures);
    }

    /// Notes that everything in the feed was read, lists and detail pages.
    pub(in crate::source) fn read_all(&self) {
        self.is_complete.store(true, Ordering::Relaxed);
        self.lock().sum = None;
    }

    /// Returns the summary so far. Until services have been walked since the start, returns what was known before the
    /// restart.
    pub(in crate::source) fn conformance(&self) -> Arc<ConformanceSummary> {
        let mut entries = self.lock();
        match self.remembered.get().filter(|_| !entries.has_walked()) {
            Some(remembered) => Arc::clone(remembered),
            None => self.sum_of(&mut entries),
        }
    }

    /// Returns the summary to store for the next start. Returns `None` until services have been walked.
    pub(in crate::source) fn worth_remembering(&self) -> Option<Arc<ConformanceSummary>> {
        let mut entries = self.lock();
        entries.has_walked().then(|| self.sum_of(&mut entries))
    }

    /// Restores what was known before the restart.
    pub(in crate::source) fn recall(&self, remembered: ConformanceSummary) {
        // Ignored if called twice: it can only be set at the start.
        let _ = self.remembered.set(Arc::new(remembered));
    }

    fn sum_of(&self, entries: &mut LedgerEntries) -> Arc<ConformanceSummary> {
        if let Some(sum) = &entries.sum {
            return Arc::clone(sum);
        }
        let (is_complete, by_kind) = (self.is_complete.load(Ordering::Relaxed), &entries.by_kind);
        let mut sum = LedgerSum::new(|tie| dangles(by_kind, is_complete, tie));
        for (kind, entry) in by_kind {
            sum.add(*kind, entry);
        }
        let sum = Arc::new(sum.end());
        entries.sum = Some(Arc::clone(&sum));
        sum
    }

    fn lock(&self) -> MutexGuard<'_, LedgerEntries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LedgerEntries {
    /// Returns the entry of a kind, to be changed.
    fn changing(&mut self, kind: RecordKind) -> &mut LedgerEntry {
        self.sum = None;
        self.by_kind.entry(kind).or_default()
    }

    fn has_walked(&self) -> bool {
        self.by_kind.get(&RecordKind::Service).is_some_and(|entry| !entry.listed.is_empty())
    }
}

// Certain only once every list that may contain the record has been read.
fn dangles(entries: &HashMap<RecordKind, LedgerEntry>, is_complete: bool, tie: &NamedTie) -> bool {
    let is_settled = is_complete || entries.get(&tie.kind).is_some_and(|entry| entry.is_whole);
    let has = |tally: &DepartureTally| tally.holds(tie.target) || tally.is_overflowing();
    is_settled && !entries.values().any(|entry| has(&entry.listed) || has(&entry.detailed))
}

struct LedgerSum<'a, D> {
    dangles: D,
    checked: usize,
    departing: usize,
    found: BTreeMap<(RecordKind, &'a str, IssueCode, &'static str), FoundDepartures<'a>>,
}

struct FoundDepartures<'a> {
    severity: IssueSeverity,
    message: &'static str,
    count: usize,
    examples: Vec<&'a str>,
}

impl<'a, D: Fn(&NamedTie) -> bool> LedgerSum<'a, D> {
    fn new(dangles: D) -> Self {
        Self { dangles, checked: 0, departing: 0, found: BTreeMap::new() }
    }

    fn add(&mut self, kind: RecordKind, entry: &'a LedgerEntry) {
        let LedgerEntry { listed, detailed, .. } = entry;
        let only_detailed = detailed.records().filter(|(id, _)| !listed.has(id));
        let mut ids: Vec<&str> = listed.records().chain(only_detailed).map(|(id, _)| id).collect();
        ids.sort_unstable();
        for id in ids {
            self.record(kind, id, listed, detailed);
        }
        for met in listed.pages() {
            if let Some(what) = listed.kind(met) {
                self.found(kind, what, met.count, None);
            }
        }
    }

    // A departure in both a list row and the detail page counts once.
    fn record(
        &mut self,
        kind: RecordKind,
        id: &'a str,
        listed: &'a DepartureTally,
        detailed: &'a DepartureTally,
    ) {
        let of = |tally: &'a DepartureTally| {
            let named = |met: &DepartureCount| Some((tally.kind(*met)?, met.count));
            let dangling = tally.named(id).iter().filter(|tie| (self.dangles)(tie)).map(|tie| &tie.met);
            tally.of(id).iter().chain(dangling).filter_map(named).collect::<Vec<_>>()
        };
        let mut here: Vec<(&DepartureKind, u32)> = of(listed);
        for (what, count) in of(detailed) {
            match here.iter_mut().find(|(known, _)| known.code == what.code && known.path == what.path) {
                Some(known) => known.1 = known.1.max(count),
                None => here.push((what, count)),
            }
        }
        self.checked += 1;
        self.departing += usize::from(!here.is_empty());
        for (what, count) in here {
            self.found(kind, what, count, Some(id));
        }
    }

    fn found(&mut self, kind: RecordKind, what: &'a DepartureKind, count: u32, id: Option<&'a str>) {
        let said = if what.path.is_empty() { what.message } else { "" };
        let found = self.found.entry((kind, &what.path, what.code, said)).or_insert_with(|| {
            FoundDepartures { severity: what.severity, message: what.message, count: 0, examples: Vec::new() }
        });
        found.severity = found.severity.min(what.severity);
        found.count += count as usize;
        found.examples.extend(id.filter(|_| found.examples.len() < EXAMPLES));
    }

    fn end(self) -> ConformanceSummary {
        let issue =
            |((kind, path, code, _), found): ((RecordKind, &str, IssueCode, &str), FoundDepartures<'_>)| {
                FeedIssue {
                    code,
                    severity: found.severity,
                    path: in_list(kind, path),
                    message: found.message.into(),
                    count: found.count,
                    example_upstream_ids: found.examples.into_iter().map(str::to_owned).collect(),
                }
            };
        let mut issues: Vec<_> = self.found.into_iter().map(issue).collect();
        issues.sort_by(|a, b| {
            let by_cost = a.severity.cmp(&b.severity).then(b.count.cmp(&a.count));
            by_cost.then_with(|| a.path.cmp(&b.path)).then(a.code.cmp(&b.code))
        });
        ConformanceSummary { records_checked: self.checked, records_with_issues: self.departing, issues }
    }
}

fn in_list(kind: RecordKind, path: &str) -> String {
    if kind == RecordKind::Service {
        return path.to_owned();
    }
    let name = endpoint_name(kind);
    if path.is_empty() { format!("{name}[]") } else { format!("{name}[].{path}") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::standard::FeedStandard;
    use super::*;
    use crate::model::{Organization, RecordId, SourceKey, StubRecord as _};

    fn departures(row: &Value) -> RecordDepartures {
        RecordDepartures::by_rule(Some(FeedStandard::Oruk3), RecordKind::Service, row)
    }

    fn id_of(row: &Value) -> Arc<str> {
        Arc::from(row["id"].as_str().unwrap())
    }

    fn walk(rows: &[Value]) -> DepartureTally {
        let mut tally = DepartureTally::default();
        rows.iter().for_each(|row| tally.add(&id_of(row), departures(row)));
        tally
    }

    fn row(id: usize, members: Value) -> Value {
        let mut row =
            json!({ "id": format!("8f0f6b7e-5b0a-4c1e-9d0a-{id:012}"), "name": "A", "status": "active" });
        row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        row
    }

    fn shown(conformance: &ConformanceSummary) -> Vec<String> {
        let issues = conformance.issues.iter();
        issues.map(|one| format!("{} {} {}", one.path, one.count, one.example_upstream_ids.len())).collect()
    }

    #[test]
    fn departures_are_counted_over_lists_and_own_pages_but_not_twice() {
        let ledger = ConformanceLedger::default();
        let rows: Vec<_> = (0..8).map(|id| row(id, json!({ "email": "desk" }))).collect();
        ledger.walked(RecordKind::Service, walk(&rows), true);
        let own = row(3, json!({ "email": "desk", "name": null }));
        ledger.read(RecordKind::Service, own["id"].as_str().unwrap(), departures(&own));
        let conformance = ledger.conformance();
        assert_eq!((conformance.records_checked, conformance.records_with_issues), (8, 8));
        assert_eq!(shown(&conformance), ["name 1 1", "email 8 8"], "the costliest first");
        assert_eq!(conformance.count(IssueSeverity::Warning), 8);
    }

    #[test]
    fn a_whole_walk_replaces_the_last_and_a_broken_one_does_not() {
        let ledger = ConformanceLedger::default();
        ledger.walked(RecordKind::Service, walk(&[row(1, json!({ "url": "x" })), row(2, json!({}))]), true);
        ledger.walked(RecordKind::Service, walk(&[row(1, json!({}))]), false);
        assert_eq!(shown(&ledger.conformance()), ["url 1 1"]);
        ledger.walked(RecordKind::Service, walk(&[row(1, json!({}))]), true);
        assert_eq!(
            *ledger.conformance(),
            ConformanceSummary { records_checked: 1, ..ConformanceSummary::default() }
        );
    }

    #[test]
    fn ids_dangle_once_what_could_have_them_is_read() {
        let at = chrono::DateTime::<chrono::Utc>::from_timestamp(1_780_000_000, 0).unwrap();
        let id = |kind, id: &str| RecordId::new(kind, &SourceKey::parse("elm").unwrap(), id);
        let mut child = Organization::stub(id(RecordKind::Organization, "o-1"), (at, at));
        child.parent_organization_id = Some(id(RecordKind::Organization, "o-2"));
        let walk = |organizations: &[&Organization]| {
            let mut tally = DepartureTally::default();
            for one in organizations {
                let mut departures = RecordDepartures::default();
                departures.tied(*one);
                tally.add(one.id.shared_upstream(), departures);
            }
            tally
        };
        let ledger = ConformanceLedger::default();
        ledger.walked(RecordKind::Organization, walk(&[&child]), false);
        assert_eq!(shown(&ledger.conformance()), Vec::<String>::new(), "the list broke off");
        ledger.walked(RecordKind::Organization, walk(&[&child]), true);
        assert_eq!(shown(&ledger.conformance()), ["organizations[].parent_organization_id 1 1"]);
        let parent = Organization::stub(id(RecordKind::Organization, "o-2"), (at, at));
        ledger.walked(RecordKind::Organization, walk(&[&child, &parent]), true);
        assert_eq!(shown(&ledger.conformance()), Vec::<String>::new());
    }

    #[test]
    fn a_feed_with_departures_without_end_is_counted_within_bounds() {
        let rows: Vec<_> = (0..700).map(|id| row(id, json!({}))).collect();
        let mut tally = DepartureTally::default();
        for (number, row) in rows.iter().enumerate() {
            let mut found = departures(row);
            let issue = crate::model::RecordIssue {
                code: IssueCode::Unreadable,
                path: format!("x{number}"),
                message: String::new(),
                original: None,
            };
            found.noted(&[("", &[issue])]);
            tally.add(&id_of(row), found);
        }
        let ledger = ConformanceLedger::default();
        ledger.walked(RecordKind::Service, tally, true);
        assert_eq!(ledger.conformance().issues.len(), 500);
    }
}
