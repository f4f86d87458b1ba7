//! Reads a request's body up to its size limit.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use poem::Body;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::errors::RequestFault;
use super::negotiate;
use crate::graphql::ErrorCode;

/// Bytes to read and discard past the limit, so that a client that is still sending gets the response rather than a
/// broken connection.
const DISCARDED: usize = 1024 * 1024;

/// Refuses anything but plain JSON in UTF-8. Forms and text, which browsers send to other sites without asking, are
/// refused too; this stops other sites from posting in a reader's name.
pub(super) fn check(headers: &HeaderMap) -> Result<(), RequestFault> {
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(is_identity) {
        // Never decompressed: a few kilobytes can expand to gigabytes.
        return Err(RequestFault::unsupported(
            "a request's body must not be compressed; leave out content-encoding",
        )
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        return Err(RequestFault::unsupported("POST needs content-type: application/json"));
    }
    if !negotiate::is_utf8(parameters) {
        return Err(RequestFault::unsupported("a request's body must be in UTF-8"));
    }
    Ok(())
}

/// Returns the complete body if it has at most `limit` bytes, whatever its headers claim.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, RequestFault> {
    if claimed(headers).is_some_and(|length| length > limit.saturating_add(DISCARDED)) {
        return Err(too_large(limit));
    }
    let mut chunks = Box::pin(body.into_bytes_stream());
    let (mut read, mut kept) = (0_usize, BytesMut::new());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk
            .map_err(|_| RequestFault::bad_request("the connection broke before the end of the body"))?;
        read = read.saturating_add(chunk.len());
        if read <= limit {
            kept.extend_from_slice(&chunk);
        } else if read > limit.saturating_add(DISCARDED) {
            break;
        }
    }
    if read > limit { Err(too_large(limit)) } else { Ok(kept.freeze()) }
}

fn is_identity(coding: &HeaderValue) -> bool {
    coding.to_str().is_ok_and(|coding| {
        let coding = coding.trim();
        coding.is_empty() || coding.eq_ignore_ascii_case("identity")
    })
}

fn claimed(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(limit: usize) -> RequestFault {
    let message = format!("the body is larger than the {limit} bytes allowed");
    RequestFault::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
}
