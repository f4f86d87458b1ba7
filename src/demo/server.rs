//! Serves a feed over HTTP, with its latency, faults and request budget.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use tokio::time::Instant;
use uuid::Uuid;

use super::answer::FeedAnswer;
use super::budget::BudgetAllowance;
use super::fault::FeedFault;
use super::publication::RenderedFeed;

/// The endpoint that answers the requests for one feed.
pub(super) struct FeedEndpoint {
    pub(super) publication: Arc<RenderedFeed>,
    pub(super) seed: u64,
    pub(super) latency: Duration,
    pub(super) faults: Vec<FeedFault>,
    /// What is left of the publisher's request budget. `None` if requests are not counted.
    pub(super) allowance: Option<BudgetAllowance>,
    /// The number of requests received. The count is shared with the feed that created the endpoint.
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
        // Time spent on writing the answer counts towards the latency.
        let ready_at = Instant::now() + self.latency;
        let uri = request.uri();
        let answer = self.publication.answer(uri.path(), uri.query().unwrap_or_default());
        if !self.latency.is_zero() {
            tokio::time::sleep_until(ready_at).await;
        }
        let spending = self.allowance.as_ref().map(BudgetAllowance::spend);
        let mut response = match &spending {
            Some(spending) if spending.is_over() => spending.refusal(),
            _ => self.publish(answer, request.headers(), number).await,
        };
        if let Some(spending) = spending {
            spending.note(&mut response);
        }
        response
    }

    async fn publish(&self, answer: FeedAnswer, request: &HeaderMap, number: u64) -> Response {
        match self.faults.iter().find(|fault| fault.shows(self.seed, number)) {
            Some(fault) => fault.kind.spoil(answer.body).await,
            None if self.publication.publisher.tags() => tagged(answer, request),
            None => answer.respond(),
        }
    }
}

/// Adds a weak entity tag to an answer. Answers 304 without a body if the client already has the same body.
fn tagged(answer: FeedAnswer, request: &HeaderMap) -> Response {
    let digest = Uuid::new_v5(&Uuid::NAMESPACE_URL, &answer.body).simple();
    let tag = format!("W/\"{:x}-{digest}\"", answer.body.len());
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.contains(&tag)) && answer.status == StatusCode::OK;
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into() } else { answer.respond() };
    response.headers_mut().extend(HeaderValue::try_from(tag).map(|tag| (header::ETAG, tag)));
    response
}

fn preflight() -> Response {
    let answer = Response::builder().status(StatusCode::NO_CONTENT);
    answer.header(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS").finish()
}
