//! The program, run in an empty directory with an empty environment.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program and the directory it is run in.
pub(crate) struct Program {
    directory: TempDir,
    held_to_permissions: bool,
}

/// What it came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    /// What is left of its standard output.
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program while it runs; it is killed when dropped.
pub(crate) struct Running {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    ready_line: String,
    client: Option<reqwest::Client>,
    _directory: TempDir,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), held_to_permissions: false }
    }

    /// With a file in its directory.
    pub(crate) fn with_file(self, path: &str, text: &str) -> Self {
        let path = self.directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Starts it as [`start`](Self::start) does, with so many file descriptors at most.
    pub(crate) fn start_with_descriptors(self, most: usize, arguments: &str) -> Running {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("ulimit -n {most}; exec \"$@\""),
            "sh",
            env!("CARGO_BIN_EXE_oruk-gateway"),
        ]);
        self.prepare(&mut command, arguments);
        Running::spawn_command(self, command).until_ready()
    }

    /// Held to what permissions say even if the tests are run by root.
    pub(crate) fn held_to_permissions(self) -> Self {
        Self { held_to_permissions: rustix::process::geteuid().is_root(), ..self }
    }

    /// Runs it to its end. Arguments hold no spaces.
    pub(crate) fn run(&self, arguments: &str) -> Ended {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts it, and waits for the line that says it is ready.
    pub(crate) fn start(self, arguments: &str) -> Running {
        Running::spawn(self, arguments).until_ready()
    }

    fn command(&self, arguments: &str) -> Command {
        let program = env!("CARGO_BIN_EXE_oruk-gateway");
        let mut command = Command::new(if self.held_to_permissions { "/usr/bin/setpriv" } else { program });
        if self.held_to_permissions {
            command.args(["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--", program]);
        }
        self.prepare(&mut command, arguments);
        command
    }

    fn prepare(&self, command: &mut Command, arguments: &str) {
        command.args(arguments.split_whitespace()).current_dir(self.directory.path());
        command.env_clear().stdin(Stdio::null());
    }
}

impl Running {
    /// Starts it, and waits for nothing.
    pub(crate) fn spawn(program: Program, arguments: &str) -> Self {
        let command = program.command(arguments);
        Self::spawn_command(program, command)
    }

    fn spawn_command(program: Program, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().map(BufReader::new);
        Self { child, out, ready_line: String::new(), client: None, _directory: program.directory }
    }

    fn until_ready(mut self) -> Self {
        let mut line = String::new();
        self.out.as_mut().unwrap().read_line(&mut line).unwrap();
        self.ready_line = line.trim_end().to_owned();
        if !self.ready_line.contains(" is ready: ") {
            panic!("not ready: {:?}", self.end());
        }
        // As the program itself does; that it was done already is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        self.client = Some(reqwest::Client::builder().build().unwrap());
        self
    }

    /// The address in that line, without its scheme.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
    }

    /// The status of a path, if there is an answer.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        let sent = self.client.as_ref().unwrap().get(format!("{}{path}", self.url())).send().await;
        sent.ok().map(|response| response.status().as_u16())
    }

    /// The processor time it has taken so far.
    #[cfg(target_os = "linux")]
    pub(crate) fn processor_time(&self) -> std::time::Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, after_name) = stat.rsplit_once(')').unwrap();
        let fields: Vec<u64> = after_name.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // utime and stime, of 100 ticks a second; the state, a letter, is left out.
        std::time::Duration::from_millis((fields[10] + fields[11]) * 10)
    }

    /// The variables of its environment, each with its value.
    #[cfg(target_os = "linux")]
    pub(crate) fn environment(&self) -> Vec<String> {
        let variables = std::fs::read(format!("/proc/{}/environ", self.child.id())).unwrap();
        variables.split(|byte| *byte == 0).map(|one| String::from_utf8_lossy(one).into_owned()).collect()
    }

    /// The line that said it is ready.
    pub(crate) fn ready_line(&self) -> &str {
        &self.ready_line
    }

    /// The address in that line.
    pub(crate) fn url(&self) -> &str {
        self.ready_line.split_whitespace().find(|word| word.starts_with("http://")).unwrap()
    }

    /// The status and body of a path.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = self.client.as_ref().unwrap().get(format!("{}{path}", self.url()));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// The answer to a query.
    pub(crate) async fn query(&self, query: &str) -> Value {
        let request = self.client.as_ref().unwrap().post(format!("{}graphql", self.url()));
        let body = json!({ "query": query }).to_string();
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        serde_json::from_str(&response.text().await.unwrap()).unwrap()
    }

    /// Waits until so many requests are under way, the one that asks included.
    pub(crate) async fn until_under_way(&self, count: usize) {
        let line = format!("oruk_http_requests_in_flight {count}\n");
        for _ in 0..10_000 {
            if self.get("metrics").await.1.contains(&line) {
                return;
            }
        }
        panic!("never {count} requests under way");
    }

    /// Stops reading what it writes.
    pub(crate) fn stop_reading(&mut self) {
        self.out = None;
    }

    /// Sends it a signal, and no other process.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Tells it to stop, and waits for its end.
    pub(crate) fn terminate(self) -> Ended {
        self.signal("TERM");
        self.end()
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let (mut out, mut err) = (String::new(), String::new());
        if let Some(rest) = &mut self.out {
            rest.read_to_string(&mut out).unwrap();
        }
        let child = &mut self.child;
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        Ended { code: child.wait().unwrap().code().unwrap(), out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        let child = &mut self.child;
        let _ = child.kill();
        let _ = child.wait();
    }
}
