//! `demo-feed`: one invented feed over HTTP.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::failure::Failure;
use super::output;
use super::serve::openable;
use super::signals::Signals;
use crate::demo::{self, Fault, Variety};

/// Serve one invented feed, as a publisher of that dialect would
///
/// The same seed gives the same feed. Prints one line with the feed's address when it is ready.
#[derive(Args, Debug)]
pub(super) struct DemoFeed {
    #[arg(long, value_name = "DIALECT", help = varieties())]
    dialect: Variety,
    /// The address to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// How many services it has
    #[arg(long, value_name = "N", default_value_t = 100)]
    services: usize,
    /// What everything in it is drawn from
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// How many milliseconds every answer waits
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// What goes wrong, and in how large a share of answers from 0 to 1, e.g. `slow:0.2`; may be given several times
    #[arg(long, value_name = "KIND:RATE")]
    pub(super) fault: Vec<Fault>,
}

impl DemoFeed {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::listen()?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!("cannot listen at {}; stop what is using it, or choose another `--listen`", self.listen)
        })?;
        let address = openable(listener.local_addr()?);
        let about = format!("{}, {} services, seed {}", self.dialect, self.services, self.seed);
        output::text(&format!("demo-feed is ready: http://{address}/ ({about})"))?;
        self.feed().serve(listener, async move { signals.next().await }).await?;
        Ok(ExitCode::SUCCESS)
    }

    fn feed(self) -> demo::DemoFeed {
        let feed = demo::DemoFeed::new(self.dialect)
            .services(self.services)
            .seed(self.seed)
            .latency(Duration::from_millis(self.latency));
        self.fault.into_iter().fold(feed, demo::DemoFeed::fault)
    }
}

fn varieties() -> String {
    let names: Vec<&str> = Variety::all().iter().map(|variety| variety.name()).collect();
    let (last, others) =
        names.split_last().map_or(("", Vec::new()), |(last, others)| (*last, others.to_vec()));
    format!("What it speaks like: {} or {last}", others.join(", "))
}
