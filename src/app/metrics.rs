//! The metrics recorder; a process has one, however many servers it runs.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusHandle};

use crate::telemetry;

/// How often the recorder aggregates its data, so that it does not grow between scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

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
