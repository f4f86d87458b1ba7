//! Stored services are found, sorted and counted like those read live, and totals, orders and facets equal what
//! counting and sorting the answer by hand gives.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data, records};

const FIND: &str = "query($filter: ServiceFilter!, $order: ServiceOrder, $first: Int!, $after: String) {
  services(filter: $filter, orderBy: $order, first: $first, after: $after) {
    totalCount complete pageInfo { hasNextPage endCursor }
    edges {
      score distance { metres }
      node {
        upstreamId name status lastModified assuredDate isFree organization { name }
        attributes { taxonomyTerm { name code } } schedules { byday } locations { latitude longitude }
      }
    }
    grid(zoom: 16) { cells { x y services } }
    facets {
      statuses { status count } free { value count } days { day count }
      organizations { count organization { name } } taxonomyTerms { count term { name } }
      termGroups { count group { key name } terms { count term { upstreamId } } }
      values(of: TERM_GROUP, first: 100, orderBy: { field: KEY }) { totalCount nodes { label count } }
    }
  }
}";

/// Questions that select nothing for which details would be read.
const FIND_IDS: &str = "query($filter: ServiceFilter!, $order: ServiceOrder) {
  services(filter: $filter, orderBy: $order, first: 100) { totalCount complete edges { node { upstreamId } } }
}";
const COUNTS: [&str; 3] = [
    "query($filter: ServiceFilter!) { services(filter: $filter, first: 0) { facets {
       statuses { status count } values(of: FRESHNESS) { nodes { value count } } } } }",
    "query($filter: ServiceFilter!) { services(filter: $filter, first: 0) { facets {
       values(of: TAXONOMY_TERM) { nodes { label count } } } } }",
    "query($filter: ServiceFilter!) { serviceStatistics(filter: $filter, groupBy: [ORGANIZATION, MODIFIED_MONTH]) {
       rows { keys { label } services locations medianAssuredAgeDays } } }",
];

const DAYS: [(&str, &str); 3] = [("MO", "MONDAY"), ("WE", "WEDNESDAY"), ("SU", "SUNDAY")];

/// A service as its feed publishes it. It has few possible values, so that many services are alike.
fn some_service() -> impl Strategy<Value = Value> {
    let name = select(vec!["Tea and talk", "Éclair bakers", "Talking walks", "tea"]);
    let status = select(vec![json!("active"), json!("inactive"), Value::Null]);
    let ages = select(vec![(None, None), (Some(18), Some(30)), (Some(60), None)]);
    let organization = select(vec![None, Some("Guild"), Some("Others")]);
    let terms = subsequence(vec!["plain", "lucky", "odd"], 0..=3);
    let days = subsequence(DAYS.map(|(code, _)| code).to_vec(), 0..=2);
    let price = select(vec![None, Some(0), Some(5)]);
    let latitude = select(vec![None, Some(51.45), Some(51.46), Some(53.0)]);
    let free = select(vec![None, Some(0), Some(4)]);
    // A web address that cannot be read is an issue. A blank one counts as left out.
    let url = select(vec![Value::Null, json!(""), json!("https://a.example/"), json!({ "no": "text" })]);
    // Always stated, because only synchronised sources can notice when an undated record changes.
    let modified = 1..28_u32;
    let assured = prop::option::of(1..28_u32);
    (name, status, ages, organization, terms, days, price, latitude, (modified, assured, free, url)).prop_map(
        |(name, status, (from, to), organization, terms, days, price, latitude, (modified, assured, free, url))| {
            let schedule = |day: &&str| json!({ "id": format!("t-{day}"), "freq": "WEEKLY", "byday": day, "opens_at": "10:00", "closes_at": "12:00" });
            let attribute = |code: &&str| json!({ "id": format!("x-{code}"), "link_entity": "service", "link_id": "s", "taxonomy_term": records::term(code) });
            let place = |latitude| json!({ "id": "a", "location": { "id": format!("l-{latitude}"), "location_type": "physical", "latitude": latitude, "longitude": -2.58 } });
            json!({
                "name": name, "status": status, "minimum_age": from, "maximum_age": to,
                "organization": organization.map(|name| json!({ "id": format!("o-{name}"), "name": name })),
                "attributes": terms.iter().map(attribute).collect::<Vec<_>>(),
                "schedules": days.iter().map(schedule).collect::<Vec<_>>(),
                "cost_options": price.iter().map(|amount| json!({ "id": "c", "amount": amount, "currency": "GBP" })).collect::<Vec<_>>(),
                "service_at_locations": latitude.iter().map(place).collect::<Vec<_>>(),
                "url": url,
                "capacities": free.iter().map(|free| json!({ "id": "k", "available": free, "unit": { "id": "u", "name": "Beds" } })).collect::<Vec<_>>(),
                "last_modified": format!("2026-05-{modified:02}T09:00:00Z"),
                "assured_date": assured.map(|day| format!("2026-06-{day:02}")),
            })
        },
    )
}

fn some_condition() -> impl Strategy<Value = Value> {
    let near = |metres| json!({ "near": { "point": { "latitude": 51.45, "longitude": -2.58, "withinMetres": metres } } });
    let conditions = vec![
        json!({}),
        json!({ "text": "tea" }),
        json!({ "text": "talk guild" }),
        json!({ "text": "ecl" }),
        json!({ "ask": "someone to talk to" }),
        json!({ "ask": "tea with the gild" }),
        json!({ "ask": "plain walking", "text": "tea" }),
        json!({ "age": 20 }),
        json!({ "age": 70, "text": "tea" }),
        json!({ "status": ["ACTIVE"] }),
        json!({ "taxonomyTerms": { "anyOf": [{ "name": "a plain thing" }, { "name": "a odd thing" }] } }),
        json!({ "taxonomyTerms": { "noneOf": [{ "name": "a lucky thing" }] } }),
        json!({ "sameTerm": ["code:things:plain", "code:things:odd"] }),
        json!({ "taxonomyTerms": { "allOf": [{ "group": "code:things:lucky" }], "includeDescendants": false } }),
        json!({ "cost": { "free": true } }),
        json!({ "open": { "days": ["MONDAY"], "from": "11:00" } }),
        near(2_000),
        json!({ "withinBox": { "south": 51.45, "west": -2.58, "north": 51.455, "east": -2.5 } }),
        json!({ "withinBox": { "south": 51.451, "west": -3.0, "north": 53.0, "east": -2.58 } }),
        json!({ "near": { "place": { "name": "Bristol", "withinMetres": 1_500 } } }),
        near(500_000),
        json!({ "modifiedSince": "2026-05-14T00:00:00Z" }),
        json!({ "assuredSince": "2026-06-14" }),
        json!({ "capacity": { "hasFreePlaces": true } }),
        json!({ "capacity": { "hasFreePlaces": false, "unit": "bed" } }),
        json!({ "capacity": { "availableAtLeast": 5 } }),
        json!({ "hasIssue": {} }),
        json!({ "hasIssue": { "severity": "ERROR", "path": "url" } }),
        json!({ "missing": ["URL"] }),
        json!({ "missing": ["COSTS", "LOCATIONS"] }),
        json!({ "missing": ["TAXONOMY_TERMS"] }),
    ];
    select(conditions)
}

fn some_filter() -> impl Strategy<Value = Value> {
    let joined = (some_condition(), prop::collection::vec(some_condition(), 0..3), any::<bool>());
    let unknown = prop::option::of(any::<bool>());
    (joined, unknown).prop_map(|((own, others, is_any), include_unknown)| {
        let mut filter = own;
        filter[if is_any { "or" } else { "and" }] = json!(others);
        filter["includeUnknown"] = json!(include_unknown);
        filter
    })
}

fn some_order() -> impl Strategy<Value = Value> {
    let field = select(vec!["NAME", "LAST_MODIFIED", "ASSURED_DATE"]);
    let direction = select(vec!["ASC", "DESC"]);
    prop::option::of((field, direction)).prop_map(|order| {
        json!(order.map(|(field, direction)| json!({ "field": field, "direction": direction })))
    })
}

/// A gateway with one feed twice: as `kept`, synchronised, and as `live`.
async fn knowing(feed: &FakeFeed) -> Gateway {
    let setup = Gateway::over_addresses(&[("kept", &feed.url), ("live", &feed.url)]);
    let gateway = setup.with_source("kept", "mode = 'catalogue'").start().await;
    let whole = json!({ "filter": {}, "first": 1 });
    // The first query waits for first reads that have only just begun.
    assert_eq!(data(gateway.query_with(FIND, whole).await)["services"]["complete"], true);
    gateway
}

async fn found(
    gateway: &Gateway,
    source: &str,
    filter: &Value,
    order: &Value,
    page: (usize, &Value),
) -> Value {
    let filter = json!({ "and": [filter, { "sources": [source] }] });
    let variables = json!({ "filter": filter, "order": order, "first": page.0, "after": page.1 });
    data(gateway.query_with(FIND, variables).await)["services"].take()
}

fn nodes(services: &Value) -> Vec<&Value> {
    services["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect()
}

fn ids(services: &Value) -> Vec<String> {
    nodes(services).iter().map(|node| node["upstreamId"].as_str().unwrap().to_owned()).collect()
}

/// Returns the number of nodes for each value that `said` returns of them.
fn counted<'n>(nodes: &[&'n Value], said: impl Fn(&'n Value) -> Vec<&'n str>) -> BTreeMap<&'n str, u64> {
    let mut counts = BTreeMap::new();
    for node in nodes {
        let each: BTreeSet<&str> = said(node).into_iter().collect();
        each.into_iter().for_each(|one| *counts.entry(one).or_default() += 1);
    }
    counts
}

/// Returns a facet of the answer. `value` returns the value of an entry.
fn facet<'f>(
    services: &'f Value,
    name: &str,
    value: impl Fn(&'f Value) -> &'f Value,
) -> BTreeMap<&'f str, u64> {
    let entries = services["facets"][name].as_array().unwrap().iter();
    entries.map(|entry| (value(entry).as_str().unwrap(), entry["count"].as_u64().unwrap())).collect()
}

fn each<'n>(node: &'n Value, list: &str, value: impl Fn(&'n Value) -> &'n Value) -> Vec<&'n str> {
    node[list].as_array().unwrap().iter().filter_map(|one| value(one).as_str()).collect()
}

fn totals_and_facets_are_what_counting_comes_to(services: &Value) -> Result<(), TestCaseError> {
    let nodes = nodes(services);
    prop_assert_eq!(&services["totalCount"], nodes.len());

    let statuses = counted(&nodes, |node| node["status"].as_str().into_iter().collect());
    prop_assert_eq!(facet(services, "statuses", |one| &one["status"]), statuses);
    let free = counted(&nodes, |node| node["isFree"].as_str().into_iter().collect());
    prop_assert_eq!(facet(services, "free", |one| &one["value"]), free);
    let organizations = counted(&nodes, |node| node["organization"]["name"].as_str().into_iter().collect());
    prop_assert_eq!(facet(services, "organizations", |one| &one["organization"]["name"]), organizations);
    let terms = counted(&nodes, |node| each(node, "attributes", |one| &one["taxonomyTerm"]["name"]));
    prop_assert_eq!(facet(services, "taxonomyTerms", |one| &one["term"]["name"]), terms);
    // Terms with one code are one term, whatever their names.
    let groups = counted(&nodes, |node| each(node, "attributes", |one| &one["taxonomyTerm"]["code"]));
    let by_key: BTreeMap<&str, u64> = facet(services, "termGroups", |one| &one["group"]["key"]);
    let by_key: BTreeMap<&str, u64> =
        by_key.into_iter().map(|(key, n)| (key.rsplit(':').next().unwrap(), n)).collect();
    prop_assert_eq!(&by_key, &groups);
    prop_assert_eq!(&services["facets"]["values"]["totalCount"], groups.len());
    let paged = services["facets"]["values"]["nodes"].as_array().unwrap().iter();
    prop_assert_eq!(
        paged.map(|one| one["count"].as_u64().unwrap()).sum::<u64>(),
        groups.values().sum::<u64>()
    );
    let day = |code: &str| DAYS.iter().find(|(short, _)| *short == code).unwrap().1;
    let days = counted(&nodes, |node| {
        each(node, "schedules", |one| &one["byday"][0]).into_iter().map(day).collect()
    });
    prop_assert_eq!(facet(services, "days", |one| &one["day"]), days);

    let cells = services["grid"]["cells"].as_array().unwrap().iter();
    let cells = cells.map(|cell| {
        ((cell["x"].as_u64().unwrap(), cell["y"].as_u64().unwrap()), cell["services"].as_u64().unwrap())
    });
    // Each service has at most one place, so it lies wherever a match must lie.
    let mut by_hand = BTreeMap::new();
    for location in nodes.iter().flat_map(|node| node["locations"].as_array().unwrap()) {
        *by_hand
            .entry(tile(location["latitude"].as_f64().unwrap(), location["longitude"].as_f64().unwrap()))
            .or_default() += 1;
    }
    prop_assert_eq!(cells.collect::<BTreeMap<_, u64>>(), by_hand);

    Ok(())
}

/// Returns the tile of zoom level 16 that contains a point.
fn tile(latitude: f64, longitude: f64) -> (u64, u64) {
    let (count, latitude) = (65_536.0, latitude.to_radians());
    let north = (latitude.tan() + 1.0 / latitude.cos()).ln() / std::f64::consts::PI;
    (((longitude + 180.0) / 360.0 * count) as u64, ((1.0 - north) / 2.0 * count) as u64)
}

/// Checks the order that `orderBy` names. Services without a value come last.
fn the_order_is_what_sorting_comes_to(services: &Value, order: &Value) -> Result<(), TestCaseError> {
    let key = match order["field"].as_str() {
        Some("NAME") => "name",
        Some("LAST_MODIFIED") => "lastModified",
        Some("ASSURED_DATE") => "assuredDate",
        _ => return Ok(()),
    };
    let folded = |text: &str| text.to_lowercase().replace('é', "e");
    let stated: Vec<Option<String>> =
        nodes(services).iter().map(|node| node[key].as_str().map(folded)).collect();
    let mut sorted = stated.clone();
    sorted.sort_by(|a, b| match (a, b) {
        (Some(a), Some(b)) if order["direction"] == "DESC" => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    prop_assert_eq!(stated, sorted);
    Ok(())
}

async fn agree(gateway: &Gateway, filter: &Value, order: &Value) -> Result<(), TestCaseError> {
    let lean = async |source: &str| {
        let filter = json!({ "and": [filter, { "sources": [source] }] });
        let found = data(gateway.query_with(FIND_IDS, json!({ "filter": filter, "order": order })).await);
        let mut answers = vec![found];
        for counts in COUNTS {
            answers.push(data(gateway.query_with(counts, json!({ "filter": filter })).await));
        }
        answers
    };
    prop_assert_eq!(lean("live").await, lean("kept").await);
    let all = (100, &Value::Null);
    let kept = found(gateway, "kept", filter, order, all).await;
    let live = found(gateway, "live", filter, order, all).await;
    prop_assert_eq!(ids(&kept), ids(&live));
    prop_assert_eq!(&kept["facets"], &live["facets"]);
    prop_assert_eq!(&kept["edges"], &live["edges"]);
    totals_and_facets_are_what_counting_comes_to(&kept)?;
    the_order_is_what_sorting_comes_to(&kept, order)?;
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = found(gateway, "kept", filter, order, (7, &after)).await;
        paged.extend(ids(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    prop_assert_eq!(paged, ids(&kept));
    Ok(())
}

/// Lists with everything, and lists that leave out what only detail pages have. All services state when they changed,
/// so that any of them shows what the lists are like.
const LISTS: [Habit; 4] = [
    Habit::FullLists,
    Habit::RowsWithout(&[
        "attributes",
        "schedules",
        "cost_options",
        "service_at_locations",
        "capacities",
        "contacts",
        "phones",
        "status",
        "minimum_age",
        "maximum_age",
        "organization",
        "url",
        "last_modified",
        "assured_date",
        "description",
    ]),
    Habit::RowsWithout(&["status", "minimum_age", "organization", "last_modified"]),
    Habit::RowsWithout(&[
        "attributes",
        "schedules",
        "cost_options",
        "service_at_locations",
        "capacities",
        "assured_date",
        "maximum_age",
        "last_modified",
    ]),
];

#[test]
fn the_catalogue_finds_orders_and_counts_as_brute_force_does() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() };
    let cases = (
        select(LISTS.to_vec()),
        prop::collection::vec(some_service(), 0..40),
        prop::collection::vec((some_filter(), some_order()), 12),
    );
    let checked = TestRunner::new(config).run(&cases, |(lists, services, questions)| {
        runtime.block_on(async {
            let terms = ["plain", "lucky", "odd"].map(records::term).to_vec();
            let mut plan = FakeFeed::called("kept").with(lists).with_list("taxonomy_terms", terms);
            for service in services {
                plan = plan.with_service(service);
            }
            let feed = plan.spawn().await;
            let gateway = knowing(&feed).await;
            for (filter, order) in &questions {
                agree(&gateway, filter, order)
                    .await
                    .map_err(|error| TestCaseError::fail(format!("{error} of {filter} by {order}")))?;
            }
            gateway.stop().await;
            Ok(())
        })
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}
