//! Handles failures to accept a connection.

use std::io::{self, ErrorKind};
use std::time::Duration;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A series of failures to accept, for example while the process has no file descriptors left.
#[derive(Default)]
pub(super) struct FailureSpell {
    pause: Option<Duration>,
}

impl FailureSpell {
    /// Notes that a connection was accepted, which ends the series.
    pub(super) fn end(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("accepting connections again");
        }
    }

    /// Returns how long to wait before accepting again: no time if only that one connection failed. Each series has one
    /// line in the log.
    pub(super) fn failed(&mut self, error: &io::Error) -> Option<Duration> {
        if is_of_the_connection(error) {
            return None;
        }
        if self.pause.is_none() {
            tracing::error!(%error, "cannot accept connections; retrying");
        }
        let pause = self.pause.map_or(FIRST_PAUSE, |pause| (pause * 2).min(LONGEST_PAUSE));
        self.pause = Some(pause);
        Some(pause)
    }
}

/// Returns whether a client gave up before it was accepted, so that the next may succeed.
fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
            | ErrorKind::WouldBlock
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second_and_begin_anew_with_the_next_spell() {
        let (mut spell, exhausted) = (FailureSpell::default(), io::Error::other("no descriptors"));
        let pauses: Vec<_> =
            (0..6).map(|_| spell.failed(&exhausted).unwrap_or_default().as_millis()).collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1000, 1000]);
        spell.end();
        assert_eq!(spell.failed(&exhausted), Some(FIRST_PAUSE));
    }

    #[test]
    fn a_client_that_gave_up_delays_nobody() {
        let mut spell = FailureSpell::default();
        assert_eq!(spell.failed(&ErrorKind::ConnectionAborted.into()), None);
        spell.failed(&io::Error::other("no descriptors"));
        assert_eq!(spell.failed(&ErrorKind::ConnectionReset.into()), None);
        assert_eq!(spell.failed(&io::Error::other("no descriptors")), Some(FIRST_PAUSE * 2));
    }
}
