//! The memory that reading responses may take, for all sources together.
//!
//! Every response reserves a [`MemoryShare`] before it is read, and releases it once its records have been handed on.
//! How much a response needs is estimated in one pass over its bytes ([`MemoryEstimate`]).
//!
//! There can be no deadlock. A share never grows. The memory is divided into lanes, and a holder of a share only waits
//! for lanes further down this list:
//!
//! 1. `medium` and `bodies`, for responses that are still arriving;
//! 2. `ordinary` and `large`, for pages of lists, from when they are read until they are handed on;
//! 3. `singles`, for what is inspected and not stored: its holders wait for nothing.
//!
//! A page that was requested ahead of its turn never holds up the one before it. `bodies` and `large` are only for
//! pages whose turn it is. Such pages can always be handed on, and they may use every lane.
//!
//! Sources share fairly: waiting is first come, first served, a walk waits for one page at a time, and pages of
//! ordinary size do not queue behind large ones.

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

/// The memory that reading may take, for all sources together.
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

/// The memory that reading one source may take.
#[derive(Debug)]
pub(super) struct MemoryAccount {
    lanes: Arc<Lanes>,
    /// How much pages read ahead of their turn may take for this source. It is less than a lane.
    ahead: MemoryLane,
}

/// A response needs more memory to be read than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMuch {
    /// The memory needed, in bytes.
    pub needs: usize,
}

/// Why a response is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemoryRefusal {
    /// It needs more memory than there is.
    TooMuch(TooMuch),
    /// Memory did not become free in time.
    NoneInTime,
}

/// Responses up to this size, in bytes, need no share while they arrive. Most are smaller.
const LIGHT: usize = 256 << 10;
/// Responses up to this size, in bytes, may arrive ahead of their turn, and are kept if they may be needed again.
pub(super) const MEDIUM: usize = 1 << 20;
/// Reading a response that needs no more than this, in bytes, takes no share.
const NEGLIGIBLE: usize = 512 << 10;
/// How long a detail page waits for memory.
const RECORD_WAITS: Duration = Duration::from_secs(20);

impl Default for ReadingMemory {
    fn default() -> Self {
        Self::of(crate::config::ReadingSettings::default().max_memory)
    }
}

impl ReadingMemory {
    /// Divides `most` bytes into lanes.
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

    /// Opens the account of one source.
    pub(super) fn account(&self) -> MemoryAccount {
        let lanes = Arc::clone(&self.0);
        MemoryAccount { ahead: MemoryLane::of(lanes.ordinary.size() / 2), lanes }
    }
}

/// The memory reserved for a response while it arrives.
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
    /// Returns how much of a response of `claimed` bytes may arrive without waiting.
    pub(super) fn room_for(&self, claimed: usize) -> usize {
        claimed.min(self.may_have)
    }

    /// Returns the reserved shares.
    pub(super) fn into_shares(self) -> Vec<MemoryShare> {
        self.shares
    }
}

impl MemoryAccount {
    /// Returns the most memory that one response may take, in bytes.
    pub(super) fn most(&self) -> usize {
        self.lanes.most
    }

    /// Waits until the body may grow to `length` bytes. `claimed` is its length according to the headers, and `cap` the
    /// most it may have.
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
            // A body of unknown length grows in two steps, because most are short.
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

    /// Waits until a response may be read. Returns `None` if it needs too little memory to count.
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
    /// Describes the refusal in words that are safe to show.
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
