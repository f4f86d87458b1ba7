//! Looking up the addresses of feeds, a few at a time.
//!
//! The system's resolver holds a thread for as long as its name servers take. Where these are down, looking up every
//! feed at once would take all threads there are for work that blocks, and nobody could search the catalogue.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, LazyLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

/// Looks names up with the system's resolver.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundedResolver;

/// Lookups at once, for the whole process.
static LOOKUPS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    Arc::new(Semaphore::new(2 * std::thread::available_parallelism().map_or(1, usize::from)))
});

impl Resolve for BoundedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let turn = Arc::clone(&LOOKUPS).acquire_owned().await?;
            let looking = tokio::task::spawn_blocking(move || {
                // A lookup goes on when nobody waits for it any more, and holds its turn until it ends.
                let _turn = turn;
                (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<SocketAddr>>)
            });
            let addresses = looking.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
