//! The composition root: from a configuration to a running server with an address and a way to stop it.

mod demonstration;
mod gateway;
mod metrics;
mod served;
mod settings;
mod synchronisation;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use poem::Server;
use poem::listener::TcpAcceptor;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::graphql;
use crate::http;
use crate::model::{Clock, Postcodes};

pub use gateway::Gateway;
pub use synchronisation::Synchronisation;

use served::Served;

/// What is left for winding down where requests under way took all of `server.shutdown_grace`.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// How long the demonstration may take to be synchronised before it is said to be ready.
const DEMONSTRATION_WITHIN: Duration = Duration::from_secs(30);

/// A running server.
pub struct App {
    gateway: Gateway,
    address: SocketAddr,
    stopping: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
    background: TaskTracker,
    /// How long stopping may take.
    grace: Duration,
}

impl App {
    /// Listens and serves. Sources are read behind the scenes, so that it is ready at once; a configuration without
    /// sources gets those of the embedded demonstration, which are waited for.
    ///
    /// # Errors
    /// When it cannot listen at `server.listen`; the message names the address and what to do.
    pub async fn start(config: Config, places: Arc<Postcodes>, clock: Clock) -> anyhow::Result<Self> {
        let listener = listen(config.server.listen).await?;
        let address = listener.local_addr()?;
        let acceptor = TcpAcceptor::from_tokio(listener)?;
        // First: what was synchronised before the start is measured when it is recalled.
        let metrics = metrics::handle()?;
        let gateway = Gateway::start_with_catalogue(&config, places, clock).await?;
        let stopping = CancellationToken::new();

        let served = Arc::new(Served::new(Arc::clone(&gateway.federation), stopping.clone()));
        let (graph, sdl) = (Arc::clone(&gateway.graph), graphql::sdl());
        let routes = http::routes(graph, served, metrics.clone(), sdl, settings::http(&config));
        let signal = stopping.clone().cancelled_owned();
        let grace = config.server.shutdown_grace;
        let server =
            Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(routes, signal, Some(grace));
        let server = tokio::spawn(server);
        let app = Self { gateway, address, server, background: TaskTracker::new(), stopping, grace };
        app.work_in_background(metrics);
        if app.is_demonstration() {
            // Its feeds are in this process, and whoever tries it out asks at once.
            app.gateway.federation.until_synchronised(DEMONSTRATION_WITHIN).await;
        }
        Ok(app)
    }

    /// Where it listens: with the real port, where any was allowed.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it serves the embedded demonstration.
    pub fn is_demonstration(&self) -> bool {
        self.gateway.is_demonstration()
    }

    /// How many sources it serves, those it had to leave out too.
    pub fn source_count(&self) -> usize {
        self.gateway.federation.states().len()
    }

    /// Serves until `shutdown` is over, then stops.
    ///
    /// # Errors
    /// When the server ends before it is told to.
    pub async fn run_until(mut self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let ended = tokio::select! {
            ended = &mut self.server => Some(ended),
            () = shutdown => None,
        };
        match ended {
            None => {
                self.stop().await;
                Ok(())
            }
            Some(ended) => {
                self.wind_down(Instant::now() + self.grace).await;
                ended?.context("the server ended")
            }
        }
    }

    /// Takes no more connections, lets requests under way finish, then stops the rest; all of it within
    /// `server.shutdown_grace`, and a moment for what only waits for others to stop.
    pub async fn stop(mut self) {
        let by = Instant::now() + self.grace.max(LAST_MOMENT);
        self.stopping.cancel();
        if let Err(error) = (&mut self.server).await {
            tracing::error!(%error, "the server did not end well");
        }
        self.wind_down(by.max(Instant::now() + LAST_MOMENT)).await;
    }

    fn work_in_background(&self, metrics: metrics_exporter_prometheus::PrometheusHandle) {
        let stopping = self.stopping.clone();
        self.background.spawn(stopping.run_until_cancelled_owned(metrics::keep_up(metrics)));
        let (federation, stopping) = (Arc::clone(&self.gateway.federation), self.stopping.clone());
        let warming = async move { federation.warm().await };
        self.background.spawn(stopping.run_until_cancelled_owned(warming));
        let (federation, stopping) = (Arc::clone(&self.gateway.federation), self.stopping.clone());
        let synchronising = async move { federation.keep_synchronised().await };
        self.background.spawn(stopping.run_until_cancelled_owned(synchronising));
        let (federation, stopping) = (Arc::clone(&self.gateway.federation), self.stopping.clone());
        let learning = async move { federation.keep_learning_places().await };
        self.background.spawn(stopping.run_until_cancelled_owned(learning));
        let (federation, stopping) = (Arc::clone(&self.gateway.federation), self.stopping.clone());
        let probing = async move { federation.keep_probing().await };
        self.background.spawn(stopping.run_until_cancelled_owned(probing));
    }

    /// Stops what works in the background. What does not stop in time is left behind: nothing that is read is lost by
    /// it, and what is written is written whole or not at all.
    async fn wind_down(&self, by: Instant) {
        self.stopping.cancel();
        self.background.close();
        let stopped = async {
            self.background.wait().await;
            self.gateway.stop().await;
        };
        if tokio::time::timeout_at(by, stopped).await.is_err() {
            tracing::warn!("stopped without waiting any longer for work in the background");
        }
    }
}

async fn listen(at: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| {
        format!(
            "cannot listen at {at}; stop what is using it, or choose another address with \
             `--listen ADDR:PORT` or `server.listen`"
        )
    })
}
