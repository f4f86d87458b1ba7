//! One source: its engine (limits, retries, breaker, cache) and the dialects that read its answers.

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
pub(crate) use detail::{DetailedService, detail_unavailable, fill_from_list, has_no_own_id};
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

/// Counts the changes to what is kept of a record, so that records that were kept with less are read again.
const READING: u32 = 2;

/// The rules by which records are read, in a word: whatever is withheld by other rules must be read again.
pub fn rules_of_reading(privacy: &config::PrivacySettings) -> String {
    let assurers = match privacy.assurer_emails {
        AssurerEmails::Serve => "serve",
        AssurerEmails::Omit => "omit",
    };
    format!("withholding {}, reading {READING}, assurers {assurers}\n", dialects::WITHHOLDING)
}

/// What all sources share: the cache, the HTTP clients, the clock, and the tasks that read behind the scenes.
pub struct SourceServices {
    shelf: CacheShelf,
    clients: HttpClients,
    /// What reading them all may take.
    memory: ReadingMemory,
    /// Takes the secrets of all sources out of what is logged of an answer.
    log_redactor: Arc<SecretRedactor>,
    clock: InstantClock,
    /// How many gateways ask the live sources.
    members: LiveMembers,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl SourceServices {
    /// Keeps up to `cache_bytes` of what is read.
    pub fn new(cache_bytes: u64, clock: InstantClock) -> Self {
        let (tasks, stopping) = (TaskTracker::new(), CancellationToken::new());
        let (shelf, clients) = (CacheShelf::new(cache_bytes), HttpClients::default());
        let (memory, log_redactor) = (ReadingMemory::default(), Arc::default());
        let members = LiveMembers::default();
        Self { shelf, clients, memory, log_redactor, clock, members, tasks, stopping }
    }

    /// Asks live sources at a pace that is divided by these gateways, each of which reads them for itself. Synchronised
    /// sources are read by one of them.
    #[must_use]
    pub fn sharing_pace_among(self, members: LiveMembers) -> Self {
        Self { members, ..self }
    }

    /// Reads their answers in no more than `max_memory` bytes at any one time.
    #[must_use]
    pub fn reading_within(self, max_memory: usize) -> Self {
        Self { memory: ReadingMemory::of(max_memory), ..self }
    }

    /// Keeps what these sources prove themselves with out of the log, whichever feed sends it. Each source's own is kept
    /// out of what is read from it in any case.
    #[must_use]
    pub fn keeping_secret(self, sources: &[config::SourceSettings]) -> Self {
        Self { log_redactor: Arc::new(SecretRedactor::of(sources)), ..self }
    }

    /// One source as configured.
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

    /// Stops reading, and waits for what is under way to notice.
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
    /// What is configured of it, without its credentials.
    pub fn info(&self) -> &Arc<SourceInfo> {
        &self.info
    }

    /// Makes sure of its dialect, by `until` at the latest, where a first read has left that open.
    pub(crate) async fn make_sure_of_dialect(&self, until: Instant) {
        // What is not known by then stays unknown for this answer.
        let _ = tokio::time::timeout_at(until, self.feed.make_sure()).await;
    }

    /// Whether its lists carry whatever its services state outside nested members.
    pub fn lists_state_facts(&self) -> bool {
        self.dialect().is_none_or(|dialect| dialects::description(dialect).lists_state_facts)
    }

    /// The dialect it is read as; none before that is found out.
    pub fn dialect(&self) -> Option<Dialect> {
        self.feed.spoken.dialect()
    }

    /// Where what it sends departs from the standard it declares.
    pub fn conformance(&self) -> Arc<ConformanceSummary> {
        self.feed.ledger.conformance()
    }

    /// What of that is to be remembered when the gateway is stopped; none while nothing has been walked.
    pub(crate) fn conformance_to_remember(&self) -> Option<Arc<ConformanceSummary>> {
        self.feed.ledger.worth_remembering()
    }

    /// Recalls what was known of it when the gateway was last stopped.
    pub(crate) fn recall_conformance(&self, remembered: ConformanceSummary) {
        self.feed.ledger.recall(remembered);
    }

    /// How it fares.
    pub fn standing(&self) -> SourceStanding {
        self.standings.now(self.clock.now())
    }

    /// What is asked of it at most, and how long it may take.
    pub fn limits(&self) -> &config::SourceLimits {
        &self.limits
    }

    /// Looks at the slot of `key`; where a read is due, `fly` does it, in a task of its own, so that it ends
    /// whether or not anybody still waits for it.
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

    /// That its deadline passed before it had answered in full.
    pub(crate) fn too_late(&self) -> SourceError {
        self.failure(SourceErrorCode::Timeout, "no complete response within its deadline")
    }

    fn failure(&self, code: SourceErrorCode, message: &str) -> SourceError {
        SourceError::new(code, message, self.clock.now())
    }
}

/// What was seen, less what its feed has since said is private.
async fn withholding<T: PrivacyGuarded + Send + Sync + 'static>(
    known: Arc<KeptBack>,
    slot: &Arc<ReadSlot<T>>,
    seen: CachedRead<T>,
) -> CachedRead<T> {
    let Some(value) = seen.value.as_ref().filter(|value| !known.is_empty() && !value.is_guarded(&known))
    else {
        return seen;
    };
    // A long list takes a while.
    let (before, slot) = (Arc::clone(value), Arc::clone(slot));
    let looked_through = tokio::task::spawn_blocking(move || {
        let left = Arc::new(before.without(&known)?);
        slot.amend(&before, &left);
        Some(left)
    });
    match looked_through.await {
        Ok(Some(left)) => CachedRead { value: Some(left), ..seen },
        Ok(None) => seen,
        // It broke off, so nothing is known to be withheld.
        Err(_) => CachedRead { value: None, whole: false, ..seen },
    }
}

/// Knows how much memory it occupies.
pub(crate) trait MemoryWeight {
    /// Roughly, in bytes.
    fn weigh(&self) -> usize;
}

impl LandedRead<FeedDeclaration> {
    fn of_root(declared: FeedDeclaration, feed: &KnownFeed) -> Self {
        let (fresh_for, stale_for) = (feed.limits.fresh_for, feed.limits.stale_for);
        Self::Whole { value: Arc::new(declared), fresh_for, stale_for }
    }
}
