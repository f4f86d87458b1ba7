//! Health checks: liveness and readiness.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::{Value, json};

use super::SourceStates;
use crate::federation::ReplicaStanding;

/// Answers the liveness check. That there is a response is all it says.
pub(super) fn live() -> Response {
    respond(StatusCode::OK, &json!({ "status": "live" }))
}

/// Answers the readiness check: whether queries can be answered or, if not, why.
pub(super) fn ready(sources: &dyn SourceStates) -> Response {
    match sources.is_ready() {
        Ok(()) => {
            let mut body = json!({ "status": "ready" });
            if let (Some(standing), Some(body)) = (sources.standing(), body.as_object_mut()) {
                body.insert("replica".to_owned(), replica(&standing));
            }
            respond(StatusCode::OK, &body)
        }
        Err(reason) => {
            respond(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "unavailable", "reason": reason }))
        }
    }
}

/// Describes this gateway's role among those that share the catalogue.
fn replica(standing: &ReplicaStanding) -> Value {
    json!({
        "name": standing.name,
        "role": standing.role().as_str(),
        "applied": standing.applied,
        "behindSeconds": standing.behind().as_secs(),
        "trouble": standing.trouble,
    })
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::builder().status(status).body(Body::from_string(body.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
