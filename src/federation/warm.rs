//! Reading every source once, before anybody asks.

use futures_util::future::join_all;

use super::{Federation, QueryContext};
use crate::model::Service;

impl Federation {
    /// Reads each live source's services, all at once, so that the first question need not wait for them; a read goes
    /// on past its source's deadline. What fails shows in the sources' states.
    pub async fn warm(&self) {
        let asking = QueryContext::begin();
        let live = self.sources.iter().filter(|source| !self.is_synchronised(source));
        let reads = live.map(async |source| {
            source.set::<Service>(None, asking.until(source.limits().deadline)).await;
        });
        join_all(reads).await;
    }
}
