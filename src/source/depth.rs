//! Whether a feed's list pages carry all that its records' own pages do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::FeedSource;
use super::detail::has_no_own_id;
use crate::model::{CarriedMembers, Service, UnsaidFields};

/// How much of a record a feed's lists carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ListDepth {
    /// Less than the record's own page.
    Shallow,
    /// All of it.
    Full,
    /// Not found out yet.
    #[default]
    Unknown,
}

/// What has been found out about the depth of a feed's lists.
#[derive(Default)]
pub(crate) struct LearntDepth {
    sampled: Mutex<Option<bool>>,
    nests_nothing: AtomicBool,
    /// Whether rows leave out nothing of a service but nested members.
    says_all: Mutex<Option<bool>>,
    /// What was known when the gateway was last stopped: told until it is found out anew, and not relied on.
    recalled: OnceLock<ListDepth>,
}

/// What a record's own page has.
#[derive(Default)]
struct OwnPageDepth {
    /// Its nested members.
    carried: CarriedMembers,
    /// What it says and its row does not.
    unsaid_in_row: UnsaidFields,
    /// Whether there is none.
    is_missing: bool,
}

/// How many records' own pages are compared with their list form.
const SAMPLE: usize = 3;

impl LearntDepth {
    /// What is known by now.
    pub(super) fn known(&self) -> ListDepth {
        match self.sampled() {
            Some(true) => ListDepth::Full,
            Some(false) => ListDepth::Shallow,
            None if self.nests_nothing.load(Ordering::Relaxed) => ListDepth::Shallow,
            None => self.recalled.get().copied().unwrap_or_default(),
        }
    }

    /// Forgets what records' own pages told.
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

    /// Recalls what was known before the start.
    pub(super) fn recall(&self, depth: ListDepth) {
        // Once, when it starts: a second time there is nothing new to recall.
        let _ = self.recalled.set(depth);
    }
}

impl FeedSource {
    /// Whether list pages carry all that records' own pages do.
    ///
    /// Lists without any nested member do not. Where lists carry some, a few records' own pages tell; they are
    /// read the first time it matters.
    pub(crate) async fn lists_in_full(&self, until: Instant) -> bool {
        if let Some(known) = self.depth.sampled() {
            return known;
        }
        let seen = self.set::<Service>(None, until).await;
        let Some(set) = seen.value else { return false };
        let listed: Vec<&Service> = set.records().iter().map(|service| &**service).collect();
        self.lists_in_full_by(&listed, until).await
    }

    /// The same, judged by these records of a list.
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

    /// Whether rows of a list say all that their records' own pages do, nested members apart: a few own pages tell, and
    /// are read the first time it matters. Where they cannot be read, there is no more to be had.
    pub(crate) async fn rows_say_all(&self, listed: &[Arc<Service>], until: Instant) -> bool {
        let known = *self.depth.says_all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.or(self.depth.sampled().filter(|in_full| *in_full)) {
            return known;
        }
        let own = join_all(listed.iter().take(SAMPLE).map(|listed| self.own_members(listed, until))).await;
        let Some(own) = own.into_iter().collect::<Option<Vec<_>>>() else { return true };
        // Rows that nest nothing are no whole records: where the own page is missing, so is what it would say.
        let nests_nothing =
            listed.iter().fold(CarriedMembers::default(), |all, one| all.or(one.carried)).is_list_only();
        let says_all = own.iter().all(|own| match own.is_missing {
            true => !nests_nothing,
            false => own.unsaid_in_row.is_empty(),
        });
        *self.depth.says_all.lock().unwrap_or_else(PoisonError::into_inner) = Some(says_all);
        says_all
    }

    /// What a record's own page has; none where that could not be read.
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
