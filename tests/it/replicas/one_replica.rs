//! The catalogue and the synchroniser of one gateway, without the rest of it.

use std::sync::Arc;
use std::time::Duration;

use oruk_gateway::catalogue::journal::PostgresJournal;
use oruk_gateway::catalogue::{
    CatalogueOpening, ReplicaSettings, ReplicaStanding, StoreVerifier, StoredCatalogue,
};
use oruk_gateway::config::GatewayConfig;
use oruk_gateway::model::{PostcodePlaces, RecordKind, SourceKey};
use oruk_gateway::source::SourceServices;
use oruk_gateway::sync::SourceSynchroniser;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::support::{FakeFeed, SETTINGS, records, wall_clock};

/// Longer than anything here takes. A lease lasts 15 seconds.
const WITHIN: Duration = Duration::from_secs(60);

/// One of several gateways: its catalogue and its synchroniser.
pub(super) struct OneReplica {
    directory: TempDir,
    pub(super) catalogue: StoredCatalogue,
    sources: SourceServices,
    key: SourceKey,
    walking: JoinHandle<()>,
}

impl OneReplica {
    pub(super) async fn start(feed: &FakeFeed, url: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), feed, url).await
    }

    pub(super) async fn start_in(directory: TempDir, feed: &FakeFeed, url: &str) -> Self {
        let text = format!(
            "[defaults]\n{SETTINGS}\n[[sources]]\nkey = '{}'\nurl = '{}'\nmode = 'catalogue'\n",
            feed.key, feed.url
        );
        let config = GatewayConfig::parse(&text, &|_| None).unwrap();
        let journal = Arc::new(PostgresJournal::at(url, None).unwrap());
        let replica = ReplicaSettings { journal, name: "test".to_owned() };
        let clock = wall_clock();
        let opening = CatalogueOpening {
            directory: Some(directory.path().into()),
            rules: "rules".to_owned(),
            postcodes: PostcodePlaces::default(),
            clock: clock.clone(),
            verifier: &StoreVerifier::default(),
            replica: Some(replica),
        };
        let catalogue = StoredCatalogue::open_as(opening).await.unwrap();
        let sources = SourceServices::new(1 << 20, clock.clone());
        let source = Arc::new(sources.source(&config.sources[0], &config.privacy));
        let synchroniser =
            SourceSynchroniser::new(vec![source], &catalogue, Duration::from_millis(500), &clock);
        let walking = tokio::spawn(async move { synchroniser.keep_up().await });
        Self { directory, catalogue, sources, key: SourceKey::parse(&feed.key).unwrap(), walking }
    }

    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&ReplicaStanding) -> bool) {
        let mut standing = self.catalogue.watch_standing().unwrap();
        let waited = tokio::time::timeout(WITHIN, standing.wait_for(|standing| is_so(standing))).await;
        assert!(waited.is_ok(), "{what}: {:?}", self.catalogue.standing());
    }

    pub(super) async fn leads(&self) {
        self.until("leads", ReplicaStanding::leads).await;
    }

    /// Waits until it reports why it is behind the others, and returns the reason.
    pub(super) async fn is_in_trouble(&self) -> String {
        self.until("is in trouble", |standing| standing.trouble.is_some()).await;
        self.catalogue.standing().unwrap().trouble.unwrap()
    }

    /// Waits until this many services are stored.
    pub(super) async fn has(&self, services: u64) {
        let mut standing = self.catalogue.watch_standing().unwrap();
        let waiting = async {
            while self.services() != services {
                standing.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(WITHIN, waiting).await;
        assert!(waited.is_ok(), "{services} services: {} {:?}", self.services(), self.catalogue.standing());
    }

    pub(super) fn services(&self) -> u64 {
        self.catalogue.snapshot().store().count(RecordKind::Service, &self.key).unwrap()
    }

    /// Returns everything that is stored, as text, with the history.
    pub(super) fn all(&self) -> String {
        let snapshot = self.catalogue.snapshot();
        let store = snapshot.store();
        let kinds = [RecordKind::Service, RecordKind::Organization, RecordKind::Location];
        let records = kinds.map(|kind| store.all_records(kind, &self.key).unwrap().0);
        let history = store.history(0, usize::MAX).unwrap();
        format!("{} {records:#?} {history:#?}", store.generation())
    }

    pub(super) async fn stop(self) -> TempDir {
        self.walking.abort();
        self.sources.stop().await;
        self.catalogue.close().await;
        self.directory
    }

    /// Ends it as a kill would: the lease is not given back.
    pub(super) fn kill(self) {
        self.walking.abort();
        std::mem::forget(self.catalogue);
    }
}

pub(super) fn services(count: usize) -> Vec<serde_json::Value> {
    (0..count).map(records::service).collect()
}

/// Waits until both have the same content.
pub(super) async fn are_equal(one: &OneReplica, other: &OneReplica) {
    let equal = async {
        loop {
            let (here, there) = (one.all(), other.all());
            if here == there {
                return;
            }
            let mut standing = other.catalogue.watch_standing().unwrap();
            let _ = tokio::time::timeout(Duration::from_millis(500), standing.changed()).await;
        }
    };
    assert!(tokio::time::timeout(WITHIN, equal).await.is_ok(), "{}\n\n{}", one.all(), other.all());
}
