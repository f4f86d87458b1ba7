//! Resolves the host names of feeds, a few at a time.
//!
//! The system's resolver blocks a thread until its name servers respond. If these are down, resolving every feed at
//! once would occupy all threads for blocking work, and the catalogue could not be searched.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, LazyLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

/// Resolves names with the system's resolver.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundedResolver;

/// The lookups that may run at once in this process.
static LOOKUPS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    Arc::new(Semaphore::new(2 * std::thread::available_parallelism().map_or(1, usize::from)))
});

impl Resolve for BoundedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let turn = Arc::clone(&LOOKUPS).acquire_owned().await?;
            let looking = tokio::task::spawn_blocking(move || {
                // A lookup continues when nobody waits for it any more, and holds its turn until it ends.
                let _turn = turn;
                (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>)
            });
            let addresses = looking.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
