//! `config-schema`: prints the JSON Schema of the configuration.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::failure::CommandFailure;
use super::output;
use crate::config;

/// Print the JSON Schema of the configuration, for editors
#[derive(Args, Debug)]
pub(super) struct ConfigSchema {}

impl ConfigSchema {
    pub(super) fn run(self) -> Result<ExitCode, CommandFailure> {
        let schema = serde_json::to_string_pretty(&config::config_schema()).context("cannot be written")?;
        output::text(&schema)?;
        Ok(ExitCode::SUCCESS)
    }
}
