//! The composition root: turns a configuration into a running server with an address and a way to stop it.

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
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::PointBudget;
use crate::catalogue::StoreVerifier;
use crate::config::GatewayConfig;
use crate::federation::Federation;
use crate::graphql;
use crate::http;
use crate::model::{InstantClock, PostcodePlaces};

pub use gateway::GatewayRooms;
pub use settings::{problem_of_journal, problems_of_servers};
pub use synchronisation::SyncSession;

use served::ServedSources;
use serving::{BoundListeners, RunningServers};

/// The time left to wind down if requests in progress took all of `server.shutdown_grace`.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// How long the demonstration may take to synchronise before the gateway is reported as ready.
const DEMONSTRATION_WITHIN: Duration = Duration::from_secs(30);

/// The work that is done with sources in the background.
const WORK_OVER_SOURCES: [fn(Arc<Federation>) -> BoxFuture<'static, ()>; 6] = [
    |federation| async move { federation.warm().await }.boxed(),
    |federation| async move { federation.keep_synchronised().await }.boxed(),
    |federation| async move { federation.places.keep_learning().await }.boxed(),
    |federation| async move { federation.suggestions.keep_names_in_order().await }.boxed(),
    |federation| async move { federation.editions.keep_forgetting().await }.boxed(),
    |federation| async move { federation.keep_probing().await }.boxed(),
];

/// A running server.
pub struct RunningGateway {
    gateway: Arc<GatewayRooms>,
    points: Option<Arc<PointBudget>>,
    serving: RunningServers,
    /// Reports that the gateway is no longer ready, and ends background work.
    stopping: CancellationToken,
    shutdown_delay: Duration,
    background: TaskTracker,
    /// The time limit for stopping.
    grace: Duration,
}

impl RunningGateway {
    /// Listens and serves. Sources are read in the background, so it is ready at once. A configuration without sources
    /// gets the embedded demonstration, which is waited for.
    ///
    /// # Errors
    /// If it cannot listen at `server.listen` or `server.admin_listen`; the message names the address and what to do.
    pub async fn start(
        config: GatewayConfig,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
    ) -> anyhow::Result<Self> {
        Self::start_verified(config, places, clock, &StoreVerifier::default()).await
    }

    /// Like [`RunningGateway::start`]; `verifier` checks a catalogue's store that was not closed properly. Can be
    /// dropped.
    ///
    /// # Errors
    /// As for [`RunningGateway::start`], and if the catalogue cannot be opened.
    pub async fn start_verified(
        config: GatewayConfig,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
        verifier: &StoreVerifier,
    ) -> anyhow::Result<Self> {
        let app = Self::launch(config, places, clock, verifier).await?;
        app.until_demonstrable().await;
        Ok(app)
    }

    /// Like [`RunningGateway::start_verified`], without waiting for the demonstration. Once it reports that it is
    /// ready, the caller must stop it with [`RunningGateway::stop`]. Can be dropped until then.
    ///
    /// # Errors
    /// As for [`RunningGateway::start`], and if the catalogue cannot be opened.
    pub async fn launch(
        config: GatewayConfig,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
        verifier: &StoreVerifier,
    ) -> anyhow::Result<Self> {
        let listeners = BoundListeners::open(&config.server).await?;
        // First, because data from before the start is counted when it is loaded.
        let metrics = metrics::handle()?;
        let gateway = Arc::new(GatewayRooms::start_with_catalogue(&config, places, clock, verifier).await?);
        let points = settings::points(&config.server, gateway.members().clone())?;
        let stopping = CancellationToken::new();

        let served = Arc::new(ServedSources::new(Arc::clone(&gateway.federation), stopping.clone()));
        let sdl = graphql::served_sdl(config.graphql.federation);
        let (graph, federation) = (Arc::clone(&gateway.graph), Arc::clone(&gateway.federation));
        let routes = http::routes(
            graph,
            federation,
            served,
            metrics.clone(),
            sdl,
            settings::http(&config, points.clone()),
        );
        let serving = listeners.serve(routes, &settings::connections(&config.server))?;
        let (shutdown_delay, grace) = (config.server.shutdown_delay, config.server.shutdown_grace);
        let background = TaskTracker::new();
        let app = Self { gateway, points, serving, stopping, shutdown_delay, background, grace };
        app.work_in_background(metrics);
        Ok(app)
    }

    /// Waits until the embedded demonstration is synchronised, if it is served: someone who tries the program sends
    /// queries as soon as it prints its address.
    pub async fn until_demonstrable(&self) {
        if self.is_demonstration() {
            self.gateway.federation.until_synchronised(DEMONSTRATION_WITHIN).await;
        }
    }

    /// Returns the address it listens on, with the actual port if port 0 was configured.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// Returns the separate address of metrics and health, if there is one.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.serving.admin_address
    }

    /// Returns whether it serves the embedded demonstration.
    pub fn is_demonstration(&self) -> bool {
        self.gateway.is_demonstration()
    }

    /// Returns the number of sources, including those left out.
    pub fn source_count(&self) -> usize {
        self.gateway.federation.states().len()
    }

    /// Serves until `shutdown` completes, then stops.
    ///
    /// # Errors
    /// If the server ends before it is told to.
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

    /// Reports that it is not ready for `server.shutdown_delay`, while still serving. Then accepts no more connections,
    /// lets requests in progress finish within `server.shutdown_grace`, and stops the rest within the grace period and
    /// a moment more.
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
        self.spawn(metrics::keep_up(metrics));
        self.spawn(metrics::keep_standing(Arc::clone(&self.gateway.federation)));
        for work in WORK_OVER_SOURCES {
            self.spawn(work(Arc::clone(&self.gateway.federation)));
        }
        let gateway = Arc::clone(&self.gateway);
        self.spawn(async move { gateway.keep_counting_members().await });
        if let Some(points) = self.points.clone() {
            self.spawn(async move { points.keep_up().await });
        }
    }

    /// Does work until the gateway is told to stop.
    fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) {
        self.background.spawn(self.stopping.clone().run_until_cancelled_owned(work));
    }

    /// Stops background work. Work that does not stop in time is abandoned: no data is lost, because writes are atomic.
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
