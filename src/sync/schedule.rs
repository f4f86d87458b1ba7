//! When the next sync run of a source begins.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::progress::SyncPhase;
use super::source_sync::SourceSync;
use super::sync_run::SyncOutcome;
use crate::catalogue::ReplicaStanding;
use crate::source::{SourceError, SourceErrorCode};

/// How long to wait after a first failure. Each further failure doubles the wait.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// The least time between two looks at the state that the leader has stored.
const LOOKED_EVERY: Duration = Duration::from_millis(250);
/// How far the actual wait may differ from the intended one, as a share of it.
const JITTER: f64 = 0.1;

impl SourceSync {
    /// Runs the synchronisation when it is due and then at its interval, for ever. A restarted gateway waits until the
    /// next run is due, rather than reading everything again at once. Of several gateways that share a catalogue, only
    /// the leader reads the source; the others show the state that it has stored.
    pub(super) async fn keep_up(&self) {
        let Some(mut standing) = self.catalogue.watch_standing() else { return self.keep_walking().await };
        loop {
            self.look_on(&mut standing).await;
            tokio::select! {
                biased;
                // The next leader resumes the walk that this interrupts.
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
            // Many steps may follow each other quickly. Until the gateway is ready, each shows at once, because queries
            // are answered right afterwards.
            if is_ready {
                tokio::time::sleep(LOOKED_EVERY).await;
            }
        }
    }

    async fn keep_walking(&self) {
        // An unreadable state is ignored: the sync run meets the same failure and reports it.
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

    /// Waits about as long as `wait`, and shows when the next run is due. The wait varies a little, so that sources
    /// that began together do not stay in step.
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

/// Returns how long to wait for the next run: the configured interval, or less after a failure, but never less than the
/// feed asks for.
fn wait_after(outcome: &SyncOutcome, failures: u32, every: Duration) -> Duration {
    let sooner = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(every);
    match outcome {
        SyncOutcome::Whole => every,
        // The list will not be smaller a moment later.
        SyncOutcome::Partial(error) if error.code == SourceErrorCode::TooLarge => every,
        SyncOutcome::NotKept(_) => sooner,
        SyncOutcome::Partial(error) | SyncOutcome::BrokenOff(error) => sooner.max(asked(error)),
    }
}

fn asked(error: &SourceError) -> Duration {
    match error.code {
        // The time at which the breaker closes is not known here. If it is too soon, the breaker refuses again.
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
