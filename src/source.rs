//! Reading one source: the engine (limits, retries, circuit breaker), the cache, and the dialects that read responses.

mod address;
mod capabilities;
mod ceilings;
mod collection;
mod complete_list;
mod conformance;
mod crawl;
mod declared;
mod depth;
mod derived;
mod detail;
mod detection;
mod dialect;
mod dialect_state;
mod dialects;
mod engine;
mod error;
mod feed;
#[doc(hidden)]
pub mod fuzzing;
mod info;
mod kept_back;
mod learnt;
mod memory;
mod metrics;
mod onward;
mod page_form;
mod patience;
mod probe;
mod redactor;
mod register;
mod set;
mod shelf;
mod slot;
mod standing;
mod walk;

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{self, AssurerEmails};
use crate::model::{Dialect, InstantClock, LiveMembers, SourceMode};

pub use capabilities::FeedCapabilities;
pub use conformance::{ConformanceSummary, FeedIssue, ReasonCode, ValidatorReason, ValidatorVerdict};
pub use declared::FeedDeclaration;
pub use depth::ListDepth;
pub use error::{SourceError, SourceErrorCode};
pub use info::{RepublicationRule, SourceInfo, SourceLicence};
pub use probe::{EndpointPresence, EndpointReport, PageLimit, ParameterHonour, ParameterReport, ProbeReport};
pub use register::{FeedRegister, ListedFeed, NotARegister, RegisterError, UnusableEntry};
pub use standing::SourceStanding;

pub(crate) use ceilings::too_many;
pub(crate) use collection::FromRow;
pub(crate) use crawl::{CrawlOutcome, CrawlStart, CrawledPage};
#[cfg(test)]
pub(crate) use crawl::{FeedScript, ScriptedPage, ScriptedRows};
pub(crate) use derived::{NestedRecord, terms_of};
pub(crate) use detail::{
    DetailedService, detail_unavailable, fill_from_list, has_no_own_id, own_record_unavailable,
};
pub(crate) use engine::CacheValidators;
pub(crate) use feed::{KnownPage, OwnPage};
pub(crate) use memory::MemoryShare;
pub(crate) use set::RecordSet;
pub(crate) use slot::CachedRead;
pub(crate) use walk::{KnownPages, WalkCourse};

use capabilities::LastProbe;
use ceilings::ListSizes;
use conformance::ConformanceLedger;
use depth::LearntDepth;
use dialect_state::DialectState;
use engine::{FeedEngine, HttpClients};
use feed::KnownFeed;
use kept_back::{KeptBack, PrivacyGuarded};
use memory::ReadingMemory;
use page_form::PageHabits;
use redactor::SecretRedactor;
use shelf::{CacheItem, CacheShelf, ShelfKey};
use slot::{LandedRead, ReadClaim, ReadSlot};
use standing::StandingKeeper;

/// The version of what readers keep of a record. Raise it when they keep more, so that stored records are read again.
const READING: u32 = 2;

/// Returns the rules by which records are read, as one line. Stored records from other rules must be read again.
pub fn rules_of_reading(privacy: &config::PrivacySettings) -> String {
    let assurers = match privacy.assurer_emails {
        AssurerEmails::Serve => "serve",
        AssurerEmails::Omit => "omit",
    };
    format!("withholding {}, reading {READING}, assurers {assurers}\n", dialects::WITHHOLDING)
}

/// What all sources share: the cache, the HTTP clients, the clock, and the background tasks that read.
pub struct SourceServices {
    shelf: CacheShelf,
    clients: HttpClients,
    /// The memory that reading all sources may take.
    memory: ReadingMemory,
    /// Removes the secrets of all sources from what is logged.
    log_redactor: Arc<SecretRedactor>,
    clock: InstantClock,
    /// The number of gateways that send requests to live sources.
    members: LiveMembers,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl SourceServices {
    /// Creates the services with a cache of up to `cache_bytes`.
    pub fn new(cache_bytes: u64, clock: InstantClock) -> Self {
        let (tasks, stopping) = (TaskTracker::new(), CancellationToken::new());
        let (shelf, clients) = (CacheShelf::new(cache_bytes), HttpClients::default());
        let (memory, log_redactor) = (ReadingMemory::default(), Arc::default());
        let members = LiveMembers::default();
        Self { shelf, clients, memory, log_redactor, clock, members, tasks, stopping }
    }

    /// Divides the pace of requests to live sources by the number of these gateways, because each of them reads live
    /// sources. Synchronised sources are read by only one gateway.
    #[must_use]
    pub fn sharing_pace_among(self, members: LiveMembers) -> Self {
        Self { members, ..self }
    }

    /// Limits the memory for reading responses to `max_memory` bytes at any time.
    #[must_use]
    pub fn reading_within(self, max_memory: usize) -> Self {
        Self { memory: ReadingMemory::of(max_memory), ..self }
    }

    /// Keeps the credentials of these sources out of the log, whichever feed sends them. A source's own credentials are
    /// always removed from its responses.
    #[must_use]
    pub fn keeping_secret(self, sources: &[config::SourceSettings]) -> Self {
        Self { log_redactor: Arc::new(SecretRedactor::of(sources)), ..self }
    }

    /// Creates a source from its configuration.
    pub fn source(&self, source: &config::SourceSettings, privacy: &config::PrivacySettings) -> FeedSource {
        FeedSource {
            info: Arc::new(SourceInfo::of(source)),
            limits: source.limits.clone(),
            honours: source.honours.clone(),
            standings: Arc::new(StandingKeeper::new(&source.key)),
            depth: LearntDepth::default(),
            probed: LastProbe::default(),
            feed: Arc::new(self.feed(source, privacy)),
            shelf: self.shelf.clone(),
            clock: self.clock.clone(),
            tasks: self.tasks.clone(),
            stopping: self.stopping.clone(),
            #[cfg(test)]
            script: None,
        }
    }

    fn feed(&self, source: &config::SourceSettings, privacy: &config::PrivacySettings) -> KnownFeed {
        let (log_redactor, clock) = (Arc::clone(&self.log_redactor), self.clock.clone());
        let engine = FeedEngine::new(source, &self.clients, log_redactor, &self.memory, clock);
        let engine = match source.mode {
            SourceMode::Live => engine.sharing_pace_among(self.members.clone()),
            SourceMode::Catalogue => engine,
        };
        KnownFeed {
            key: source.key.clone(),
            engine,
            spoken: DialectState::of(source),
            limits: source.limits.clone(),
            omits_assurers: privacy.assurer_emails == AssurerEmails::Omit,
            kept_back: Arc::new(KeptBack::default()),
            ledger: Arc::new(ConformanceLedger::default()),
            sizes: ListSizes::default(),
            habits: PageHabits::default(),
        }
    }

    /// Cancels all reads, and waits until they have stopped.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// One configured source.
pub struct FeedSource {
    info: Arc<SourceInfo>,
    limits: config::SourceLimits,
    honours: Vec<String>,
    standings: Arc<StandingKeeper>,
    depth: LearntDepth,
    probed: LastProbe,
    feed: Arc<KnownFeed>,
    shelf: CacheShelf,
    clock: InstantClock,
    tasks: TaskTracker,
    stopping: CancellationToken,
    /// What its lists are in place of what its feed sends.
    #[cfg(test)]
    script: Option<Arc<dyn FeedScript>>,
}

impl FeedSource {
    /// Returns the source's configuration, without credentials.
    pub fn info(&self) -> &Arc<SourceInfo> {
        &self.info
    }

    /// Settles the dialect by `until` at the latest, if a first read has left it open.
    pub(crate) async fn make_sure_of_dialect(&self, until: Instant) {
        // If it is not known by then, it stays unknown for this response.
        let _ = tokio::time::timeout_at(until, self.feed.make_sure()).await;
    }

    /// Returns whether list rows state everything about a service except nested members.
    pub fn lists_state_facts(&self) -> bool {
        self.dialect().is_none_or(|dialect| dialects::description(dialect).lists_state_facts)
    }

    /// Returns the dialect. Returns `None` until it has been detected.
    pub fn dialect(&self) -> Option<Dialect> {
        self.feed.spoken.dialect()
    }

    /// Returns where the feed's responses depart from the standard that it declares.
    pub fn conformance(&self) -> Arc<ConformanceSummary> {
        self.feed.ledger.conformance()
    }

    /// Returns the conformance to store for the next start. Returns `None` as long as nothing has been walked.
    pub(crate) fn conformance_to_remember(&self) -> Option<Arc<ConformanceSummary>> {
        self.feed.ledger.worth_remembering()
    }

    /// Restores what was known when the gateway was last stopped.
    pub(crate) fn recall_conformance(&self, remembered: ConformanceSummary) {
        self.feed.ledger.recall(remembered);
    }

    /// Returns the status of the source: its last read, and how old the served data is.
    pub fn standing(&self) -> SourceStanding {
        self.standings.now(self.clock.now())
    }

    /// Returns the configured limits on requests, sizes and times.
    pub fn limits(&self) -> &config::SourceLimits {
        &self.limits
    }

    /// Reads an item through its slot in the cache. If a read is due, `fly` does it in a task of its own, so that it
    /// completes whether or not a caller still waits.
    async fn look<T, F>(
        &self,
        what: CacheItem,
        until: Instant,
        fly: impl FnOnce(Arc<KnownFeed>, ReadClaim<T>) -> F,
    ) -> CachedRead<T>
    where
        T: MemoryWeight + PrivacyGuarded + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let began = Instant::now();
        let feed = Arc::clone(&self.feed);
        let known = Arc::clone(&feed.kept_back);
        let key = ShelfKey { source: self.info.key.clone(), what };
        let Some(slot) = self.shelf.slot::<T>(key.clone()).await else {
            return CachedRead::nothing(
                self.failure(SourceErrorCode::Misconfigured, "its data cannot be cached"),
            );
        };
        let abandoned = self.failure(SourceErrorCode::Connection, "the read was interrupted");
        metrics::looked(self.info.key.as_str(), slot.kept().is_some());
        if let Some(claim) = slot.claim(abandoned) {
            let (shelf, stopping) = (self.shelf.clone(), self.stopping.clone());
            let (flight, landed_in) = (fly(feed, claim), Arc::clone(&slot));
            self.tasks.spawn(async move {
                let landed = stopping.run_until_cancelled(flight).await;
                if landed.is_some() {
                    let bytes = landed_in.kept().map_or(0, |value| value.weigh());
                    shelf.reweigh(key, landed_in, bytes).await;
                }
            });
        }
        let seen = slot.look(began, until, || self.too_late()).await;
        withholding(known, &slot, seen).await
    }

    /// Returns the error for a response that missed the deadline.
    pub(crate) fn too_late(&self) -> SourceError {
        self.failure(SourceErrorCode::Timeout, "no complete response within its deadline")
    }

    fn failure(&self, code: SourceErrorCode, message: &str) -> SourceError {
        SourceError::new(code, message, self.clock.now())
    }
}

/// Removes what the feed has since said is private from a cached value.
async fn withholding<T: PrivacyGuarded + Send + Sync + 'static>(
    known: Arc<KeptBack>,
    slot: &Arc<ReadSlot<T>>,
    seen: CachedRead<T>,
) -> CachedRead<T> {
    let Some(value) = seen.value.as_ref().filter(|value| !known.is_empty() && !value.is_guarded(&known))
    else {
        return seen;
    };
    // A long list takes a while, so do not block the executor.
    let (before, slot) = (Arc::clone(value), Arc::clone(slot));
    let looked_through = tokio::task::spawn_blocking(move || {
        let left = Arc::new(before.without(&known)?);
        slot.amend(&before, &left);
        Some(left)
    });
    match looked_through.await {
        Ok(Some(left)) => CachedRead { value: Some(left), ..seen },
        Ok(None) => seen,
        // The task panicked or was cancelled. The value may contain private data, so do not serve it.
        Err(_) => CachedRead { value: None, whole: false, ..seen },
    }
}

/// A value whose size in memory is known.
pub(crate) trait MemoryWeight {
    /// Returns the size in bytes, roughly.
    fn weigh(&self) -> usize;
}

impl LandedRead<FeedDeclaration> {
    fn of_root(declared: FeedDeclaration, feed: &KnownFeed) -> Self {
        let (fresh_for, stale_for) = (feed.limits.fresh_for, feed.limits.stale_for);
        Self::Whole { value: Arc::new(declared), fresh_for, stale_for }
    }
}
