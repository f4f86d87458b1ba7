//! Counts requests, and serves the metrics.

use std::time::Duration;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::PrometheusHandle;
use poem::Response;
use poem::http::{HeaderMap, StatusCode};

use super::answers::AnswerCache;
use super::content::ResponseContent;
use super::response::{self, ResponseForm};
use crate::telemetry;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Counts a request as in progress until it is dropped, even if it is abandoned.
pub(super) struct InFlight;

impl InFlight {
    pub(super) fn new() -> Self {
        gauge!(telemetry::HTTP_IN_FLIGHT).increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(telemetry::HTTP_IN_FLIGHT).decrement(1.0);
    }
}

/// Counts an answered request.
pub(super) fn record(route: &'static str, status: StatusCode, took: Duration) {
    counter!(telemetry::HTTP_REQUESTS, telemetry::ROUTE => route, telemetry::STATUS => class(status))
        .increment(1);
    histogram!(telemetry::HTTP_DURATION, telemetry::ROUTE => route).record(took);
}

/// Serves all metrics in the Prometheus text format.
pub(super) async fn page(handle: &PrometheusHandle, answers: &AnswerCache, request: &HeaderMap) -> Response {
    let (entries, bytes) = answers.size();
    #[expect(clippy::cast_precision_loss, reason = "gauges are floats, and this one counts bytes")]
    let (entries, bytes) = (entries as f64, bytes as f64);
    gauge!(telemetry::ANSWER_CACHE_ENTRIES).set(entries);
    gauge!(telemetry::ANSWER_CACHE_BYTES).set(bytes);
    let content = ResponseContent::new(CONTENT_TYPE, handle.render());
    let sending = ResponseForm { is_conditional: false, ..ResponseForm::plainly(&content, "no-store") };
    response::send(&content, request, sending).await
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
