//! A catalogue that was not closed properly, or whose directory cannot be written to.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::program::{Program, Running};
use crate::support::{FakeFeed, Manner, records};

const COUNT: &str = "{ services { totalCount complete sources { status error { message } } } }";
const PAGE: u64 = 4096;

fn over(feed: &FakeFeed, directory: &Path) -> Program {
    every("1h", feed, directory)
}

fn every(span: &str, feed: &FakeFeed, directory: &Path) -> Program {
    let text = format!(
        "[catalogue]\ndirectory = '{}'\nsync_every = '{span}'\n[defaults]\ndialect = 'hsds-3'\nrequests_per_second = 100000\nretries = 0\n\
         [[sources]]\nkey = '{}'\nurl = '{}'\nmode = 'catalogue'\n",
        directory.display(),
        feed.key,
        feed.url
    );
    Program::new().with_file("gateway.toml", &text)
}

/// Logs little, because its output is not read before it ends, and a full pipe would block it.
async fn start(program: Program) -> Running {
    const ARGUMENTS: &str = "serve --config gateway.toml --listen 127.0.0.1:0 \
        --log warn,oruk_gateway::catalogue::verifier=info";
    let start = move || program.start(ARGUMENTS);
    tokio::task::spawn_blocking(start).await.unwrap()
}

/// Returns a directory with the closed catalogue of a feed of 120 services.
async fn kept(feed: &FakeFeed) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let program = over(feed, directory.path());
    let ended = tokio::task::spawn_blocking(move || program.run("sync --config gateway.toml")).await.unwrap();
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, "one: 120 services stored, read completely\n"),
        "{ended:?}"
    );
    directory
}

fn is_whole(answer: &Value, count: usize) -> bool {
    let services = &answer["data"]["services"];
    services["totalCount"] == count && services["complete"] == true
}

async fn until_whole(gateway: &Running, count: usize) {
    let mut last = Value::Null;
    let asking = async {
        while !is_whole(&last, count) {
            last = gateway.query(COUNT).await;
        }
    };
    let asked = tokio::time::timeout(std::time::Duration::from_secs(60), asking).await;
    assert!(asked.is_ok(), "never whole: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_not_closed_is_verified_and_one_that_was_is_not() {
    let feed = FakeFeed::called("one").with_services(120).spawn().await;
    let directory = kept(&feed).await;
    let closed = directory.path().join("catalogue.closed");
    assert!(closed.exists());
    feed.behave(Manner::Resetting);
    let gateway = start(over(&feed, directory.path())).await;
    assert!(!closed.exists(), "while it is open");
    until_whole(&gateway, 120).await;
    gateway.signal("KILL");
    drop(gateway);

    let gateway = start(over(&feed, directory.path())).await;
    until_whole(&gateway, 120).await;
    let ended = gateway.terminate();
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("was not closed properly") && ended.err.contains("is sound"), "{}", ended.err);
    assert!(closed.exists());

    let gateway = start(over(&feed, directory.path())).await;
    until_whole(&gateway, 120).await;
    let ended = gateway.terminate();
    assert!(!ended.err.contains("was not closed properly"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_pass_is_moved_aside_and_read_again() {
    let feed = FakeFeed::called("one").with_services(120).spawn().await;
    let directory = kept(&feed).await;
    let store = directory.path().join("catalogue.redb");
    let mut bytes = fs::read(&store).unwrap();
    bytes.iter_mut().skip(PAGE as usize).for_each(|byte| *byte = 0xa5);
    fs::write(&store, &bytes).unwrap();

    let gateway = start(over(&feed, directory.path())).await;
    until_whole(&gateway, 120).await;
    let ended = gateway.terminate();
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("reading every source again"), "{}", ended.err);
    assert_eq!(fs::read(store.with_extension("redb.broken")).unwrap(), bytes);
}

/// Damages a copy of a store in one of the ways that disks and crashes do, or worse.
fn damage(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) -> String {
    let page = random.random_range(1..bytes.len() as u64 / PAGE) * PAGE;
    let at = page as usize;
    let kind = random.random_range(0..6);
    match kind {
        0 => bytes[at..at + PAGE as usize].fill(0),
        1 => (0..4).for_each(|_| {
            bytes[at + random.random_range(0..PAGE as usize)] ^= 1 << random.random_range(0..8)
        }),
        2 => bytes.truncate(at),
        3 => {
            let other = random.random_range(1..bytes.len() as u64 / PAGE) as usize * PAGE as usize;
            bytes.copy_within(other..other + PAGE as usize, at);
        }
        4 => {
            let index = at as u64 / PAGE - 1;
            // A branch page whose children are all the page itself.
            for place in (8..512).step_by(8) {
                bytes[at + place..at + place + 8].copy_from_slice(&index.to_le_bytes());
            }
            bytes[at] = 2;
        }
        _ => random.fill(&mut bytes[at..at + 64]),
    }
    format!("kind {kind}, page {}", page / PAGE)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_damaged_the_gateway_comes_up_and_has_everything_again() {
    let feed = FakeFeed::called("one").with_services(120).spawn().await;
    let directory = kept(&feed).await;
    let sound = fs::read(directory.path().join("catalogue.redb")).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let rounds = std::env::vars()
        .find(|(name, _)| name == "ORUK_TEST_DAMAGES")
        .map_or(8, |(_, rounds)| rounds.parse().unwrap());
    for round in 0..rounds {
        let copy = tempfile::tempdir().unwrap();
        let mut bytes = sound.clone();
        let what = damage(&mut bytes, &mut random);
        fs::write(copy.path().join("catalogue.redb"), bytes).unwrap();
        let gateway = start(over(&feed, copy.path())).await;
        let first = gateway.query("{ services(first: 100) { nodes { name phones { number } } } changes { edges { node { kind } } } }").await;
        assert!(first["data"]["services"].is_object(), "round {round}, {what}: {first}");
        until_whole(&gateway, 120).await;
        let ended = gateway.terminate();
        assert_eq!(ended.code, 0, "round {round}, {what}: {ended:?}");
        eprintln!("round {round}, {what}: aside {}", copy.path().join("catalogue.redb.broken").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_that_can_only_be_read_is_served_and_kept_up_in_memory() {
    let feed = FakeFeed::called("one").with_services(120).spawn().await;
    let directory = kept(&feed).await;
    let store = directory.path().join("catalogue.redb");
    let before = fs::read(&store).unwrap();
    let set = |mode: u32| {
        let files = fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().path());
        for path in files.chain([directory.path().to_owned()]) {
            let execute = if path.is_dir() { 0o111 } else { 0 };
            fs::set_permissions(path, Permissions::from_mode(mode | execute)).unwrap();
        }
    };
    set(0o444);
    feed.behave(Manner::Resetting);
    let gateway = start(over(&feed, directory.path()).held_to_permissions()).await;
    until_whole(&gateway, 120).await;
    let ended = gateway.terminate();
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("cannot write to the catalogue's disk"), "{}", ended.err);

    feed.behave(Manner::Healthy);
    feed.now_has((0..121).map(records::service).collect());
    let gateway = start(every("100ms", &feed, directory.path()).held_to_permissions()).await;
    until_whole(&gateway, 121).await;
    assert_eq!(gateway.terminate().code, 0);
    set(0o644);
    assert_eq!(fs::read(&store).unwrap(), before);
}
