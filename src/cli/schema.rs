//! `schema`: prints the GraphQL schema, for clients or for composing it with others.

use std::process::ExitCode;

use clap::Args;

use super::failure::CommandFailure;
use super::output;
use crate::graphql;

/// Print the GraphQL schema in the schema definition language (SDL)
#[derive(Args, Debug)]
pub(super) struct SchemaCommand {
    /// Print it as a subgraph for Apollo Federation 2, to compose it with other graphs
    #[arg(long)]
    federation: bool,
}

impl SchemaCommand {
    pub(super) fn run(self) -> Result<ExitCode, CommandFailure> {
        output::text(&if self.federation { graphql::subgraph_sdl() } else { graphql::sdl() })?;
        Ok(ExitCode::SUCCESS)
    }
}
