//! A PostgreSQL for tests, which can be stopped, frozen and set back to an earlier state.

use std::path::{Path, PathBuf};

use rustix::process::Signal;
use tempfile::TempDir;

use super::certificates::ServerCertificate;
use super::engine::{EngineAccount, EngineProcess, skip};

/// Where Debian and related systems install the servers of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
const READY: &str = "database system is ready to accept connections";
/// The name of the superuser, and of the database that tests use. There is no password.
const NAME: &str = "postgres";

/// A PostgreSQL server on loopback, stopped and removed when dropped.
pub(crate) struct PostgresServer {
    binaries: PathBuf,
    account: EngineAccount,
    directory: TempDir,
    port: u16,
    process: Option<EngineProcess>,
    copies: usize,
}

/// A copy of all data at one moment.
#[derive(Clone, Debug)]
pub(crate) struct PostgresCopy(PathBuf);

impl PostgresServer {
    /// Starts a server with an empty database. Returns `None`, and prints that the test is skipped, if PostgreSQL is
    /// not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::set_up(None)
    }

    /// Like [`Self::start`], but accepts connections only over TLS.
    pub(crate) fn start_with_tls(identity: &ServerCertificate) -> Option<Self> {
        Self::set_up(Some(identity))
    }

    fn set_up(tls: Option<&ServerCertificate>) -> Option<Self> {
        let Some(binaries) = newest_binaries() else {
            skip("PostgreSQL", "install Debian's package `postgresql`");
            return None;
        };
        let account = EngineAccount::choose();
        let directory = account.directory();
        let data = directory.path().join("data");
        let initdb = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username", NAME, "-D"];
        let arguments: Vec<&str> = initdb.into_iter().chain(data.to_str()).collect();
        account.run(&binaries.join("initdb"), directory.path(), &arguments);
        if let Some(identity) = tls {
            account.write(&data.join("server.crt"), &identity.certificate);
            account.write(&data.join("server.key"), &identity.key);
            account.write(&data.join("postgresql.auto.conf"), "ssl = on\n");
            account.write(&data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n");
        }
        let (process, port) =
            EngineProcess::start(READY, |port| server(&binaries, account, directory.path(), port));
        Some(Self { binaries, account, directory, port, process: Some(process), copies: 0 })
    }

    /// Returns the address that it listens on: `127.0.0.1` and a port that stays the same over restarts.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Returns the URL of its database.
    pub(crate) fn url(&self) -> String {
        Self::url_at(self.address())
    }

    /// Returns the URL of its database as reached through another address, such as a `FaultyWire`'s.
    pub(crate) fn url_at(address: std::net::SocketAddr) -> String {
        format!("postgres://{NAME}@{address}/{NAME}")
    }

    /// Runs SQL as the superuser. Returns the rows, with columns separated by `|`.
    pub(crate) fn sql(&self, text: &str) -> String {
        let port = self.port.to_string();
        let place = ["-h", "127.0.0.1", "-p", &port, "-U", NAME, "-d", NAME];
        let arguments: Vec<&str> =
            place.into_iter().chain(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text]).collect();
        let said = self.account.run(&self.binaries.join("psql"), self.directory.path(), &arguments);
        said.trim_end().to_owned()
    }

    /// Stops it at once. Transactions in progress are lost, as in a crash.
    pub(crate) fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end(Signal::QUIT);
        }
    }

    /// Starts it again at the same address, with its data.
    pub(crate) fn start_again(&mut self) {
        let command = server(&self.binaries, self.account, self.directory.path(), self.port);
        self.process = Some(EngineProcess::start_at(READY, command).unwrap_or_else(|said| panic!("{said}")));
    }

    /// Copies its data, for [`Self::restore`], and restarts it.
    pub(crate) fn copy(&mut self) -> PostgresCopy {
        if let Some(process) = self.process.take() {
            process.end(Signal::INT);
        }
        self.copies += 1;
        let copy = self.directory.path().join(format!("copy-{}", self.copies));
        self.copy_directory(&self.data(), &copy);
        self.start_again();
        PostgresCopy(copy)
    }

    /// Sets all data back to a copy, and restarts it. Later commits are lost, as after a failover to a replica that was
    /// behind, or a restore from a backup.
    pub(crate) fn restore(&mut self, copy: &PostgresCopy) {
        self.stop();
        std::fs::remove_dir_all(self.data()).unwrap();
        self.copy_directory(&copy.0, &self.data());
        self.start_again();
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn copy_directory(&self, from: &Path, to: &Path) {
        let [from, to] = [from, to].map(|path| path.to_str().unwrap());
        self.account.run(Path::new("/bin/cp"), self.directory.path(), &["-a", from, to]);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns the directory of the newest installed version's programs.
fn newest_binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.flatten();
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    numbered.filter(|(_, binaries)| binaries.join("postgres").is_file()).max().map(|(_, binaries)| binaries)
}

fn server(binaries: &Path, account: EngineAccount, directory: &Path, port: u16) -> std::process::Command {
    let mut command = account.command(&binaries.join("postgres"), directory);
    let data = directory.join("data");
    command.args(["-p", &port.to_string(), "-D"]).arg(data);
    let settings =
        ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=16MB", "fsync=off"];
    for setting in settings {
        command.args(["-c", setting]);
    }
    command
}
