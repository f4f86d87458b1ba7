//! Turns content into a response: coding, tag, and only the tag if the client has the content already.

use bytes::Bytes;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::{Body, Response};

use super::content::ResponseContent;
use super::{caching, negotiate};
use crate::admission::AdmittedOperation;

/// How content is sent.
pub(super) struct ResponseForm {
    pub(super) content_type: &'static str,
    pub(super) cache_control: HeaderValue,
    /// Whether it gets a tag, and is omitted if the client sends that tag: for GET and HEAD.
    pub(super) is_conditional: bool,
    /// The request headers that the content depends on, besides `accept-encoding`.
    pub(super) vary: &'static str,
    /// A guard held until the content has been sent, so that a client that does not read its responses exhausts its own
    /// share and not the gateway's memory.
    pub(super) held: Vec<AdmittedOperation>,
}

impl ResponseForm {
    /// For a route with one media type.
    pub(super) fn plainly(content: &ResponseContent, cache_control: &'static str) -> Self {
        Self {
            content_type: content.content_type(),
            cache_control: HeaderValue::from_static(cache_control),
            is_conditional: true,
            vary: "accept-encoding",
            held: Vec::new(),
        }
    }
}

/// Returns the response to a request with these headers.
pub(super) async fn send(content: &ResponseContent, request: &HeaderMap, sending: ResponseForm) -> Response {
    let form = content.form(negotiate::accepts_gzip(request)).await;
    let mut response = Response::builder().status(StatusCode::OK).finish();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, sending.cache_control);
    headers.insert(header::VARY, HeaderValue::from_static(sending.vary));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if sending.is_conditional
        && let Some(etag) = content.etag(sending.content_type, form.is_gzip)
    {
        let is_current = caching::is_current(request, &etag);
        headers.insert(header::ETAG, etag);
        if is_current {
            response.set_status(StatusCode::NOT_MODIFIED);
            return response;
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sending.content_type));
    headers.insert(header::CONTENT_LENGTH, form.bytes.len().into());
    if form.is_gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response.set_body(Body::from_bytes(holding(form.bytes, sending.held)));
    response
}

/// Bytes that release the guard when the last of them is written.
fn holding(bytes: Bytes, held: Vec<AdmittedOperation>) -> Bytes {
    if held.is_empty() { bytes } else { Bytes::from_owner(Holding { bytes, _held: held }) }
}

struct Holding {
    bytes: Bytes,
    _held: Vec<AdmittedOperation>,
}

impl AsRef<[u8]> for Holding {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
