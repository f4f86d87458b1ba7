//! `discover`: prints the feeds of a register as configuration.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use url::Url;

use super::failure::{CommandFailure, REFUSED};
use super::{machine, output};
use crate::source::{FeedRegister, RegisterError};

/// Read a register of feeds, and print a [[sources]] block for each feed
///
/// Without --register it prints the public feeds known to this release, as in config/uk.toml: the national register
/// has no stable list for programs. Exit codes: 0 at least one usable feed, 1 no usable feed or the register cannot be
/// understood, 2 the register cannot be fetched.
#[derive(Args, Debug)]
pub(super) struct DiscoverCommand {
    /// The register: JSON as published by the national register's website, validator or dashboards
    #[arg(long, value_name = "URL or FILE")]
    register: Option<String>,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "toml")]
    format: DiscoveryFormat,
}

/// The output format.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiscoveryFormat {
    /// A configuration file.
    Toml,
    /// For scripts.
    Json,
}

impl DiscoverCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let register = match &self.register {
            None => FeedRegister::known(),
            Some(place) => read(place).await?,
        };
        match self.format {
            DiscoveryFormat::Toml => output::text(&register.to_toml(&self.from()))?,
            DiscoveryFormat::Json => output::json(&register)?,
        }
        Ok(if register.feeds.is_empty() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
    }

    /// Returns the origin of the register, safe to store: a URL may contain a key.
    fn from(&self) -> String {
        let place = self.register.as_deref().unwrap_or("the list built into oruk-gateway");
        address(place).map_or_else(|| place.to_owned(), |url| showable(&url))
    }
}

async fn read(place: &str) -> Result<FeedRegister, CommandFailure> {
    match address(place) {
        Some(url) => fetch(url).await,
        None => {
            let body = std::fs::read(Path::new(place));
            let body = body.with_context(|| format!("cannot read the register in {place}"))?;
            FeedRegister::read(&body)
                .map_err(|reason| CommandFailure::Refused(format!("{place} is not a register: {reason}")))
        }
    }
}

async fn fetch(url: Url) -> Result<FeedRegister, CommandFailure> {
    let place = showable(&url);
    FeedRegister::fetch(url, machine::clock()).await.map_err(|error| match error {
        RegisterError::NotARegister(reason) => {
            CommandFailure::Refused(format!("{place} is not a register: {reason}"))
        }
        error => CommandFailure::CannotRun(anyhow!("cannot read the register at {place}: {error}")),
    })
}

fn address(place: &str) -> Option<Url> {
    Url::parse(place).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn showable(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both can only fail for addresses without a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
