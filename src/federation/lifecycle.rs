//! Work that the gateway does of its own accord: it reads every live source once before the first query, synchronises
//! those in catalogue mode, probes what feeds really do, and learns where postcodes are.

use std::time::Duration;

use futures_util::future::join_all;

use super::holding::Holding;
use super::{Federation, QueryContext};
use crate::catalogue::ReplicaStanding;
use crate::model::Service;

impl Federation {
    /// Reads each live source's services, all at once, so that the first query need not wait for them. A read goes on
    /// past its source's deadline. Failures show in the sources' states.
    pub async fn warm(&self) {
        let asking = QueryContext::begin();
        let reads = self.holdings.live().map(async |feed| {
            feed.cached_list::<Service>(&asking).await;
        });
        join_all(reads).await;
    }

    /// Keeps what is known of every source's capabilities up to date. Ends only if no source wants to be probed.
    pub async fn keep_probing(&self) {
        join_all(self.holdings.each().map(|holding| self.keep_one_probed(holding))).await;
    }

    /// If several gateways share the catalogue, only the leader probes synchronised sources.
    async fn keep_one_probed(&self, holding: Holding<'_>) {
        let probing = || {
            holding.source().keep_probed(move || async move {
                if let Some(stored) = holding.stored() {
                    stored.remember().await;
                }
            })
        };
        let synced = self.holdings.synced().filter(|_| holding.stored().is_some());
        let Some(mut standing) = synced.and_then(|synced| synced.catalogue.watch_standing()) else {
            return probing().await;
        };
        while standing.wait_for(ReplicaStanding::leads).await.is_ok() {
            tokio::select! {
                () = probing() => return,
                lost = standing.wait_for(|standing| !standing.leads()) => drop(lost),
            }
        }
    }

    /// Synchronises the sources in catalogue mode, each now and then at its interval. Never returns.
    pub async fn keep_synchronised(&self) {
        match self.holdings.synced() {
            Some(synced) => synced.synchroniser.keep_up().await,
            None => std::future::pending().await,
        }
    }

    /// Waits until every synchronised source has been walked once or has failed, but no longer than `most`.
    pub async fn until_synchronised(&self, most: Duration) {
        let Some(synced) = self.holdings.synced() else { return };
        let waits = self.holdings.stored().filter_map(|stored| {
            let mut watched = synced.synchroniser.watch(&stored.source.info().key)?;
            Some(async move {
                // Fails only if the synchroniser is gone, and then there is nothing to wait for.
                let _ = watched.wait_for(|progress| progress.is_warm || progress.error.is_some()).await;
            })
        });
        // Whatever is still missing shows in the answers.
        let _ = tokio::time::timeout(most, join_all(waits)).await;
    }
}
