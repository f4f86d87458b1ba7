//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use poem::endpoint::BoxEndpoint;
use poem::http;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint as _, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::ConnectionSettings;
use super::pulse::{ConnectionPulse, OverdueClient};
use super::watched::WatchedStream;

/// The maximum size of a request's first line and headers together, and of the buffer for a body or a response. http's
/// own limit on a URL, 64 KiB, leaves as much for the headers.
const BUFFER: usize = 128 << 10;

/// The maximum size of a request's headers in HTTP/2, as its standard counts them.
const HTTP2_HEADERS: u32 = 64 << 10;

/// The maximum number of concurrent requests on one HTTP/2 connection.
const HTTP2_STREAMS: u32 = 100;

/// The maximum number of streams that a client may open and reset before they are handled, and that may be reset for
/// its own errors, before its HTTP/2 connection is closed.
const HTTP2_PENDING_RESETS: usize = 20;
const HTTP2_FAULTY_RESETS: usize = 100;

/// The configuration of hyper.
pub(super) type HttpProtocol = auto::Builder<TokioExecutor>;

/// Configures hyper for these settings.
pub(super) fn speaking(settings: &ConnectionSettings) -> HttpProtocol {
    let mut speaking = auto::Builder::new(TokioExecutor::new());
    speaking.http1().max_buf_size(BUFFER);
    speaking
        .http2()
        .max_concurrent_streams(HTTP2_STREAMS)
        .max_header_list_size(HTTP2_HEADERS)
        .max_pending_accept_reset_streams(HTTP2_PENDING_RESETS)
        .max_local_error_reset_streams(HTTP2_FAULTY_RESETS);
    if settings.http2 { speaking } else { speaking.http1_only() }
}

/// The addresses of both ends of a connection.
pub(super) struct ConnectionEnds {
    pub(super) local: LocalAddr,
    pub(super) remote: RemoteAddr,
}

/// Serves a connection until its client leaves or `closing` ends it after the request in progress. Returns why it was
/// closed, if it was overdue.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ends: &ConnectionEnds,
    endpoint: &Arc<BoxEndpoint<'static, Response>>,
    speaking: &HttpProtocol,
    pulse: Arc<ConnectionPulse>,
    closing: &CancellationToken,
) -> Option<OverdueClient> {
    let io = TokioIo::new(WatchedStream::new(stream, Arc::clone(&pulse)));
    let service = service_fn(|request: http::Request<Incoming>| {
        let working = Arc::new(pulse.begin(request.version()));
        let (local, remote) = (ends.local.clone(), ends.remote.clone());
        let mut request = Request::from((request, local, remote, Scheme::HTTP));
        // Bodies that are made while they are sent hold this.
        request.extensions_mut().insert(Arc::clone(&working));
        let endpoint = Arc::clone(endpoint);
        async move {
            let response = endpoint.get_response(request).await;
            drop(working);
            Ok::<http::Response<_>, Infallible>(response.into())
        }
    });
    let mut connection = pin!(speaking.serve_connection(io, service));
    let mut overdue = pin!(pulse.overdue());
    // In this order: the connection's latest activity decides whether it is overdue.
    tokio::select! {
        biased;
        _ = &mut connection => return None,
        why = &mut overdue => return Some(why),
        () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        biased;
        _ = &mut connection => None,
        why = &mut overdue => Some(why),
    }
}
