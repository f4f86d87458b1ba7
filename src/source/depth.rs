//! Finds out whether a feed's list rows contain everything that its detail pages do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

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
    /// Whether rows contain everything.
    sampled: LearntFact,
    nests_nothing: AtomicBool,
    /// Whether rows omit nothing of a service except nested members.
    says_all: LearntFact,
    /// What was known before the restart. It is reported until it is found out again, but no decision relies on it.
    recalled: OnceLock<ListDepth>,
}

/// What was learnt about a feed, and when. Feeds change, so decisions rely on it for [`LEARNT_FOR`].
#[derive(Default)]
struct LearntFact(Mutex<Option<(bool, Instant)>>);

impl LearntFact {
    /// Returns what was learnt not long ago.
    fn known(&self) -> Option<bool> {
        self.latest().filter(|(_, at)| at.elapsed() < LEARNT_FOR).map(|(fact, _)| fact)
    }

    /// Returns what was learnt last, and when.
    fn latest(&self) -> Option<(bool, Instant)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, fact: bool) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((fact, Instant::now()));
        fact
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What a detail page contains.
#[derive(Default)]
struct OwnPageDepth {
    /// Whether it has nested members that the list row does not have.
    nests_more: bool,
    /// The fields that it states and the list row does not.
    unsaid_in_row: UnsaidFields,
    /// Whether the feed has no such page.
    is_missing: bool,
}

/// How many detail pages are compared with their list rows.
const SAMPLE: usize = 5;
/// How many of the compared rows are those that say least. The others are nearly random.
const POOREST: usize = 3;

/// How long a feed's rows are taken to be as they were found to be.
const LEARNT_FOR: Duration = Duration::from_secs(60 * 60);

impl LearntDepth {
    /// Returns what is known so far.
    pub(super) fn known(&self) -> ListDepth {
        match self.sampled.latest() {
            Some((true, _)) => ListDepth::Full,
            Some((false, _)) => ListDepth::Shallow,
            None if self.nests_nothing.load(Ordering::Relaxed) => ListDepth::Shallow,
            None => self.recalled.get().copied().unwrap_or_default(),
        }
    }

    /// Forgets the results of comparing detail pages, so that they are compared again.
    pub(super) fn forget(&self) {
        self.sampled.forget();
        self.says_all.forget();
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
        if let Some(known) = self.depth.sampled.known() {
            return known;
        }
        let seen = self.set::<Service>(None, until).await;
        let Some(set) = seen.value else { return false };
        let listed: Vec<&Service> = set.records().iter().map(|service| &**service).collect();
        self.lists_in_full_by(&listed, until).await
    }

    /// Like `lists_in_full`, but judges by these rows of a list.
    pub(crate) async fn lists_in_full_by(&self, listed: &[&Service], until: Instant) -> bool {
        if let Some(known) = self.depth.sampled.known() {
            return known;
        }
        let carried = listed.iter().fold(CarriedMembers::default(), |all, service| all.or(service.carried));
        let nests_nothing = carried.is_list_only();
        self.depth.nests_nothing.store(nests_nothing && !listed.is_empty(), Ordering::Relaxed);
        if nests_nothing {
            return false;
        }
        match self.sample(listed, until).await {
            Some(own) => {
                let in_full = own.iter().all(|own| !own.nests_more && own.unsaid_in_row.is_empty());
                self.depth.sampled.learn(in_full)
            }
            None => false,
        }
    }

    /// Returns whether list rows state everything that detail pages do, except nested members. The first call reads a
    /// few detail pages. Returns `false` if these cannot be read.
    pub(crate) async fn rows_say_all(&self, until: Instant) -> bool {
        let known = self.depth.says_all.known();
        if let Some(known) = known.or(self.depth.sampled.known().filter(|in_full| *in_full)) {
            return known;
        }
        let seen = self.set::<Service>(None, until).await;
        let Some(set) = seen.value else { return false };
        let listed: Vec<&Service> = set.records().iter().map(|service| &**service).collect();
        let Some(own) = self.sample(&listed, until).await else { return false };
        // Rows without nested members are not whole records. If the detail page is missing, what it would state is
        // missing too.
        let nests_nothing =
            listed.iter().fold(CarriedMembers::default(), |all, one| all.or(one.carried)).is_list_only();
        self.depth.says_all.learn(own.iter().all(|own| match own.is_missing {
            true => !nests_nothing,
            false => own.unsaid_in_row.is_empty(),
        }))
    }

    /// Reads a few detail pages. Returns `None` if one could not be read.
    async fn sample(&self, listed: &[&Service], until: Instant) -> Option<Vec<OwnPageDepth>> {
        let own = join_all(sampled(listed).into_iter().map(|listed| self.own_members(listed, until))).await;
        own.into_iter().collect()
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
            nests_more: !listed.carried.covers(detail.carried),
            unsaid_in_row: UnsaidFields::by(listed).without(UnsaidFields::by(&**detail)),
            is_missing: false,
        }))
    }
}

/// Returns the rows that say least, and some others by their hashes, which is nearly at random. Rows without an id of
/// their own have no detail page.
fn sampled<'s>(listed: &[&'s Service]) -> Vec<&'s Service> {
    let with_page = listed.iter().filter(|row| !has_no_own_id(&row.provenance));
    let mut rows: Vec<_> = with_page.map(|row| (row.said(), row.provenance.content_hash, *row)).collect();
    rows.sort_unstable_by_key(|(said, hash, _)| (*said, *hash));
    let mut others = rows.split_off(rows.len().min(POOREST));
    others.sort_unstable_by_key(|(_, hash, _)| *hash);
    rows.into_iter().chain(others).take(SAMPLE).map(|(.., row)| row).collect()
}
