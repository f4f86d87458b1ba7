//! What a synchroniser remembers of a source from one start to the next. It is written together with the records it
//! speaks of, so that it never says more than is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::plan::{History, WalkNumber};
use crate::model::RecordKind;
use crate::source::Course;

/// What is remembered of a source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// The number of the walk under way, or of the last one. Numbers rise.
    pub walk: WalkNumber,
    /// How many walks have come to their end.
    pub rounds: u64,
    /// When the last of them did.
    pub finished_at: Option<DateTime<Utc>>,
    /// The walk under way, or broken off.
    pub under_way: Option<UnderWay>,
    /// What past walks came to, by kind.
    histories: BTreeMap<u8, History>,
    /// The kinds whose records are taken from services, since the feed has no list of them.
    derived: Vec<u8>,
}

/// A walk that has not come to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct UnderWay {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// What is to be done next.
    pub step: Step,
    /// Whether every list so far was read to its end.
    pub is_whole: bool,
    /// Whether any service is another than before.
    pub has_changed: bool,
}

/// A step of a walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Step {
    /// Reading the list of a kind, by its place among all.
    List(u8, Option<Box<Broken>>),
    /// Reading services' own pages.
    Details,
    /// Taking records of kinds without a list from services.
    Derive,
}

/// A list that was broken off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Broken {
    /// How far it had come.
    pub course: Course,
    /// How many rows were no record.
    pub junk: u64,
    /// How many records were kept before.
    pub held: u64,
    /// Whether its rows carry all that own pages do.
    pub in_full: bool,
}

/// Rises whenever what is remembered is no longer to be read as before.
const FORMAT: u8 = 1;
/// A walk that was broken off longer ago than this begins anew.
const STALE_AFTER: TimeDelta = TimeDelta::hours(12);

impl State {
    /// What was remembered; nothing, where it cannot be read any more.
    pub(super) fn read(bytes: Option<&[u8]>) -> Self {
        let known = bytes.and_then(|bytes| bytes.split_first()).filter(|(format, _)| **format == FORMAT);
        known.and_then(|(_, state)| postcard::from_bytes(state).ok()).unwrap_or_default()
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        // Fails only for what has no length beforehand, and all of this has one.
        postcard::to_extend(self, vec![FORMAT]).unwrap_or_default()
    }

    /// The walk to go on with: the one that was broken off, or a new one. Says whether it is the former.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) -> bool {
        if self.under_way.as_ref().is_some_and(|walk| now - walk.began_at < STALE_AFTER) {
            return true;
        }
        // Above any number there was, though it should have been forgotten.
        let by_time = u64::try_from(now.timestamp()).unwrap_or(0);
        self.walk = by_time.max(self.walk + 1);
        let step = Step::List(0, None);
        self.under_way = Some(UnderWay { began_at: now, step, is_whole: true, has_changed: false });
        false
    }

    /// Notes that the walk has come to its end.
    pub(super) fn finish(&mut self, now: DateTime<Utc>) {
        self.under_way = None;
        self.rounds += 1;
        self.finished_at = Some(now);
    }

    pub(super) fn history(&mut self, kind: RecordKind) -> &mut History {
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

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn a_walk_is_gone_on_with_for_half_a_day_and_numbers_rise_whatever_happens() {
        let mut state = State::default();
        assert!(!state.begin(at(1)));
        let first = state.walk;
        let mut again = State::read(Some(&state.write()));
        assert_eq!(again, state);
        assert!(again.begin(at(12)) && again.walk == first);
        assert!(!again.begin(at(14)) && again.walk > first);
        again.finish(at(14));
        let before = again.walk;
        assert!(!again.begin(at(14)) && again.walk > before, "though the clock stands still");
        let mut forgotten = State::read(Some(&[9, 9, 9]));
        assert!(!forgotten.begin(at(15)) && forgotten.walk > before);
    }
}
