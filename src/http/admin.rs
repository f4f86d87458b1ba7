//! The routes of the second listener, for operators and their systems only.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use poem::http::Method;
use poem::{Endpoint, Request, Response};

use super::answers::AnswerCache;
use super::errors::RequestFault;
use super::negotiate::MediaType;
use super::routes::options;
use super::{SourceStates, health, metrics};

const ALLOW: &str = "GET, HEAD, OPTIONS";

/// Metrics and health.
pub(super) struct AdminEndpoints {
    answers: Arc<AnswerCache>,
    sources: Arc<dyn SourceStates>,
    metrics: PrometheusHandle,
}

impl AdminEndpoints {
    pub(super) fn new(
        answers: Arc<AnswerCache>,
        sources: Arc<dyn SourceStates>,
        metrics: PrometheusHandle,
    ) -> Self {
        Self { answers, sources, metrics }
    }
}

impl Endpoint for AdminEndpoints {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        let content_type = MediaType::Json.content_type();
        if !matches!(path, "/metrics" | "/health/live" | "/health/ready") {
            return Ok(RequestFault::not_found().respond(content_type));
        }
        Ok(match (request.method(), path) {
            (&Method::OPTIONS, _) => options(ALLOW),
            (&Method::GET | &Method::HEAD, "/metrics") => {
                metrics::page(&self.metrics, &self.answers, request.headers()).await
            }
            (&Method::GET | &Method::HEAD, "/health/live") => health::live(),
            (&Method::GET | &Method::HEAD, _) => health::ready(self.sources.as_ref()),
            _ => RequestFault::method(ALLOW, "this address accepts only GET and HEAD").respond(content_type),
        })
    }
}
