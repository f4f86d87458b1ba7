//! Tests that a gateway that is killed while it writes has stored all that it acknowledged, and no part of a batch.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rand::RngExt as _;

use super::{at, batch, rich, source};
use crate::catalogue::{StoredCatalogue, SyncBatch};
use crate::model::{InstantClock, PostcodePlaces, RecordKind};

const DIRECTORY: &str = "ORUK_TEST_KILLED_DIRECTORY";
const ROUNDS: usize = 12;
const PER_BATCH: u64 = 20;

#[test]
#[ignore = "the writer that the test below starts and kills"]
fn writes_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let catalogue = open(Path::new(&directory)).await;
        let written = catalogue.snapshot().store().state(&source("elmshire")).unwrap();
        let from = written.map_or(0, |state| u64::from_le_bytes(state.try_into().unwrap()) + 1);
        for number in from.. {
            let records = (0..PER_BATCH).map(|one| rich(&format!("{number}-{one}"), at(0)));
            let state = Some(number.to_le_bytes().to_vec());
            catalogue.submit(SyncBatch { state, ..batch(number, records) }).await.unwrap();
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nwritten {number}").and_then(|()| out.flush()).unwrap();
        }
    });
}

#[test]
fn what_was_acknowledged_is_there_and_nothing_by_halves() {
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = None;
    for round in 0..ROUNDS {
        acknowledged = write_and_kill(directory.path()).or(acknowledged);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let catalogue = open(directory.path()).await;
            let snapshot = catalogue.snapshot();
            let state = snapshot.store().state(&source("elmshire")).unwrap();
            let newest = state.map(|state| u64::from_le_bytes(state.try_into().unwrap()));
            assert!(newest >= acknowledged, "round {round}: {newest:?} of {acknowledged:?}");
            let batches = newest.map_or(0, |number| number + 1);
            let services = snapshot.store().count(RecordKind::Service, &source("elmshire")).unwrap();
            assert_eq!(services, batches * PER_BATCH, "round {round}: whole batches");
            assert_eq!(snapshot.store().sequence(), services, "round {round}: one change each");
            assert_eq!(snapshot.facts().len() as u64, services, "round {round}");
            assert_eq!(super::indexed(&snapshot) as u64, services, "round {round}");
            let read = snapshot.store().all_records(RecordKind::Service, &source("elmshire")).unwrap();
            assert_eq!(read.0.len() as u64, services, "round {round}: every one can be read");
            catalogue.close().await;
        });
    }
    assert!(acknowledged.is_some(), "the writer never came to write");
}

/// Starts another process that writes until it is killed at a random moment. Returns the last batch that it
/// acknowledged.
fn write_and_kill(directory: &Path) -> Option<u64> {
    let mut writer = Command::new(this_program())
        .args(["--exact", test_name(), "--ignored", "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = || lines.by_ref().find_map(|line| line.strip_prefix("written ")?.parse::<u64>().ok());
    let mut random = rand::rng();
    let mut last = None;
    for _ in 0..random.random_range(1..5) {
        last = said().or(last);
    }
    // Kills it at a random point of the next batch.
    for turn in 0..random.random_range(0..20_000_000_u64) {
        std::hint::black_box(turn);
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    std::iter::from_fn(said).last().or(last)
}

async fn open(directory: &Path) -> StoredCatalogue {
    StoredCatalogue::open(Some(directory.to_owned()), PostcodePlaces::default(), InstantClock::fixed(at(60)))
        .await
        .unwrap()
}

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn test_name() -> &'static str {
    let whole = concat!(module_path!(), "::writes_until_killed");
    whole.split_once("::").unwrap().1
}
