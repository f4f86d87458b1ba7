//! One query for 400 services and their organisations from four cached sources: executing it, and executing it and
//! writing the answer as JSON.

use std::sync::LazyLock;

use async_graphql::Request;
use divan::Bencher;
use oruk_gateway::app::GatewayRooms;
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::graphql::{ExecuteOperations as _, OperationAnswer, ServiceGraph};

use crate::RUNTIME;
use crate::stage::Stage;

const QUERY: &str = include_str!("../../bench/services.graphql");

static GATEWAY: LazyLock<GatewayRooms> = LazyLock::new(|| {
    let feeds = (0..4).map(|seed| InventedFeed::new(FeedVariety::Hsds31).services(100).seed(seed));
    let gateway = RUNTIME.block_on(Stage::open(feeds)).expect("a stage").gateway();
    let answer = execute(&gateway.graph);
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    gateway
});

fn execute(graph: &ServiceGraph) -> OperationAnswer {
    RUNTIME.block_on(graph.execute(Request::new(QUERY)))
}

#[divan::bench]
fn executed(bencher: Bencher<'_, '_>) {
    let graph = &GATEWAY.graph;
    bencher.bench(|| execute(graph));
}

#[divan::bench]
fn executed_and_written(bencher: Bencher<'_, '_>) {
    let graph = &GATEWAY.graph;
    bencher.bench(|| execute(graph).written());
}
