//! `demo-feed`: serves one invented feed over HTTP.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::failure::CommandFailure;
use super::output;
use super::serve::openable;
use super::signals::StopSignals;
use crate::demo::{self, FeedFault, FeedVariety};

/// Serve one invented feed over HTTP, in a publisher's dialect
///
/// Equal options give an equal feed. Prints one line with the feed's address when it is ready.
#[derive(Args, Debug)]
pub(super) struct DemoFeedCommand {
    #[arg(long, value_name = "DIALECT", help = varieties())]
    dialect: FeedVariety,
    /// The address to listen on; port 0 takes any free port
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// The number of services
    #[arg(long, value_name = "N", default_value_t = 100)]
    services: usize,
    /// The seed from which all data is generated
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// The delay before every response, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    #[arg(long, value_name = "KIND:RATE", help = fault_help())]
    pub(super) fault: Vec<FeedFault>,
}

fn fault_help() -> String {
    let kinds: Vec<&str> = demo::FaultKind::all().map(demo::FaultKind::name).collect();
    format!(
        "Make a share of responses, from 0 to 1, fail, e.g. `slow:0.2`; may be given several times. Kinds: {}",
        kinds.join(", ")
    )
}

impl DemoFeedCommand {
    pub(super) async fn run(self) -> Result<ExitCode, CommandFailure> {
        let mut signals = StopSignals::listen()?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; stop the program that uses it, or choose another `--listen`",
                self.listen
            )
        })?;
        let address = openable(listener.local_addr()?);
        let about = format!("{}, {} services, seed {}", self.dialect, self.services, self.seed);
        output::text(&format!("demo-feed is ready: http://{address}/ ({about})"))?;
        self.feed().serve(listener, async move { signals.next().await }).await?;
        Ok(ExitCode::SUCCESS)
    }

    fn feed(self) -> demo::InventedFeed {
        let feed = demo::InventedFeed::new(self.dialect)
            .services(self.services)
            .seed(self.seed)
            .latency(Duration::from_millis(self.latency));
        self.fault.into_iter().fold(feed, demo::InventedFeed::fault)
    }
}

fn varieties() -> String {
    let names: Vec<&str> = FeedVariety::all().iter().map(|variety| variety.name()).collect();
    let (last, others) =
        names.split_last().map_or(("", Vec::new()), |(last, others)| (*last, others.to_vec()));
    format!("What it speaks like: {} or {last}", others.join(", "))
}
