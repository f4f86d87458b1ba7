//! What a synchroniser remembers of a source from one start to the next. It is written together with the records it
//! speaks of, so that it never says more than is kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::deletion_policy::{WalkHistory, WalkNumber};
use super::progress::SyncProgress;
use crate::model::RecordKind;
use crate::source::{SourceError, SourceErrorCode, WalkCourse};

/// What is remembered of a source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SyncState {
    /// The number of the walk under way, or of the last one. Numbers rise.
    pub walk: WalkNumber,
    /// How many walks have come to their end.
    pub rounds: u64,
    /// When the last of them did.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether nothing was missing from it.
    was_whole: bool,
    /// The last walk that read the list of services to its end.
    pub listed: Option<ListTimes>,
    /// The address that it went to.
    address: Box<str>,
    /// What was wrong with it.
    pub flaws: WalkFlaws,
    /// The walk under way, or broken off.
    pub under_way: Option<UnderWay>,
    /// What past walks came to, by kind.
    histories: BTreeMap<u8, WalkHistory>,
    /// The kinds whose records are taken from services, since the feed has no list of them.
    derived: Vec<u8>,
    /// What the last walk left out since a ceiling of the configuration was reached, in words, by kind.
    ceilings: ListReasons,
    /// The same of the walk under way.
    reached: ListReasons,
    /// That the feed says that it has more services than the last walk was shown.
    pub shortfall: Option<Box<str>>,
    /// Why the last walk did not read lists to their end, by kind.
    unread: ListReasons,
    /// The same of the walk under way.
    unread_so_far: ListReasons,
}

/// What lists came to, in words, by kind.
type ListReasons = BTreeMap<u8, Box<str>>;

/// What is wrong with a walk, although it came to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WalkFlaws {
    /// What of that which it saw is not believed.
    pub doubt: Option<Box<str>>,
    /// Services of which only their rows are known, since their own pages could not be had.
    pub without_page: u64,
}

/// When a walk began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListTimes {
    /// All services were looked at since then.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
}

/// A walk that has not come to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct UnderWay {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// What is to be done next.
    pub step: SyncStep,
    /// Whether nothing is missing from it so far.
    pub is_whole: bool,
    /// Whether the list of services was read to its end.
    pub has_listed: bool,
    /// Whether any service is another than before.
    pub has_changed: bool,
    /// What is wrong with it so far.
    pub flaws: WalkFlaws,
}

impl WalkFlaws {
    /// The same for those who ask how the source fares; none where nothing is wrong.
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

/// A step of a walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum SyncStep {
    /// Reading the list of a kind, by its place among all.
    List(u8, Option<Box<BrokenList>>),
    /// Reading services' own pages.
    Details,
    /// Taking records of kinds without a list from services.
    Derive,
}

/// A list that was broken off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BrokenList {
    /// How far it had come.
    pub course: WalkCourse,
    /// How many rows were no record.
    pub junk: u64,
    /// How many records were kept before.
    pub held: u64,
    /// Whether its rows carry all that own pages do.
    pub in_full: bool,
}

/// Rises whenever what is remembered is no longer to be read as before.
const FORMAT: u8 = 4;
/// Formats before, and how many members they lack at the end: with nothing in these they are of the format of today.
const FORMATS_BEFORE: [(u8, usize); 2] = [(3, 2), (2, 5)];
/// A walk that was broken off longer ago than this begins anew.
const STALE_AFTER: TimeDelta = TimeDelta::hours(12);

impl SyncState {
    /// What was remembered; nothing, where it cannot be read any more.
    pub(super) fn read(bytes: Option<&[u8]>) -> Self {
        let known = bytes.and_then(|bytes| bytes.split_first());
        let state = known.and_then(|(format, state)| {
            let lacks = FORMATS_BEFORE.iter().find(|(before, _)| before == format).map(|(_, lacks)| *lacks);
            let lacks = if *format == FORMAT { 0 } else { lacks? };
            postcard::from_bytes(&[state, &vec![0; lacks]].concat()).ok()
        });
        state.unwrap_or_default()
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        // Fails only for what has no length beforehand, and all of this has one.
        postcard::to_extend(self, vec![FORMAT]).unwrap_or_default()
    }

    /// What is wrong with the last walk although it came to its end. `None` if nothing is.
    pub(super) fn flaw(&self, at: DateTime<Utc>) -> Option<SourceError> {
        let flaws = self.flaws.error(at).map(|error| error.message);
        let all: Vec<String> =
            flaws.into_iter().chain(self.shortfall.as_deref().map(str::to_owned)).collect();
        (!all.is_empty()).then(|| flaw(all.join("; "), at))
    }

    /// The walk to go on with: the one that was broken off, or a new one. Says whether it is the former.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) -> bool {
        if let Some(walk) = self.under_way.as_mut().filter(|walk| now - walk.began_at < STALE_AFTER) {
            // What was written last before it was broken off came after this was noted.
            walk.has_changed = true;
            return true;
        }
        // Above any number there was, though it should have been forgotten.
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

    /// Notes that the walk has come to its end.
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

    /// How long after `now` the next walk to an address is due, where one is to begin every so often: at once, unless
    /// the last one went there, was whole and is not that long ago.
    pub(super) fn due_in(&self, every: Duration, address: &str, now: DateTime<Utc>) -> Duration {
        let rests = self.was_whole && self.under_way.is_none() && *self.address == *address;
        let Some(finished_at) = self.finished_at.filter(|_| rests) else { return Duration::ZERO };
        // A clock that was put back says nothing of how long ago that was.
        let ago = (now - finished_at).to_std().unwrap_or(every);
        every.saturating_sub(ago)
    }

    /// Notes that a list reached a configured limit in the walk under way.
    pub(super) fn note_ceiling(&mut self, kind: RecordKind, reason: &str) {
        self.reached.entry(place(kind)).or_insert_with(|| reason.into());
    }

    /// What the last walk left out since a ceiling was reached, if one was.
    pub(super) fn ceiling(&self, at: DateTime<Utc>) -> Option<SourceError> {
        let message = self.ceilings.values().next()?.to_string();
        let code = SourceErrorCode::TooLarge;
        Some(SourceError { code, message, http_status: None, at, retry_after: None })
    }

    /// Notes that a list was not read to its end in the walk under way.
    pub(super) fn note_unread(&mut self, kind: RecordKind, reason: &str) {
        self.unread_so_far.entry(place(kind)).or_insert_with(|| reason.into());
    }

    /// Says in `progress` what is missing from what the last walk saw.
    pub(super) fn show_gaps(&self, progress: &mut SyncProgress, at: DateTime<Utc>) {
        progress.without_page = self.flaws.without_page;
        progress.falls_short = self.shortfall.is_some();
        progress.is_cut = self.ceiling(at).is_some();
        progress.unread = Arc::new(self.gaps(at));
    }

    /// Why not all records of a kind are kept, by kind: its list was not read to its end, or, if its records are taken from
    /// other lists, not all of these were.
    fn gaps(&self, at: DateTime<Utc>) -> BTreeMap<RecordKind, SourceError> {
        let unread = self.unread.iter().map(|(kind, reason)| (*kind, flaw(reason.to_string(), at)));
        let of_services = self.flaw(at).filter(|_| self.flaws.without_page > 0 || self.shortfall.is_some());
        let of_others = of_services.or_else(|| Some(unread.clone().next()?.1));
        let derived = self.derived.iter().filter_map(|kind| Some((*kind, of_others.clone()?)));
        derived.chain(unread).filter_map(|(kind, error)| Some((kind_at(kind)?, error))).collect()
    }

    /// Notes that a service is another than before.
    pub(super) fn note_changed(&mut self) {
        if let Some(walk) = &mut self.under_way {
            walk.has_changed = true;
        }
    }

    /// Notes that nothing but its row is to be had of a service.
    pub(super) fn note_without_page(&mut self) {
        if let Some(walk) = &mut self.under_way {
            walk.flaws.without_page += 1;
        }
    }

    /// Notes whether the walk under way has looked at all records of a kind; only services matter.
    pub(super) fn note_listed(&mut self, kind: RecordKind, has_listed: bool) {
        if let Some(walk) = self.under_way.as_mut().filter(|_| kind == RecordKind::Service) {
            walk.has_listed = has_listed;
        }
    }

    pub(super) fn history(&mut self, kind: RecordKind) -> &mut WalkHistory {
        self.histories.entry(place(kind)).or_default()
    }

    /// Whether records of a kind are taken from services.
    pub(super) fn is_derived(&self, kind: RecordKind) -> bool {
        self.derived.contains(&place(kind))
    }

    /// Notes whether records of a kind are taken from services.
    pub(super) fn note_derived(&mut self, kind: RecordKind, is_derived: bool) {
        self.derived.retain(|known| *known != place(kind));
        if is_derived {
            self.derived.push(place(kind));
        }
    }
}

/// The place of a kind in the order that lists are read in.
pub(super) fn place(kind: RecordKind) -> u8 {
    let place = RecordKind::ALL.iter().position(|one| *one == kind).unwrap_or(0);
    u8::try_from(place).unwrap_or(0)
}

/// The kind at a place; none past the last.
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
}
