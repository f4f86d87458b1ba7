//! Taking a page from the merged order of many cached lists: 40 sources of 2,000 services each.

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use oruk_gateway::app::GatewayRooms;
use oruk_gateway::config::SourceSettings;
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::federation::{
    FacetsWanted, GridsWanted, PageRequest, PageService, QueryContext, RecordPage, ServiceQuery, WantedFacts,
};
use oruk_gateway::model::{ServiceFilter, SortOrder, SortPosition, SourceKey};

use crate::RUNTIME;
use crate::stage::Stage;

const SOURCES: usize = 40;
const SERVICES: usize = 2_000;
const FEEDS: u64 = 4;

/// Reads its sources once. They share four feeds, because inventing 80,000 services would take longer than the
/// measurement.
static GATEWAY: LazyLock<GatewayRooms> = LazyLock::new(|| {
    let feeds = (0..FEEDS).map(|seed| InventedFeed::new(FeedVariety::Oruk3).services(SERVICES).seed(seed));
    let gateway = repeated(RUNTIME.block_on(Stage::open(feeds)).expect("a stage")).gateway();
    assert_eq!(ask(&gateway, &first(1)).total_count, SOURCES * SERVICES);
    gateway
});

/// Returns 40 sources with keys of their own that share the feeds of `stage`.
fn repeated(stage: Stage) -> Stage {
    let again = stage.sources.iter().cycle().take(SOURCES).cloned().enumerate();
    let key = |number| SourceKey::parse(&format!("source-{number}")).expect("a key");
    Stage { sources: again.map(|(number, source)| SourceSettings { key: key(number), ..source }).collect() }
}

fn first(size: usize) -> PageRequest {
    PageRequest { size, after: None, before: None, from_end: false }
}

fn ask(gateway: &GatewayRooms, page: &PageRequest) -> RecordPage<PageService> {
    let query = ServiceQuery {
        filter: ServiceFilter::default(),
        page: page.clone(),
        wanted: WantedFacts::default(),
        order: SortOrder::default(),
        facets: FacetsWanted::default(),
        grids: GridsWanted::default(),
        unknown: true,
        shape: None,
    };
    RUNTIME.block_on(gateway.federation.services.find(&query, &QueryContext::begin())).connection
}

#[divan::bench(args = [20, 100, 400])]
fn first_page(bencher: Bencher<'_, '_>, size: usize) {
    let (gateway, page) = (&*GATEWAY, first(size));
    bencher.bench(|| ask(gateway, black_box(&page)));
}

#[divan::bench(args = [20, 100])]
fn last_page(bencher: Bencher<'_, '_>, size: usize) {
    let (gateway, page) = (&*GATEWAY, PageRequest { from_end: true, ..first(size) });
    bencher.bench(|| ask(gateway, black_box(&page)));
}

/// Asks for a page that begins in the middle of all records.
#[divan::bench(args = [20, 100])]
fn page_amid(bencher: Bencher<'_, '_>, size: usize) {
    let gateway = &*GATEWAY;
    let half = ask(gateway, &first(SOURCES * SERVICES / 2));
    let middle = half.records.last().and_then(PageService::record).expect("a record");
    let after = SortPosition::of(&**middle);
    let page = PageRequest { after: Some(after), ..first(size) };
    bencher.bench(|| ask(gateway, black_box(&page)));
}
