//! When the next walk of a source begins.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::progress::SyncPhase;
use super::source_sync::SourceSync;
use super::sync_run::SyncOutcome;
use crate::catalogue::ReplicaStanding;
use crate::source::{SourceError, SourceErrorCode};

/// How long after a first failure a source is asked again; each failure more doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// How often at most it is looked what the one that leads has come to.
const LOOKED_EVERY: Duration = Duration::from_millis(250);
/// How much earlier or later than due a walk may begin, as a share of the wait.
const JITTER: f64 = 0.1;

impl SourceSync {
    /// Walks when that is due, and then every so often, for ever: a gateway that is started again does not read
    /// everything again at once. Of several gateways that keep the catalogue
    /// together, only the one that leads walks, and the others show what it has come to.
    pub(super) async fn keep_up(&self) {
        let Some(mut standing) = self.catalogue.watch_standing() else { return self.keep_walking().await };
        loop {
            self.look_on(&mut standing).await;
            tokio::select! {
                biased;
                // Whatever the walk was at, the next leader goes on with it.
                lost = standing.wait_for(|standing| !standing.leads()) => drop(lost),
                () = self.keep_walking() => return,
            }
            self.show_phase(SyncPhase::Waiting);
        }
    }

    /// Shows the state of the source as the leader has stored it, until this gateway leads.
    async fn look_on(&self, standing: &mut watch::Receiver<ReplicaStanding>) {
        let mut seen = None;
        loop {
            let leads = standing.borrow_and_update().leads();
            let snapshot = self.catalogue.snapshot();
            let kept = snapshot.store().state(self.key()).unwrap_or_default();
            if kept != seen {
                self.recall();
                seen = kept;
            }
            if leads {
                return;
            }
            let is_ready = standing.borrow().is_settled;
            if standing.changed().await.is_err() {
                // The catalogue is closed.
                return std::future::pending().await;
            }
            // There may be many steps in a moment. What is loaded at the start shows at once: queries are answered right
            // after it.
            if is_ready {
                tokio::time::sleep(LOOKED_EVERY).await;
            }
        }
    }

    async fn keep_walking(&self) {
        // What cannot be read says nothing; the walk itself meets the same failure and says so.
        let state = self.state().await.unwrap_or_default();
        let address = self.source.info().url.as_str();
        self.rest(state.due_in(self.every, address, self.clock.now())).await;
        let mut failures = 0;
        loop {
            let outcome = self.walk().await;
            failures = if outcome == SyncOutcome::Whole { 0 } else { failures + 1 };
            self.rest(wait_after(&outcome, failures, self.every)).await;
        }
    }

    /// Waits about so long for the next walk, and shows until when. Not quite as long for everybody, so that sources
    /// that began together do not stay together.
    async fn rest(&self, wait: Duration) {
        if wait.is_zero() {
            return;
        }
        let wait = wait.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance());
        let next_at =
            TimeDelta::from_std(wait).ok().and_then(|wait| self.clock.now().checked_add_signed(wait));
        self.show(|progress| progress.next_at = next_at);
        tokio::time::sleep(wait).await;
    }
}

fn chance() -> f64 {
    #[cfg(test)]
    if crate::catalogue::simulated::is_on() {
        return 0.5;
    }
    rand::random()
}

/// How long to wait: as long as is configured, or less after a failure, and never less than the feed asks for.
fn wait_after(outcome: &SyncOutcome, failures: u32, every: Duration) -> Duration {
    let sooner = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(every);
    match outcome {
        SyncOutcome::Whole => every,
        // There is no less of it a moment later.
        SyncOutcome::Partial(error) if error.code == SourceErrorCode::TooLarge => every,
        SyncOutcome::NotKept(_) => sooner,
        SyncOutcome::Partial(error) | SyncOutcome::BrokenOff(error) => sooner.max(asked(error)),
    }
}

fn asked(error: &SourceError) -> Duration {
    match error.code {
        // It cannot be told when it closes; the breaker itself says no again where that is too soon.
        SourceErrorCode::CircuitOpen => Duration::from_millis(500),
        _ => error.retry_after.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn error(code: SourceErrorCode, retry_after: Option<u64>) -> SourceError {
        SourceError {
            code,
            message: String::new(),
            http_status: None,
            at: DateTime::UNIX_EPOCH,
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[test]
    fn a_failure_is_followed_up_sooner_and_ever_later_and_as_late_as_the_feed_asks() {
        let hour = Duration::from_secs(3600);
        assert_eq!(wait_after(&SyncOutcome::Whole, 0, hour), hour);
        let broken = SyncOutcome::BrokenOff(error(SourceErrorCode::Connection, None));
        let waits = [1, 2, 3, 40].map(|failures| wait_after(&broken, failures, hour).as_secs());
        assert_eq!(waits, [15, 30, 60, 3600]);
        let limited = SyncOutcome::Partial(error(SourceErrorCode::RateLimited, Some(900)));
        assert_eq!(wait_after(&limited, 1, hour).as_secs(), 900);
        assert_eq!(wait_after(&broken, 9, Duration::from_millis(100)), Duration::from_millis(100));
    }
}
