//! The machine the process runs on: its environment and its clock.

use crate::model::InstantClock;

/// Returns an environment variable. One that is not Unicode counts as not set.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(super) fn clock() -> InstantClock {
    InstantClock::new(chrono::Utc::now)
}
