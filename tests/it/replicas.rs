//! Several gateways that keep one catalogue together through PostgreSQL: one reads the publisher, all have the same, and
//! whatever happens to one of them or to PostgreSQL, nothing that is kept is lost.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use oruk_gateway::catalogue::journal::PostgresJournal;
use oruk_gateway::catalogue::{
    ReplicaRole, ReplicaSettings, ReplicaStanding, StoreVerifier, StoredCatalogue,
};
use oruk_gateway::config::GatewayConfig;
use oruk_gateway::model::{PostcodePlaces, RecordKind, SourceKey};
use oruk_gateway::source::SourceServices;
use oruk_gateway::sync::SourceSynchroniser;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::support::{FakeFeed, FaultyWire, PostgresServer, SETTINGS, WireFault, records, wall_clock};

/// Longer than anything here takes: a lease runs out after 15 seconds.
const WITHIN: Duration = Duration::from_secs(60);

/// One of several gateways, as far as its catalogue goes.
struct OneReplica {
    directory: TempDir,
    catalogue: StoredCatalogue,
    sources: SourceServices,
    key: SourceKey,
    walking: JoinHandle<()>,
}

impl OneReplica {
    async fn start(feed: &FakeFeed, postgres: SocketAddr) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), feed, postgres).await
    }

    async fn start_in(directory: TempDir, feed: &FakeFeed, postgres: SocketAddr) -> Self {
        let text = format!(
            "[defaults]\n{SETTINGS}\n[[sources]]\nkey = '{}'\nurl = '{}'\nmode = 'catalogue'\n",
            feed.key, feed.url
        );
        let config = GatewayConfig::parse(&text, &|_| None).unwrap();
        let url = PostgresServer::url_at(postgres);
        let journal = Arc::new(PostgresJournal::at(&url, None).unwrap());
        let replica = ReplicaSettings { journal, name: "test".to_owned() };
        let (path, rules): (PathBuf, _) = (directory.path().into(), "rules".to_owned());
        let (places, clock) = (PostcodePlaces::default(), wall_clock());
        let verifier = StoreVerifier::default();
        let opened =
            StoredCatalogue::open_shared(Some(path), rules, places, clock.clone(), &verifier, Some(replica));
        let catalogue = opened.await.unwrap();
        let sources = SourceServices::new(1 << 20, clock.clone());
        let source = Arc::new(sources.source(&config.sources[0], &config.privacy));
        let synchroniser =
            SourceSynchroniser::new(vec![source], &catalogue, Duration::from_millis(500), &clock);
        let walking = tokio::spawn(async move { synchroniser.keep_up().await });
        Self { directory, catalogue, sources, key: SourceKey::parse(&feed.key).unwrap(), walking }
    }

    async fn until(&self, what: &str, is_so: impl Fn(&ReplicaStanding) -> bool) {
        let mut standing = self.catalogue.watch_standing().unwrap();
        let waited = tokio::time::timeout(WITHIN, standing.wait_for(|standing| is_so(standing))).await;
        assert!(waited.is_ok(), "{what}: {:?}", self.catalogue.standing());
    }

    async fn leads(&self) {
        self.until("leads", ReplicaStanding::leads).await;
    }

    /// Waits until so many services are kept.
    async fn has(&self, services: u64) {
        let mut standing = self.catalogue.watch_standing().unwrap();
        let waiting = async {
            while self.services() != services {
                standing.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(WITHIN, waiting).await;
        assert!(waited.is_ok(), "{services} services: {} {:?}", self.services(), self.catalogue.standing());
    }

    fn services(&self) -> u64 {
        self.catalogue.snapshot().store().count(RecordKind::Service, &self.key).unwrap()
    }

    /// All that is kept, in words, with the history.
    fn all(&self) -> String {
        let snapshot = self.catalogue.snapshot();
        let store = snapshot.store();
        let kinds = [RecordKind::Service, RecordKind::Organization, RecordKind::Location];
        let records = kinds.map(|kind| store.all_records(kind, &self.key).unwrap().0);
        let history = store.history(0, usize::MAX).unwrap();
        format!("{} {records:#?} {history:#?}", store.generation())
    }

    async fn stop(self) -> TempDir {
        self.walking.abort();
        self.sources.stop().await;
        self.catalogue.close().await;
        self.directory
    }

    /// As a kill does: the lease is not given back.
    fn kill(self) {
        self.walking.abort();
        std::mem::forget(self.catalogue);
    }
}

fn services(count: usize) -> Vec<serde_json::Value> {
    (0..count).map(records::service).collect()
}

/// Waits until one has taken all that another has.
async fn are_equal(one: &OneReplica, other: &OneReplica) {
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

#[tokio::test(flavor = "multi_thread")]
async fn one_reads_the_publisher_and_all_have_what_it_read() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(30).spawn().await;
    let one = OneReplica::start(&feed, postgres.address()).await;
    one.leads().await;
    one.has(30).await;
    let other = OneReplica::start(&feed, postgres.address()).await;
    other.has(30).await;
    other.until("follows", |standing| standing.role() == ReplicaRole::Follower).await;
    are_equal(&one, &other).await;

    feed.now_has(services(33));
    other.has(33).await;
    are_equal(&one, &other).await;

    let kept = one.stop().await;
    other.leads().await;
    feed.now_has(services(35));
    other.has(35).await;
    let back = OneReplica::start_in(kept, &feed, postgres.address()).await;
    back.has(35).await;
    are_equal(&other, &back).await;
    assert!(!back.catalogue.leads());
    other.stop().await;
    back.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_cut_off_is_followed_by_another_and_follows_it_in_turn() {
    let Some(postgres) = PostgresServer::start() else { return };
    let wire = FaultyWire::to(postgres.address()).await;
    let feed = FakeFeed::called("one").with_services(20).spawn().await;
    let one = OneReplica::start(&feed, wire.address()).await;
    one.leads().await;
    one.has(20).await;
    let other = OneReplica::start(&feed, postgres.address()).await;
    other.has(20).await;

    wire.becomes(WireFault::Refusing);
    wire.reset();
    other.leads().await;
    one.until("gives up", |standing| !standing.leads()).await;
    feed.now_has(services(24));
    other.has(24).await;
    assert_eq!(one.services(), 20, "answers from what it has");

    wire.becomes(WireFault::Sound);
    one.has(24).await;
    are_equal(&other, &one).await;
    assert!(!one.catalogue.leads());
    one.stop().await;
    other.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_that_postgresql_lost_are_noticed_and_the_catalogue_is_loaded_anew() {
    let Some(mut postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(10).spawn().await;
    let one = OneReplica::start(&feed, postgres.address()).await;
    one.has(10).await;
    let generation = one.catalogue.snapshot().store().generation().to_owned();
    let copy = postgres.copy();
    one.leads().await;
    feed.now_has(services(15));
    one.has(15).await;
    postgres.restore(&copy);
    one.until("is level again", |standing| standing.leads() && standing.trouble.is_none()).await;
    one.has(15).await;
    let other = OneReplica::start(&feed, postgres.address()).await;
    other.has(15).await;
    are_equal(&one, &other).await;
    assert_ne!(one.catalogue.snapshot().store().generation(), generation, "clients are told to begin anew");
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_starts_without_postgresql_answers_from_what_it_has() {
    let Some(mut postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(10).spawn().await;
    let one = OneReplica::start(&feed, postgres.address()).await;
    one.has(10).await;
    let kept = one.stop().await;
    postgres.stop();
    let again = OneReplica::start_in(kept, &feed, postgres.address()).await;
    again.until("answers", |standing| standing.is_settled).await;
    assert_eq!((again.services(), again.catalogue.leads()), (10, false));
    let asked = feed.all_hits();
    postgres.start_again();
    again.leads().await;
    assert_eq!(feed.all_hits(), asked, "nobody asked the publisher meanwhile");
    feed.now_has(services(12));
    again.has(12).await;
    again.stop().await;
}
