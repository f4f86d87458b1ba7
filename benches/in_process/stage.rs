//! What the benchmarks play on: invented feeds over loopback, and gateways that read them.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use mimalloc::MiMalloc;
use oruk_gateway::app::Gateway;
use oruk_gateway::config::{Cache, Config, Graphql, Limits, Source};
use oruk_gateway::demo::DemoFeed;
use oruk_gateway::model::{Clock, SourceKey};
use tokio::net::TcpListener;
use url::Url;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Feeds that are being served.
pub(crate) struct Stage {
    pub(crate) sources: Vec<Source>,
}

impl Stage {
    /// Serves each feed on a port of its own, for as long as the runtime lives.
    pub(crate) async fn open(feeds: impl IntoIterator<Item = DemoFeed>) -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        for (number, feed) in feeds.into_iter().enumerate() {
            let dialect = feed.variety().dialect();
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
            tokio::spawn(feed.serve(listener, std::future::pending()));
            let limits = as_fast_as_it_can();
            let key = SourceKey::parse(&format!("feed-{number}"))?;
            sources.push(Source { dialect: Some(dialect), limits, ..Source::new(key, url) });
        }
        Ok(Self { sources })
    }

    /// A gateway over the feeds that has read nothing yet; its pages may hold 400.
    pub(crate) fn gateway(&self) -> Gateway {
        let cache = Cache { max_size: 8 << 30 };
        let graphql = Graphql { max_page_size: 400, ..Graphql::default() };
        let config = Config { sources: self.sources.clone(), cache, graphql, ..Config::default() };
        // How old things are is of no interest here.
        Gateway::new(&config, Arc::default(), Clock::fixed(DateTime::UNIX_EPOCH))
    }
}

fn as_fast_as_it_can() -> Limits {
    Limits {
        requests_per_second: 10_000.0,
        max_concurrency: 16,
        // A feed of thousands of services takes a while to be invented.
        timeout: Duration::from_secs(100),
        deadline: Duration::from_secs(300),
        fresh_for: Duration::from_secs(24 * 3600),
        ..Limits::default()
    }
}
