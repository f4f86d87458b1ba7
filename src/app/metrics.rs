//! The metrics recorder; a process has one, however many servers it runs.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusHandle};

use crate::federation::Federation;
use crate::telemetry::{self, JOURNAL_BEHIND, JOURNAL_LEADER, JOURNAL_STEP};

/// How often the recorder aggregates its data, so that it does not grow between scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// How often the gauges of this gateway's role are updated.
const STANDING_EVERY: Duration = Duration::from_secs(1);

/// Returns the process's recorder, installing it on first use.
pub(super) fn handle() -> Result<PrometheusHandle, BuildError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let handle = telemetry::install_metrics()?;
    Ok(installed.insert(handle).clone())
}

/// Maintains the recorder while it is polled.
pub(super) async fn keep_up(handle: PrometheusHandle) -> Infallible {
    let mut times = tokio::time::interval(UPKEEP_EVERY);
    loop {
        times.tick().await;
        handle.run_upkeep();
    }
}

/// Updates the gauges of this gateway's role among those that share the catalogue, while it is polled.
#[expect(clippy::cast_precision_loss, reason = "for a chart")]
pub(super) async fn keep_standing(federation: Arc<Federation>) -> Infallible {
    let mut times = tokio::time::interval(STANDING_EVERY);
    loop {
        times.tick().await;
        let Some(standing) = federation.standing() else { return std::future::pending().await };
        metrics::gauge!(JOURNAL_STEP).set(standing.applied as f64);
        metrics::gauge!(JOURNAL_BEHIND).set(standing.behind().as_secs_f64());
        metrics::gauge!(JOURNAL_LEADER).set(f64::from(u8::from(standing.leads())));
    }
}
