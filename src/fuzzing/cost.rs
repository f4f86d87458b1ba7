//! Points against what an operation really takes, over an invented feed that is small enough to be asked very often.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::ensure;
use apollo_compiler::ast::Document;
use async_graphql::Request;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use url::Url;

use super::query::{QueryMenu, written_by};
use crate::app::GatewayRooms;
use crate::config::{GatewayConfig, GraphqlSettings, SourceLimits, SourceSettings};
use crate::demo::{FeedVariety, InventedFeed};
use crate::graphql::{ExecuteOperations as _, ServiceGraph};
use crate::model::{InstantClock, SourceKey, SourceMode};

/// The most objects and elements of lists that a point may buy. Each costs at least one, but lists may be longer than is
/// assumed of them.
const NODES_PER_POINT: usize = 4;
/// The most bytes that a point may buy: a long text in a field that costs one.
const BYTES_PER_POINT: usize = 2048;
/// What even the cheapest operation may take: the envelope, and errors.
const NODES_IN_ANY_CASE: usize = 50;
const BYTES_IN_ANY_CASE: usize = 16 << 10;

const SERVICES: usize = 60;
/// Lower than the default, so that a fuzzer tries many operations rather than few.
const MOST_POINTS: usize = 5_000;
const IDS: &str = "{ service: services(first: 9) { complete nodes { id } } organization: organizations(first: 9) { nodes { id } }
    location: locations(first: 9) { nodes { id } } serviceAtLocation: services(first: 9) { nodes { serviceAtLocations { id } } }
    taxonomy: taxonomies { id } taxonomyTerm: taxonomyTerms(first: 9) { nodes { id } } }";

/// The gateway that is asked.
struct Stage {
    runtime: Runtime,
    graph: Arc<ServiceGraph>,
    menu: QueryMenu,
    // Reads for as long as it is there.
    _gateway: GatewayRooms,
}

#[expect(clippy::expect_used, reason = "nothing can be fuzzed without it")]
static STAGE: LazyLock<Stage> =
    LazyLock::new(|| Stage::open().expect("an invented feed on the loopback interface"));

/// Executes a query: the input itself if it can be parsed, else one that is drawn from the schema by its bytes.
///
/// # Panics
/// If the answer holds far more than the points of the query speak for.
pub fn cost(input: &[u8]) {
    let stage = &*STAGE;
    let text = std::str::from_utf8(input).ok().filter(|text| Document::parse(*text, "query").is_ok());
    let query = text.map_or_else(|| written_by(&stage.menu, input), str::to_owned);
    let Ok(prepared) = stage.graph.prepare(Request::new(&*query)) else { return };
    let points = prepared.cost;
    let answer = stage.runtime.block_on(stage.graph.run(prepared));
    let (nodes, bytes) = (nodes(&answer.data()), answer.written().len());
    assert!(
        nodes <= NODES_PER_POINT * points + NODES_IN_ANY_CASE
            && bytes <= BYTES_PER_POINT * points + BYTES_IN_ANY_CASE,
        "{points} points bought {nodes} nodes and {bytes} bytes: {query}"
    );
}

/// Counts objects and elements of lists.
fn nodes(data: &Value) -> usize {
    match data {
        Value::Object(members) => 1 + members.values().map(nodes).sum::<usize>(),
        Value::Array(elements) => elements.iter().map(|element| nodes(element).max(1)).sum(),
        _ => 0,
    }
}

impl Stage {
    fn open() -> anyhow::Result<Self> {
        let runtime = super::runtime();
        let gateway = runtime.block_on(gateway())?;
        let answer = runtime.block_on(gateway.graph.execute(Request::new(IDS)));
        ensure!(answer.errors.is_empty(), "{:?}", answer.errors);
        let menu = QueryMenu::new(&crate::graphql::sdl(), &answer.data());
        Ok(Self { runtime, graph: Arc::clone(&gateway.graph), menu, _gateway: gateway })
    }
}

/// A gateway that has not read its feed yet.
async fn gateway() -> anyhow::Result<GatewayRooms> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    let feed = InventedFeed::new(FeedVariety::Hsds31).services(SERVICES).seed(11);
    let dialect = Some(feed.variety().dialect());
    tokio::spawn(feed.serve(listener, std::future::pending()));
    let day = Duration::from_secs(24 * 3600);
    let limits = SourceLimits {
        requests_per_second: 10_000.0,
        deadline: day,
        fresh_for: day,
        probe_every: Duration::ZERO,
        ..SourceLimits::default()
    };
    let source = SourceSettings {
        dialect,
        limits,
        mode: SourceMode::Live,
        ..SourceSettings::new(SourceKey::parse("elm")?, url)
    };
    let graphql = GraphqlSettings { max_complexity: MOST_POINTS, ..GraphqlSettings::default() };
    let config = GatewayConfig { sources: vec![source], graphql, ..GatewayConfig::default() };
    let clock = InstantClock::fixed(chrono::DateTime::parse_from_rfc3339("2026-03-31T12:00:00Z")?.to_utc());
    Ok(GatewayRooms::new(&config, Arc::default(), clock))
}
