//! The status of a source: when it was read, with what result, and how old the served data is.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use tokio::sync::watch;

use super::error::SourceError;
use super::{FeedSource, metrics};
use crate::model::{Provenance, SourceKey};

/// The status of a source at one moment, judged by its list of services.
#[derive(Clone, Debug, Default)]
pub struct SourceStanding {
    /// When the last read began.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When the last successful read ended.
    pub last_success_at: Option<DateTime<Utc>>,
    /// The number of services that are served now.
    pub service_count: Option<usize>,
    /// The age of the data that is served now.
    pub age: Option<Duration>,
    /// Whether the served data is within its freshness target. `None` if nothing is served.
    pub is_fresh: Option<bool>,
    /// Why the last read failed, if it did.
    pub error: Option<SourceError>,
}

/// Records the status of a source.
pub(crate) struct StandingKeeper {
    source: String,
    now: Mutex<StandingRecord>,
    /// The interval between sync runs, if the source is synchronised. Then these decide, and not what is read of its
    /// feed in between.
    sync_interval: OnceLock<Duration>,
    /// Whether the last read succeeded.
    is_well: watch::Sender<bool>,
}

#[derive(Default)]
struct StandingRecord {
    last_attempt_at: Option<DateTime<Utc>>,
    last_success_at: Option<DateTime<Utc>>,
    served: Option<ServedList>,
    /// What the last read brought before it failed. It is served if there is nothing complete.
    partial: Option<PartialList>,
    error: Option<SourceError>,
}

#[derive(Clone, Copy)]
struct PartialList {
    count: usize,
    fetched_at: DateTime<Utc>,
}

#[derive(Clone, Copy)]
struct ServedList {
    count: usize,
    fetched_at: DateTime<Utc>,
    fresh_until: DateTime<Utc>,
    stale_until: DateTime<Utc>,
}

impl StandingKeeper {
    pub(crate) fn new(source: &SourceKey) -> Self {
        Self {
            source: source.to_string(),
            now: Mutex::new(StandingRecord::default()),
            sync_interval: OnceLock::new(),
            is_well: watch::Sender::new(false),
        }
    }

    /// Lets sync runs at this interval decide from now on.
    pub(crate) fn decided_by_sync_runs(&self, every: Duration) {
        // Ignored if called twice: the interval is configured.
        let _ = self.sync_interval.set(every);
    }

    /// Returns how long synchronised data is fresh: for two intervals, so that the next run has time to finish. `None`
    /// for a live source.
    pub(crate) fn synchronised_for(&self) -> Option<Duration> {
        Some(self.sync_interval.get()?.saturating_mul(2))
    }

    pub(crate) fn began(&self, at: DateTime<Utc>) {
        self.lock().last_attempt_at = Some(at);
    }

    /// Notes a successful read of `count` services, with how long they are fresh and then stale.
    pub(crate) fn succeeded(
        &self,
        at: DateTime<Utc>,
        count: usize,
        fetched_at: DateTime<Utc>,
        fresh_for: Duration,
        stale_for: Duration,
    ) {
        let fresh_until = later(at, fresh_for);
        let served =
            ServedList { count, fetched_at, fresh_until, stale_until: later(fresh_until, stale_for) };
        {
            let mut now = self.lock();
            now.last_success_at = Some(at);
            now.served = Some(served);
            now.partial = None;
            now.error = None;
        }
        self.is_well.send_replace(true);
        metrics::records(&self.source, count);
    }

    pub(crate) fn failed(&self, error: SourceError) {
        self.note_failure(error, None);
    }

    /// Notes a read that failed after `count` services.
    pub(crate) fn failed_after(&self, count: usize, fetched_at: DateTime<Utc>, error: SourceError) {
        self.note_failure(error, (count > 0).then_some(PartialList { count, fetched_at }));
    }

    fn note_failure(&self, error: SourceError, partial: Option<PartialList>) {
        let mut now = self.lock();
        (now.error, now.partial) = (Some(error), partial);
        drop(now);
        self.is_well.send_replace(false);
    }

    /// Notes a flaw in a read that succeeded.
    pub(crate) fn flawed(&self, flaw: SourceError) {
        self.lock().error = Some(flaw);
    }

    /// Waits until the last read was a success.
    pub(crate) async fn until_well(&self) {
        // Fails only if the sender is dropped, which `self` holds.
        let _ = self.is_well.subscribe().wait_for(|is_well| *is_well).await;
    }

    /// Returns the status at an instant.
    pub(crate) fn now(&self, at: DateTime<Utc>) -> SourceStanding {
        let record = self.lock();
        let served = record.served.filter(|served| at < served.stale_until);
        let partial = record.partial.filter(|_| served.is_none());
        let (count, fetched_at) = (served.map(|served| served.count), served.map(|served| served.fetched_at));
        let fetched_at = fetched_at.or(partial.map(|partial| partial.fetched_at));
        let age = fetched_at.map(|fetched_at| (at - fetched_at).to_std().unwrap_or_default());
        if let Some(age) = age {
            metrics::data_age(&self.source, age);
        }
        SourceStanding {
            last_attempt_at: record.last_attempt_at,
            last_success_at: record.last_success_at,
            service_count: count.or(partial.map(|partial| partial.count)),
            age,
            is_fresh: served.map(|served| at < served.fresh_until).or(partial.map(|_| false)),
            error: record.error.clone(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, StandingRecord> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn later(at: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| at.checked_add_signed(by)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Stored data is served however old it is.
const FOR_EVER: Duration = Duration::from_secs(1000 * 366 * 86_400);

impl FeedSource {
    /// Notes that a sync run begins.
    pub(crate) fn note_began(&self) {
        self.standings.began(self.clock.now());
    }

    /// Notes that the source is synchronised at this interval, so that its sync runs decide how fresh it is.
    pub(crate) fn note_sync_interval(&self, every: Duration) {
        self.standings.decided_by_sync_runs(every);
    }

    /// Returns whether a record is older than the source's freshness target.
    pub(crate) fn is_stale(&self, provenance: &Provenance) -> bool {
        let now = self.clock.now();
        match self.standings.synchronised_for() {
            Some(span) => (now - provenance.fetched_at).to_std().is_ok_and(|age| age > span),
            None => provenance.is_stale(now),
        }
    }

    /// Notes that `count` services are stored, and that all of them were read or confirmed between `fetched_at` and
    /// `read_at`.
    pub(crate) fn note_synchronised(&self, count: usize, fetched_at: DateTime<Utc>, read_at: DateTime<Utc>) {
        let fresh_for = self.standings.synchronised_for().unwrap_or_default();
        self.standings.succeeded(read_at, count, fetched_at, fresh_for, FOR_EVER);
        self.feed.ledger.read_all();
    }

    /// Notes that part of what the feed shows is not accepted, although the feed responds.
    pub(crate) fn note_flaw(&self, flaw: SourceError) {
        self.standings.flawed(flaw);
    }

    /// Notes that the sync run failed.
    pub(crate) fn note_failed(&self, error: SourceError) {
        self.standings.failed(error);
    }
}
