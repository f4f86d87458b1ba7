//! The faults this room finds itself: status, code and words that are safe to show.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::json;

/// Every code an answer may carry; also what bounds the label of the error metric.
pub(super) const CODES: [&str; 21] = [
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    Fault::BAD_USER_INPUT,
    "QUERY_TOO_COMPLEX",
    "QUERY_TOO_DEEP",
    "TOO_MANY_ALIASES",
    "TOO_MANY_ROOT_FIELDS",
    "TOO_MANY_TOKENS",
    "TOO_MANY_DIRECTIVES",
    Fault::BATCH_TOO_LARGE,
    Fault::PAYLOAD_TOO_LARGE,
    Fault::TIMEOUT,
    "RATE_LIMITED",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    Fault::PERSISTED_QUERY_NOT_FOUND,
    "CURSOR_INVALID",
    "CURSOR_EXPIRED",
    "POSTCODE_UNKNOWN",
    "SOURCE_UNAVAILABLE",
    Fault::INTERNAL_SERVER_ERROR,
];

/// A request that is answered without being executed.
#[derive(Debug)]
pub(super) struct Fault {
    /// Status of the answer.
    pub(super) status: StatusCode,
    /// One of [`CODES`].
    pub(super) code: &'static str,
    message: String,
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Fault {
    pub(super) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    pub(super) const BATCH_TOO_LARGE: &str = "BATCH_TOO_LARGE";
    pub(super) const PAYLOAD_TOO_LARGE: &str = "PAYLOAD_TOO_LARGE";
    pub(super) const TIMEOUT: &str = "TIMEOUT";
    pub(super) const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
    pub(super) const INTERNAL_SERVER_ERROR: &str = "INTERNAL_SERVER_ERROR";

    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), header: None }
    }

    /// A request that is not what GraphQL over HTTP asks for.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Self::BAD_USER_INPUT, message)
    }

    /// A method the route does not have; `allow` lists those it has.
    pub(super) fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Self::BAD_USER_INPUT, message)
            .header(header::ALLOW, HeaderValue::from_static(allow))
    }

    /// Content in a form that is not read.
    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Self::BAD_USER_INPUT, message)
    }

    /// An address that is none of ours.
    pub(super) fn not_found() -> Self {
        let message = "nothing is here; see / for what there is";
        Self::new(StatusCode::NOT_FOUND, Self::BAD_USER_INPUT, message)
    }

    /// What stays of a panic once it is in the log.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Self::INTERNAL_SERVER_ERROR,
            "something went wrong here; the log knows more under this answer's x-request-id",
        )
    }

    pub(super) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The answer, as the given content type: the shape of a GraphQL request error, on every route.
    pub(super) fn respond(self, content_type: &'static str) -> Response {
        count(self.code);
        let body = json!({ "errors": [{ "message": self.message, "extensions": { "code": self.code } }] });
        let mut response = Response::builder().status(self.status).body(Body::from_string(body.to_string()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        if let Some((name, value)) = self.header {
            headers.insert(name, value);
        }
        response
    }
}

/// Counts one error shown to a client.
pub(super) fn count(code: &'static str) {
    metrics::counter!(crate::telemetry::GRAPHQL_ERRORS, crate::telemetry::CODE => code).increment(1);
}

/// The code as one of the closed list: what is not on it is our own fault.
pub(super) fn known(code: Option<&str>) -> &'static str {
    CODES.into_iter().find(|known| Some(*known) == code).unwrap_or(Fault::INTERNAL_SERVER_ERROR)
}
