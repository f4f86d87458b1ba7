//! Whether a feed's list pages carry all that its records' own pages do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::Source;
use crate::model::{Carried, Service};

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
pub(crate) struct Depths {
    sampled: OnceCell<bool>,
    nests_nothing: AtomicBool,
    /// What was known when the gateway was last stopped: told until it is found out anew, and not relied on.
    recalled: OnceLock<ListDepth>,
}

/// How many records' own pages are compared with their list form.
const SAMPLE: usize = 3;

impl Depths {
    /// What is known by now.
    pub(super) fn known(&self) -> ListDepth {
        match self.sampled.get() {
            Some(true) => ListDepth::Full,
            Some(false) => ListDepth::Shallow,
            None if self.nests_nothing.load(Ordering::Relaxed) => ListDepth::Shallow,
            None => self.recalled.get().copied().unwrap_or_default(),
        }
    }

    /// Recalls what was known before the start.
    pub(super) fn recall(&self, depth: ListDepth) {
        // Once, when it starts: a second time there is nothing new to recall.
        let _ = self.recalled.set(depth);
    }
}

impl Source {
    /// Whether list pages carry all that records' own pages do.
    ///
    /// Lists without any nested member do not. Where lists carry some, a few records' own pages tell; they are
    /// read the first time it matters.
    pub(crate) async fn lists_in_full(&self, until: Instant) -> bool {
        if let Some(known) = self.depth.sampled.get() {
            return *known;
        }
        let seen = self.set::<Service>(None, until).await;
        let Some(set) = seen.value else { return false };
        self.lists_in_full_by(set.records(), until).await
    }

    /// The same, judged by these records of a list.
    pub(crate) async fn lists_in_full_by(&self, listed: &[Arc<Service>], until: Instant) -> bool {
        if let Some(known) = self.depth.sampled.get() {
            return *known;
        }
        let carried = listed.iter().fold(Carried::default(), |all, service| all.or(service.carried));
        let nests_nothing = carried.is_list_only();
        self.depth.nests_nothing.store(nests_nothing && !listed.is_empty(), Ordering::Relaxed);
        if nests_nothing {
            return false;
        }
        match self.sample_is_no_deeper(listed, carried, until).await {
            Some(in_full) => *self.depth.sampled.get_or_init(|| async { in_full }).await,
            None => false,
        }
    }

    async fn sample_is_no_deeper(
        &self,
        listed: &[Arc<Service>],
        carried: Carried,
        until: Instant,
    ) -> Option<bool> {
        let sample = listed.iter().take(SAMPLE);
        let own = join_all(sample.map(|listed| self.own_members(listed, until))).await;
        let own: Vec<Carried> = own.into_iter().collect::<Option<_>>()?;
        Some(own.into_iter().all(|own| carried.covers(own)))
    }

    /// The nested members of a record's own page; none where that could not be read.
    async fn own_members(&self, listed: &Arc<Service>, until: Instant) -> Option<Carried> {
        let seen = self.single::<Service>(listed.id.upstream(), until).await;
        let single = seen.value?;
        Some(single.0.as_ref().map_or(Carried::default(), |detail| detail.carried))
    }
}
