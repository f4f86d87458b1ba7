//! Reading a page of 100 services, with everything nested in them, into records. `fetched` and `parsed` measure the
//! parts of `read` that are not the gateway's own: the request over loopback, and parsing JSON into values.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use oruk_gateway::app::GatewayRooms;
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::federation::{
    FacetsWanted, GridsWanted, PageRequest, QueryContext, ServiceQuery, WantedFacts,
};
use oruk_gateway::model::{ServiceFilter, SortOrder};
use poem::{Endpoint as _, Request};
use serde_json::Value;

use crate::RUNTIME;
use crate::stage::Stage;

const SERVICES: usize = 100;

fn feed() -> InventedFeed {
    InventedFeed::new(FeedVariety::Hsds31).services(SERVICES).seed(7)
}

fn page() -> Vec<u8> {
    let request = Request::builder().uri_str("/services?page=1&per_page=100").finish();
    let response = RUNTIME.block_on(feed().endpoint().call(request)).expect("a page");
    RUNTIME.block_on(response.into_body().into_vec()).expect("a page's bytes")
}

#[divan::bench]
fn parsed(bencher: Bencher<'_, '_>) {
    let page = page();
    bencher
        .counter(BytesCount::of_slice(&page))
        .bench(|| serde_json::from_slice::<Value>(black_box(&page)).expect("JSON"));
}

#[divan::bench]
fn fetched(bencher: Bencher<'_, '_>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stage = RUNTIME.block_on(Stage::open([feed()])).expect("a stage");
    let address = format!("{}services?page=1&per_page=100", stage.sources.first().expect("a source").url);
    let client = reqwest::Client::builder().build().expect("a client");
    let fetch = async || client.get(&address).send().await?.bytes().await;
    bencher.counter(BytesCount::new(page().len())).bench(|| RUNTIME.block_on(fetch()).expect("a page"));
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let stage = RUNTIME.block_on(Stage::open([feed()])).expect("a stage");
    bencher.counter(BytesCount::new(page().len())).with_inputs(|| stage.gateway()).bench_values(|gateway| {
        assert_eq!(RUNTIME.block_on(all(&gateway)), SERVICES);
        gateway
    });
}

async fn all(gateway: &GatewayRooms) -> usize {
    let page = PageRequest { size: SERVICES, after: None, before: None, from_end: false };
    let query = ServiceQuery {
        filter: ServiceFilter::default(),
        page,
        wanted: WantedFacts::default(),
        order: SortOrder::default(),
        facets: FacetsWanted::default(),
        grids: GridsWanted::default(),
        unknown: true,
        shape: None,
    };
    gateway.federation.services.find(&query, &QueryContext::begin()).await.connection.records.len()
}
