//! `check`: reports the problems of a configuration and, with `--online`, of its sources.

mod json;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::configuration::{ConfigurationOption, LoadedConfiguration};
use super::failure::{CommandFailure, REFUSED};
use super::probed::ReportFormat;
use super::{machine, output, places};
use crate::app::{GatewayRooms, problem_of_journal};
use crate::config::ConfigProblem;
use crate::federation::{SourceError, SourceErrorCode};
use crate::source::ProbeReport;

/// Report all problems of the configuration at once, each with file, line and key
///
/// Exit codes: 0 no problems, 1 problems, 2 cannot run.
#[derive(Args, Debug)]
pub(super) struct CheckCommand {
    #[command(flatten)]
    configuration: ConfigurationOption,
    /// Also send about two dozen requests to each source, and show what it supports and whether the Open Referral UK
    /// validator would pass it; a source that cannot be read is a problem. Connects to the journal, too, if one is
    /// configured, and makes its tables if there are none
    #[arg(long)]
    online: bool,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
}

/// The findings of `check`.
struct Findings {
    /// The configuration file. `None` if there is none.
    file: Option<PathBuf>,
    problems: Vec<ConfigProblem>,
    /// The number of its sources, if it can be read.
    sources: usize,
    /// The probe of each enabled source. `None` if they were not probed.
    probes: Option<Vec<ProbeReport>>,
}

impl CheckCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let findings = self.find().await?;
        match self.format {
            ReportFormat::Text => output::text(&table::report(&findings))?,
            ReportFormat::Json => output::json(&json::report(&findings))?,
        }
        Ok(if findings.are_clean() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }

    async fn find(&self) -> Result<Findings, CommandFailure> {
        match self.configuration.load() {
            Ok(loaded) => self.look_at(loaded).await,
            Err(CommandFailure::Configuration(file, problems)) => {
                Ok(Findings { file: Some(file), problems, sources: 0, probes: None })
            }
            Err(failure) => Err(failure),
        }
    }

    async fn look_at(
        &self,
        LoadedConfiguration { config, file }: LoadedConfiguration,
    ) -> Result<Findings, CommandFailure> {
        let clock = machine::clock();
        let places = places::read(&config);
        let known = places.as_ref().ok().map(Arc::clone).unwrap_or_default();
        let gateway = match self.online {
            true => GatewayRooms::start(&config, known, clock).await?,
            false => GatewayRooms::new(&config, known, clock),
        };
        let mut problems: Vec<_> = places.err().into_iter().collect();
        let mut probes = None;
        if self.online {
            problems.extend(problem_of_journal(&config).await);
            probes = Some(gateway.probe().await);
        }
        gateway.stop().await;
        Ok(Findings { file, problems, sources: config.sources.len(), probes })
    }
}

impl Findings {
    fn are_clean(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> usize {
        self.problems.len() + self.unreadable().count()
    }

    /// Returns the sources whose probe failed, though they are configured as they should be.
    fn unreadable(&self) -> impl Iterator<Item = &ProbeReport> {
        let misconfigured = |error: &SourceError| error.code == SourceErrorCode::Misconfigured;
        let probes = self.probes.iter().flatten();
        probes.filter(move |probe| probe.error.as_ref().is_some_and(|error| !misconfigured(error)))
    }
}
