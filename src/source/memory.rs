//! The memory that reading takes, of all sources together.
//!
//! Every answer takes its [`MemoryShare`] before it is read, and gives it back once what was read of it has been handed on.
//! What an answer takes is estimated from its bytes, in one pass over them ([`MemoryEstimate`]).
//!
//! Nobody can wait for ever. A share never grows. The memory is cut into lanes, and whoever holds a share waits only for
//! lanes further down the list:
//!
//! 1. `medium` and `bodies`, for answers that are still arriving;
//! 2. `ordinary` and `large`, for pages of lists, from when they are read until they are handed on;
//! 3. `singles`, for what is looked at and not kept: its holders wait for nothing.
//!
//! A page that was asked for ahead of its turn never holds up the one before it: `bodies` and `large` are only for
//! pages whose turn it is, which can always be handed on, and these may use every lane.
//!
//! Sources share fairly: nobody who waits is overtaken, a walk waits for one page at a time, and pages of ordinary size
//! do not queue behind large ones.

mod estimate;
mod lane;
mod place;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

pub(super) use estimate::{MOST_IN_VALUES, MemoryEstimate, OBJECT, VALUE};
pub(crate) use lane::MemoryShare;
pub(crate) use place::{PageTurns, ReadingPlace};

use lane::MemoryLane;

/// The memory that reading takes, of all sources together.
#[derive(Clone, Debug)]
pub(super) struct ReadingMemory(Arc<Lanes>);

#[derive(Debug)]
struct Lanes {
    most: usize,
    medium: MemoryLane,
    bodies: MemoryLane,
    ordinary: MemoryLane,
    large: MemoryLane,
    singles: MemoryLane,
}

/// The memory that reading one source takes, out of that of all.
#[derive(Debug)]
pub(super) struct MemoryAccount {
    lanes: Arc<Lanes>,
    /// What pages of this source may take that are read ahead of their turn: never all of a lane.
    ahead: MemoryLane,
}

/// An answer that takes more memory to read than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMuch {
    /// How much it takes, in bytes.
    pub needs: usize,
}

/// Why an answer is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemoryRefusal {
    /// It takes more memory than there is.
    TooMuch(TooMuch),
    /// There was no memory for it in time.
    NoneInTime,
}

/// Answers up to this size arrive without a share: nearly all do.
const LIGHT: usize = 256 << 10;
/// Answers up to this size may arrive ahead of their turn, and are kept where they may be wanted once more.
pub(super) const MEDIUM: usize = 1 << 20;
/// Reading an answer that takes no more than this needs no share.
const NEGLIGIBLE: usize = 512 << 10;
/// How long a record's own page waits for memory.
const RECORD_WAITS: Duration = Duration::from_secs(20);

impl Default for ReadingMemory {
    fn default() -> Self {
        Self::of(crate::config::ReadingSettings::default().max_memory)
    }
}

impl ReadingMemory {
    /// So many bytes.
    pub(super) fn of(most: usize) -> Self {
        let part = |sixteenths: usize| MemoryLane::of(most / 16 * sixteenths);
        Self(Arc::new(Lanes {
            most,
            medium: part(1),
            bodies: part(4),
            ordinary: part(4),
            large: part(5),
            singles: part(2),
        }))
    }

    /// The account of one source.
    pub(super) fn account(&self) -> MemoryAccount {
        let lanes = Arc::clone(&self.0);
        MemoryAccount { ahead: MemoryLane::of(lanes.ordinary.size() / 2), lanes }
    }
}

/// What an answer may grow to while it arrives.
#[derive(Debug)]
pub(super) struct ArrivingBody {
    may_have: usize,
    shares: Vec<MemoryShare>,
}

impl Default for ArrivingBody {
    fn default() -> Self {
        Self { may_have: LIGHT, shares: Vec::new() }
    }
}

impl ArrivingBody {
    /// How much of an answer of `claimed` bytes may arrive.
    pub(super) fn room_for(&self, claimed: usize) -> usize {
        claimed.min(self.may_have)
    }

    /// The memory it takes.
    pub(super) fn into_shares(self) -> Vec<MemoryShare> {
        self.shares
    }
}

impl MemoryAccount {
    /// The most that one answer may take, in bytes.
    pub(super) fn most(&self) -> usize {
        self.lanes.most
    }

    /// Waits until an answer may grow to `length` bytes. It is known to be of `claimed` bytes, or of `cap` at most.
    pub(super) async fn let_arrive(
        &self,
        arriving: &mut ArrivingBody,
        length: usize,
        claimed: Option<usize>,
        cap: usize,
        place: &ReadingPlace,
    ) -> Result<(), MemoryRefusal> {
        while length > arriving.may_have {
            let whole = claimed.filter(|claimed| *claimed >= length).unwrap_or(cap);
            if whole > self.lanes.most {
                return Err(MemoryRefusal::TooMuch(TooMuch { needs: whole }));
            }
            // An answer of unknown length is let grow in two steps, for most are not that long.
            let next = if length <= MEDIUM { whole.min(MEDIUM) } else { whole };
            let share = self.share_to_arrive(next, claimed.unwrap_or(next), place);
            arriving.shares.push(place.in_time(share).await?);
            arriving.may_have = next;
        }
        Ok(())
    }

    async fn share_to_arrive(&self, next: usize, whole: usize, place: &ReadingPlace) -> MemoryShare {
        let Lanes { medium, bodies, .. } = &*self.lanes;
        if next > MEDIUM || whole > MEDIUM {
            place.turn().await;
            return bodies.take(next).await;
        }
        if let Some(share) = medium.try_take(next) {
            return share;
        }
        place.turn().await;
        tokio::select! {
            biased;
            share = medium.take(next) => share,
            share = bodies.take(next) => share,
        }
    }

    /// Waits until an answer may be read. Returns no share for one that takes next to nothing.
    pub(super) async fn let_read(
        &self,
        estimate: MemoryEstimate,
        place: &ReadingPlace,
    ) -> Result<Option<MemoryShare>, MemoryRefusal> {
        let needs = estimate.most();
        if needs <= NEGLIGIBLE {
            return Ok(None);
        }
        if needs > self.most_for(place) {
            return Err(MemoryRefusal::TooMuch(TooMuch { needs }));
        }
        place.in_time(self.share_to_read(needs, place)).await.map(Some)
    }

    fn most_for(&self, place: &ReadingPlace) -> usize {
        if place.is_record() { self.lanes.singles.size() } else { self.lanes.most }
    }

    async fn share_to_read(&self, needs: usize, place: &ReadingPlace) -> MemoryShare {
        let Lanes { ordinary, large, singles, .. } = &*self.lanes;
        if !place.is_page() {
            let lane = if needs <= singles.size() { singles } else { large };
            return lane.take(needs).await;
        }
        if let Some(share) = self.try_ahead(needs) {
            return share;
        }
        place.turn().await;
        if needs > ordinary.size() {
            return large.take(needs).await;
        }
        tokio::select! {
            biased;
            share = ordinary.take(needs) => share,
            share = large.take(needs) => share,
        }
    }

    fn try_ahead(&self, needs: usize) -> Option<MemoryShare> {
        let own = self.ahead.try_take(needs)?;
        Some(self.lanes.ordinary.try_take(needs)?.with(own))
    }
}

impl MemoryRefusal {
    /// Says so in words that are safe to show.
    pub(super) fn message(self, most: usize) -> String {
        let size = |bytes: usize| bytesize::ByteSize::b(bytes as u64);
        match self {
            Self::TooMuch(TooMuch { needs }) => format!(
                "reading an answer takes about {}, and all reading together may take {} (`max_memory`); ask for \
                 smaller pages with `page_size`",
                size(needs),
                size(most)
            ),
            Self::NoneInTime => format!(
                "there was no memory to read an answer in time: other answers took the {} that reading may take \
                 (`max_memory`)",
                size(most)
            ),
        }
    }
}
