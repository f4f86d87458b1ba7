//! The composition root: from a configuration to a running server with an address and a way to stop it.

mod demonstration;
mod gateway;
mod metrics;
mod served;
mod serving;
mod settings;
mod suggested;
mod synchronisation;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::catalogue::Verifier;
use crate::config::Config;
use crate::graphql;
use crate::http;
use crate::model::{Clock, Postcodes};

pub use gateway::Gateway;
pub use synchronisation::Synchronisation;

use served::Served;
use serving::{Listeners, Serving};

/// What is left for winding down where requests under way took all of `server.shutdown_grace`.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// How long the demonstration may take to be synchronised before it is said to be ready.
const DEMONSTRATION_WITHIN: Duration = Duration::from_secs(30);

/// A running server.
pub struct App {
    gateway: Gateway,
    serving: Serving,
    /// Says that the gateway is not ready any more, and ends what works in the background.
    stopping: CancellationToken,
    shutdown_delay: Duration,
    background: TaskTracker,
    /// How long stopping may take.
    grace: Duration,
}

impl App {
    /// Listens and serves. Sources are read behind the scenes, so that it is ready at once; a configuration without
    /// sources gets those of the embedded demonstration, which are waited for.
    ///
    /// # Errors
    /// When it cannot listen at `server.listen` or `server.admin_listen`; the message names the address and what to do.
    pub async fn start(config: Config, places: Arc<Postcodes>, clock: Clock) -> anyhow::Result<Self> {
        Self::start_verified(config, places, clock, &Verifier::default()).await
    }

    /// As [`App::start`]; `verifier` looks at a catalogue's store that was not closed in order. Can be dropped.
    ///
    /// # Errors
    /// As [`App::start`], and when the catalogue cannot be opened.
    pub async fn start_verified(
        config: Config,
        places: Arc<Postcodes>,
        clock: Clock,
        verifier: &Verifier,
    ) -> anyhow::Result<Self> {
        let app = Self::launch(config, places, clock, verifier).await?;
        app.until_demonstrable().await;
        Ok(app)
    }

    /// As [`App::start_verified`], without waiting for the demonstration: from the moment that it says it is ready it is
    /// in the caller's hands, to be stopped by [`App::stop`]. Can be dropped until then.
    ///
    /// # Errors
    /// As [`App::start`], and when the catalogue cannot be opened.
    pub async fn launch(
        config: Config,
        places: Arc<Postcodes>,
        clock: Clock,
        verifier: &Verifier,
    ) -> anyhow::Result<Self> {
        let listeners = Listeners::open(&config.server).await?;
        // First: what was synchronised before the start is measured when it is recalled.
        let metrics = metrics::handle()?;
        let gateway = Gateway::start_with_catalogue(&config, places, clock, verifier).await?;
        let stopping = CancellationToken::new();

        let served = Arc::new(Served::new(Arc::clone(&gateway.federation), stopping.clone()));
        let (graph, sdl) = (Arc::clone(&gateway.graph), graphql::sdl());
        let routes = http::routes(graph, served, metrics.clone(), sdl, settings::http(&config));
        let serving = listeners.serve(routes, &settings::connections(&config.server))?;
        let (shutdown_delay, grace) = (config.server.shutdown_delay, config.server.shutdown_grace);
        let app = Self { gateway, serving, stopping, shutdown_delay, background: TaskTracker::new(), grace };
        app.work_in_background(metrics);
        Ok(app)
    }

    /// Waits until the embedded demonstration can be shown, if that is what is served: its feeds are in this process,
    /// and somebody who tries the program out asks as soon as it says where it listens.
    pub async fn until_demonstrable(&self) {
        if self.is_demonstration() {
            self.gateway.federation.until_synchronised(DEMONSTRATION_WITHIN).await;
        }
    }

    /// Where it listens: with the real port, where any was allowed.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// Where serving metrics and health on their own address, if they are.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.serving.admin_address
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
            ended = self.serving.ended() => Some(ended),
            () = shutdown => None,
        };
        match ended {
            None => {
                self.stop().await;
                Ok(())
            }
            Some(ended) => {
                self.wind_down(Instant::now() + self.grace).await;
                ended.context("the server stopped")
            }
        }
    }

    /// Says that it is not ready for `server.shutdown_delay`, and serves on meanwhile. Then takes no more connections,
    /// lets requests under way finish within `server.shutdown_grace`, and stops the rest: all of that within the
    /// grace, and a moment for what only waits for others to stop.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        if !self.shutdown_delay.is_zero() {
            tracing::info!(delay = ?self.shutdown_delay, "no longer ready; still serving until the listener closes");
            tokio::time::sleep(self.shutdown_delay).await;
        }
        let by = Instant::now() + self.grace.max(LAST_MOMENT);
        self.serving.close().await;
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
        let ordering = async move { federation.keep_names_in_order().await };
        self.background.spawn(stopping.run_until_cancelled_owned(ordering));
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
            tracing::warn!("stopped without waiting for the remaining background work");
        }
    }
}
