//! What a response is read for, which decides how much memory it may take and how long it may wait.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::lane::MemoryShare;
use super::{MemoryRefusal, RECORD_WAITS};

/// The purpose of a response. Holds the shares of a page until it is dropped, or the shares are taken.
#[derive(Debug)]
pub(crate) struct ReadingPlace {
    wanted: WantedPlace,
    shares: Mutex<Vec<MemoryShare>>,
}

#[derive(Debug)]
enum WantedPlace {
    /// A page of a list, to be handed on next.
    Next,
    /// A page of a list, requested before earlier pages have been handed on.
    Ahead { number: u64, next: watch::Receiver<u64> },
    /// Something that is inspected and not stored, and may be as large as a page.
    Passing,
    /// A detail page or a root document.
    Record,
}

/// Whose turn it is among the pages of a list.
#[derive(Debug)]
pub(crate) struct PageTurns(watch::Sender<u64>);

impl PageTurns {
    /// Starts at the page of this number.
    pub(crate) fn from(number: u64) -> Self {
        Self(watch::Sender::new(number))
    }

    /// Returns the place of a page that may be requested ahead of its turn.
    pub(crate) fn place(&self, number: u64) -> ReadingPlace {
        ReadingPlace::of(WantedPlace::Ahead { number, next: self.0.subscribe() })
    }

    /// Gives the turn to this page: all earlier ones have been handed on.
    pub(crate) fn next(&self, number: u64) {
        self.0.send_replace(number);
    }
}

impl ReadingPlace {
    fn of(wanted: WantedPlace) -> Self {
        Self { wanted, shares: Mutex::default() }
    }

    /// A page of a list whose predecessors have all been handed on.
    pub(crate) fn next() -> Self {
        Self::of(WantedPlace::Next)
    }

    /// Something that is inspected and not stored.
    pub(crate) fn passing() -> Self {
        Self::of(WantedPlace::Passing)
    }

    /// A detail page or a root document.
    pub(crate) fn record() -> Self {
        Self::of(WantedPlace::Record)
    }

    pub(super) fn is_record(&self) -> bool {
        matches!(self.wanted, WantedPlace::Record)
    }

    /// Returns whether this is a page of a list. Its records stay in memory until they are handed on.
    pub(in crate::source) fn is_page(&self) -> bool {
        matches!(self.wanted, WantedPlace::Next | WantedPlace::Ahead { .. })
    }

    /// Waits until it is the page's turn.
    pub(super) async fn turn(&self) {
        if let WantedPlace::Ahead { number, next } = &self.wanted {
            // Fails only if the walk has ended, and then nobody waits for the page.
            let _ = next.clone().wait_for(|next| next >= number).await;
        }
    }

    /// Waits for a share. Detail pages wait only for a limited time: they are read while the first page of a list is
    /// held, so waiting for pages to be handed on could last forever.
    pub(super) async fn in_time(
        &self,
        share: impl Future<Output = MemoryShare>,
    ) -> Result<MemoryShare, MemoryRefusal> {
        if !self.is_record() {
            return Ok(share.await);
        }
        tokio::time::timeout(RECORD_WAITS, share).await.map_err(|_| MemoryRefusal::NoneInTime)
    }

    /// Holds a share for as long as this place exists.
    pub(in crate::source) fn keep(&self, share: MemoryShare) {
        self.shares.lock().unwrap_or_else(PoisonError::into_inner).push(share);
    }

    /// Takes the shares, so that the page can hold them.
    pub(in crate::source) fn take_shares(&self) -> Vec<MemoryShare> {
        std::mem::take(&mut *self.shares.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
