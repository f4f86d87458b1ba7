//! Health checks: liveness and readiness.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::{Value, json};

use super::SourceStates;

/// A response at all is the message.
pub(super) fn live() -> Response {
    respond(StatusCode::OK, &json!({ "status": "live" }))
}

/// Returns whether queries can be answered or, if not, why.
pub(super) fn ready(sources: &dyn SourceStates) -> Response {
    match sources.is_ready() {
        Ok(()) => respond(StatusCode::OK, &json!({ "status": "ready" })),
        Err(reason) => {
            respond(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "unavailable", "reason": reason }))
        }
    }
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::builder().status(status).body(Body::from_string(body.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
