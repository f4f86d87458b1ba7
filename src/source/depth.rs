//! Finds out whether a feed's list rows contain everything that its detail pages do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::FeedSource;
use super::detail::has_no_own_id;
use crate::model::{CarriedMembers, Service, UnsaidFields};

/// How much of a record the rows of a feed's lists contain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ListDepth {
    /// Less than the detail page.
    Shallow,
    /// As much as the detail page.
    Full,
    /// Not known yet.
    #[default]
    Unknown,
}

/// What is known about the depth of a feed's lists.
#[derive(Default)]
pub(crate) struct LearntDepth {
    sampled: Mutex<Option<bool>>,
    nests_nothing: AtomicBool,
    /// Whether rows omit nothing of a service except nested members. `None` until that is known.
    says_all: Mutex<Option<bool>>,
    /// What was known before the restart. It is reported until it is found out again, but no decision relies on it.
    recalled: OnceLock<ListDepth>,
}

/// What a detail page contains.
#[derive(Default)]
struct OwnPageDepth {
    /// The nested members that it has.
    carried: CarriedMembers,
    /// The fields that it states and the list row does not.
    unsaid_in_row: UnsaidFields,
    /// Whether the feed has no such page.
    is_missing: bool,
}

/// How many detail pages are compared with their list rows.
const SAMPLE: usize = 3;

impl LearntDepth {
    /// Returns what is known so far.
    pub(super) fn known(&self) -> ListDepth {
        match self.sampled() {
            Some(true) => ListDepth::Full,
            Some(false) => ListDepth::Shallow,
            None if self.nests_nothing.load(Ordering::Relaxed) => ListDepth::Shallow,
            None => self.recalled.get().copied().unwrap_or_default(),
        }
    }

    /// Forgets the results of comparing detail pages, so that they are compared again.
    pub(super) fn forget(&self) {
        *self.sampled.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.says_all.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn sampled(&self) -> Option<bool> {
        *self.sampled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, in_full: bool) -> bool {
        *self.sampled.lock().unwrap_or_else(PoisonError::into_inner) = Some(in_full);
        in_full
    }

    /// Restores what was known before the restart.
    pub(super) fn recall(&self, depth: ListDepth) {
        // Ignored if called twice: it can only be set at the start.
        let _ = self.recalled.set(depth);
    }
}

impl FeedSource {
    /// Returns whether list rows contain everything that detail pages do.
    ///
    /// If rows have no nested member at all, they do not. Otherwise the first call reads a few detail pages and
    /// compares them with their rows.
    pub(crate) async fn lists_in_full(&self, until: Instant) -> bool {
        if let Some(known) = self.depth.sampled() {
            return known;
        }
        let seen = self.set::<Service>(None, until).await;
        let Some(set) = seen.value else { return false };
        let listed: Vec<&Service> = set.records().iter().map(|service| &**service).collect();
        self.lists_in_full_by(&listed, until).await
    }

    /// Like `lists_in_full`, but judges by these rows of a list.
    pub(crate) async fn lists_in_full_by(&self, listed: &[&Service], until: Instant) -> bool {
        if let Some(known) = self.depth.sampled() {
            return known;
        }
        let carried = listed.iter().fold(CarriedMembers::default(), |all, service| all.or(service.carried));
        let nests_nothing = carried.is_list_only();
        self.depth.nests_nothing.store(nests_nothing && !listed.is_empty(), Ordering::Relaxed);
        if nests_nothing {
            return false;
        }
        match self.sample_is_no_deeper(listed, carried, until).await {
            Some(in_full) => self.depth.note(in_full),
            None => false,
        }
    }

    async fn sample_is_no_deeper(
        &self,
        listed: &[&Service],
        carried: CarriedMembers,
        until: Instant,
    ) -> Option<bool> {
        let sample = listed.iter().take(SAMPLE);
        let own = join_all(sample.map(|listed| self.own_members(listed, until))).await;
        let own: Vec<OwnPageDepth> = own.into_iter().collect::<Option<_>>()?;
        Some(own.iter().all(|own| carried.covers(own.carried) && own.unsaid_in_row.is_empty()))
    }

    /// Returns whether list rows state everything that detail pages do, except nested members. The first call reads a
    /// few detail pages. Returns `None` if these cannot be read.
    pub(crate) async fn rows_say_all(&self, listed: &[Arc<Service>], until: Instant) -> Option<bool> {
        let known = *self.depth.says_all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.or(self.depth.sampled().filter(|in_full| *in_full)) {
            return Some(known);
        }
        let own = join_all(listed.iter().take(SAMPLE).map(|listed| self.own_members(listed, until))).await;
        let own = own.into_iter().collect::<Option<Vec<_>>>()?;
        // Rows without nested members are not whole records. If the detail page is missing, what it would state is
        // missing too.
        let nests_nothing =
            listed.iter().fold(CarriedMembers::default(), |all, one| all.or(one.carried)).is_list_only();
        let says_all = own.iter().all(|own| match own.is_missing {
            true => !nests_nothing,
            false => own.unsaid_in_row.is_empty(),
        });
        *self.depth.says_all.lock().unwrap_or_else(PoisonError::into_inner) = Some(says_all);
        Some(says_all)
    }

    /// Returns what a detail page contains. Returns `None` if it could not be read.
    async fn own_members(&self, listed: &Service, until: Instant) -> Option<OwnPageDepth> {
        if has_no_own_id(&listed.provenance) {
            return Some(OwnPageDepth::default());
        }
        let seen = self.single::<Service>(listed.id.upstream(), until).await;
        let single = seen.value?;
        let missing = || OwnPageDepth { is_missing: true, ..OwnPageDepth::default() };
        Some(single.0.as_ref().map_or_else(missing, |detail| OwnPageDepth {
            carried: detail.carried,
            unsaid_in_row: UnsaidFields::by(listed).without(UnsaidFields::by(&**detail)),
            is_missing: false,
        }))
    }
}
