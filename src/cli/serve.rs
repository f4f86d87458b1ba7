//! `serve`: serves the gateway over HTTP until it is told to stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;

use clap::Args;

use super::configuration::{ConfigurationOption, LoadedConfiguration, places};
use super::failure::CommandFailure;
use super::signals::StopSignals;
use super::{machine, output, verify_store};
use crate::app::RunningGateway;

/// Serve the graph over HTTP (the default command)
///
/// Prints one line with the address to open when it is ready. On SIGTERM or Ctrl-C, requests in progress may finish
/// within `server.shutdown_grace`; a second signal stops at once.
#[derive(Args, Debug, Default, PartialEq)]
pub(super) struct ServeCommand {
    #[command(flatten)]
    pub(super) configuration: ConfigurationOption,
    /// The address to listen on, in place of `server.listen`; port 0 takes any free port
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) listen: Option<SocketAddr>,
}

impl ServeCommand {
    /// Returns whether no option was given.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let LoadedConfiguration { mut config, file } = self.configuration.load()?;
        if let Some(file) = &file {
            tracing::info!(file = %file.display(), "configuration read");
        }
        config.server.listen = self.listen.unwrap_or(config.server.listen);
        let (mut first, mut second) = (StopSignals::listen()?, StopSignals::listen()?);
        let places = places(&config, file)?;
        let verifier = verify_store::in_a_child();
        let app = tokio::select! {
            launched = RunningGateway::launch(config, places, machine::clock(), &verifier) => launched?,
            () = first.next() => {
                tracing::info!("stopped before it was ready");
                return Ok(ExitCode::SUCCESS);
            }
        };
        // It has reported that it is ready, so it must stop in an orderly way.
        let is_told = tokio::select! {
            () = app.until_demonstrable() => false,
            () = first.next() => true,
        };
        if !is_told {
            output::text(&ready_line(&app))?;
        }

        let told_to_stop = async {
            if !is_told {
                first.next().await;
            }
            tracing::info!("stopping: waiting for requests in progress");
        };
        let told_again = async {
            second.next().await;
            second.next().await;
        };
        tokio::select! {
            ended = app.run_until(told_to_stop) => ended?,
            () = told_again => tracing::warn!("stopped without waiting for requests in progress"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn ready_line(app: &RunningGateway) -> String {
    let count = app.source_count();
    let what = match (app.is_demonstration(), count) {
        (true, _) => format!("demonstration: {count} invented feeds"),
        (false, 1) => "1 source".to_owned(),
        (false, _) => format!("{count} sources"),
    };
    format!("oruk-gateway is ready: http://{}/ ({what})", openable(app.address()))
}

/// Returns an address that can be opened: an unspecified address can be listened on, but not opened.
pub(super) fn openable(address: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_printed_can_be_opened() {
        for (listened, opened) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.1.2.3:8080", "10.1.2.3:8080")]
        {
            assert_eq!(openable(listened.parse().unwrap()).to_string(), opened);
        }
    }
}
