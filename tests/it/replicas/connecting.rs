//! Connections to PostgreSQL: over TLS, through PgBouncer, and with no more rights than needed.

use oruk_gateway::catalogue::journal::postgres_schema;

use super::one_replica::{OneReplica, are_equal, services};
use crate::support::{FakeFeed, PgBouncer, PostgresServer, TestAuthority};

const DOCUMENTATION: &str = include_str!("../../../docs/replicas.md");

/// Returns what the documentation has an administrator grant.
fn documented_grants() -> String {
    let grants: Vec<&str> = DOCUMENTATION.lines().filter(|line| line.starts_with("grant ")).collect();
    assert!(grants.len() > 1, "the documentation no longer says what to grant");
    grants.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_verified() {
    let (authority, stranger) = (TestAuthority::new(), TestAuthority::new());
    let Some(postgres) = PostgresServer::start_with_tls(&authority.server()) else { return };
    let url = |root: &TestAuthority| {
        format!("{}?sslmode=verify-full&sslrootcert={}", postgres.url(), root.file().display())
    };
    let feed = FakeFeed::called("one").with_services(7).spawn().await;
    let one = OneReplica::start(&feed, &url(&authority)).await;
    one.has(7).await;
    let encrypted = "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)
        where ssl and application_name = 'oruk-gateway'";
    assert_eq!(postgres.sql(encrypted), "2", "the lease has its own connection");

    let deceived = OneReplica::start(&feed, &url(&stranger)).await;
    let trouble = deceived.is_in_trouble().await;
    assert!(trouble.contains("certificate"), "{trouble}");
    let plain = OneReplica::start(&feed, &postgres.url()).await;
    let trouble = plain.is_in_trouble().await;
    assert!(trouble.contains("no encryption"), "{trouble}");
    for replica in [one, deceived, plain] {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let one = OneReplica::start(&feed, &format!("{}?sslmode=require", postgres.url())).await;
    let trouble = one.is_in_trouble().await;
    assert!(trouble.contains("TLS"), "{trouble}");
    assert_eq!(postgres.sql("select to_regclass('oruk.step') is null"), "t");
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pgbouncer_may_stand_between_in_transaction_mode() {
    let Some(postgres) = PostgresServer::start() else { return };
    let Some(bouncer) = PgBouncer::before(&postgres) else { return };
    let url = PostgresServer::url_at(bouncer.address());
    let feed = FakeFeed::called("one").with_services(20).spawn().await;
    let one = OneReplica::start(&feed, &url).await;
    one.leads().await;
    one.has(20).await;
    let other = OneReplica::start(&feed, &url).await;
    other.has(20).await;
    feed.now_has(services(23));
    other.has(23).await;
    are_equal(&one, &other).await;
    one.stop().await;
    other.leads().await;
    feed.now_has(services(25));
    other.has(25).await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_make_no_tables_needs_only_what_the_documentation_grants() {
    let Some(postgres) = PostgresServer::start() else { return };
    postgres.sql("create role gateway login");
    let url = postgres.url().replace("postgres@", "gateway@");
    let feed = FakeFeed::called("one").with_services(4).spawn().await;
    let one = OneReplica::start(&feed, &url).await;
    let trouble = one.is_in_trouble().await;
    assert!(trouble.contains("oruk-gateway journal schema"), "{trouble}");

    postgres.sql(postgres_schema());
    let ungranted = "permission denied";
    one.until("says what is missing", |standing| {
        standing.trouble.as_ref().is_some_and(|trouble| trouble.contains(ungranted))
    })
    .await;
    postgres.sql(&documented_grants());
    one.leads().await;
    one.has(4).await;
    let snapshots = async || postgres.sql("select count(*) from oruk.snapshot");
    assert_eq!(snapshots().await, "0");
    one.stop().await;
}
