//! `query`: runs one operation without a server.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use async_graphql::{Request, Variables};
use clap::Args;
use serde_json::Value;

use super::configuration::{ConfigurationOption, LoadedConfiguration, places};
use super::failure::{CommandFailure, REFUSED};
use super::{machine, output};
use crate::app::GatewayRooms;
use crate::graphql::ExecuteOperations as _;

/// Run one operation without a server, and print its response
///
/// Exit codes: 0 no errors, 1 the response has errors, 2 cannot run.
#[derive(Args, Debug)]
#[command(
    override_usage = "oruk-gateway query [OPTIONS] <QUERY>\n       oruk-gateway query [OPTIONS] --file <FILE>"
)]
pub(super) struct QueryCommand {
    #[command(flatten)]
    configuration: ConfigurationOption,
    /// The operation
    #[arg(value_name = "QUERY", required_unless_present = "file", conflicts_with = "file")]
    query: Option<String>,
    /// Read the operation from this file, in place of QUERY
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The operation's variables, as a JSON object
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,
    /// The name of the operation to run, if there are several
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
}

impl QueryCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let request = self.request()?;
        let LoadedConfiguration { config, file } = self.configuration.load()?;
        let gateway = GatewayRooms::start(&config, places(&config, file)?, machine::clock()).await?;
        let answer = gateway.graph.execute(request).await;
        gateway.stop().await;
        let has_errors = !answer.errors.is_empty();
        let written: Value =
            serde_json::from_slice(&answer.written()).context("cannot write the response")?;
        output::json(&written)?;
        Ok(if has_errors { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
    }

    fn request(&self) -> Result<Request, CommandFailure> {
        let mut request = Request::new(self.text()?);
        if let Some(variables) = &self.variables {
            request = request.variables(read_variables(variables)?);
        }
        if let Some(operation) = &self.operation {
            request = request.operation_name(operation);
        }
        Ok(request)
    }

    fn text(&self) -> Result<String, CommandFailure> {
        match (&self.query, &self.file) {
            (Some(query), _) => Ok(query.clone()),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file);
                Ok(text.with_context(|| format!("cannot read the operation in {}", file.display()))?)
            }
            (None, None) => Ok(String::new()),
        }
    }
}

fn read_variables(text: &str) -> Result<Variables, CommandFailure> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(Variables::from_json(value)),
        Ok(_) => Err(CommandFailure::Refused(
            "--variables: must be a JSON object, e.g. '{\"first\": 5}'".to_owned(),
        )),
        Err(error) => Err(CommandFailure::Refused(format!("--variables: not JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_an_object_or_refused() {
        assert!(read_variables(r#"{"first": 5}"#).is_ok());
        for text in ["", "[1]", "5", "{first: 5}"] {
            assert!(matches!(read_variables(text), Err(CommandFailure::Refused(_))), "{text}");
        }
    }
}
