//! Connections: who is let in, how long they may be slow, and how they end. Routes know nothing of this.
//!
//! The accept loop ([`Server`]) gives each connection a [seat](seats) and a task of its own. hyper speaks HTTP over a
//! [`Watched`](watched) stream that reports reads and writes to the connection's [`Pulse`](pulse); the task cuts
//! the connection once the pulse says that it is overdue.

mod accepting;
mod connection;
mod pulse;
mod seats;
mod server;
mod watched;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use server::Server;

/// What a listener allows its connections.
#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// How long a request's headers may take: from the connection's opening, or from a later request's first byte.
    pub header_timeout: Duration,
    /// How long a connection may be idle between requests, or make no progress in taking an answer.
    pub idle_timeout: Duration,
    /// The most connections at once; 0 sets no cap.
    pub max_connections: usize,
    /// The most connections at once of one client address; 0 sets no cap.
    pub max_connections_per_address: usize,
    /// Whether HTTP/2 with prior knowledge is spoken beside HTTP/1.1.
    pub http2: bool,
    /// How long requests under way may take once the server is told to close.
    pub shutdown_grace: Duration,
}
