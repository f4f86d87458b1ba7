//! Logging options. The log goes to standard error, so that standard output is only the command's.

use anyhow::Context as _;
use clap::Args;

use super::failure::CommandFailure;
use super::machine;
use crate::telemetry::{self, LogFormat, LogGuard};

/// Logging options for every command.
#[derive(Args, Debug)]
pub(super) struct LoggingOptions {
    /// The log level: error, warn, info, debug or trace, or a list of target=level [default: RUST_LOG, else info, or
    /// error for commands that report by themselves what fails]
    #[arg(long, global = true, value_name = "LEVEL", help_heading = "Log")]
    log: Option<String>,
    /// The format of the log, which goes to standard error
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", help_heading = "Log")]
    log_format: LogFormat,
}

/// poem's own connection logs are too verbose at `info`.
const USUAL: &str = "info,poem=warn";
const QUIET: &str = "error";

impl LoggingOptions {
    /// Sets up logging for the process, as long as the guard is held. `quietly`: only errors, unless asked for more.
    ///
    /// # Errors
    /// If the level cannot be parsed.
    pub(super) fn init(&self, quietly: bool) -> Result<LogGuard, CommandFailure> {
        let set = machine::variable("RUST_LOG").filter(|level| !level.is_empty());
        let from_environment = || set.map(|level| ("RUST_LOG", level));
        let asked = self.log.clone().map(|level| ("--log", level)).or_else(from_environment);
        let (whence, level) = asked.unwrap_or(("--log", if quietly { QUIET } else { USUAL }.to_owned()));
        let done = telemetry::init(Some(&level), self.log_format);
        Ok(done.with_context(|| format!("{whence}: `{level}`"))?)
    }
}
