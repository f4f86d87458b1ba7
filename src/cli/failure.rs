//! Why a command failed, and its exit code.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::ConfigProblem;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum CommandFailure {
    /// The command line is wrong, or requests help.
    CommandLine(clap::Error),
    /// The configuration in this file has problems.
    Configuration(PathBuf, Vec<ConfigProblem>),
    /// The input cannot be used.
    Refused(String),
    /// Something it needs is not available.
    CannotRun(anyhow::Error),
}

/// The exit code for refused input.
pub(super) const REFUSED: u8 = 1;
/// The exit code for a command that cannot run.
pub(super) const CANNOT_RUN: u8 = 2;

impl CommandFailure {
    /// Reports the failure on standard error, and returns the exit code.
    pub(super) fn report(self) -> ExitCode {
        match self {
            Self::CommandLine(error) => {
                // If even this cannot be written, there is no one to tell.
                let _ = error.print();
                if error.use_stderr() { ExitCode::from(CANNOT_RUN) } else { ExitCode::SUCCESS }
            }
            Self::Configuration(file, problems) => {
                problems.iter().for_each(|problem| eprintln!("{}", describe(&file, problem)));
                ExitCode::from(REFUSED)
            }
            Self::Refused(reason) => {
                eprintln!("error: {reason}");
                ExitCode::from(REFUSED)
            }
            // The reader of the output has closed it.
            Self::CannotRun(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
            Self::CannotRun(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(CANNOT_RUN)
            }
        }
    }
}

impl From<clap::Error> for CommandFailure {
    fn from(error: clap::Error) -> Self {
        Self::CommandLine(error)
    }
}

impl From<anyhow::Error> for CommandFailure {
    fn from(error: anyhow::Error) -> Self {
        Self::CannotRun(error)
    }
}

impl From<io::Error> for CommandFailure {
    fn from(error: io::Error) -> Self {
        Self::CannotRun(error.into())
    }
}

/// Formats a problem on one line with file, line and key, so that editors can jump to it.
pub(super) fn describe(file: &Path, problem: &ConfigProblem) -> String {
    let mut line = file.display().to_string();
    for place in [problem.line, problem.column].into_iter().map_while(|place| place) {
        line = format!("{line}:{place}");
    }
    let bare = ConfigProblem { line: None, column: None, ..problem.clone() };
    format!("{line}: {bare}")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_file_line_and_key() {
        let problem = ConfigProblem {
            key: "sources[0].url".to_owned(),
            line: Some(3),
            column: Some(7),
            message: "is no address".to_owned(),
            remedy: Some("write https://…".to_owned()),
        };
        let file = Path::new("gateway.toml");
        let described = "gateway.toml:3:7: sources[0].url: is no address; write https://…";
        assert_eq!(describe(file, &problem), described);
        let nowhere = ConfigProblem { line: None, ..problem };
        assert!(describe(file, &nowhere).starts_with("gateway.toml: sources[0].url: "));
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure() {
        let broken = CommandFailure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        let full = CommandFailure::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(broken.report(), ExitCode::SUCCESS);
        assert_eq!(full.report(), ExitCode::from(CANNOT_RUN));
    }
}
