//! Invented feeds that speak each dialect, for trying out, testing and measuring.
//!
//! The places are real; the organisations, services and numbers in them are not. The same seed gives the same
//! bytes, and a record's content depends on the seed and its number alone. What a record says is decided in
//! `record`; how a publishing system writes it, in `varieties`.

mod answer;
mod budget;
mod community;
mod contact;
mod draw;
mod embedded;
mod families;
mod fault;
mod identity;
mod kinds;
mod location;
mod nested;
mod organization;
mod pages;
mod place;
mod publication;
mod publisher;
mod record;
mod schedule;
mod server;
mod varieties;
mod vocabulary;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, Response, Server};

pub use embedded::{EmbeddedFeed, embedded};
pub use fault::{FaultError, FaultKind, FeedFault};
pub use place::DemoPlace;
pub use varieties::{FeedVariety, UnknownVariety};

use budget::BudgetAllowance;
use publication::RenderedFeed;
use publisher::RequestBudget;
use server::FeedEndpoint;

/// An invented feed: what it holds and how it behaves. Nothing is invented until it is served.
#[derive(Clone, Debug)]
pub struct InventedFeed {
    variety: FeedVariety,
    services: usize,
    seed: u64,
    latency: Duration,
    faults: Vec<FeedFault>,
    place: Option<&'static DemoPlace>,
    budget: Option<u32>,
    requests: Arc<AtomicU64>,
}

/// How long connections may linger once a server is told to stop; a fault that never answers would hold them open.
const LINGER: Duration = Duration::from_millis(200);

impl InventedFeed {
    /// A hundred services of a variety, prompt and without faults.
    pub fn new(variety: FeedVariety) -> Self {
        Self {
            variety,
            services: 100,
            seed: 0,
            latency: Duration::ZERO,
            faults: Vec::new(),
            place: None,
            budget: None,
            requests: Arc::default(),
        }
    }

    /// How many services there are.
    #[must_use]
    pub fn services(self, services: usize) -> Self {
        Self { services, ..self }
    }

    /// What everything is drawn from; the place too, unless one is given.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How long every answer waits.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Adds a fault. Where several show in one answer, the first added wins.
    #[must_use]
    pub fn fault(mut self, fault: FeedFault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Where the services are.
    #[must_use]
    pub fn place(self, place: &'static DemoPlace) -> Self {
        Self { place: Some(place), ..self }
    }

    /// How many requests in a window a variety that counts them allows, in place of its own number.
    #[must_use]
    pub fn budget(self, requests: u32) -> Self {
        Self { budget: Some(requests), ..self }
    }

    /// The publishing system it behaves like.
    pub fn variety(&self) -> FeedVariety {
        self.variety
    }

    /// How many requests this feed and its clones have had.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The feed as an endpoint. Invents and renders everything now: a few seconds for 5,000 services in a debug build.
    pub fn endpoint(&self) -> impl Endpoint<Output = Response> + use<> {
        let publication = RenderedFeed::new(self.variety, self.chosen_place(), self.seed, self.services);
        let budget = publication.publisher.budget();
        let budget =
            budget.map(|usual| RequestBudget { requests: self.budget.unwrap_or(usual.requests), ..usual });
        FeedEndpoint {
            allowance: budget.map(BudgetAllowance::new),
            publication: Arc::new(publication),
            seed: self.seed,
            latency: self.latency,
            faults: self.faults.clone(),
            requests: Arc::clone(&self.requests),
        }
    }

    /// Serves the feed until `shutdown` is over.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub async fn serve(
        self,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let acceptor = TcpAcceptor::from_tokio(listener)?;
        let server = Server::new_with_acceptor(acceptor);
        server.run_with_graceful_shutdown(self.endpoint(), shutdown, Some(LINGER)).await
    }

    fn chosen_place(&self) -> &'static DemoPlace {
        self.place.unwrap_or_else(|| draw::SeededDraw::new(self.seed, u64::MAX).pick(DemoPlace::all()))
    }
}

#[cfg(test)]
mod tests;
