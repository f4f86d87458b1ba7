//! Times the first query of a gateway with nothing cached, over twenty feeds that take 50 ms to respond. Prints the
//! median, least and most of 25 new gateways, and the median as a multiple of 50 ms.
//! Run it with `cargo bench --bench fan_out`.

#[path = "in_process/stage.rs"]
mod stage;

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use async_graphql::Request;
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::graphql::ExecuteOperations as _;
use stage::Stage;

const FEEDS: u64 = 20;
const LATENCY: Duration = Duration::from_millis(50);
const STARTS: usize = 25;
const QUERY: &str =
    "{ services(first: 100) { complete totalCount nodes { id name organization { id name } } } }";

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` runs this program too; only `cargo bench` passes `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    println!("| feeds | services each | median | least | most | median / {LATENCY:?} |");
    println!("|---|---|---|---|---|---|");
    for variety in [FeedVariety::Oruk3, FeedVariety::Hsds31] {
        // Few services show the fixed cost of a feed.
        for services in [5, 25, 100] {
            // A new runtime each time, which ends the previous feeds.
            tokio::runtime::Runtime::new()?.block_on(measure(variety, services))?;
        }
    }
    Ok(())
}

async fn measure(variety: FeedVariety, services: usize) -> anyhow::Result<()> {
    let feeds =
        (0..FEEDS).map(|seed| InventedFeed::new(variety).services(services).seed(seed).latency(LATENCY));
    let stage = Stage::open(feeds).await?;
    // The first start also does work that a process does only once.
    first_query(&stage, services).await?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        took.push(first_query(&stage, services).await?);
    }
    took.sort();
    let (least, most) = (took.first().context("no start")?, took.last().context("no start")?);
    let median = took.get(took.len() / 2).context("no start")?;
    let ratio = median.as_secs_f64() / LATENCY.as_secs_f64();
    println!(
        "| {FEEDS} × {variety} | {services} | {:.1} ms | {:.1} ms | {:.1} ms | {ratio:.2} |",
        milliseconds(median),
        milliseconds(least),
        milliseconds(most),
    );
    Ok(())
}

/// Returns how long a new gateway takes for its first query. The answer must be complete.
async fn first_query(stage: &Stage, services: usize) -> anyhow::Result<Duration> {
    let gateway = stage.gateway();
    let began = Instant::now();
    let answer = gateway.graph.execute(Request::new(QUERY)).await;
    let took = began.elapsed();
    gateway.stop().await;
    let data = answer.data();
    let connection = data.get("services").context("no services")?;
    ensure!(connection.get("complete") == Some(&true.into()), "not every feed answered: {connection}");
    let expected = services * usize::try_from(FEEDS)?;
    ensure!(connection.get("totalCount") == Some(&expected.into()), "services are missing");
    Ok(took)
}

fn milliseconds(duration: &Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
