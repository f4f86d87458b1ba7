//! The state for the pages and the readiness check.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::federation::{Federation, NewestAssurance, ReplicaStanding, SourceState};
use crate::http::SourceStates;
use crate::model::SourceKey;

/// The sources being served, until the server stops.
pub(super) struct ServedSources {
    federation: Arc<Federation>,
    stopping: CancellationToken,
}

impl ServedSources {
    pub(super) fn new(federation: Arc<Federation>, stopping: CancellationToken) -> Self {
        Self { federation, stopping }
    }
}

impl SourceStates for ServedSources {
    fn standing(&self) -> Option<ReplicaStanding> {
        self.federation.standing()
    }

    fn states(&self) -> Vec<SourceState> {
        self.federation.states()
    }

    fn newest_assurances(&self) -> BoxFuture<'_, HashMap<SourceKey, NewestAssurance>> {
        Box::pin(self.federation.quality.newest_assurances())
    }

    // A source that is down or still being read does not count, because responses report it. Not ready are only a
    // server that is stopping, and one whose copy of a shared catalogue is still being loaded.
    fn is_ready(&self) -> Result<(), String> {
        if self.stopping.is_cancelled() {
            return Err("the gateway is stopping".to_owned());
        }
        if self.federation.standing().is_some_and(|standing| !standing.is_settled) {
            return Err("the catalogue is being loaded from the journal".to_owned());
        }
        Ok(())
    }
}
