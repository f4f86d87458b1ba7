//! Several gateways that share one catalogue through PostgreSQL: one reads the publishers, all have the same data, and
//! nothing stored is lost, whatever happens to one of them or to PostgreSQL.

mod chains;
mod clients;
mod connecting;
mod one_replica;

use oruk_gateway::catalogue::ReplicaRole;

use crate::damage::spoil_records;
use crate::support::{FakeFeed, FaultyWire, PostgresServer, WireFault};

use one_replica::{OneReplica, are_equal, services};

#[tokio::test(flavor = "multi_thread")]
async fn one_reads_the_publisher_and_all_have_what_it_read() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(30).spawn().await;
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.leads().await;
    one.has(30).await;
    let other = OneReplica::start(&feed, &postgres.url()).await;
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
    let back = OneReplica::start_in(kept, &feed, &postgres.url()).await;
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
    let one = OneReplica::start(&feed, &PostgresServer::url_at(wire.address())).await;
    one.leads().await;
    one.has(20).await;
    let other = OneReplica::start(&feed, &postgres.url()).await;
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
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.has(10).await;
    let generation = one.catalogue.snapshot().store().generation().to_owned();
    let copy = postgres.copy();
    one.leads().await;
    feed.now_has(services(15));
    one.has(15).await;
    postgres.restore(&copy);
    one.until("is level again", |standing| standing.leads() && standing.trouble.is_none()).await;
    one.has(15).await;
    let other = OneReplica::start(&feed, &postgres.url()).await;
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
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.has(10).await;
    let kept = one.stop().await;
    postgres.stop();
    let again = OneReplica::start_in(kept, &feed, &postgres.url()).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_stopped_in_order_gives_its_lease_back() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.has(3).await;
    assert_eq!(postgres.sql("select until > now() from oruk.lease"), "t");
    one.stop().await;
    assert_eq!(postgres.sql("select until > now() from oruk.lease"), "f");
    assert_eq!(postgres.sql("select count(*) from oruk.member"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_of_a_newer_release_is_not_taken_and_whoever_met_it_answers_and_does_not_lead() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(5).spawn().await;
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.has(5).await;
    let kept = one.stop().await;
    postgres.sql(
        "insert into oruk.step (number, epoch, id, chain, bytes)
         select max(number) + 1, max(epoch) + 1, gen_random_uuid(), sha256('newer'), '\\xff01' from oruk.step",
    );
    let again = OneReplica::start_in(kept, &feed, &postgres.url()).await;
    let trouble = again.is_in_trouble().await;
    assert!(trouble.contains("install the newer release"), "{trouble}");
    assert_eq!((again.services(), again.catalogue.leads()), (5, false));
    again.until("follows", |standing| standing.role() == ReplicaRole::Follower).await;
    postgres.sql("delete from oruk.step where bytes = '\\xff01'");
    again.leads().await;
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_with_damaged_records_is_loaded_anew_from_the_journal() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let one = OneReplica::start(&feed, &postgres.url()).await;
    one.has(45).await;
    let other = OneReplica::start(&feed, &postgres.url()).await;
    other.has(45).await;
    let kept = other.stop().await;
    spoil_records(kept.path());
    let other = OneReplica::start_in(kept, &feed, &postgres.url()).await;
    // Reading notices the damage.
    assert!(!other.all().is_empty());
    are_equal(&one, &other).await;
    assert_eq!(other.services(), 45);
    one.stop().await;
    other.stop().await;
}
