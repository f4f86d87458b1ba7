//! Serves invented feeds over loopback for the benchmarks, and builds gateways that read them.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use mimalloc::MiMalloc;
use oruk_gateway::app::GatewayRooms;
use oruk_gateway::config::{CacheSettings, GatewayConfig, GraphqlSettings, SourceLimits, SourceSettings};
use oruk_gateway::demo::InventedFeed;
use oruk_gateway::model::{InstantClock, SourceKey};
use tokio::net::TcpListener;
use url::Url;

/// The allocator of the gateway.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The feeds being served, as sources of a gateway.
pub(crate) struct Stage {
    pub(crate) sources: Vec<SourceSettings>,
}

impl Stage {
    /// Serves each feed on its own port until the runtime ends.
    pub(crate) async fn open(feeds: impl IntoIterator<Item = InventedFeed>) -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        for (number, feed) in feeds.into_iter().enumerate() {
            let dialect = feed.variety().dialect();
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
            tokio::spawn(feed.serve(listener, std::future::pending()));
            let limits = as_fast_as_it_can();
            let key = SourceKey::parse(&format!("feed-{number}"))?;
            sources.push(SourceSettings { dialect: Some(dialect), limits, ..SourceSettings::new(key, url) });
        }
        Ok(Self { sources })
    }

    /// Returns a gateway over the feeds that has read nothing yet. Its pages may hold up to 400 records.
    pub(crate) fn gateway(&self) -> GatewayRooms {
        let cache = CacheSettings { max_size: 8 << 30 };
        let graphql = GraphqlSettings { max_page_size: 400, ..GraphqlSettings::default() };
        let config =
            GatewayConfig { sources: self.sources.clone(), cache, graphql, ..GatewayConfig::default() };
        // The age of the data does not matter here, so the clock stands still.
        GatewayRooms::new(&config, Arc::default(), InstantClock::fixed(DateTime::UNIX_EPOCH))
    }
}

fn as_fast_as_it_can() -> SourceLimits {
    SourceLimits {
        requests_per_second: 10_000.0,
        max_concurrency: 16,
        // Inventing a feed of thousands of services takes a while.
        timeout: Duration::from_secs(100),
        deadline: Duration::from_secs(300),
        fresh_for: Duration::from_secs(24 * 3600),
        ..SourceLimits::default()
    }
}
