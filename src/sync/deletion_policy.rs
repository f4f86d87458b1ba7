//! Decides when a record that is no longer listed counts as deleted. Pure: takes what walks saw, and returns a verdict.
//!
//! Feeds fail in ways that look like deletions: pages are missing, lists end early, a third of the records is left
//! after a restart, rows cannot be read. So there must be evidence for a deletion:
//!
//! - A walk says nothing about records that it did not see if it did not read every page, if records moved between
//!   pages while it read them, or if most of its rows were not records.
//! - A walk is *sound* if it reached the end and saw about as many records as the last one. The records that it did not
//!   see are deleted if the feed's own count agrees with what was read and no more than three in ten are missing.
//!   Otherwise only those are deleted that the sound walk before did not see either.
//! - A walk is *odd* if it reached the end, but saw fewer than seven in ten of the records of the last sound walk, or
//!   the feed claims records that it does not show, or more rows than usual are not records. It is accepted after three
//!   odd walks in a row with the same result, the last at least six hours after the first: outages last hours, however
//!   often we look. Then the records that none of the three saw are deleted, and what was odd becomes usual.
//! - Far fewer records *and* a claim of more contradict each other. Such a walk says nothing, however often it is
//!   repeated.
//!
//! A record whose id changed counts as a new record and a missing one.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The number of a walk. The first is 1, and numbers rise.
pub(crate) type WalkNumber = u64;

/// What a walk of a list saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeenByWalk {
    /// The number of the walk.
    pub walk: WalkNumber,
    /// Whether every page was read, and no records moved between pages.
    pub to_the_end: bool,
    /// Whether the walk was interrupted and resumed. Records may have moved in between.
    pub resumed: bool,
    /// The number of different records.
    pub records: u64,
    /// The number of rows that are records, including repeated ones.
    pub rows: u64,
    /// The number of rows that have content, but are not records that can be identified.
    pub junk: u64,
    /// The number of records that the feed claims to have. `None` if it makes no claim.
    pub claimed: Option<u64>,
}

/// The stored records of a list, compared with a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldAgainstWalk {
    /// The number of records stored before the walk.
    pub before: u64,
    /// The number of those that the walk did not see.
    pub missing: u64,
}

/// What happens to records that were not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletionVerdict {
    /// They are kept.
    Inconclusive(DeletionDoubt),
    /// Those not seen since before this walk are deleted.
    DeletedIfUnseenSince(WalkNumber),
}

/// Why missing records are not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionDoubt {
    /// Pages are missing, or records moved between pages.
    Unread,
    /// There is no earlier sound walk to compare with.
    OnlyOne,
    /// There are far fewer records than before, although the feed claims more.
    Contradiction,
    /// There are far fewer records than before, in this many walks in a row.
    FarFewer(u32),
    /// There are fewer records than the feed claims, in this many walks in a row.
    FewerThanClaimed(u32),
    /// There are more rows than usual that are not records, in this many walks in a row.
    Junk(u32),
}

impl DeletionDoubt {
    /// Returns whether there may be records that the walk could not see, although the feed responded.
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

/// The results of earlier walks of a list, as far as they matter for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WalkHistory {
    sound: Option<Sound>,
    odd: Option<Odd>,
    usual: Blemish,
    poorer: Option<Poorer>,
}

/// Consecutive walks in which very many records had lost content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Poorer {
    since: DateTime<Utc>,
    walks: u32,
}

/// The last walk that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sound {
    walk: WalkNumber,
    records: u64,
}

/// Consecutive odd walks with the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Odd {
    first_walk: WalkNumber,
    since: DateTime<Utc>,
    walks: u32,
    records: u64,
    blemish: Blemish,
}

/// What may be wrong with a list although it was read to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Blemish {
    /// The number of records that are claimed but not shown.
    shortfall: u64,
    /// The number of rows that are not records.
    junk: u64,
}

/// An odd result is accepted after this many walks in a row,
const WALKS_TO_BELIEVE: u32 = 3;
/// if the last came at least this long after the first.
const TIME_TO_BELIEVE: TimeDelta = TimeDelta::hours(6);
/// Counts within this percentage of each other are considered the same.
const SAME_WITHIN: u64 = 5;
/// A loss of fewer records than this never counts as far fewer, unless nothing is left.
const FEW: u64 = 3;

impl WalkHistory {
    /// Judges a walk, and remembers its result.
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

    /// Notes how many records had lost content in a walk. Their stored content was kept.
    pub(crate) fn note_poorer(&mut self, records: u64, now: DateTime<Utc>) {
        let before = self.poorer.filter(|_| records > 0);
        self.poorer = (records > 0).then(|| match before {
            Some(before) => Poorer { walks: before.walks.saturating_add(1), ..before },
            None => Poorer { since: now, walks: 1 },
        });
    }

    /// Returns whether records with lost content are accepted now. The current walk counts as one more that saw them.
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

    /// Returns whether the feed's own count confirms that there is no more than was read.
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

/// Returns whether `part` is more than three tenths of `of`, and not just a few. All of them always count as many.
pub(super) fn is_many(part: u64, of: u64) -> bool {
    part > 0 && (part >= FEW || part == of) && part * 10 > of * 3
}

fn is_same(one: u64, other: u64) -> bool {
    one.abs_diff(other) <= one.max(other) * SAME_WITHIN / 100 + 1
}

#[cfg(test)]
mod tests;
