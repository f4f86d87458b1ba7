//! `schema`: prints the GraphQL schema.

use std::process::ExitCode;

use clap::Args;

use super::failure::Failure;
use super::output;
use crate::graphql;

/// Print the GraphQL schema in the schema definition language (SDL)
#[derive(Args, Debug)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        output::text(&graphql::sdl())?;
        Ok(ExitCode::SUCCESS)
    }
}
