//! `verify-store`: checks whether a catalogue's store can be opened, in a process that may crash.
//!
//! Not for people: the gateway starts it if the last run did not close the store. A page damaged in certain ways aborts
//! any process that reads it, and a gateway that met one at every start would never start again.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode, ExitStatus, Output, Stdio};
use std::time::Duration;

use clap::Args;
use futures_util::FutureExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::failure::{CANNOT_RUN, REFUSED};
use crate::catalogue::{self, StoreVerdict, StoreVerifier};

/// The minimum time limit for verification.
const AT_LEAST: Duration = Duration::from_secs(60);
/// The bytes to be verified per second beyond that: a slow disk reads twenty times as many.
const BYTES_A_SECOND: u64 = 4 << 20;
/// The address space that verification may use.
#[cfg(unix)]
const MOST_MEMORY: u64 = 4 << 30;
/// The number of bytes of the child's output to log.
const MOST_SAID: usize = 300;

/// Verify a store that was not closed properly; the gateway runs this by itself
///
/// Exit codes: 0 the store is sound, 1 it is damaged, 2 the check could not be completed.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(super) struct VerifyStore {
    /// The catalogue's directory
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
    /// Stop when standard input ends, so that the check ends with the process that started it
    #[arg(long)]
    until_input_ends: bool,
}

impl VerifyStore {
    pub(super) fn run(self) -> ExitCode {
        if self.until_input_ends {
            std::thread::spawn(end_with_input);
        }
        limit_itself();
        match catalogue::verify_store(&self.directory) {
            StoreVerdict::Sound => ExitCode::SUCCESS,
            StoreVerdict::Damaged(reason) => ended(REFUSED, &reason),
            StoreVerdict::Unknown(reason) => ended(CANNOT_RUN, &reason),
        }
    }
}

fn ended(code: u8, reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(code)
}

fn end_with_input() {
    let mut input = std::io::stdin().lock();
    while input.read(&mut [0]).is_ok_and(|read| read > 0) {}
    process::exit(CANNOT_RUN.into());
}

/// Limits the memory, and makes the system kill this process rather than the gateway if memory runs out.
#[cfg(unix)]
fn limit_itself() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::As).maximum;
    let current = Some(maximum.map_or(MOST_MEMORY, |maximum| maximum.min(MOST_MEMORY)));
    // If neither is possible, the time limit still applies.
    let _ = setrlimit(Resource::As, Rlimit { current, maximum });
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

#[cfg(not(unix))]
fn limit_itself() {}

/// Verifies stores by running this program once more.
pub(super) fn in_a_child() -> StoreVerifier {
    StoreVerifier::by(|directory| async move { verdict_of_child(&directory).await }.boxed())
}

async fn verdict_of_child(directory: &Path) -> StoreVerdict {
    let bytes = catalogue_bytes(directory);
    let within = AT_LEAST.saturating_add(Duration::from_secs(bytes / BYTES_A_SECOND));
    match timeout(within, run_child(directory)).await {
        Ok(Ok(output)) => verdict(output.status, &last_line(&output)),
        Ok(Err(error)) => StoreVerdict::Unknown(format!("it cannot be started: {error}")),
        Err(_) => StoreVerdict::Damaged(format!("verifying it did not end within {} s", within.as_secs())),
    }
}

async fn run_child(directory: &Path) -> std::io::Result<Output> {
    let mut command = Command::new(this_program()?);
    command.args(["verify-store", "--until-input-ends", "--log", "off"]).arg(directory);
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn()?;
    // Held until the child ends, because the child stops when its input ends.
    let _input = child.stdin.take();
    child.wait_with_output().await
}

/// Returns this program, even if its file has been replaced since it was started.
fn this_program() -> std::io::Result<PathBuf> {
    let itself = PathBuf::from("/proc/self/exe");
    if itself.exists() { Ok(itself) } else { std::env::current_exe() }
}

fn catalogue_bytes(directory: &Path) -> u64 {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

fn verdict(status: ExitStatus, said: &str) -> StoreVerdict {
    match status.code() {
        Some(0) => StoreVerdict::Sound,
        Some(code) if code == i32::from(CANNOT_RUN) => StoreVerdict::Unknown(said.to_owned()),
        // An uncaught panic, an abort, or a signal.
        _ => StoreVerdict::Damaged(format!("verifying it came to {status}: {said}")),
    }
}

fn last_line(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().last().unwrap_or_default().chars().take(MOST_SAID).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn only_a_child_that_says_so_proves_or_spares_a_store() {
        let of = |raw| verdict(ExitStatus::from_raw(raw), "said");
        assert_eq!(of(0), StoreVerdict::Sound);
        assert_eq!(of(2 << 8), StoreVerdict::Unknown("said".to_owned()));
        for raw in [1 << 8, 101 << 8, 6, 9, 11] {
            assert!(matches!(of(raw), StoreVerdict::Damaged(_)), "{raw}");
        }
    }
}
