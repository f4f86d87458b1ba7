//! Connections: which are accepted, how slow they may be, and how they end. Routes know nothing of this.
//!
//! The accept loop ([`ConnectionServer`]) gives each connection a [seat](seats) and its own task. hyper speaks HTTP
//! over a [`WatchedStream`](watched) stream that reports reads and writes to the connection's
//! [`ConnectionPulse`](pulse). The task closes the connection when the pulse says that it is overdue.

mod accepting;
mod connection;
mod pulse;
mod seats;
mod server;
mod watched;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub(super) use pulse::WorkingRequest;
pub use server::ConnectionServer;

/// The limits of a listener's connections.
#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// The time limit for a request's headers, from the connection's opening or from a later request's first byte.
    pub header_timeout: Duration,
    /// How long a connection may be idle between requests, or make no progress in reading a response.
    pub idle_timeout: Duration,
    /// The maximum number of open connections; 0 means no limit.
    pub max_connections: usize,
    /// The maximum number of open connections from one client address; 0 means no limit.
    pub max_connections_per_address: usize,
    /// Whether to accept HTTP/2 with prior knowledge beside HTTP/1.1.
    pub http2: bool,
    /// How long requests in progress may take once the server is told to close.
    pub shutdown_grace: Duration,
}
