//! Trying out now and then what every source does, rather than what it says it does.

use std::sync::Arc;

use futures_util::future::join_all;

use super::Federation;
use crate::catalogue::ReplicaStanding;
use crate::source::FeedSource;

impl Federation {
    /// Keeps what is known of every source's abilities up to date; ends only where no source wants to be probed.
    pub async fn keep_probing(&self) {
        join_all(self.sources.iter().map(|source| self.keep_one_probed(source))).await;
    }

    /// Of several gateways that keep the catalogue together, only the one that leads asks what is kept in it.
    async fn keep_one_probed(&self, source: &Arc<FeedSource>) {
        let keeping = self.keeping.as_ref().filter(|_| self.is_synchronised(source));
        let probing = || {
            source.keep_probed(move || async move {
                if let Some(keeping) = keeping {
                    keeping.synchroniser.remember(&source.info().key).await;
                }
            })
        };
        let Some(mut standing) = keeping.and_then(|keeping| keeping.catalogue.watch_standing()) else {
            return probing().await;
        };
        while standing.wait_for(ReplicaStanding::leads).await.is_ok() {
            tokio::select! {
                () = probing() => return,
                lost = standing.wait_for(|standing| !standing.leads()) => drop(lost),
            }
        }
    }
}
