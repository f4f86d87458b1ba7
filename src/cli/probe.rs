//! `probe`: shows what a feed supports that is not configured yet, and prints its configuration block.

mod block;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args;
use url::Url;

use super::failure::{CommandFailure, REFUSED};
use super::probed::{self, ReportFormat};
use super::{layout, machine, output};
use crate::app::GatewayRooms;
use crate::config::{GatewayConfig, SourceSettings};

/// Send about two dozen requests to a feed that is not configured yet, and show what it supports
///
/// Says whether the Open Referral UK validator would pass the feed, and why not. Ends with a [[sources]]
/// block to paste into the configuration. Exit codes: 0 the feed can be read, 1 it cannot, 2 cannot run.
#[derive(Args, Debug)]
pub(super) struct ProbeCommand {
    /// The http or https address that the feed's endpoints are below, with or without `/services` at its end
    #[arg(value_name = "URL")]
    url: Url,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
}

impl ProbeCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let source = self.source()?;
        let config = GatewayConfig { sources: vec![source.clone()], ..GatewayConfig::default() };
        let gateway = GatewayRooms::new(&config, Arc::default(), machine::clock());
        let reports = gateway.probe().await;
        gateway.stop().await;
        let report = reports.first().ok_or_else(|| anyhow!("the feed was not probed"))?;
        let block = report.error.is_none().then(|| block::written(&source, report));
        match self.format {
            ReportFormat::Text => {
                let described = probed::described(report, layout::output_columns());
                output::text(&format!("{described}\n\n{}", block.as_deref().unwrap_or_default()))?;
            }
            ReportFormat::Json => {
                let mut found = probed::json(report);
                if let Some(found) = found.as_object_mut() {
                    found.insert("block".to_owned(), block.clone().into());
                }
                output::json(&found)?;
            }
        }
        Ok(if block.is_some() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }

    fn source(&self) -> Result<SourceSettings, CommandFailure> {
        let is_web = matches!(self.url.scheme(), "http" | "https") && self.url.has_host();
        let says_secrets = !self.url.username().is_empty() || self.url.password().is_some();
        if !is_web || says_secrets {
            let reason = "the address has to be http or https, and without a user's name or password";
            return Err(CommandFailure::Refused(reason.to_owned()));
        }
        Ok(block::guessed(&self.url).map_err(anyhow::Error::from)?)
    }
}
