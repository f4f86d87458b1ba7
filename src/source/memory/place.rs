//! What an answer is read for: that decides which memory it may take, and for how long.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::lane::MemoryShare;
use super::{MemoryRefusal, RECORD_WAITS};

/// The place of an answer that is read. Keeps the shares of a page until it is dropped, or they are taken.
#[derive(Debug)]
pub(crate) struct ReadingPlace {
    wanted: WantedPlace,
    shares: Mutex<Vec<MemoryShare>>,
}

#[derive(Debug)]
enum WantedPlace {
    /// A page of a list, to be handed on next.
    Next,
    /// A page of a list that is asked for before those that come before it have been handed on.
    Ahead { number: u64, next: watch::Receiver<u64> },
    /// What is looked at and not kept, and may be as large as a page.
    Passing,
    /// One record's own page, or a root document.
    Record,
}

/// Whose turn it is among the pages of a list.
#[derive(Debug)]
pub(crate) struct PageTurns(watch::Sender<u64>);

impl PageTurns {
    /// Begins with the page of this number.
    pub(crate) fn from(number: u64) -> Self {
        Self(watch::Sender::new(number))
    }

    /// The place of a page of this number, which may be asked for ahead of its turn.
    pub(crate) fn place(&self, number: u64) -> ReadingPlace {
        ReadingPlace::of(WantedPlace::Ahead { number, next: self.0.subscribe() })
    }

    /// It is the turn of the page of this number: all before it have been handed on.
    pub(crate) fn next(&self, number: u64) {
        self.0.send_replace(number);
    }
}

impl ReadingPlace {
    fn of(wanted: WantedPlace) -> Self {
        Self { wanted, shares: Mutex::default() }
    }

    /// Of a page of a list, where those before it have been handed on.
    pub(crate) fn next() -> Self {
        Self::of(WantedPlace::Next)
    }

    /// Of what is looked at and not kept.
    pub(crate) fn passing() -> Self {
        Self::of(WantedPlace::Passing)
    }

    /// Of one record's own page, or a root document.
    pub(crate) fn record() -> Self {
        Self::of(WantedPlace::Record)
    }

    pub(super) fn is_record(&self) -> bool {
        matches!(self.wanted, WantedPlace::Record)
    }

    /// Whether it is of a page of a list: what is read of it is kept until it has been handed on.
    pub(in crate::source) fn is_page(&self) -> bool {
        matches!(self.wanted, WantedPlace::Next | WantedPlace::Ahead { .. })
    }

    /// Waits until it is the page's turn.
    pub(super) async fn turn(&self) {
        if let WantedPlace::Ahead { number, next } = &self.wanted {
            // Fails only when the walk is gone, and then nobody waits for the page.
            let _ = next.clone().wait_for(|next| next >= number).await;
        }
    }

    /// Waits for a share as long as that may take. The first page of a list is held while records' own pages are looked
    /// at, so these must not wait for pages to be handed on.
    pub(super) async fn in_time(
        &self,
        share: impl Future<Output = MemoryShare>,
    ) -> Result<MemoryShare, MemoryRefusal> {
        if !self.is_record() {
            return Ok(share.await);
        }
        tokio::time::timeout(RECORD_WAITS, share).await.map_err(|_| MemoryRefusal::NoneInTime)
    }

    /// Keeps a share for as long as what it is for.
    pub(in crate::source) fn keep(&self, share: MemoryShare) {
        self.shares.lock().unwrap_or_else(PoisonError::into_inner).push(share);
    }

    /// Hands over the shares it keeps, to be kept with the page.
    pub(in crate::source) fn take_shares(&self) -> Vec<MemoryShare> {
        std::mem::take(&mut *self.shares.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
