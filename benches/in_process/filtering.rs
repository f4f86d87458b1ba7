//! Deciding which of 2,000 services match, on one thread. Only the records are reused between rounds, with the facts
//! and words cached in them.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::federation::{
    FacetsWanted, GridsWanted, PageRequest, PageService, QueryContext, ServiceQuery, WantedFacts,
};
use oruk_gateway::model::{
    AgeRange, PostcodePlaces, PreparedFilter, Service, ServiceFilter, ServiceStatus, SortOrder,
    TaxonomyTermRef, TaxonomyTermsFilter, TermVocabulary, TextQuery,
};

use crate::RUNTIME;
use crate::stage::Stage;

const SERVICES: usize = 2_000;

static SERVICES_READ: LazyLock<Vec<Arc<Service>>> = LazyLock::new(|| {
    let feed = InventedFeed::new(FeedVariety::Hsds31).services(SERVICES).seed(7);
    let gateway = RUNTIME.block_on(Stage::open([feed])).expect("a stage").gateway();
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
    let read =
        RUNTIME.block_on(gateway.federation.services.find(&query, &QueryContext::begin())).connection.records;
    let read: Vec<_> = read.iter().filter_map(PageService::record).cloned().collect();
    assert_eq!(read.len(), SERVICES);
    read
});

#[divan::bench]
fn status(bencher: Bencher<'_, '_>) {
    decide(bencher, ServiceFilter { status: Some(vec![ServiceStatus::Active]), ..Default::default() });
}

#[divan::bench]
fn age_and_assured(bencher: Bencher<'_, '_>) {
    let assured_since = NaiveDate::from_ymd_opt(2026, 1, 1);
    decide(
        bencher,
        ServiceFilter { ages: vec![AgeRange::of_person(70.0)], assured_since, ..Default::default() },
    );
}

/// The first round folds the records' words and caches them.
#[divan::bench]
fn text(bencher: Bencher<'_, '_>) {
    decide(bencher, ServiceFilter { text: TextQuery::parse("lunch club"), ..Default::default() });
}

#[divan::bench]
fn taxonomy_term(bencher: Bencher<'_, '_>) {
    let any_of = vec![TaxonomyTermRef::Name("Debt advice".to_owned())];
    let terms = TaxonomyTermsFilter { any_of, ..Default::default() };
    decide(bencher, ServiceFilter { taxonomy_terms: Some(terms), ..Default::default() });
}

#[divan::bench]
fn nested(bencher: Bencher<'_, '_>) {
    let either = ["lunch", "advice"]
        .map(|words| ServiceFilter { text: TextQuery::parse(words), ..Default::default() });
    let not = ServiceFilter { status: Some(vec![ServiceStatus::Defunct]), ..Default::default() };
    decide(bencher, ServiceFilter { or: either.into(), not: Some(Box::new(not)), ..Default::default() });
}

fn decide(bencher: Bencher<'_, '_>, filter: ServiceFilter) {
    let (services, postcodes) = (&*SERVICES_READ, PostcodePlaces::default());
    let mut vocabulary = TermVocabulary::default();
    services.iter().for_each(|service| vocabulary.add_service(service));
    let asked = PreparedFilter::new(&filter, &vocabulary, NaiveDate::default());
    let is_kept = |service: &Arc<Service>| {
        black_box(&asked).decide(service.facts(&postcodes), &**service).is_retained()
    };
    bencher
        .counter(ItemsCount::new(services.len()))
        .bench(|| services.iter().filter(|service| is_kept(service)).count());
}
