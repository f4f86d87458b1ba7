//! A feed over HTTP: one endpoint that waits, fails or answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};

use super::fault::Fault;
use super::publication::Publication;

/// Answers the requests of one feed.
pub(super) struct FeedEndpoint {
    pub(super) publication: Arc<Publication>,
    pub(super) seed: u64,
    pub(super) latency: Duration,
    pub(super) faults: Vec<Fault>,
    /// How many requests came, shared with the feed that made the endpoint.
    pub(super) requests: Arc<AtomicU64>,
}

impl Endpoint for FeedEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let mut response = match *request.method() {
            Method::GET | Method::HEAD => self.answer(&request, number).await,
            Method::OPTIONS => preflight(),
            _ => StatusCode::METHOD_NOT_ALLOWED.into(),
        };
        let anyone = HeaderValue::from_static("*");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
        Ok(response)
    }
}

impl FeedEndpoint {
    async fn answer(&self, request: &Request, number: u64) -> Response {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let uri = request.uri();
        let (status, body) = match self.publication.answer(uri.path(), uri.query().unwrap_or_default()) {
            Ok(body) => (StatusCode::OK, body),
            Err(body) => (StatusCode::NOT_FOUND, body),
        };
        match self.faults.iter().find(|fault| fault.shows(self.seed, number)) {
            Some(fault) => fault.kind.spoil(body).await,
            None => Response::builder().status(status).content_type("application/json").body(body),
        }
    }
}

fn preflight() -> Response {
    let answer = Response::builder().status(StatusCode::NO_CONTENT);
    answer.header(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS").finish()
}
