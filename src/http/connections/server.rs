//! The accept loop: accepts connections, seats them, and waits for all of them to end.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::ConnectionSettings;
use super::accepting::FailureSpell;
use super::connection::{self, ConnectionEnds, HttpProtocol};
use super::pulse::ConnectionPulse;
use super::seats::{ConnectionSeat, ConnectionSeats};
use crate::admission::ClientAddress;
use crate::telemetry;

/// The complete response to a connection without a seat.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How long closed connections may take to disappear: each ends at its task's next turn.
const CUT_WITHIN: Duration = Duration::from_secs(1);

/// Serves an endpoint on a listener.
#[derive(Clone)]
pub struct ConnectionServer {
    inner: Arc<Inner>,
}

struct Inner {
    name: &'static str,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    settings: ConnectionSettings,
    speaking: HttpProtocol,
    seats: Arc<ConnectionSeats>,
    connections: TaskTracker,
    /// Ends idle connections.
    closing: CancellationToken,
    /// Ends all connections.
    cut: CancellationToken,
}

impl ConnectionServer {
    /// Creates a server whose metrics and log lines are labelled with `name`. It stops when `closing` is cancelled.
    pub fn new(
        name: &'static str,
        endpoint: BoxEndpoint<'static, Response>,
        settings: ConnectionSettings,
        closing: CancellationToken,
    ) -> Self {
        let seats =
            ConnectionSeats::new(name, settings.max_connections, settings.max_connections_per_address);
        let inner = Inner {
            name,
            endpoint: Arc::new(endpoint),
            speaking: connection::speaking(&settings),
            seats: Arc::new(seats),
            settings,
            connections: TaskTracker::new(),
            closing,
            cut: CancellationToken::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Serves until told to close. Then it closes the listener and idle connections, gives requests in progress
    /// `shutdown_grace` to finish, and closes the rest. No failure to accept a connection ends it.
    pub async fn run(self, listener: TcpListener) {
        let inner = &self.inner;
        inner.closing.run_until_cancelled(accept(inner, &listener)).await;
        drop(listener);
        inner.connections.close();
        let under_way = inner.connections.len();
        tracing::info!(listener = inner.name, connections = under_way, "stopped accepting connections");
        if timeout(inner.settings.shutdown_grace, inner.connections.wait()).await.is_ok() {
            return;
        }
        let left = inner.connections.len();
        tracing::warn!(
            listener = inner.name,
            connections = left,
            "closed: not finished within `server.shutdown_grace`"
        );
        inner.cut.cancel();
        let _ = timeout(CUT_WITHIN, inner.connections.wait()).await;
    }
}

async fn accept(inner: &Arc<Inner>, listener: &TcpListener) {
    let mut spell = FailureSpell::default();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                spell.end();
                welcome(inner, stream, address);
            }
            Err(error) => {
                if let Some(pause) = spell.failed(&error) {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// Gives a connection its own task, or refuses it.
fn welcome(inner: &Arc<Inner>, stream: TcpStream, address: SocketAddr) {
    match inner.seats.take(ClientAddress::at(address.ip())) {
        Ok(seat) => drop(inner.connections.spawn(attend(Arc::clone(inner), stream, address, seat))),
        Err(refusal) => {
            tracing::debug!(listener = inner.name, reason = refusal.label(), "refused a connection");
            refuse(stream);
        }
    }
}

async fn attend(inner: Arc<Inner>, stream: TcpStream, address: SocketAddr, _seat: ConnectionSeat) {
    // Responses are written in one go, so waiting for more to send gains nothing.
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let ends = ConnectionEnds { local: LocalAddr(local.into()), remote: RemoteAddr(address.into()) };
    let settings = &inner.settings;
    let pulse = Arc::new(ConnectionPulse::new(settings.header_timeout, settings.idle_timeout));
    let served = connection::serve(stream, &ends, &inner.endpoint, &inner.speaking, pulse, &inner.closing);
    if let Some(Some(why)) = inner.cut.run_until_cancelled(served).await {
        let reason = why.label();
        tracing::debug!(listener = inner.name, reason, "closed a slow connection");
        counter!(telemetry::HTTP_CONNECTIONS_TIMED_OUT, telemetry::LISTENER => inner.name,
            telemetry::REASON => reason)
        .increment(1);
    }
}

/// Sends the refusal, as far as possible without waiting, and closes.
fn refuse(stream: TcpStream) {
    let Ok(mut stream) = stream.into_std() else { return };
    // Read what the client has sent: closing with unread data would reset the connection, and the response might be
    // lost.
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write(FULL);
    let _ = stream.shutdown(Shutdown::Both);
}
