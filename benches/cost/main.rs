//! Compares what queries cost in points with the time and memory they take. Prices are right if a point buys about as
//! much work in every query. Prints two tables. Run it with `cargo bench --bench cost`.

mod cases;
mod feed;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use async_graphql::Request;
use cap::Cap;
use cases::Known;
use chrono::DateTime;
use mimalloc::MiMalloc;
use oruk_gateway::app::GatewayRooms;
use oruk_gateway::catalogue::StoreVerifier;
use oruk_gateway::config::{GatewayConfig, GraphqlSettings, SourceLimits, SourceSettings};
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::graphql::ExecuteOperations as _;
use oruk_gateway::model::{Dialect, InstantClock, SourceKey};
use tokio::net::TcpListener;
use url::Url;

/// The allocator of the gateway, with counters.
#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

const FEEDS: u64 = 2;
const SERVICES: usize = 1500;
const ROUNDS: usize = 7;
/// The factor by which the points per millisecond of a query may differ from the median without a mark.
const SPREAD: f64 = 10.0;

/// The cost of one query, and the time and memory it took.
struct Taken {
    name: &'static str,
    points: usize,
    time: Duration,
    allocated: usize,
    written: usize,
}

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` runs this program too; only `cargo bench` passes `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let gateway = gateway().await?;
    let known = known(&gateway).await?;
    let mut taken = Vec::new();
    for (name, query) in cases::all(&known) {
        match measure(&gateway, name, &query).await {
            Ok(one) => taken.push(one),
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
    print(&taken);
    println!("\n| query | points | ends | after ms | MB held at most |\n|---|---|---|---|---|");
    for (name, query) in cases::explosions(&known) {
        explode(&gateway, name, &query).await.with_context(|| name)?;
    }
    gateway.stop().await;
    Ok(())
}

/// Starts a gateway over two invented feeds and the heavy one, and waits until it has synchronised them.
async fn gateway() -> anyhow::Result<GatewayRooms> {
    let mut sources = Vec::new();
    for seed in 0..FEEDS {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        let feed = InventedFeed::new(FeedVariety::Hsds31).services(SERVICES).seed(seed);
        let dialect = feed.variety().dialect();
        tokio::spawn(feed.serve(listener, std::future::pending()));
        sources.push(source(&format!("feed-{seed}"), url, dialect)?);
    }
    sources.push(source("heavy", feed::serve().await?, Dialect::Hsds3)?);
    // No cost limit: queries that it would refuse run here, and can be refused while they run.
    let graphql = GraphqlSettings { max_complexity: usize::MAX, ..GraphqlSettings::default() };
    let config = GatewayConfig { sources, graphql, ..GatewayConfig::default() };
    let clock = InstantClock::fixed(DateTime::parse_from_rfc3339("2026-03-31T12:00:00Z")?.to_utc());
    let gateway =
        GatewayRooms::start_with_catalogue(&config, Arc::default(), clock, &StoreVerifier::default()).await?;
    let federation = Arc::clone(&gateway.federation);
    tokio::spawn(async move { federation.keep_synchronised().await });
    gateway.federation.until_synchronised(Duration::from_secs(120)).await;
    Ok(gateway)
}

fn source(key: &str, url: Url, dialect: Dialect) -> anyhow::Result<SourceSettings> {
    let limits = SourceLimits {
        requests_per_second: 10_000.0,
        timeout: Duration::from_secs(100),
        ..SourceLimits::default()
    };
    Ok(SourceSettings { dialect: Some(dialect), limits, ..SourceSettings::new(SourceKey::parse(key)?, url) })
}

async fn known(gateway: &GatewayRooms) -> anyhow::Result<Known> {
    let query = "{ services(first: 100) { totalCount complete nodes { id } }
        terms: taxonomyTerms(filter: { sources: [\"heavy\"], rootOnly: true }) { nodes { id } } }";
    let answer = gateway.graph.execute(Request::new(query)).await;
    ensure!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data();
    let total = usize::try_from(FEEDS)? * SERVICES + feed::SERVICES;
    let at = |path: &str| data.pointer(path).with_context(|| format!("nothing at {path}"));
    ensure!(*at("/services/totalCount")? == total, "not all is synchronised");
    let nodes = at("/services/nodes")?.as_array().context("no services")?;
    let id = |node: &serde_json::Value| node.get("id").and_then(|id| id.as_str()).map(str::to_owned);
    let services = nodes.iter().filter_map(id).collect();
    let root_term = at("/terms/nodes/0/id")?.as_str().context("no root term")?.to_owned();
    Ok(Known { services, root_term })
}

async fn measure(gateway: &GatewayRooms, name: &'static str, query: &str) -> anyhow::Result<Taken> {
    let points = gateway.graph.cost(Request::new(query)).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    ensure!(points <= GraphqlSettings::default().max_complexity, "costs {points} points");
    let (mut times, mut allocated, mut written) = (Vec::new(), 0, 0);
    // The first round also does work that is needed only once, so its time is dropped.
    for _ in 0..=ROUNDS {
        let before = ALLOCATOR.total_allocated();
        let began = Instant::now();
        let answer = gateway.graph.execute(Request::new(query)).await;
        ensure!(answer.errors.is_empty(), "{:?}", answer.errors);
        let text = answer.written();
        times.push(began.elapsed());
        allocated = ALLOCATOR.total_allocated() - before;
        written = text.len();
    }
    times.remove(0);
    times.sort();
    let time = *times.get(times.len() / 2).context("no round")?;
    Ok(Taken { name, points, time, allocated, written })
}

/// Runs one of the explosions, and prints how it ended, after what time and with how much memory at most.
async fn explode(gateway: &GatewayRooms, name: &str, query: &str) -> anyhow::Result<()> {
    let points = gateway.graph.cost(Request::new(query)).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let (before, most) = (ALLOCATOR.allocated(), Arc::new(AtomicUsize::new(0)));
    let (watched, is_watched) = (Arc::clone(&most), Arc::new(AtomicBool::new(true)));
    let goes_on = Arc::clone(&is_watched);
    let watching = std::thread::spawn(move || {
        while goes_on.load(Ordering::Relaxed) {
            watched.fetch_max(ALLOCATOR.allocated(), Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let began = Instant::now();
    let answer = gateway.graph.execute(Request::new(query)).await;
    let took = began.elapsed();
    is_watched.store(false, Ordering::Relaxed);
    watching.join().map_err(|_| anyhow::anyhow!("the watch broke off"))?;
    let end = answer.errors.first().map_or("is answered", |_| "is refused");
    let held = most.load(Ordering::Relaxed).saturating_sub(before) as f64 / 1e6;
    println!("| {name} | {points} | {end} | {:.0} | {held:.0} |", took.as_secs_f64() * 1e3);
    Ok(())
}

fn print(taken: &[Taken]) {
    let mut rates: Vec<f64> = taken.iter().map(Taken::rate).collect();
    rates.sort_by(f64::total_cmp);
    let at = |place: usize| rates.get(place).copied().unwrap_or(f64::NAN);
    let median = at(rates.len() / 2);
    println!("| query | points | ms | MB allocated | kB written | points/ms | of the median |");
    println!("|---|---|---|---|---|---|---|");
    for one in taken {
        let Taken { name, points, .. } = one;
        let share = one.rate() / median;
        let mark = if (1.0 / SPREAD..=SPREAD).contains(&share) { "" } else { " (!)" };
        println!(
            "| {name} | {points} | {:.2} | {:.2} | {} | {:.0} | {share:.2}{mark} |",
            one.time.as_secs_f64() * 1e3,
            one.allocated as f64 / 1e6,
            one.written / 1000,
            one.rate(),
        );
    }
    println!(
        "\nThe most points a millisecond buys are {:.0} times the fewest.",
        at(rates.len().saturating_sub(1)) / at(0)
    );
}

impl Taken {
    /// Returns the points per millisecond.
    fn rate(&self) -> f64 {
        self.points as f64 / (self.time.as_secs_f64() * 1e3)
    }
}
