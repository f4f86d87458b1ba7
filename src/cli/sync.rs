//! `sync`: synchronises sources into the catalogue once, without serving.

mod bars;
mod ended;

use std::process::ExitCode;

use clap::Args;

use super::configuration::{ConfigurationOption, LoadedConfiguration, places};
use super::failure::{CommandFailure, REFUSED};
use super::signals::StopSignals;
use super::{machine, output, verify_store};
use crate::app::SyncSession;
use crate::config::GatewayConfig;
use crate::model::{PostcodePlaces, SourceKey, SourceMode};
use crate::sync::SyncOutcome;

/// Synchronise sources into `catalogue.directory` once, and exit
///
/// Reads every source whose mode is `catalogue`, or only those named, and resumes interrupted reads. Data read so far is
/// stored even if the command is stopped. Exit codes: 0 every source was read completely, 1 some were not or are not
/// configured, 2 cannot run.
#[derive(Args, Debug)]
pub(super) struct SyncCommand {
    #[command(flatten)]
    configuration: ConfigurationOption,
    /// The key of a source to synchronise; may be given several times [default: all]
    #[arg(long, value_name = "KEY")]
    source: Vec<String>,
}

impl SyncCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let LoadedConfiguration { config, file } = self.configuration.load()?;
        if config.catalogue.directory.is_none() {
            return Err(CommandFailure::Refused(
                "nothing would be stored: give the catalogue a directory, e.g. `directory = \"catalogue\"` in \
                 `[catalogue]`"
                    .to_owned(),
            ));
        }
        let keys = self.keys(&config)?;
        let mut signals = StopSignals::listen()?;
        let places = PostcodePlaces::clone(&*places(&config, file)?);
        let (clock, verifier) = (machine::clock(), verify_store::in_a_child());
        let opening = SyncSession::open(&config, keys.clone(), places, clock, &verifier);
        let synchronisation = tokio::select! {
            opened = opening => opened?,
            () = signals.next() => return Ok(ExitCode::from(REFUSED)),
        };
        let mut unread = keys.len();
        let bars = bars::ProgressBars::show(&synchronisation, &keys);
        let run = synchronisation.run(|key, outcome| {
            unread -= usize::from(*outcome == SyncOutcome::Whole);
            bars.end(key, outcome, synchronisation.services(key));
        });
        let was_stopped = tokio::select! {
            () = run => false,
            () = signals.next() => true,
        };
        bars.close();
        synchronisation.close().await;
        if was_stopped {
            output::text("stopped: data read so far is stored, and the next run resumes from there")?;
        }
        Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }

    /// Returns the sources to synchronise.
    fn keys(&self, config: &GatewayConfig) -> Result<Vec<SourceKey>, CommandFailure> {
        let enabled: Vec<_> = config.sources.iter().filter(|source| source.enabled).collect();
        for key in &self.source {
            let reason = match enabled.iter().find(|source| source.key.as_str() == key) {
                Some(source) if source.mode == SourceMode::Catalogue => continue,
                Some(_) => {
                    "names a live source, which is not synchronised; set `mode = \"catalogue\"` to synchronise it"
                }
                None => "names no enabled source of this configuration",
            };
            return Err(CommandFailure::Refused(format!("`--source {key}` {reason}")));
        }
        let named =
            |key: &SourceKey| self.source.is_empty() || self.source.iter().any(|one| one == key.as_str());
        let kept = enabled.into_iter().filter(|source| source.mode == SourceMode::Catalogue);
        let keys: Vec<SourceKey> = kept.map(|source| source.key.clone()).filter(named).collect();
        if keys.is_empty() {
            return Err(CommandFailure::Refused(
                "there is no source to synchronise: add a `[[sources]]` block with `mode = \"catalogue\"`"
                    .to_owned(),
            ));
        }
        Ok(keys)
    }
}
