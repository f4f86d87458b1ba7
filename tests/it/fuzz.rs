//! A short run of the fuzz targets: every input of the corpus, and the same mutations of each every time.

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use oruk_gateway::fuzzing::TARGETS;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The number of mutations to try of each input.
const MUTATIONS: u64 = 40;
/// The longest mutated input in bytes. Attacks that need more have tests of their own.
const LONGEST: usize = 6_000;
/// The time limit. No input takes a second, but the machine may be very busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// An input of the corpus: the name of its file, and its bytes.
type Seed = (String, Vec<u8>);

#[test]
fn pages_hold_whatever_their_bytes() {
    replay("page");
}

#[test]
fn texts_hold_whatever_their_markup() {
    replay("html");
}

#[test]
fn almost_json_becomes_json() {
    replay("mend");
}

#[test]
fn broken_pages_hold_wherever_they_break() {
    replay("salvage");
}

#[test]
fn documents_hold_whatever_they_ask() {
    replay("graphql");
}

#[test]
fn points_speak_for_what_an_operation_takes() {
    replay("cost");
}

#[test]
fn a_failing_input_is_named() {
    let seeds = [("seed".to_owned(), b"input".to_vec())];
    let (told, hears) = channel();
    let failed = catch_unwind(|| run(|_| panic!("a promise broken"), &seeds, &told)).unwrap_err();
    assert_eq!(hears.recv().unwrap(), "seed as it is");
    assert_eq!(message(&*failed), "seed as it is: a promise broken\ninput");
}

fn replay(target: &'static str) {
    let (_, law) = TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    let seeds = corpus(target);
    let (told, hears) = channel();
    let working = thread::spawn(move || run(law, &seeds, &told));
    let mut input = "nothing".to_owned();
    loop {
        match hears.recv_timeout(PATIENCE) {
            Ok(next) => input = next,
            Err(RecvTimeoutError::Timeout) => panic!("{target}: {input} takes more than {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if let Err(failed) = working.join() {
        panic!("{target}: {}", message(&*failed));
    }
}

/// Tries every input, and reports each before it is tried.
fn run(law: fn(&[u8]), seeds: &[Seed], told: &Sender<String>) {
    for (at, (name, input)) in seeds.iter().enumerate() {
        hold(law, format!("{name} as it is"), input, told);
        for seed in 0..MUTATIONS {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let other = &seeds[(at + 1 + random.random_range(0..seeds.len())) % seeds.len()].1;
            let mutated = mutated(input, other, &mut random);
            hold(law, format!("{name} with seed {seed}"), &mutated, told);
        }
    }
}

fn hold(law: fn(&[u8]), name: String, input: &[u8], told: &Sender<String>) {
    told.send(name.clone()).unwrap();
    if let Err(failed) = catch_unwind(AssertUnwindSafe(|| law(input))) {
        panic!("{name}: {}\n{}", message(&*failed), input.escape_ascii());
    }
}

fn message(failed: &(dyn Any + Send)) -> String {
    let fixed = failed.downcast_ref::<&str>().map(|text| (*text).to_owned());
    fixed.or_else(|| failed.downcast_ref::<String>().cloned()).unwrap_or_default()
}

fn corpus(target: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut seeds: Vec<Seed> = files.map(|path| (name(&path), fs::read(&path).unwrap())).collect();
    // What `cargo fuzz` finds is named by its digest, and is not committed.
    seeds.retain(|(name, _)| !(name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())));
    seeds.sort();
    assert!(seeds.len() >= 10, "{target} has only {} inputs", seeds.len());
    seeds
}

/// Changes an input in one to four ways, or splices it with another.
fn mutated(input: &[u8], other: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..random.random_range(1..=4) {
        if bytes.is_empty() {
            return other.to_vec();
        }
        let at = random.random_range(0..bytes.len());
        let end = (at + random.random_range(1..=24)).min(bytes.len());
        let piece = bytes[at..end].to_vec();
        match random.random_range(0..6) {
            0 => bytes[at] ^= 1 << random.random_range(0..8),
            1 => bytes[at] = *b"{}[]\"\\,:<>&;/()0".get(random.random_range(0..16)).unwrap(),
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, piece)),
            4 => drop(bytes.splice(at..at, piece.repeat(random.random_range(2..=100)))),
            _ => drop(bytes.splice(at.., other[random.random_range(0..=other.len())..].to_vec())),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
