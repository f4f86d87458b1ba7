//! The log of the gateway while the tests of this module run, whichever test causes a line.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::EnvFilter;

/// Lines that contain one of these are kept.
const KEPT: [&str; 4] = ["zqprivate", "zqs3cret", "zqhost", "***"];

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static WATCHED: Once = Once::new();

/// Collects log lines from now on.
pub(super) fn watch() {
    WATCHED.call_once(|| {
        let filter = EnvFilter::new("oruk_gateway=trace,warn");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Watch).init();
    });
}

/// Returns the collected lines that contain a word. Ignores case.
pub(super) fn lines_with(word: &str) -> Vec<String> {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.iter().filter(|line| line.to_lowercase().contains(word)).cloned().collect()
}

struct Watch;

impl io::Write for Watch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes).into_owned();
        if KEPT.iter().any(|word| line.to_lowercase().contains(word)) {
            LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
