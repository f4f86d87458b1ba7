//! What the gateway does of its own accord: it reads every source once before anybody asks, synchronises those in
//! catalogue mode, tries out what feeds do rather than what they say they do, and learns where postcodes are.

use std::time::Duration;

use futures_util::future::join_all;

use super::holding::Holding;
use super::{Federation, QueryContext};
use crate::catalogue::ReplicaStanding;
use crate::model::Service;

impl Federation {
    /// Reads each live source's services, all at once, so that the first question need not wait for them; a read goes
    /// on past its source's deadline. What fails shows in the sources' states.
    pub async fn warm(&self) {
        let asking = QueryContext::begin();
        let reads = self.holdings.live().map(async |feed| {
            feed.cached_list::<Service>(&asking).await;
        });
        join_all(reads).await;
    }

    /// Keeps what is known of every source's abilities up to date; ends only where no source wants to be probed.
    pub async fn keep_probing(&self) {
        join_all(self.holdings.each().map(|holding| self.keep_one_probed(holding))).await;
    }

    /// Of several gateways that keep the catalogue together, only the one that leads asks what is stored in it.
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

    /// Synchronises the sources in catalogue mode, each now and then every so often, for ever.
    pub async fn keep_synchronised(&self) {
        match self.holdings.synced() {
            Some(synced) => synced.synchroniser.keep_up().await,
            None => std::future::pending().await,
        }
    }

    /// Waits until every synchronised source has been walked once, or has failed to be; no longer than `most`.
    pub async fn until_synchronised(&self, most: Duration) {
        let Some(synced) = self.holdings.synced() else { return };
        let waits = self.holdings.stored().filter_map(|stored| {
            let mut watched = synced.synchroniser.watch(&stored.source.info().key)?;
            Some(async move {
                // Fails only when the synchroniser is gone, and then there is nothing to wait for.
                let _ = watched.wait_for(|progress| progress.is_warm || progress.error.is_some()).await;
            })
        });
        // What is missing by then shows in the answers.
        let _ = tokio::time::timeout(most, join_all(waits)).await;
    }
}
