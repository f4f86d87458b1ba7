//! The errors that this room itself reports: status, code and a message that is safe to show.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::{Map, Value, json};

use crate::admission::AdmissionRefusal;
use crate::graphql::ErrorCode;

/// A request that is refused without being executed.
#[derive(Debug)]
pub(super) struct RequestFault {
    /// The status of the response.
    pub(super) status: StatusCode,
    /// The error code.
    pub(super) code: ErrorCode,
    message: String,
    /// The parameter at fault.
    argument: Option<Box<str>>,
    header: Option<Box<(header::HeaderName, HeaderValue)>>,
}

impl RequestFault {
    pub(super) fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), argument: None, header: None }
    }

    /// A request that does not follow GraphQL over HTTP.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message)
    }

    /// A method that the route does not have; `allow` lists those it has.
    pub(super) fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, message)
            .header(header::ALLOW, HeaderValue::from_static(allow))
    }

    /// Content of an unsupported type.
    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadUserInput, message)
    }

    /// An unknown address.
    pub(super) fn not_found() -> Self {
        let message = "not found; see / for the available addresses";
        Self::new(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, message)
    }

    /// The response after a panic; the log has the details.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::InternalServerError,
            "something went wrong; the gateway's log has the details under this response's x-request-id",
        )
    }

    /// A URL that is longer than allowed.
    pub(super) fn too_long(limit: usize, remedy: &str) -> Self {
        let message = format!("the URL is longer than the {limit} bytes allowed; {remedy}");
        Self::new(StatusCode::URI_TOO_LONG, ErrorCode::PayloadTooLarge, message)
    }

    /// A request that was not admitted.
    pub(super) fn refused(refusal: AdmissionRefusal) -> Self {
        let (status, message) = match refusal {
            AdmissionRefusal::PointsAreSpent(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "you have spent your points of this minute; wait, or send fewer or smaller operations",
            ),
            AdmissionRefusal::ClientIsWaiting => (
                StatusCode::TOO_MANY_REQUESTS,
                "too many of your operations are waiting; send fewer or smaller operations at once",
            ),
            AdmissionRefusal::GatewayIsFull => {
                (StatusCode::SERVICE_UNAVAILABLE, "the gateway is overloaded; try again shortly")
            }
        };
        Self::new(status, ErrorCode::RateLimited, message)
            .header(header::RETRY_AFTER, refusal.retry_after().into())
    }

    /// A request that took too long.
    pub(super) fn timed_out() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            ErrorCode::Timeout,
            "no response within the time allowed; request less at once",
        )
    }

    pub(super) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// Names the parameter at fault.
    pub(super) fn about(mut self, argument: &str) -> Self {
        self.argument = Some(argument.into());
        self
    }

    /// Returns what the client is told, in the form of a GraphQL request error.
    pub(super) fn told(&self) -> Value {
        let mut extensions = Map::new();
        extensions.insert("code".to_owned(), self.code.as_str().into());
        if let Some(argument) = &self.argument {
            extensions.insert("argument".to_owned(), (**argument).into());
        }
        json!({ "errors": [{ "message": self.message, "extensions": extensions }] })
    }

    /// Returns the response with this content type, in the form of a GraphQL request error on every route.
    pub(super) fn respond(self, content_type: &'static str) -> Response {
        count(self.code);
        let body = self.told();
        let mut response = Response::builder().status(self.status).body(Body::from_string(body.to_string()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        if let Some((name, value)) = self.header.map(|header| *header) {
            headers.insert(name, value);
        }
        response
    }
}

/// Counts one error sent to a client.
pub(super) fn count(code: ErrorCode) {
    metrics::counter!(crate::telemetry::GRAPHQL_ERRORS, crate::telemetry::CODE => code.as_str()).increment(1);
}

/// Returns the code from the closed list. One that is not on the list is our own error.
pub(super) fn known(code: Option<ErrorCode>) -> ErrorCode {
    code.unwrap_or(ErrorCode::InternalServerError)
}
