//! Servers of other projects that tests start: as an unprivileged user, on a free port, and stopped by process id.

use std::io::{BufRead as _, BufReader, PipeReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The most attempts to start a server. One may fail because another process has taken its port.
const STARTS: usize = 5;

/// The user that engines run as. PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
pub(super) struct EngineAccount {
    ids: Option<(u32, u32)>,
}

/// A running server, stopped when dropped.
pub(super) struct EngineProcess {
    child: Child,
}

impl EngineAccount {
    /// Returns the account of the tests or, if that is root, one without privileges.
    pub(super) fn choose() -> Self {
        if !rustix::process::geteuid().is_root() {
            return Self { ids: None };
        }
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let ids = |name: &str| {
            let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2).map(str::parse);
            Some((fields.next()?.ok()?, fields.next()?.ok()?))
        };
        Self { ids: ids("postgres").or_else(|| ids("nobody")) }
    }

    /// Creates a temporary directory that belongs to the account.
    pub(super) fn directory(self) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        directory
    }

    /// Returns a command that runs as the account, in a directory that it may read.
    pub(super) fn command(self, program: &Path, directory: &Path) -> Command {
        let mut command = Command::new(program);
        // Clients look for certificates in the home directory.
        command.current_dir(directory).env("HOME", directory).env("LC_ALL", "C").env("LC_MESSAGES", "C");
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }

    /// Writes a file that only the account may read.
    pub(super) fn write(self, path: &Path, text: &str) {
        let mut options = std::fs::OpenOptions::new();
        let opened = options.write(true).create(true).truncate(true).mode(0o600).open(path);
        opened.unwrap().write_all(text.as_bytes()).unwrap();
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
        }
    }

    /// Runs a command to its end, and returns what it printed.
    pub(super) fn run(self, program: &Path, directory: &Path, arguments: &[&str]) -> String {
        let output = self.command(program, directory).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {arguments:?}: {said}{problem}", program.display());
        said
    }
}

impl EngineProcess {
    /// Starts a server on a free port, and returns it with the port once it prints `ready`.
    pub(super) fn start(ready: &str, mut command: impl FnMut(u16) -> Command) -> (Self, u16) {
        let mut said = String::new();
        for _ in 0..STARTS {
            let port = free_port();
            match Self::start_at(ready, command(port)) {
                Ok(process) => return (process, port),
                Err(printed) => said = printed,
            }
        }
        panic!("a server did not start {STARTS} times: {said}");
    }

    /// Starts a server, and waits until it prints `ready`. If it ends before that, fails with what it printed.
    pub(super) fn start_at(ready: &str, mut command: Command) -> Result<Self, String> {
        let (lines, output) = std::io::pipe().unwrap();
        // Both outputs share one pipe, because PostgreSQL logs to one and Redis to the other. The command holds write
        // ends of the pipe and must be dropped, or the pipe would never end.
        let child = command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output).spawn();
        drop(command);
        let process = Self { child: child.unwrap() };
        until_ready(ready, BufReader::new(lines)).map(|()| process)
    }

    /// Sends a signal.
    pub(super) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Sends a signal, and waits until the server has ended.
    pub(super) fn end(mut self, signal: Signal) {
        self.signal(signal);
        self.child.wait().unwrap();
    }
}

impl Drop for EngineProcess {
    fn drop(&mut self) {
        // It may have been stopped before.
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process(Pid::from_child(&self.child), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn until_ready(ready: &str, mut lines: BufReader<PipeReader>) -> Result<(), String> {
    let mut said = String::new();
    loop {
        let from = said.len();
        match lines.read_line(&mut said) {
            Ok(0) | Err(_) => return Err(said),
            Ok(_) if said.get(from..).is_some_and(|new| new.contains(ready)) => break,
            Ok(_) => {}
        }
    }
    // A server whose output is not read would block when the pipe is full.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    Ok(())
}

/// Returns the path of a program that is installed.
pub(super) fn installed(program: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH")?;
    std::env::split_paths(&places).map(|place| place.join(program)).find(|path| path.is_file())
}

/// Says loudly that a test did nothing. `.ci/run` installs the engines, so that no test is skipped there.
pub(super) fn skip(engine: &str, remedy: &str) {
    eprintln!("\n!!! SKIPPED: {engine} is not installed; {remedy}\n");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
