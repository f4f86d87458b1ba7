//! `sync`: synchronises sources into the catalogue once, without serving.

mod bars;
mod ended;

use std::process::ExitCode;

use clap::Args;

use super::configuration::{Configuration, Loaded, places};
use super::failure::{Failure, REFUSED};
use super::signals::Signals;
use super::{machine, output, verify_store};
use crate::app::Synchronisation;
use crate::config::Config;
use crate::model::{Postcodes, SourceKey, SourceMode};
use crate::sync::Outcome;

/// Synchronise sources into `catalogue.directory` once, and exit
///
/// Reads every source whose mode is `catalogue`, or only those named, and resumes interrupted reads. Data read so far is
/// stored even if the command is stopped. Exit codes: 0 every source was read completely, 1 some were not or are not
/// configured, 2 cannot run.
#[derive(Args, Debug)]
pub(super) struct Sync {
    #[command(flatten)]
    configuration: Configuration,
    /// The key of a source to synchronise; may be given several times [default: all]
    #[arg(long, value_name = "KEY")]
    source: Vec<String>,
}

impl Sync {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let Loaded { config, file } = self.configuration.load()?;
        if config.catalogue.directory.is_none() {
            return Err(Failure::Refused(
                "nothing would be stored: give the catalogue a directory, e.g. `directory = \"catalogue\"` in \
                 `[catalogue]`"
                    .to_owned(),
            ));
        }
        let keys = self.keys(&config)?;
        let mut signals = Signals::listen()?;
        let places = Postcodes::clone(&*places(&config, file)?);
        let (clock, verifier) = (machine::clock(), verify_store::in_a_child());
        let opening = Synchronisation::open(&config, keys.clone(), places, clock, &verifier);
        let synchronisation = tokio::select! {
            opened = opening => opened?,
            () = signals.next() => return Ok(ExitCode::from(REFUSED)),
        };
        let mut unread = keys.len();
        let bars = bars::Bars::show(&synchronisation, &keys);
        let run = synchronisation.run(|key, outcome| {
            unread -= usize::from(*outcome == Outcome::Whole);
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
    fn keys(&self, config: &Config) -> Result<Vec<SourceKey>, Failure> {
        let enabled = || config.sources.iter().filter(|source| source.enabled);
        let kept = || enabled().filter(|source| source.mode == SourceMode::Catalogue);
        if let Some(unknown) =
            self.source.iter().find(|key| !kept().any(|one| one.key.as_str() == key.as_str()))
        {
            let reason = match enabled().any(|source| source.key.as_str() == unknown) {
                true => {
                    "is a live source, which is not synchronised; set `mode = \"catalogue\"` to synchronise it"
                }
                false => "is not an enabled source of this configuration",
            };
            return Err(Failure::Refused(format!("--source {unknown}: {reason}")));
        }
        let named =
            |key: &SourceKey| self.source.is_empty() || self.source.iter().any(|one| one == key.as_str());
        let keys: Vec<SourceKey> = kept().map(|source| source.key.clone()).filter(named).collect();
        match keys.is_empty() {
            true => Err(Failure::Refused(
                "there is no source to synchronise: add a `[[sources]]` block with `mode = \"catalogue\"`"
                    .to_owned(),
            )),
            false => Ok(keys),
        }
    }
}
