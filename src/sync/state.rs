//! What is remembered about the synchronisation of a source after a restart. It is written in one transaction with the
//! records it refers to, so that it never claims more than is stored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::deletion_policy::{WalkHistory, WalkNumber};
use super::progress::SyncProgress;
use crate::model::RecordKind;
use crate::source::{SourceError, SourceErrorCode, WalkCourse};

/// The remembered state of a source's synchronisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SyncState {
    /// The number of the current sync run, or of the last one. Numbers rise.
    pub walk: WalkNumber,
    /// How many sync runs have ended.
    pub rounds: u64,
    /// When the last one ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether the last run was complete.
    was_whole: bool,
    /// The last run that read the list of services to its end.
    pub listed: Option<ListTimes>,
    /// The URL that the last run read.
    address: Box<str>,
    /// What was wrong with the last run.
    pub flaws: WalkFlaws,
    /// The current run, or an interrupted one.
    pub under_way: Option<UnderWay>,
    /// The results of past walks, by kind.
    histories: BTreeMap<u8, WalkHistory>,
    /// The kinds whose records are collected from services, because the feed has no list of them.
    derived: Vec<u8>,
    /// What the last run left out because a configured limit was reached, by kind.
    ceilings: ListReasons,
    /// The same for the current run.
    reached: ListReasons,
    /// Set if the feed claims more services than it showed to the last run.
    pub shortfall: Option<Box<str>>,
    /// Why the last run did not read lists to their end, by kind.
    unread: ListReasons,
    /// The same for the current run.
    unread_so_far: ListReasons,
}

/// Messages about lists, by kind.
type ListReasons = BTreeMap<u8, Box<str>>;

/// What is wrong with a run that reached its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WalkFlaws {
    /// What of the feed's lists is not accepted, and why.
    pub doubt: Option<Box<str>>,
    /// The number of services known only from list rows, because their detail pages could not be read.
    pub without_page: u64,
}

/// When a sync run began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListTimes {
    /// When the run began. All services have been checked since then.
    pub began_at: DateTime<Utc>,
    /// When the run ended.
    pub ended_at: DateTime<Utc>,
}

/// A sync run that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct UnderWay {
    /// When the run began.
    pub began_at: DateTime<Utc>,
    /// The next step.
    pub step: SyncStep,
    /// Whether nothing is missing so far.
    pub is_whole: bool,
    /// Whether the list of services was read to its end.
    pub has_listed: bool,
    /// Whether any record has changed.
    pub has_changed: bool,
    /// What is wrong with the run so far.
    pub flaws: WalkFlaws,
}

impl WalkFlaws {
    /// Returns the flaws as an error, for the status of the source. Returns `None` if there are none.
    pub(super) fn error(&self, at: DateTime<Utc>) -> Option<SourceError> {
        let unread = self.without_page;
        let unread = (unread > 0).then(|| format!("the detail pages of {unread} services could not be read"));
        Some(flaw(self.doubt.as_deref().map(str::to_owned).or(unread)?, at))
    }
}

fn flaw(message: String, at: DateTime<Utc>) -> SourceError {
    let code = SourceErrorCode::InvalidResponse;
    SourceError { code, message, http_status: None, at, retry_after: None }
}

/// A step of a sync run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum SyncStep {
    /// Reading the list of a kind, given by its place in `RecordKind::ALL`.
    List(u8, Option<Box<BrokenList>>),
    /// Reading detail pages of services.
    Details,
    /// Collecting records of kinds without a list from services.
    Derive,
}

/// A list whose reading was interrupted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BrokenList {
    /// How far the walk had come.
    pub course: WalkCourse,
    /// The number of rows that were not records.
    pub junk: u64,
    /// The number of records stored before.
    pub held: u64,
    /// Whether rows contain everything that detail pages do.
    pub in_full: bool,
}

/// The version of the stored form. Raise it when the form is no longer read as before.
const FORMAT: u8 = 4;
/// Earlier versions, and how many fields at the end they lack. They are read as if those fields were empty.
const FORMATS_BEFORE: [(u8, usize); 2] = [(3, 2), (2, 5)];
/// An interrupted run older than this is not resumed.
const STALE_AFTER: TimeDelta = TimeDelta::hours(12);

impl SyncState {
    /// Reads the remembered state. Returns the default if it is unreadable.
    pub(super) fn read(bytes: Option<&[u8]>) -> Self {
        let known = bytes.and_then(|bytes| bytes.split_first());
        let state = known.and_then(|(format, state)| {
            let lacks = FORMATS_BEFORE.iter().find(|(before, _)| before == format).map(|(_, lacks)| *lacks);
            let lacks = if *format == FORMAT { 0 } else { lacks? };
            postcard::from_bytes(&[state, &vec![0; lacks]].concat()).ok()
        });
        state.unwrap_or_default()
    }

    /// Serialises the state.
    pub(super) fn write(&self) -> Vec<u8> {
        // Serialising fails only for sequences of unknown length, and there are none.
        postcard::to_extend(self, vec![FORMAT]).unwrap_or_default()
    }

    /// Returns what is wrong with the last run although it reached its end. Returns `None` if nothing is.
    pub(super) fn flaw(&self, at: DateTime<Utc>) -> Option<SourceError> {
        let flaws = self.flaws.error(at).map(|error| error.message);
        let all: Vec<String> =
            flaws.into_iter().chain(self.shortfall.as_deref().map(str::to_owned)).collect();
        (!all.is_empty()).then(|| flaw(all.join("; "), at))
    }

    /// Resumes an interrupted run, or begins a new one. Returns whether a run is resumed.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) -> bool {
        if let Some(walk) = self.under_way.as_mut().filter(|walk| now - walk.began_at < STALE_AFTER) {
            // What was written last before it was broken off came after this was noted.
            walk.has_changed = true;
            return true;
        }
        // By the time of day, so that the number is higher than any before, even if the last number has been lost.
        let by_time = u64::try_from(now.timestamp()).unwrap_or(0);
        self.walk = by_time.max(self.walk + 1);
        let step = SyncStep::List(0, None);
        self.reached.clear();
        self.unread_so_far.clear();
        self.under_way = Some(UnderWay {
            began_at: now,
            step,
            is_whole: true,
            has_listed: false,
            has_changed: self.under_way.is_some(),
            flaws: WalkFlaws::default(),
        });
        false
    }

    /// Notes that the run has ended.
    pub(super) fn finish(&mut self, address: &str, now: DateTime<Utc>) {
        if let Some(walk) = self.under_way.take() {
            self.was_whole = walk.is_whole;
            self.flaws = walk.flaws;
            self.ceilings = std::mem::take(&mut self.reached);
            self.unread = std::mem::take(&mut self.unread_so_far);
            let listed = walk.has_listed.then_some(ListTimes { began_at: walk.began_at, ended_at: now });
            self.listed = listed.or(self.listed);
        }
        self.address = address.into();
        self.rounds += 1;
        self.finished_at = Some(now);
    }

    /// Returns how long after `now` the next run is due: at once, unless the last run read this URL, was complete and
    /// ended less than `every` ago.
    pub(super) fn due_in(&self, every: Duration, address: &str, now: DateTime<Utc>) -> Duration {
        let rests = self.was_whole && self.under_way.is_none() && *self.address == *address;
        let Some(finished_at) = self.finished_at.filter(|_| rests) else { return Duration::ZERO };
        // If the clock was set back, there is no telling how long ago that was.
        let ago = (now - finished_at).to_std().unwrap_or(every);
        every.saturating_sub(ago)
    }

    /// Notes that a list reached a configured limit.
    pub(super) fn note_ceiling(&mut self, kind: RecordKind, reason: &str) {
        self.reached.entry(place(kind)).or_insert_with(|| reason.into());
    }

    /// Returns what the last run left out because of a configured limit. Returns `None` if no limit was reached.
    pub(super) fn ceiling(&self, at: DateTime<Utc>) -> Option<SourceError> {
        let message = self.ceilings.values().next()?.to_string();
        let code = SourceErrorCode::TooLarge;
        Some(SourceError { code, message, http_status: None, at, retry_after: None })
    }

    /// Notes that a list was not read to its end.
    pub(super) fn note_unread(&mut self, kind: RecordKind, reason: &str) {
        self.unread_so_far.entry(place(kind)).or_insert_with(|| reason.into());
    }

    /// Copies into `progress` what the last run could not see.
    pub(super) fn show_gaps(&self, progress: &mut SyncProgress, at: DateTime<Utc>) {
        progress.without_page = self.flaws.without_page;
        progress.falls_short = self.shortfall.is_some();
        progress.is_cut = self.ceiling(at).is_some();
        progress.unread = Arc::new(self.gaps(at));
    }

    /// Returns why not all records of a kind are stored, by kind: its list was not read to its end or, for derived
    /// kinds, not all lists that contain its records were.
    fn gaps(&self, at: DateTime<Utc>) -> BTreeMap<RecordKind, SourceError> {
        let unread = self.unread.iter().map(|(kind, reason)| (*kind, flaw(reason.to_string(), at)));
        let of_services = self.flaw(at).filter(|_| self.flaws.without_page > 0 || self.shortfall.is_some());
        let of_others = of_services.or_else(|| Some(unread.clone().next()?.1));
        let derived = self.derived.iter().filter_map(|kind| Some((*kind, of_others.clone()?)));
        derived.chain(unread).filter_map(|(kind, error)| Some((kind_at(kind)?, error))).collect()
    }

    /// Notes that a record has changed.
    pub(super) fn note_changed(&mut self) {
        if let Some(walk) = &mut self.under_way {
            walk.has_changed = true;
        }
    }

    /// Notes a service that is known only from its row.
    pub(super) fn note_without_page(&mut self) {
        if let Some(walk) = &mut self.under_way {
            walk.flaws.without_page += 1;
        }
    }

    /// Notes whether the run has read all records of a kind. Only services matter.
    pub(super) fn note_listed(&mut self, kind: RecordKind, has_listed: bool) {
        if let Some(walk) = self.under_way.as_mut().filter(|_| kind == RecordKind::Service) {
            walk.has_listed = has_listed;
        }
    }

    pub(super) fn history(&mut self, kind: RecordKind) -> &mut WalkHistory {
        self.histories.entry(place(kind)).or_default()
    }

    /// Returns whether records of a kind are collected from services.
    pub(super) fn is_derived(&self, kind: RecordKind) -> bool {
        self.derived.contains(&place(kind))
    }

    /// Notes whether records of a kind are collected from services.
    pub(super) fn note_derived(&mut self, kind: RecordKind, is_derived: bool) {
        if is_derived && !self.is_derived(kind) {
            self.derived.push(place(kind));
            // Services that an earlier run read have not been searched for these records yet.
            self.note_changed();
        }
        if !is_derived {
            self.derived.retain(|known| *known != place(kind));
        }
    }
}

/// Returns the place of a kind in the order in which lists are read.
pub(super) fn place(kind: RecordKind) -> u8 {
    let place = RecordKind::ALL.iter().position(|one| *one == kind).unwrap_or(0);
    u8::try_from(place).unwrap_or(0)
}

/// Returns the kind at a place. Returns `None` past the last one.
pub(super) fn kind_at(place: u8) -> Option<RecordKind> {
    RecordKind::ALL.get(usize::from(place)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://here/";

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn a_walk_is_due_at_once_unless_the_last_one_was_whole_and_lately() {
        let (mut state, every) = (SyncState::default(), Duration::from_secs(2 * 3600));
        assert_eq!(state.due_in(every, HERE, at(1)), Duration::ZERO, "never walked");
        state.begin(at(1));
        assert_eq!(state.due_in(every, HERE, at(1)), Duration::ZERO, "broken off");
        state.finish(HERE, at(2));
        let again = SyncState::read(Some(&state.write()));
        assert_eq!(again.due_in(every, HERE, at(3)), Duration::from_secs(3600));
        assert_eq!(again.due_in(every, "http://elsewhere/", at(3)), Duration::ZERO, "somewhere else");
        assert_eq!(again.due_in(every, HERE, at(9)), Duration::ZERO, "long ago");
        assert_eq!(again.due_in(every, HERE, at(1)), Duration::ZERO, "the clock was put back");
        state.begin(at(9));
        if let Some(walk) = &mut state.under_way {
            walk.is_whole = false;
        }
        state.finish(HERE, at(9));
        assert_eq!(state.due_in(every, HERE, at(9)), Duration::ZERO, "something was missing");
        assert_eq!(state.listed, None, "no list of services was read to its end");
        state.begin(at(10));
        state.note_listed(RecordKind::Service, true);
        state.note_listed(RecordKind::Taxonomy, false);
        state.finish(HERE, at(11));
        assert_eq!(state.listed, Some(ListTimes { began_at: at(10), ended_at: at(11) }));
    }

    #[test]
    fn a_walk_is_gone_on_with_for_half_a_day_and_numbers_rise_whatever_happens() {
        let mut state = SyncState::default();
        assert!(!state.begin(at(1)));
        let first = state.walk;
        let mut again = SyncState::read(Some(&state.write()));
        assert_eq!(again, state);
        assert!(again.begin(at(12)) && again.walk == first);
        assert!(!again.begin(at(14)) && again.walk > first);
        again.finish(HERE, at(14));
        let before = again.walk;
        assert!(!again.begin(at(14)) && again.walk > before, "though the clock stands still");
        let mut forgotten = SyncState::read(Some(&[9, 9, 9]));
        assert!(!forgotten.begin(at(15)) && forgotten.walk > before);
    }
    #[test]
    fn a_walk_that_was_broken_off_may_have_changed_what_its_state_does_not_say() {
        let has_changed = |state: &SyncState| state.under_way.as_ref().is_some_and(|walk| walk.has_changed);
        let mut state = SyncState::default();
        state.begin(at(1));
        assert!(!has_changed(&state), "nothing was written yet");
        let mut again = SyncState::read(Some(&state.write()));
        assert!(again.begin(at(2)) && has_changed(&again), "gone on with");
        let mut anew = SyncState::read(Some(&state.write()));
        assert!(!anew.begin(at(14)) && has_changed(&anew), "given up");
        anew.finish(HERE, at(15));
        anew.begin(at(16));
        assert!(!has_changed(&anew));
    }

    #[test]
    fn a_kind_that_is_derived_from_now_on_is_collected_although_no_service_has_changed() {
        let has_changed = |state: &SyncState| state.under_way.as_ref().is_some_and(|walk| walk.has_changed);
        let mut state = SyncState::default();
        state.begin(at(1));
        state.note_derived(RecordKind::TaxonomyTerm, true);
        assert!(has_changed(&state) && state.is_derived(RecordKind::TaxonomyTerm));
        state.finish(HERE, at(2));
        state.begin(at(3));
        state.note_derived(RecordKind::TaxonomyTerm, true);
        assert!(!has_changed(&state), "it was before");
        state.note_derived(RecordKind::TaxonomyTerm, false);
        assert!(!state.is_derived(RecordKind::TaxonomyTerm));
    }
}
