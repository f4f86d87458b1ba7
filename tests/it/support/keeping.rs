//! A catalogue and its synchroniser without a gateway: tests say when to walk, and move the clock.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use oruk_gateway::catalogue::StoredCatalogue;
use oruk_gateway::config::GatewayConfig;
use oruk_gateway::model::{
    AnyRecord, InstantClock, PostcodePlaces, RecordId, RecordKind, Service, SourceKey,
};
use oruk_gateway::source::{FeedSource, SourceServices};
use oruk_gateway::sync::{SourceSynchroniser, SyncOutcome, SyncProgress};
use tempfile::TempDir;

use super::FakeFeed;

/// A catalogue on disk, and a clock that the test moves.
pub(crate) struct Kept {
    pub(crate) directory: TempDir,
    pub(crate) minutes: Arc<AtomicI64>,
}

/// The catalogue and its synchroniser while they are open.
pub(crate) struct Running {
    pub(crate) catalogue: StoredCatalogue,
    pub(crate) synchroniser: Arc<SourceSynchroniser>,
    pub(crate) sources: SourceServices,
    source: Arc<FeedSource>,
    pub(crate) key: SourceKey,
}

pub(crate) const SETTINGS: &str = "dialect = 'hsds-3'\nretries = 0\nrequests_per_second = 100000\npage_size = 10\nmax_concurrency = 2\ntimeout = '2s'\n";

impl Kept {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), minutes: Arc::default() }
    }

    /// Opens the catalogue for a feed, as the gateway does when it starts.
    pub(crate) async fn open(&self, feed: &FakeFeed) -> Running {
        self.open_with(feed, SETTINGS).await
    }

    pub(crate) async fn open_with(&self, feed: &FakeFeed, settings: &str) -> Running {
        self.open_every(feed, settings, 60).await
    }

    /// Like [`Self::open_with`], with this many seconds between sync runs.
    pub(crate) async fn open_every(&self, feed: &FakeFeed, settings: &str, seconds: u64) -> Running {
        let text = format!(
            "[defaults]\n{settings}\n[[sources]]\nkey = '{}'\nurl = '{}'\nmode = 'catalogue'\n",
            feed.key, feed.url
        );
        let config = GatewayConfig::parse(&text, &|_| None).unwrap();
        let minutes = Arc::clone(&self.minutes);
        let clock = InstantClock::new(move || start() + TimeDelta::minutes(minutes.load(Ordering::SeqCst)));
        let directory: PathBuf = self.directory.path().into();
        let catalogue =
            StoredCatalogue::open(Some(directory), PostcodePlaces::default(), clock.clone()).await.unwrap();
        let sources = SourceServices::new(1 << 20, clock.clone());
        let source = Arc::new(sources.source(&config.sources[0], &config.privacy));
        let every = Duration::from_secs(seconds);
        let synchroniser =
            Arc::new(SourceSynchroniser::new(vec![Arc::clone(&source)], &catalogue, every, &clock));
        Running { catalogue, synchroniser, sources, source, key: SourceKey::parse(&feed.key).unwrap() }
    }

    pub(crate) fn minutes_pass(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::SeqCst);
    }
}

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

impl Running {
    pub(crate) async fn synchronise(&self) -> SyncOutcome {
        self.synchroniser.synchronise(&self.key).await.unwrap()
    }

    /// Returns the source that is synchronised.
    pub(crate) fn source(&self) -> Arc<FeedSource> {
        Arc::clone(&self.source)
    }

    pub(crate) fn all(&self, kind: RecordKind) -> Vec<AnyRecord> {
        self.catalogue.snapshot().store().all_records(kind, &self.key).unwrap().0
    }

    pub(crate) fn ids(&self, kind: RecordKind) -> BTreeSet<String> {
        self.all(kind).iter().map(|record| record.id().upstream().to_owned()).collect()
    }

    pub(crate) fn services(&self) -> usize {
        self.ids(RecordKind::Service).len()
    }

    pub(crate) fn service(&self, upstream: &str) -> Arc<Service> {
        let id = RecordId::new(RecordKind::Service, &self.key, upstream);
        match self.catalogue.snapshot().store().get(&id).unwrap() {
            Some(AnyRecord::Service(service)) => service,
            other => panic!("{upstream}: {other:?}"),
        }
    }

    pub(crate) fn changes(&self) -> u64 {
        self.catalogue.snapshot().store().sequence()
    }

    /// Returns the progress of the last sync run.
    pub(crate) fn progress(&self) -> SyncProgress {
        self.synchroniser.progress(&self.key).unwrap()
    }

    /// Returns the error message of the last sync run. Empty if there is none.
    pub(crate) fn said(&self) -> String {
        self.progress().error.map(|error| error.message).unwrap_or_default()
    }

    pub(crate) async fn stop(self) {
        self.sources.stop().await;
        self.catalogue.close().await;
    }
}

/// Opens a new catalogue for a feed.
pub(crate) async fn opened(feed: &FakeFeed) -> (Kept, Running) {
    let kept = Kept::new();
    let running = kept.open(feed).await;
    (kept, running)
}
