//! Invented feeds that speak every dialect, for trying out, testing and measuring.
//!
//! The places are real; the organisations, services and numbers are invented. The same seed gives the same bytes, and
//! the content of a record depends only on the seed and on the record's number. `record` decides what a record says;
//! `varieties` decides how a publishing system writes the record.

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
mod paging;
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
pub use paging::{FeedPaging, PagingStep};
pub use place::DemoPlace;
pub use varieties::{FeedVariety, UnknownVariety};

use budget::BudgetAllowance;
use publication::RenderedFeed;
use publisher::RequestBudget;
use server::FeedEndpoint;

/// An invented feed: what it holds and how it behaves. Nothing is generated until the feed is served.
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

/// How long open connections may last once the server is told to stop. Without this limit, a fault that never answers
/// would keep its connections open for ever.
const LINGER: Duration = Duration::from_millis(200);

impl InventedFeed {
    /// Returns a feed of 100 services of a variety that answers without delay and without faults.
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

    /// Sets the number of services.
    #[must_use]
    pub fn services(self, services: usize) -> Self {
        Self { services, ..self }
    }

    /// Sets the seed from which everything is drawn, including the place unless [`Self::place`] gives one.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets how long the feed waits before every answer.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Adds a fault. Where several faults affect the same answer, the one that was added first applies.
    #[must_use]
    pub fn fault(mut self, fault: FeedFault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Sets the place where the services are.
    #[must_use]
    pub fn place(self, place: &'static DemoPlace) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Sets how many requests are allowed in a window, instead of the variety's own number. Has no effect on varieties
    /// that do not count requests.
    #[must_use]
    pub fn budget(self, requests: u32) -> Self {
        Self { budget: Some(requests), ..self }
    }

    /// Returns the publishing system that the feed imitates.
    pub fn variety(&self) -> FeedVariety {
        self.variety
    }

    /// Returns how many requests this feed and its clones have received.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Returns the feed as an endpoint. Generates and renders all records in this call, which takes a few seconds for
    /// 5,000 services in a debug build.
    pub fn endpoint(&self) -> impl Endpoint<Output = Response> + use<> {
        let publication =
            RenderedFeed::new(self.variety.publisher(), self.chosen_place(), self.seed, self.services);
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

    /// Serves the feed until `shutdown` completes.
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
