//! The program, run in an empty directory with an empty environment.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program, and the directory that it runs in.
pub(crate) struct Program {
    directory: TempDir,
    held_to_permissions: bool,
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    /// The rest of its standard output.
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program while it runs. Killed when dropped.
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

    /// Adds a file to its directory.
    pub(crate) fn with_file(self, path: &str, text: &str) -> Self {
        let path = self.directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Like [`start`](Self::start), with at most this many file descriptors.
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

    /// Respects file permissions even if the tests are run by root.
    pub(crate) fn held_to_permissions(self) -> Self {
        Self { held_to_permissions: rustix::process::geteuid().is_root(), ..self }
    }

    /// Runs the program to its end. Arguments must not contain spaces.
    pub(crate) fn run(&self, arguments: &str) -> Ended {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts the program, and waits for the line that says it is ready.
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
    /// Starts the program without waiting.
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
        // As the program itself does. It may have been done already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        self.client = Some(reqwest::Client::builder().build().unwrap());
        self
    }

    /// Returns the address in the ready line, without the scheme.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
    }

    /// Returns the status of a path. `None` if there is no response.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        let sent = self.client.as_ref().unwrap().get(format!("{}{path}", self.url())).send().await;
        sent.ok().map(|response| response.status().as_u16())
    }

    /// Returns the processor time that it has used so far.
    #[cfg(target_os = "linux")]
    pub(crate) fn processor_time(&self) -> std::time::Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, after_name) = stat.rsplit_once(')').unwrap();
        let fields: Vec<u64> = after_name.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // utime and stime, in ticks of a hundredth of a second. The state is a letter and drops out.
        std::time::Duration::from_millis((fields[10] + fields[11]) * 10)
    }

    /// Returns its environment variables, with their values.
    #[cfg(target_os = "linux")]
    pub(crate) fn environment(&self) -> Vec<String> {
        let variables = std::fs::read(format!("/proc/{}/environ", self.child.id())).unwrap();
        variables.split(|byte| *byte == 0).map(|one| String::from_utf8_lossy(one).into_owned()).collect()
    }

    /// Returns the line that said it is ready.
    pub(crate) fn ready_line(&self) -> &str {
        &self.ready_line
    }

    /// Returns the address in that line.
    pub(crate) fn url(&self) -> &str {
        self.ready_line.split_whitespace().find(|word| word.starts_with("http://")).unwrap()
    }

    /// Returns the status and the body of a path.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = self.client.as_ref().unwrap().get(format!("{}{path}", self.url()));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Returns the answer to a query.
    pub(crate) async fn query(&self, query: &str) -> Value {
        let request = self.client.as_ref().unwrap().post(format!("{}graphql", self.url()));
        let body = json!({ "query": query }).to_string();
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        serde_json::from_str(&response.text().await.unwrap()).unwrap()
    }

    /// Waits until this many requests are in progress, including the one that asks.
    pub(crate) async fn until_under_way(&self, count: usize) {
        let line = format!("oruk_http_requests_in_flight {count}\n");
        for _ in 0..10_000 {
            if self.get("metrics").await.1.contains(&line) {
                return;
            }
        }
        panic!("never {count} requests under way");
    }

    /// Stops reading its output.
    pub(crate) fn stop_reading(&mut self) {
        self.out = None;
    }

    /// Sends a signal to this process only.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Asks it to stop, and waits until it ends.
    pub(crate) fn terminate(self) -> Ended {
        self.signal("TERM");
        self.end()
    }

    /// Waits until it ends.
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
        // Killing fails if it has already ended, which is fine.
        let child = &mut self.child;
        let _ = child.kill();
        let _ = child.wait();
    }
}
