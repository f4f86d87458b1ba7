//! When a record that is no longer listed counts as deleted. Pure: what walks saw goes in, a verdict comes out.
//!
//! Feeds fail in ways that look like deletions: pages are missing, lists end early, a third of the records is left
//! after a restart, rows cannot be read. So absence has to be vouched for:
//!
//! - A walk that did not read every page, whose records moved while they were read, or most of whose rows were no
//!   records, says nothing of what it did not see.
//! - A walk to the end that saw about as many records as the last one is *sound*. What it did not see is deleted where
//!   the feed's own count agrees with what was read and no more than three in ten are missing; otherwise what neither
//!   it nor the sound walk before it saw.
//! - A walk to the end is *odd* where it saw fewer than seven in ten of what the last sound one saw, where the feed
//!   claims records that it does not show, or where rows are no records at all, more of them than usual. It is believed
//!   once three odd walks in a row came to the same, the last at least six hours after the first: outages last hours,
//!   however often we look. Then what none of them saw is deleted, and what was odd about them is usual.
//! - Far fewer records *and* a claim of more contradict each other: such a walk says nothing, however often.
//!
//! A record whose id changed is a new record and a missing one.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The number of a walk of one list: the first is 1.
pub(crate) type WalkNumber = u64;

/// What a walk came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeenByWalk {
    /// Its number.
    pub walk: WalkNumber,
    /// Whether every page was read, and the records stood still.
    pub to_the_end: bool,
    /// Whether it was broken off and gone on with, so that records may have moved in between.
    pub resumed: bool,
    /// Records, each counted once.
    pub records: u64,
    /// Rows that are a record, those that repeat one included.
    pub rows: u64,
    /// Rows that are something, but no record that can be told from others.
    pub junk: u64,
    /// How many records the feed says it has, if it says so.
    pub claimed: Option<u64>,
}

/// What is kept of a list, held against a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldAgainstWalk {
    /// Records kept before the walk.
    pub before: u64,
    /// Those of them that it did not see.
    pub missing: u64,
}

/// What follows for records that were not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletionVerdict {
    /// Nothing.
    Inconclusive(DeletionDoubt),
    /// Those that were last seen before this walk are deleted.
    DeletedIfUnseenSince(WalkNumber),
}

/// Why nothing follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionDoubt {
    /// Pages are missing, or records moved.
    Unread,
    /// There is no sound walk to hold it against.
    OnlyOne,
    /// Far fewer records than before, and a claim of more.
    Contradiction,
    /// Far fewer records than before; so many walks in a row have said so.
    FarFewer(u32),
    /// Fewer records than claimed; so many walks in a row have said so.
    FewerThanClaimed(u32),
    /// More rows than usual that are no record; so many walks in a row have said so.
    Junk(u32),
}

impl DeletionDoubt {
    /// Whether there may be records that the walk had no chance to see, although the feed answered.
    pub fn is_of_gaps(self) -> bool {
        match self {
            Self::Unread | Self::Contradiction | Self::FarFewer(_) | Self::FewerThanClaimed(_) => true,
            Self::OnlyOne | Self::Junk(_) => false,
        }
    }
}

impl fmt::Display for DeletionDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread => f.write_str("not every page could be read, or records moved during reading"),
            Self::OnlyOne => f.write_str("only one walk has missed them"),
            Self::Contradiction => {
                f.write_str("far fewer records than before, although the feed claims more")
            }
            Self::FarFewer(walks) => write!(f, "far fewer records than before, in {walks} walks so far"),
            Self::FewerThanClaimed(walks) => {
                write!(f, "fewer records than the feed claims to have, in {walks} walks so far")
            }
            Self::Junk(walks) => {
                write!(f, "more rows than usual without a record, in {walks} walks so far")
            }
        }
    }
}

/// What the walks of a list so far came to, as far as it matters for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WalkHistory {
    sound: Option<Sound>,
    odd: Option<Odd>,
    usual: Blemish,
    poorer: Option<Poorer>,
}

/// Walks in a row in which very many records said less than they did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Poorer {
    since: DateTime<Utc>,
    walks: u32,
}

/// The last walk that was believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sound {
    walk: WalkNumber,
    records: u64,
}

/// Odd walks in a row that came to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Odd {
    first_walk: WalkNumber,
    since: DateTime<Utc>,
    walks: u32,
    records: u64,
    blemish: Blemish,
}

/// What may be wrong with a list even where it was read to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Blemish {
    /// Records claimed and not shown.
    shortfall: u64,
    /// Rows that are no record.
    junk: u64,
}

/// So many odd walks in a row are believed,
const WALKS_TO_BELIEVE: u32 = 3;
/// where the last comes this long after the first.
const TIME_TO_BELIEVE: TimeDelta = TimeDelta::hours(6);
/// Numbers of records within this share of each other, in hundredths, are the same.
const SAME_WITHIN: u64 = 5;
/// No loss of fewer records than these is far fewer or many, unless nothing is left.
const FEW: u64 = 3;

impl WalkHistory {
    /// Judges a walk, and remembers it.
    pub(crate) fn judge(
        &mut self,
        seen: &SeenByWalk,
        held: HeldAgainstWalk,
        now: DateTime<Utc>,
    ) -> DeletionVerdict {
        if !seen.to_the_end || seen.junk > seen.rows {
            return DeletionVerdict::Inconclusive(DeletionDoubt::Unread);
        }
        let (blemish, far_fewer) = (seen.blemish(), self.is_far_fewer(seen, held));
        if far_fewer && blemish.shortfall > 0 {
            return DeletionVerdict::Inconclusive(DeletionDoubt::Contradiction);
        }
        if far_fewer || blemish.exceeds(self.usual) {
            return self.doubt(seen, blemish, far_fewer, now);
        }
        self.odd = None;
        self.usual = self.usual.at_most(blemish);
        let before = self.sound.replace(Sound { walk: seen.walk, records: seen.records });
        if seen.is_vouched_for() && !is_many(held.missing, held.before) {
            return DeletionVerdict::DeletedIfUnseenSince(seen.walk);
        }
        // A walk that is broken off after it was judged is judged again once it is gone on with: still only one walk.
        match before.filter(|before| before.walk != seen.walk) {
            Some(before) => DeletionVerdict::DeletedIfUnseenSince(before.walk),
            None => DeletionVerdict::Inconclusive(DeletionDoubt::OnlyOne),
        }
    }

    /// Notes that so many records say less than they did, and were kept as they were.
    pub(crate) fn note_poorer(&mut self, records: u64, now: DateTime<Utc>) {
        let before = self.poorer.filter(|_| records > 0);
        self.poorer = (records > 0).then(|| match before {
            Some(before) => Poorer { walks: before.walks.saturating_add(1), ..before },
            None => Poorer { since: now, walks: 1 },
        });
    }

    /// Whether records that say less are to be believed by now: the walk that asks is one more that met them.
    pub(crate) fn believes_poorer(&self, now: DateTime<Utc>) -> bool {
        self.poorer.is_some_and(|poorer| {
            poorer.walks + 1 >= WALKS_TO_BELIEVE && now - poorer.since >= TIME_TO_BELIEVE
        })
    }

    fn is_far_fewer(&self, seen: &SeenByWalk, held: HeldAgainstWalk) -> bool {
        let before = self.sound.map_or(held.before, |sound| sound.records);
        is_many(before.saturating_sub(seen.records), before)
    }

    fn doubt(
        &mut self,
        seen: &SeenByWalk,
        blemish: Blemish,
        far_fewer: bool,
        now: DateTime<Utc>,
    ) -> DeletionVerdict {
        let same = self.odd.filter(|odd| odd.blemish == blemish && is_same(odd.records, seen.records));
        let odd = match same {
            Some(odd) if odd.first_walk == seen.walk => odd,
            Some(odd) => Odd { walks: odd.walks.saturating_add(1), ..odd },
            None => Odd { first_walk: seen.walk, since: now, walks: 1, records: seen.records, blemish },
        };
        if odd.walks >= WALKS_TO_BELIEVE && now - odd.since >= TIME_TO_BELIEVE {
            *self = Self {
                sound: Some(Sound { walk: seen.walk, records: seen.records }),
                odd: None,
                usual: blemish,
                poorer: self.poorer,
            };
            return DeletionVerdict::DeletedIfUnseenSince(odd.first_walk);
        }
        self.odd = Some(odd);
        DeletionVerdict::Inconclusive(match far_fewer {
            true => DeletionDoubt::FarFewer(odd.walks),
            false if blemish.shortfall > self.usual.shortfall => DeletionDoubt::FewerThanClaimed(odd.walks),
            false => DeletionDoubt::Junk(odd.walks),
        })
    }
}

impl SeenByWalk {
    fn agrees(&self) -> bool {
        self.claimed.is_some_and(|claimed| claimed == self.records || claimed == self.rows)
    }

    /// Whether the feed's own count vouches for there being no more than was read.
    fn is_vouched_for(&self) -> bool {
        self.agrees() && self.junk == 0 && !self.resumed
    }

    fn blemish(&self) -> Blemish {
        let shown = (self.rows + self.junk).max(self.records);
        let claimed = self.claimed.filter(|_| !self.agrees()).unwrap_or(0);
        Blemish { shortfall: claimed.saturating_sub(shown), junk: self.junk }
    }
}

impl Blemish {
    fn exceeds(self, usual: Self) -> bool {
        self.shortfall > usual.shortfall || self.junk > usual.junk
    }

    fn at_most(self, other: Self) -> Self {
        Self { shortfall: self.shortfall.min(other.shortfall), junk: self.junk.min(other.junk) }
    }
}

/// Whether so many of a number are more than three in ten, and not just a few; all of them are many, however few.
pub(super) fn is_many(part: u64, of: u64) -> bool {
    part > 0 && (part >= FEW || part == of) && part * 10 > of * 3
}

fn is_same(one: u64, other: u64) -> bool {
    one.abs_diff(other) <= one.max(other) * SAME_WITHIN / 100 + 1
}

#[cfg(test)]
mod tests;
