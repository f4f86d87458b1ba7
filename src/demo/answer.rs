//! What a feed answers, before it goes over the wire.

use bytes::Bytes;
use poem::Response;
use poem::http::{StatusCode, header};
use serde_json::Value;

/// A status, a body and what the body is.
#[derive(Clone, Debug)]
pub(super) struct FeedAnswer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    content_type: &'static str,
    location: Option<&'static str>,
}

impl FeedAnswer {
    /// JSON that is already written.
    pub(super) fn ok(body: Bytes) -> Self {
        Self { status: StatusCode::OK, content_type: "application/json", body, location: None }
    }

    /// JSON.
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        Self { status, ..Self::ok(value.to_string().into()) }
    }

    /// Anything but JSON.
    pub(super) fn text(status: StatusCode, content_type: &'static str, text: &'static str) -> Self {
        Self { status, content_type, ..Self::ok(Bytes::from_static(text.as_bytes())) }
    }

    /// Look elsewhere.
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
