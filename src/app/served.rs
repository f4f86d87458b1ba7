//! The state for the pages and the readiness check.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::federation::{Federation, SourceState};
use crate::http::Sources;

/// The sources being served, until the server stops.
pub(super) struct Served {
    federation: Arc<Federation>,
    stopping: CancellationToken,
}

impl Served {
    pub(super) fn new(federation: Arc<Federation>, stopping: CancellationToken) -> Self {
        Self { federation, stopping }
    }
}

impl Sources for Served {
    fn states(&self) -> Vec<SourceState> {
        self.federation.states()
    }

    // A source that is down or still being read does not matter here: responses report it. Only a stopping server is
    // not ready.
    fn is_ready(&self) -> Result<(), String> {
        if self.stopping.is_cancelled() {
            return Err("the gateway is stopping".to_owned());
        }
        Ok(())
    }
}
