//! The embedded demonstration: invented feeds, served in this process on the loopback interface.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::config::{self, ConfiguredLicence, SourceLimits};
use crate::demo::{self, EmbeddedFeed};
use crate::model::{SourceKey, SourceMode};

/// The demonstration's running feeds.
pub(super) struct DemonstrationFeeds {
    sources: Vec<config::SourceSettings>,
    servers: TaskTracker,
    stopping: CancellationToken,
}

impl DemonstrationFeeds {
    /// Serves each feed on its own port.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let (servers, stopping) = (TaskTracker::new(), CancellationToken::new());
        let mut sources = Vec::new();
        for embedded in demo::embedded() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.context("cannot listen on the loopback interface")?;
            sources.push(source(&embedded, listener.local_addr()?)?);
            servers.spawn(serve(embedded, listener, stopping.clone()));
        }
        Ok(Self { sources, servers, stopping })
    }

    /// Returns the feeds as configured sources.
    pub(super) fn sources(&self) -> &[config::SourceSettings] {
        &self.sources
    }

    /// Stops serving.
    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        self.servers.close();
        self.servers.wait().await;
    }
}

async fn serve(embedded: EmbeddedFeed, listener: TcpListener, stopping: CancellationToken) {
    if let Err(error) = embedded.feed.serve(listener, stopping.cancelled_owned()).await {
        tracing::error!(source = embedded.key, %error, "a demonstration feed stopped");
    }
}

fn source(embedded: &EmbeddedFeed, address: SocketAddr) -> anyhow::Result<config::SourceSettings> {
    let key = SourceKey::parse(embedded.key)?;
    let url = Url::parse(&format!("http://{address}"))?;
    Ok(config::SourceSettings {
        name: embedded.name.to_owned(),
        publisher: Some(embedded.publisher.to_owned()),
        homepage: Url::parse(embedded.homepage).ok(),
        licence: Some(ConfiguredLicence {
            name: embedded.licence.to_owned(),
            url: None,
            spdx_id: Some(embedded.licence_spdx.to_owned()),
        }),
        attribution: Some(embedded.attribution.to_owned()),
        dialect: Some(embedded.feed.variety().dialect()),
        mode: SourceMode::Catalogue,
        // No need to spare the server, which is in this process.
        limits: SourceLimits { requests_per_second: 1000.0, max_concurrency: 16, ..SourceLimits::default() },
        ..config::SourceSettings::new(key, url)
    })
}
