//! `discover`: the feeds of a register, as configuration.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use url::Url;

use super::failure::{Failure, REFUSED};
use super::{machine, output};
use crate::source::{Register, RegisterError};

/// Read a register of feeds, and print a [[sources]] block for each
///
/// Without --register it prints the public feeds known to this release, which is what config/uk.toml holds: the
/// national register promises programs no list of its own. Exits with 0 when there is a feed to ask, 1 when there is
/// none or the register cannot be understood, 2 when it cannot be had.
#[derive(Args, Debug)]
pub(super) struct Discover {
    /// Where the register is: JSON as the national register's website, validator or dashboards write it
    #[arg(long, value_name = "URL or FILE")]
    register: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "toml")]
    format: Format,
}

/// How to print.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// To save as a configuration.
    Toml,
    /// For scripts.
    Json,
}

impl Discover {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let register = match &self.register {
            None => Register::known(),
            Some(place) => read(place).await?,
        };
        match self.format {
            Format::Toml => output::text(&register.to_toml(&self.from()))?,
            Format::Json => output::json(&register)?,
        }
        Ok(if register.feeds.is_empty() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
    }

    /// Where the register came from, in words that may be kept: an address may hold a key.
    fn from(&self) -> String {
        let place = self.register.as_deref().unwrap_or("the list that comes with oruk-gateway");
        address(place).map_or_else(|| place.to_owned(), |url| showable(&url))
    }
}

async fn read(place: &str) -> Result<Register, Failure> {
    match address(place) {
        Some(url) => fetch(url).await,
        None => {
            let body = std::fs::read(Path::new(place));
            let body = body.with_context(|| format!("cannot read the register in {place}"))?;
            Register::read(&body)
                .map_err(|reason| Failure::Refused(format!("{place} is no register: {reason}")))
        }
    }
}

async fn fetch(url: Url) -> Result<Register, Failure> {
    let place = showable(&url);
    Register::fetch(url, machine::clock()).await.map_err(|error| match error {
        RegisterError::NotARegister(reason) => Failure::Refused(format!("{place} is no register: {reason}")),
        error => Failure::CannotRun(anyhow!("cannot read the register at {place}: {error}")),
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
