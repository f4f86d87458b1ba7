//! A PgBouncer for tests, in front of a PostgreSQL.

use std::net::SocketAddr;
use std::path::PathBuf;

use tempfile::TempDir;

use super::engine::{EngineAccount, EngineProcess, installed, skip};
use super::postgres::PostgresServer;

/// Where Debian installs it, which is not on every user's path.
const DEBIAN: &str = "/usr/sbin/pgbouncer";

/// A PgBouncer on loopback in transaction mode. It has fewer connections to the server than gateways have to it.
/// Stopped when dropped.
pub(crate) struct PgBouncer {
    port: u16,
    _directory: TempDir,
    _process: EngineProcess,
}

impl PgBouncer {
    /// Starts one in front of a server. Returns `None`, and prints that the test is skipped, if PgBouncer is not
    /// installed.
    pub(crate) fn before(postgres: &PostgresServer) -> Option<Self> {
        let debian = || Some(PathBuf::from(DEBIAN)).filter(|path| path.is_file());
        let Some(program) = installed("pgbouncer").or_else(debian) else {
            skip("PgBouncer", "install Debian's package `pgbouncer`");
            return None;
        };
        let account = EngineAccount::choose();
        let directory = account.directory();
        let server = postgres.address();
        let (process, port) = EngineProcess::start("process up", |port| {
            let settings = format!(
                "[databases]\n* = host={} port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
                 default_pool_size = 2\n",
                server.ip(),
                server.port()
            );
            let file = directory.path().join("pgbouncer.ini");
            std::fs::write(&file, settings).unwrap();
            let mut command = account.command(&program, directory.path());
            command.arg(file);
            command
        });
        Some(Self { port, _directory: directory, _process: process })
    }

    /// Returns the address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }
}
