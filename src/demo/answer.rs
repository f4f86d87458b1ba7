//! The answer of a feed to a request, before it is sent.

use bytes::Bytes;
use poem::Response;
use poem::http::{StatusCode, header};
use serde_json::Value;

/// An HTTP answer: a status, a body and its content type.
#[derive(Clone, Debug)]
pub(super) struct FeedAnswer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    content_type: &'static str,
    location: Option<&'static str>,
}

impl FeedAnswer {
    /// Returns an answer with status 200 and JSON that is already serialised.
    pub(super) fn ok(body: Bytes) -> Self {
        Self { status: StatusCode::OK, content_type: "application/json", body, location: None }
    }

    /// Returns an answer with a JSON body.
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        Self { status, ..Self::ok(value.to_string().into()) }
    }

    /// Returns an answer whose body is not JSON.
    pub(super) fn text(status: StatusCode, content_type: &'static str, text: &'static str) -> Self {
        Self { status, content_type, ..Self::ok(Bytes::from_static(text.as_bytes())) }
    }

    /// Returns a redirect (302) to another path.
    pub(super) fn found(location: &'static str) -> Self {
        Self { location: Some(location), ..Self::text(StatusCode::FOUND, "text/html", "") }
    }

    pub(super) fn respond(self) -> Response {
        let mut response = Response::builder().status(self.status).content_type(self.content_type);
        if let Some(location) = self.location {
            response = response.header(header::LOCATION, location);
        }
        response.body(self.body)
    }
}
