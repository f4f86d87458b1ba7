//! Equal terms of several feeds are counted, listed and filtered as one, synchronised and live alike. A term that no
//! feed has is an error that names similar ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Scope, data};

/// A service with these terms.
fn service(name: &str, terms: &[&Value]) -> Value {
    let attribute = |(at, term): (usize, &&Value)| json!({ "id": format!("{name}-{at}"), "link_entity": "service", "link_id": name, "taxonomy_term": term });
    json!({ "name": name, "attributes": terms.iter().enumerate().map(attribute).collect::<Vec<_>>() })
}

/// Four feeds with one vocabulary under four names, and one of its codes written in four ways. Another term has only
/// its name in common, up to accents and case.
async fn four() -> [FakeFeed; 4] {
    let clubs = [
        json!({ "id": "a-1", "code": "esdServiceType:298", "name": "Lunch clubs", "taxonomy": "esdServiceTypes" }),
        json!({ "id": "b-7", "code": "298", "name": "Luncheon clubs", "taxonomy": "ESD service types" }),
        json!({
            "id": "c-x", "code": "298", "name": "Lunch Clubs",
            "taxonomy_detail": { "id": "c-v", "name": "Our terms", "uri": "http://id.esd.org.uk/list/serviceTypes" },
        }),
        json!({ "id": "d-9", "name": "Lunch", "term_uri": "http://id.esd.org.uk/service/298" }),
    ];
    let cafes = ["Memory Cafés", "memory cafes", "Memory-Cafes", "MEMORY CAFÉS"]
        .map(|name| json!({ "id": format!("m-{name}"), "name": name, "taxonomy": "Leisure" }));
    let feed = async |at: usize| {
        let own = json!({ "id": format!("own-{at}"), "code": at.to_string(), "name": format!("Only {at}"), "taxonomy": format!("Feed {at}") });
        let key = ["ash", "birch", "cedar", "dogwood"][at];
        let services = [
            service("Both", &[&clubs[at], &cafes[at]]),
            service("Club", &[&clubs[at]]),
            service("Own", &[&own]),
            service("None", &[]),
        ];
        let terms = vec![clubs[at].clone(), cafes[at].clone(), own];
        let plan = FakeFeed::called(key).with(Habit::FullLists).with_list("taxonomy_terms", terms);
        services.into_iter().fold(plan, |plan, service| plan.with_service(service)).spawn().await
    };
    [feed(0).await, feed(1).await, feed(2).await, feed(3).await]
}

const CLUBS: &str = "code:esd-service-types:298";
const CAFES: &str = "name:leisure:memory-cafes";

/// A gateway over the four feeds, two of them synchronised.
async fn over(feeds: &[FakeFeed; 4]) -> Gateway {
    let feeds: Vec<&FakeFeed> = feeds.iter().collect();
    let setup = Gateway::over(&feeds).with_source("ash", "mode = 'catalogue'");
    let gateway = setup.with_source("cedar", "mode = 'catalogue'").start().await;
    assert_eq!(data(gateway.query("{ services { complete } }").await)["services"]["complete"], true);
    gateway
}

async fn ask(gateway: &Gateway, text: &str, variables: Value) -> Value {
    data(gateway.query_with(text, variables).await)
}

#[tokio::test]
async fn a_term_of_four_feeds_is_counted_once_and_filters_them_all() {
    let feeds = four().await;
    let gateway = over(&feeds).await;
    let text =
        "query($filter: ServiceFilter, $taxonomy: String) { services(filter: $filter) { totalCount facets {
        termGroups(taxonomy: $taxonomy) { count group { key name code taxonomyName terms { upstreamId } }
            terms { count term { upstreamId source { key } } } } } } }";
    let all = ask(&gateway, text, json!({})).await["services"].take();
    let facets = all["facets"]["termGroups"].as_array().unwrap();
    let counts: Vec<(&str, u64)> = facets
        .iter()
        .map(|one| (one["group"]["key"].as_str().unwrap(), one["count"].as_u64().unwrap()))
        .collect();
    let own = ["code:feed-0:0", "code:feed-1:1", "code:feed-2:2", "code:feed-3:3"].map(|key| (key, 1));
    assert_eq!(counts, [&[(CLUBS, 8), (CAFES, 4)][..], &own].concat());
    let clubs = &facets[0];
    assert_eq!(
        clubs["group"],
        json!({
            "key": CLUBS, "name": "Lunch clubs", "code": "esdServiceType:298", "taxonomyName": "esdServiceTypes",
            "terms": [{ "upstreamId": "a-1" }, { "upstreamId": "b-7" }, { "upstreamId": "c-x" }, { "upstreamId": "d-9" }],
        })
    );
    let within: BTreeSet<String> = clubs["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one["term"]["source"]["key"].as_str().unwrap(),
                one["term"]["upstreamId"].as_str().unwrap(),
                one["count"]
            )
        })
        .collect();
    assert_eq!(
        within,
        ["ash a-1 2", "birch b-7 2", "cedar c-x 2", "dogwood d-9 2"].map(str::to_owned).into()
    );

    for facet in facets {
        let key = &facet["group"]["key"];
        for filter in [
            json!({ "sameTerm": [key] }),
            json!({ "taxonomyTerms": { "anyOf": [{ "group": key }] } }),
            json!({ "and": [{ "sameTerm": key }] }),
        ] {
            let found = ask(&gateway, text, json!({ "filter": filter })).await;
            assert_eq!(found["services"]["totalCount"], facet["count"], "{filter}");
        }
        let denied = json!({ "not": { "sameTerm": key }, "includeUnknown": true });
        let denied = ask(&gateway, text, json!({ "filter": denied })).await;
        assert_eq!(denied["services"]["totalCount"], 16 - facet["count"].as_u64().unwrap(), "{key}");
    }
    // A vocabulary can be given by any of its names.
    for taxonomy in ["esdServiceTypes", "LGA service types", "http://id.esd.org.uk/list/serviceTypes/"] {
        let found = ask(&gateway, text, json!({ "taxonomy": taxonomy })).await;
        let found = found["services"]["facets"]["termGroups"].as_array().unwrap().clone();
        assert_eq!(found.iter().map(|one| &one["group"]["key"]).collect::<Vec<_>>(), [CLUBS], "{taxonomy}");
        let by_code =
            json!({ "taxonomyTerms": { "anyOf": [{ "code": { "taxonomy": taxonomy, "code": "298" } }] } });
        assert_eq!(ask(&gateway, text, json!({ "filter": by_code })).await["services"]["totalCount"], 8);
    }
    let by_uri = json!({ "taxonomyTerms": { "anyOf": [{ "uri": "https://id.esd.org.uk/service/298" }] } });
    assert_eq!(ask(&gateway, text, json!({ "filter": by_uri })).await["services"]["totalCount"], 8);
    gateway.stop().await;
}

#[tokio::test]
async fn statistics_and_lists_know_a_term_once_too() {
    let feeds = four().await;
    let gateway = over(&feeds).await;
    let text = "{ serviceStatistics(groupBy: [TERM_GROUP], orderBy: { field: KEY }) { totalRows
        rows { services keys { value label } } } }";
    let statistics = ask(&gateway, text, json!({})).await["serviceStatistics"].take();
    let rows: Vec<(Option<&str>, u64)> = statistics["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["keys"][0]["label"].as_str(), row["services"].as_u64().unwrap()))
        .collect();
    let expected = [
        (Some("Lunch clubs"), 8),
        (Some("Memory Cafés"), 4),
        (Some("Only 0"), 1),
        (Some("Only 1"), 1),
        (Some("Only 2"), 1),
        (Some("Only 3"), 1),
        (None, 4),
    ];
    assert_eq!(rows, expected);
    assert_eq!(statistics["totalRows"], 7);

    let text = "query($after: String, $filter: TaxonomyTermFilter) {
        taxonomyTermGroups(first: 2, after: $after, filter: $filter) { totalCount complete
            pageInfo { hasNextPage hasPreviousPage endCursor } nodes { key name terms { name group { key } } } } }";
    let (mut walked, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = ask(&gateway, text, json!({ "after": after })).await["taxonomyTermGroups"].take();
        assert_eq!((&page["totalCount"], &page["complete"]), (&json!(6), &json!(true)));
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !walked.is_empty());
        for node in page["nodes"].as_array().unwrap() {
            // Each term of the group leads back to it.
            assert!(node["terms"].as_array().unwrap().iter().all(|term| term["group"]["key"] == node["key"]));
            walked.push((node["name"].as_str().unwrap().to_owned(), node["terms"].as_array().unwrap().len()));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let expected =
        [("Lunch clubs", 4), ("Memory Cafés", 4), ("Only 0", 1), ("Only 1", 1), ("Only 2", 1), ("Only 3", 1)];
    assert_eq!(walked, expected.map(|(name, terms)| (name.to_owned(), terms)));

    let leisure = ask(&gateway, text, json!({ "filter": { "taxonomy": "LEISURE" } })).await;
    assert_eq!(leisure["taxonomyTermGroups"]["nodes"].as_array().unwrap().len(), 1);
    let terms = "query($key: ID) { taxonomyTerms(filter: { group: $key }) { nodes { upstreamId } } }";
    let terms = ask(&gateway, terms, json!({ "key": CLUBS })).await["taxonomyTerms"]["nodes"].take();
    let ids: BTreeSet<&str> =
        terms.as_array().unwrap().iter().map(|term| term["upstreamId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a-1", "b-7", "c-x", "d-9"].into());
    gateway.stop().await;
}

#[tokio::test]
async fn facets_walked_page_by_page_are_the_whole_in_either_order() {
    let feeds = four().await;
    let gateway = over(&feeds).await;
    let text = "query($of: ServiceDimension!, $first: Int!, $after: String, $order: GroupOrder) { services { facets {
        values(of: $of, first: $first, after: $after, orderBy: $order) { totalCount
            pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { value label count } } } } } }";
    let orders = [
        Value::Null,
        json!({ "field": "KEY" }),
        json!({ "field": "KEY", "direction": "DESC" }),
        json!({ "field": "COUNT", "direction": "ASC" }),
    ];
    for of in [
        "TERM_GROUP",
        "TAXONOMY_TERM",
        "ORGANIZATION",
        "SOURCE",
        "STATUS",
        "DAY",
        "COST",
        "MODIFIED_MONTH",
        "LOCAL_AUTHORITY",
    ] {
        for order in &orders {
            let page = async |first: usize, after: &Value| {
                let variables = json!({ "of": of, "first": first, "after": after, "order": order });
                ask(&gateway, text, variables).await["services"]["facets"]["values"].take()
            };
            let whole = page(1000, &Value::Null).await;
            let edges = whole["edges"].as_array().unwrap();
            assert_eq!(whole["totalCount"], edges.len(), "{of}");
            assert!(edges.iter().all(|edge| edge["node"]["value"].is_string()), "{of}: {whole}");
            let (mut walked, mut after) = (Vec::new(), Value::Null);
            loop {
                let next = page(3, &after).await;
                assert_eq!(next["totalCount"], whole["totalCount"]);
                walked.extend(next["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
                if next["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = next["pageInfo"]["endCursor"].clone();
            }
            let nodes: Vec<Value> = edges.iter().map(|edge| edge["node"].clone()).collect();
            assert_eq!(walked, nodes, "{of} by {order}");
            if order["field"] == "KEY" {
                let labels: Vec<String> = nodes
                    .iter()
                    .filter_map(|node| node["label"].as_str())
                    .map(|label| label.to_lowercase().replace('é', "e"))
                    .collect();
                let mut sorted = labels.clone();
                sorted.sort();
                if order["direction"] == "DESC" {
                    sorted.reverse();
                }
                assert_eq!(labels, sorted, "{of} by {order}");
            }
        }
    }
    let sized = page_of(&gateway, json!({ "of": "SOURCE", "first": 0 })).await;
    assert_eq!((&sized["totalCount"], &sized["edges"]), (&json!(4), &json!([])));
    gateway.stop().await;
}

async fn page_of(gateway: &Gateway, variables: Value) -> Value {
    let text = "query($of: ServiceDimension!, $first: Int!, $after: String, $taxonomy: String) { services { facets {
        values(of: $of, first: $first, after: $after, taxonomy: $taxonomy) { totalCount edges { cursor } } } } }";
    let answer = gateway.query_with(text, variables).await;
    match answer["errors"][0].clone() {
        Value::Null => answer["data"]["services"]["facets"]["values"].clone(),
        error => error,
    }
}

#[tokio::test]
async fn a_cursor_of_another_facet_is_refused_and_so_is_what_makes_no_sense() {
    let feeds = four().await;
    let gateway = over(&feeds).await;
    let page = page_of(&gateway, json!({ "of": "SOURCE", "first": 1 })).await;
    let cursor = &page["edges"][0]["cursor"];
    let cases = [
        (json!({ "of": "STATUS", "first": 1, "after": cursor }), "CURSOR_INVALID"),
        (json!({ "of": "SOURCE", "first": 1, "after": "nonsense" }), "CURSOR_INVALID"),
        (json!({ "of": "SOURCE", "first": 1001 }), "BAD_USER_INPUT"),
        (json!({ "of": "SOURCE", "first": 1, "taxonomy": "Leisure" }), "BAD_USER_INPUT"),
    ];
    for (variables, code) in cases {
        assert_eq!(page_of(&gateway, variables.clone()).await["extensions"]["code"], code, "{variables}");
    }
    gateway.stop().await;
}

/// Returns the error of an answer as `argument unknown: suggestions`.
fn told(answer: &Value) -> String {
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "BAD_USER_INPUT", "{answer}");
    let near: Vec<&str> =
        extensions["suggestions"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    format!(
        "{} {}: {}",
        extensions["argument"].as_str().unwrap(),
        extensions["unknown"].as_str().unwrap(),
        near.join(", ")
    )
}

#[tokio::test]
async fn what_no_feed_has_is_an_error_that_names_what_is_near() {
    let feeds = four().await;
    let gateway = over(&feeds).await;
    let services = "query($filter: ServiceFilter) { services(filter: $filter) { totalCount } }";
    let statistics = "query($filter: ServiceFilter) { serviceStatistics(filter: $filter, groupBy: [SOURCE]) { totalCount } }";
    let any_of = |term: Value| json!({ "taxonomyTerms": { "anyOf": [{ "name": "Only 1" }, term] } });
    let cases = [
        (any_of(json!({ "name": "memory cafe" })), "taxonomyTerms.anyOf[1].name TERM: Memory-Cafes"),
        (json!({ "sameTerm": "code:esd-service-types:299" }), "sameTerm[0] TERM: code:esd-service-types:298"),
        (
            any_of(json!({ "code": { "taxonomy": "Liesure", "code": "1" } })),
            "taxonomyTerms.anyOf[1].code.taxonomy VOCABULARY: Leisure",
        ),
        (
            any_of(json!({ "code": { "code": "esdServiceType:299" } })),
            "taxonomyTerms.anyOf[1].code.code TERM: esdServiceType:298",
        ),
        (
            any_of(json!({ "uri": "http://id.esd.org.uk/service/297" })),
            "taxonomyTerms.anyOf[1].uri TERM: http://id.esd.org.uk/service/298",
        ),
        (
            json!({ "not": { "taxonomyTerms": { "noneOf": [{ "name": "Only7" }] } } }),
            "taxonomyTerms.noneOf[0].name TERM: ",
        ),
    ];
    for (filter, expected) in cases {
        for text in [services, statistics] {
            let answer = gateway.query_with(text, json!({ "filter": filter })).await;
            let told = told(&answer);
            assert!(told.starts_with(expected), "{told} of {filter}");
        }
    }
    let facets = "{ services { facets { taxonomyTerms(taxonomy: \"liesure\") { count } } } }";
    assert_eq!(told(&gateway.query(facets).await), "taxonomy VOCABULARY: Leisure");
    let terms = "{ taxonomyTerms(filter: { taxonomy: \"esdServiceTipes\" }) { nodes { id } } }";
    assert_eq!(told(&gateway.query(terms).await), "filter.taxonomy VOCABULARY: esdServiceTypes");
    let groups = "{ taxonomyTermGroups(filter: { taxonomy: \"esdServiceTipes\" }) { nodes { key } } }";
    assert_eq!(told(&gateway.query(groups).await), "filter.taxonomy VOCABULARY: esdServiceTypes");

    // A known term that finds nothing is no error, nor is a text that no term of a known vocabulary contains.
    let nothing = json!({ "and": [any_of(json!({ "name": "Only 2" })), { "text": "zebra" }] });
    assert_eq!(ask(&gateway, services, json!({ "filter": nothing })).await["services"]["totalCount"], 0);
    // The term is known in another source, so a search narrowed to one source just finds nothing.
    let elsewhere = json!({ "sources": ["ash"], "taxonomyTerms": { "anyOf": [{ "name": "Only 2" }] } });
    assert_eq!(ask(&gateway, services, json!({ "filter": elsewhere })).await["services"]["totalCount"], 0);
    let known = "{ taxonomyTerms(filter: { taxonomy: \"Leisure\", text: \"zebra\" }) { totalCount } }";
    assert_eq!(data(gateway.query(known).await)["taxonomyTerms"]["totalCount"], 0);
    // The error does not repeat what the client wrote.
    let answer =
        gateway.query_with(services, json!({ "filter": any_of(json!({ "name": "memory cafe" })) })).await;
    assert!(!answer["errors"][0].to_string().contains("memory cafe\""), "{answer:?}");
    gateway.stop().await;
}

#[tokio::test]
async fn nothing_is_called_unknown_while_a_feed_cannot_be_read() {
    let feeds = four().await;
    feeds[1].behave(Manner::Status(500));
    let feeds: Vec<&FakeFeed> = feeds.iter().collect();
    let gateway = Gateway::over(&feeds).start().await;
    let text = "{ services(filter: { taxonomyTerms: { anyOf: [{ name: \"No such thing\" }] } }) { totalCount complete }
        taxonomyTerms(filter: { taxonomy: \"No such\" }) { totalCount complete }
        all: services { facets { taxonomyTerms(taxonomy: \"No such\") { count } } } }";
    let answer = data(gateway.query(text).await);
    assert_eq!(answer["services"], json!({ "totalCount": 0, "complete": false }));
    assert_eq!(answer["taxonomyTerms"], json!({ "totalCount": 0, "complete": false }));
    assert_eq!(answer["all"]["facets"]["taxonomyTerms"], json!([]));
    gateway.stop().await;
}

#[tokio::test]
async fn a_list_of_terms_that_cannot_be_read_leaves_open_what_is_unknown() {
    let feeds = four().await;
    feeds[0].behave_at(Scope::At("/taxonomy_terms".to_owned()), Manner::Status(500));
    let gateway = Gateway::over(&[&feeds[0]]).start().await;
    let text = "query($descend: Boolean) { services(filter: { taxonomyTerms: {
        anyOf: [{ name: \"No such thing\" }], includeDescendants: $descend } }) { totalCount complete } }";
    let services = ask(&gateway, text, json!({ "descend": false })).await["services"].take();
    assert_eq!(services, json!({ "totalCount": 0, "complete": true }));
    let services = ask(&gateway, text, json!({ "descend": true })).await["services"].take();
    assert_eq!(services, json!({ "totalCount": 0, "complete": false }));
    gateway.stop().await;
}

#[tokio::test]
async fn the_last_months_are_the_last_and_not_the_largest() {
    let months: BTreeMap<&str, usize> =
        [("2025-11", 3), ("2025-12", 1), ("2026-01", 1), ("2026-02", 2)].into();
    let mut plan = FakeFeed::called("one").with(Habit::FullLists);
    for (month, services) in &months {
        for _ in 0..*services {
            plan = plan.with_service(json!({ "last_modified": format!("{month}-10T09:00:00Z") }));
        }
    }
    let feed = plan.with_service(json!({ "last_modified": null })).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "query($order: GroupOrder, $first: Int!, $after: String) { serviceStatistics(
        groupBy: [MODIFIED_MONTH], orderBy: $order, first: $first, after: $after) { totalRows truncated
        pageInfo { hasNextPage endCursor } rows { cursor services keys { value } } } }";
    let rows = |answer: &Value| -> Vec<String> {
        let rows = answer["serviceStatistics"]["rows"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["keys"][0]["value"].as_str().unwrap_or("-"), row["services"]))
            .collect()
    };
    let last = json!({ "order": { "field": "KEY", "direction": "DESC" }, "first": 2 });
    let answer = ask(&gateway, text, last).await;
    assert_eq!(rows(&answer), ["2026-02 2", "2026-01 1"]);
    let statistics = &answer["serviceStatistics"];
    assert_eq!((&statistics["totalRows"], &statistics["truncated"]), (&json!(5), &json!(true)));
    let next = json!({ "order": { "field": "KEY", "direction": "DESC" }, "first": 9, "after": statistics["pageInfo"]["endCursor"] });
    let answer = ask(&gateway, text, next).await;
    assert_eq!(rows(&answer), ["2025-12 1", "2025-11 3", "- 1"], "what says nothing comes last");
    assert_eq!(answer["serviceStatistics"]["truncated"], false);
    let forwards = ask(&gateway, text, json!({ "order": { "field": "KEY" }, "first": 9 })).await;
    assert_eq!(rows(&forwards), ["2025-11 3", "2025-12 1", "2026-01 1", "2026-02 2", "- 1"]);
    let largest = ask(&gateway, text, json!({ "first": 2 })).await;
    assert_eq!(rows(&largest), ["2025-11 3", "2026-02 2"]);
    gateway.stop().await;
}
