//! The command line: one file per command, exit codes, and the only readers of files, environment and clock.

mod check;
mod config_schema;
mod configuration;
mod demo_feed;
mod discover;
mod environment;
mod failure;
mod journal;
mod lay_words;
mod layout;
mod logging;
mod machine;
mod output;
mod places;
mod probe;
mod probed;
mod query;
mod schema;
mod serve;
mod signals;
mod sync;
mod verify_store;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

pub use environment::begin_with;
use failure::CommandFailure;
use logging::LoggingOptions;

/// Runs the command the process was started with.
pub fn main() -> ExitCode {
    let done = CommandLine::read().and_then(CommandLine::run);
    done.unwrap_or_else(CommandFailure::report)
}

/// One GraphQL graph over every Open Referral UK feed.
///
/// Without a command it serves. Without a configuration it serves an embedded demonstration: invented services in real
/// places, without a network.
#[derive(Debug, Parser)]
#[command(name = "oruk-gateway", version, after_help = EXIT_CODES, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeCommand,
    #[command(flatten)]
    logging: LoggingOptions,
}

const EXIT_CODES: &str = "Exit codes: 0 success; 1 refused input (a configuration with problems, an operation with \
    errors); 2 cannot run (a missing file, a port in use, a wrong command line).";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::ServeCommand),
    Check(check::CheckCommand),
    Probe(probe::ProbeCommand),
    Schema(schema::SchemaCommand),
    Query(query::QueryCommand),
    Discover(discover::DiscoverCommand),
    Sync(sync::SyncCommand),
    DemoFeed(demo_feed::DemoFeedCommand),
    ConfigSchema(config_schema::ConfigSchema),
    Journal(journal::JournalCommand),
    VerifyStore(verify_store::VerifyStore),
}

impl Command {
    /// Returns whether the command reports by itself what fails, so that the log need not.
    fn tells_failures(&self) -> bool {
        match self {
            Self::Check(_) | Self::Probe(_) => true,
            // The log would run through the bars; elsewhere it is the record of what happened.
            Self::Sync(_) => std::io::stderr().is_terminal(),
            _ => false,
        }
    }
}

impl CommandLine {
    fn read() -> Result<Self, CommandFailure> {
        let read = Self::try_parse()?;
        if read.command.is_some() && !read.serve.is_empty() {
            let message = "put `--config` and `--listen` after the command";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, message).into());
        }
        Ok(read)
    }

    fn run(self) -> Result<ExitCode, CommandFailure> {
        let quietly = self.command.as_ref().is_some_and(Command::tells_failures);
        let _log = self.logging.init(quietly)?;
        match self.command.unwrap_or(Command::Serve(self.serve)) {
            Command::Serve(serve) => in_runtime(serve.run()),
            Command::Check(check) => in_runtime(check.run()),
            Command::Probe(probe) => in_runtime(probe.run()),
            Command::Schema(schema) => schema.run(),
            Command::Query(query) => in_runtime(query.run()),
            Command::Discover(discover) => in_runtime(discover.run()),
            Command::Sync(sync) => in_runtime(sync.run()),
            Command::DemoFeed(feed) => in_runtime(feed.run()),
            Command::ConfigSchema(schema) => schema.run(),
            Command::Journal(journal) => journal.run(),
            Command::VerifyStore(verify) => Ok(verify.run()),
        }
    }
}

fn in_runtime(
    command: impl Future<Output = Result<ExitCode, CommandFailure>>,
) -> Result<ExitCode, CommandFailure> {
    let runtime = runtime().map_err(anyhow::Error::from)?;
    let done = runtime.block_on(command);
    // Work on other threads is no longer needed, so do not wait for it.
    runtime.shutdown_background();
    done
}

/// Serving threads per processor: one may be busy with a turn while another accepts requests.
const SERVING: usize = 2;
/// Blocking threads per processor: for searches, reading feeds, writing and DNS lookups, each of which is limited to
/// two per processor elsewhere.
const BLOCKING: usize = 8;

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(SERVING * processors)
        .max_blocking_threads(BLOCKING * processors)
        .enable_all()
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<CommandLine, ErrorKind> {
        let words = std::iter::once("oruk-gateway").chain(words.split_whitespace());
        CommandLine::try_parse_from(words).map_err(|error| error.kind())
    }

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn serves_unless_told_otherwise() {
        let bare = parse("--listen 127.0.0.1:0 --log debug").unwrap();
        assert!(bare.command.is_none());
        assert_eq!(bare.serve.listen, Some("127.0.0.1:0".parse().unwrap()));

        let named = parse("serve --listen [::1]:9 --log-format json").unwrap();
        assert!(matches!(named.command, Some(Command::Serve(serve)) if serve.listen.is_some()));
        assert!(named.serve.is_empty());
    }

    #[test]
    fn a_query_is_written_out_or_in_a_file() {
        assert!(parse("query {meta{version}}").is_ok());
        assert!(parse("query --file q.graphql --variables {} --operation A").is_ok());
        assert_eq!(parse("query").unwrap_err(), ErrorKind::MissingRequiredArgument);
        assert_eq!(parse("query {a} --file q.graphql").unwrap_err(), ErrorKind::ArgumentConflict);
    }

    #[test]
    fn a_demo_feed_takes_several_faults_and_knows_its_dialects() {
        let feed = "demo-feed --listen 127.0.0.1:0 --fault slow:0.1 --fault html:0.2 --dialect";
        let Ok(CommandLine { command: Some(Command::DemoFeed(parsed)), .. }) =
            parse(&format!("{feed} oruk-3"))
        else {
            panic!("refused");
        };
        assert_eq!(parsed.fault.len(), 2);
        assert_eq!(parse(&format!("{feed} gopher")).unwrap_err(), ErrorKind::ValueValidation);
    }
}
