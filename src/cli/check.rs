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
use crate::app::GatewayRooms;
use crate::config::{ConfigProblem, GatewayConfig};
use crate::federation::{FeedStatus, SourceError, SourceErrorCode, SourceState};
use crate::source::ProbeReport;

/// Report all problems of the configuration at once, each with file, line and key
///
/// A source that the gateway would leave out also counts as a problem. Exit codes: 0 no problems, 1 problems, 2 cannot
/// run.
#[derive(Args, Debug)]
pub(super) struct CheckCommand {
    #[command(flatten)]
    configuration: ConfigurationOption,
    /// Also send about two dozen requests to each source, and show what it supports and whether the Open Referral UK
    /// validator would pass it; a source that cannot be read is a problem
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
        let problems = places.err().into_iter().chain(left_out(&config, &gateway)).collect();
        let probes = if self.online { Some(gateway.probe().await) } else { None };
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

    /// Returns the sources whose probe failed. Sources that are left out are already among the problems.
    fn unreadable(&self) -> impl Iterator<Item = &ProbeReport> {
        let misconfigured = |error: &SourceError| error.code == SourceErrorCode::Misconfigured;
        let probes = self.probes.iter().flatten();
        probes.filter(move |probe| probe.error.as_ref().is_some_and(|error| !misconfigured(error)))
    }
}

/// Returns the sources that the gateway would leave out.
fn left_out(config: &GatewayConfig, gateway: &GatewayRooms) -> Vec<ConfigProblem> {
    let states = gateway.federation.states().into_iter();
    let quarantined = states.filter(|state| state.status == FeedStatus::Quarantined);
    let problem = |state: SourceState| {
        let number = config.sources.iter().position(|source| source.key == state.info.key)?;
        Some(ConfigProblem {
            key: format!("sources[{number}].dialect"),
            line: None,
            column: None,
            message: format!("{}: {}", state.info.key, state.error?.message),
            remedy: Some("this source is left out; the others are served".to_owned()),
        })
    };
    quarantined.filter_map(problem).collect()
}
