//! How a source fares: when it was read, how that went, what is served of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use tokio::sync::watch;

use super::error::SourceError;
use super::metrics;
use crate::model::SourceKey;

/// How a source fares at a moment, judged by its services.
#[derive(Clone, Debug, Default)]
pub struct SourceStanding {
    /// When a read was last begun.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When a read last succeeded.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Services now served.
    pub service_count: Option<usize>,
    /// Age of what is now served.
    pub age: Option<Duration>,
    /// Whether what is now served is within its freshness target; none where nothing is.
    pub is_fresh: Option<bool>,
    /// Why the last read failed, if it did.
    pub error: Option<SourceError>,
}

/// Keeps a source's standing.
pub(crate) struct StandingKeeper {
    source: String,
    now: Mutex<StandingRecord>,
    /// Whether the last read succeeded.
    is_well: watch::Sender<bool>,
}

#[derive(Default)]
struct StandingRecord {
    last_attempt_at: Option<DateTime<Utc>>,
    last_success_at: Option<DateTime<Utc>>,
    served: Option<ServedList>,
    error: Option<SourceError>,
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
            is_well: watch::Sender::new(false),
        }
    }

    /// Notes that a read begins.
    pub(crate) fn began(&self, at: DateTime<Utc>) {
        self.lock().last_attempt_at = Some(at);
    }

    /// Notes a read that reached its end: `count` services, fresh and then stale for so long.
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
            now.error = None;
        }
        self.is_well.send_replace(true);
        metrics::records(&self.source, count);
    }

    /// Notes a read that failed.
    pub(crate) fn failed(&self, error: SourceError) {
        self.lock().error = Some(error);
        self.is_well.send_replace(false);
    }

    /// Notes what is wrong with a read that succeeded.
    pub(crate) fn flawed(&self, flaw: SourceError) {
        self.lock().error = Some(flaw);
    }

    /// Waits until its last read succeeded.
    pub(crate) async fn until_well(&self) {
        // Fails only when the sender is gone, which is held here.
        let _ = self.is_well.subscribe().wait_for(|is_well| *is_well).await;
    }

    /// The standing at an instant.
    pub(crate) fn now(&self, at: DateTime<Utc>) -> SourceStanding {
        let record = self.lock();
        let served = record.served.filter(|served| at < served.stale_until);
        let age = served.map(|served| (at - served.fetched_at).to_std().unwrap_or_default());
        if let Some(age) = age {
            metrics::data_age(&self.source, age);
        }
        SourceStanding {
            last_attempt_at: record.last_attempt_at,
            last_success_at: record.last_success_at,
            service_count: served.map(|served| served.count),
            age,
            is_fresh: served.map(|served| at < served.fresh_until),
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
