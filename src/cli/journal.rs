//! `journal`: what a database needs for gateways that keep a catalogue together.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::failure::CommandFailure;
use super::output;
use crate::catalogue::journal::postgres_schema;

/// Prepare a PostgreSQL database through which several gateways keep one catalogue
#[derive(Args, Debug)]
pub(super) struct JournalCommand {
    #[command(subcommand)]
    wanted: JournalWanted,
}

#[derive(Debug, Subcommand)]
enum JournalWanted {
    /// Print the SQL that makes the tables, for a database administrator to run. It may be run again
    Schema,
}

impl JournalCommand {
    pub(super) fn run(self) -> Result<ExitCode, CommandFailure> {
        match self.wanted {
            JournalWanted::Schema => output::text(postgres_schema())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
