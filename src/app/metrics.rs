//! The recorder of metrics, of which a process has one, however many servers it runs.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusHandle};

use crate::telemetry;

/// How often what the recorder has gathered is put away, so that it does not grow between two looks at it.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The process's recorder, installed by whoever asks first.
pub(super) fn handle() -> Result<PrometheusHandle, BuildError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let handle = telemetry::install_metrics()?;
    Ok(installed.insert(handle).clone())
}

/// Looks after the recorder for as long as it is polled.
pub(super) async fn keep_up(handle: PrometheusHandle) -> Infallible {
    let mut times = tokio::time::interval(UPKEEP_EVERY);
    loop {
        times.tick().await;
        handle.run_upkeep();
    }
}
