//! Trying out now and then what every source does, rather than what it says it does.

use futures_util::future::join_all;

use super::Federation;

impl Federation {
    /// Keeps what is known of every source's abilities up to date; ends only where no source wants to be probed.
    pub async fn keep_probing(&self) {
        join_all(self.sources.iter().map(|source| {
            source.keep_probed(move || async move {
                if let Some(keeping) = self.keeping.as_ref().filter(|_| self.is_synchronised(source)) {
                    keeping.synchroniser.remember(&source.info().key).await;
                }
            })
        }))
        .await;
    }
}
