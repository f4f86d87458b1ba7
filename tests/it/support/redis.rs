//! A Valkey or Redis server for tests, which can be stopped and started again.

use std::net::SocketAddr;
use std::path::PathBuf;

use rustix::process::Signal;
use tempfile::TempDir;

use super::engine::{EngineAccount, EngineProcess, installed, skip};

const READY: &str = "Ready to accept connections";

/// A Valkey or Redis server on loopback, without a password. Stopped when dropped.
pub(crate) struct RedisServer {
    program: PathBuf,
    account: EngineAccount,
    directory: TempDir,
    port: u16,
    process: Option<EngineProcess>,
}

impl RedisServer {
    /// Starts an empty server. Returns `None`, and prints that the test is skipped, if neither Valkey nor Redis is
    /// installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = installed("valkey-server").or_else(|| installed("redis-server")) else {
            skip("Valkey or Redis", "install Debian's package `redis-server`");
            return None;
        };
        let account = EngineAccount::choose();
        let directory = account.directory();
        let mut redis = Self { program, account, directory, port: 0, process: None };
        let (process, port) = EngineProcess::start(READY, |port| redis.command(port));
        (redis.port, redis.process) = (port, Some(process));
        Some(redis)
    }

    /// Returns the address that it listens on: `127.0.0.1` and a port that stays the same over restarts.
    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Kills it. All its data is lost.
    pub(crate) fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end(Signal::KILL);
        }
    }

    /// Starts it again at the same address, without data.
    pub(crate) fn start_again(&mut self) {
        let started = EngineProcess::start_at(READY, self.command(self.port));
        self.process = Some(started.unwrap_or_else(|said| panic!("{said}")));
    }

    fn command(&self, port: u16) -> std::process::Command {
        let mut command = self.account.command(&self.program, self.directory.path());
        command.args([
            "--bind",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        command
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}
