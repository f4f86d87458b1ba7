//! One query for 400 services and their organisations, from four sources that are kept: executing it, and executing
//! it and writing the answer down.

use std::sync::LazyLock;

use async_graphql::Request;
use divan::Bencher;
use oruk_gateway::app::Gateway;
use oruk_gateway::demo::{DemoFeed, Variety};
use oruk_gateway::graphql::{Answer, Execute as _, Graph};

use crate::RUNTIME;
use crate::stage::Stage;

const QUERY: &str = include_str!("../../bench/services.graphql");

static GATEWAY: LazyLock<Gateway> = LazyLock::new(|| {
    let feeds = (0..4).map(|seed| DemoFeed::new(Variety::Hsds31).services(100).seed(seed));
    let gateway = RUNTIME.block_on(Stage::open(feeds)).expect("a stage").gateway();
    let answer = execute(&gateway.graph);
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    gateway
});

fn execute(graph: &Graph) -> Answer {
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
