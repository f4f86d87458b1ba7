//! A field has one value, whatever else is selected with it: what lists leave out is read before the field is answered
//! with `null`.

use std::time::Duration;

use oruk_gateway::demo::{FeedVariety, InventedFeed};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::WIDE;
use super::selection::Graph;
use crate::support::{FakeFeed, Gateway, data, records};

/// Queries that reach records of a type. `%` stands for the selection.
const PLACES: [(&str, &str); 8] = [
    ("Service", "services(first: 2) { nodes { id % } }"),
    ("Organization", "services(first: 2) { nodes { organization { id % } } }"),
    ("Organization", "organizations(first: 2) { nodes { id % } }"),
    ("ServiceAtLocation", "services(first: 2) { nodes { serviceAtLocations { id % } } }"),
    ("Location", "services(first: 2) { nodes { locations { id % } } }"),
    ("TaxonomyTerm", "services(first: 2) { nodes { attributes { taxonomyTerm { id % } } } }"),
    ("TaxonomyTerm", "taxonomyTerms(first: 2) { nodes { id % } }"),
    ("Taxonomy", "taxonomies { id % }"),
];

/// Returns the fields that have another value alone than in a selection of all fields.
async fn differing(gateway: &Gateway) -> Vec<String> {
    let graph = Graph::of(gateway).await;
    let mut differing = Vec::new();
    for (kind, place) in PLACES {
        let ask = async |selection: &str| {
            let mut answer = data(gateway.query(&format!("{{ {} }}", place.replace('%', selection))).await);
            forget(&mut answer);
            answer
        };
        // Alone first, because what is read for all fields at once must not be cached already.
        let mut each_alone = Vec::new();
        for (field, selection) in graph.each(kind) {
            // Provenance says how a record was read, not what it contains.
            if field != "provenance" {
                each_alone.push((field, ask(&selection).await));
            }
        }
        let full = ask(&graph.whole(kind)).await;
        for (field, alone) in each_alone {
            let among = only(&full, &alone);
            if alone != among {
                differing.push(format!("{kind}.{field} in {place}: {alone} alone, {among} among others"));
            }
        }
    }
    differing
}

/// Returns the parts of the first answer that are also in the second.
fn only(full: &Value, alone: &Value) -> Value {
    match (full, alone) {
        (Value::Object(full), Value::Object(alone)) => {
            let both =
                full.iter().filter_map(|(name, value)| Some((name.clone(), only(value, alone.get(name)?))));
            Value::Object(both.collect())
        }
        (Value::Array(full), Value::Array(alone)) if full.len() == alone.len() => {
            full.iter().zip(alone).map(|(full, alone)| only(full, alone)).collect()
        }
        (full, _) => full.clone(),
    }
}

fn forget(answer: &mut Value) {
    match answer {
        Value::Object(members) => {
            members.remove("provenance");
            members.values_mut().for_each(forget);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget),
        _ => {}
    }
}

#[tokio::test]
async fn each_field_alone_is_what_it_is_among_all_others() {
    let mut differing_everywhere = Vec::new();
    for variety in FeedVariety::all() {
        for mode in ["live", "catalogue"] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let feed = InventedFeed::new(*variety).services(4);
            let serving = tokio::spawn(feed.serve(listener, std::future::pending()));
            let gateway = Gateway::over_addresses(&[("one", &url)])
                .with_defaults(&format!("mode = '{mode}'\ndialect = '{}'", variety.dialect().as_str()))
                .with(WIDE)
                .start()
                .await;
            if mode == "catalogue" {
                // Some feeds never become fresh, but by then all of them have been read.
                let _ = tokio::time::timeout(Duration::from_secs(5), gateway.is_fresh()).await;
            }
            let differing = differing(&gateway).await;
            differing_everywhere.extend(differing.into_iter().map(|one| format!("{variety}, {mode}: {one}")));
            gateway.stop().await;
            serving.abort();
        }
    }
    assert!(differing_everywhere.is_empty(), "{differing_everywhere:#?}");
}

#[tokio::test]
async fn what_a_provider_named_in_a_list_leaves_out_is_read_from_its_own_page() {
    let whole = json!({ "id": "o-0", "name": "Elm Trust", "description": "A trust.", "email": "trust@elm.example",
        "organization_identifiers": [{ "id": "i-1", "identifier_scheme": "GB-CHC", "identifier": "1077" }] });
    let named = json!({ "organization": { "id": "o-0", "name": "Elm Trust", "description": "A trust." } });
    for mode in ["live", "catalogue"] {
        let plan = FakeFeed::called("one").with_service(named.clone());
        let feed =
            plan.with_list("organizations", vec![records::with(whole.clone(), json!({}))]).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        let ask = async |selection: &str| {
            let query = format!("{{ services {{ nodes {{ organization {{ {selection} }} }} }} }}");
            data(gateway.query(&query).await)["services"]["nodes"][0]["organization"].take()
        };
        assert_eq!(ask("email").await, json!({ "email": "trust@elm.example" }), "{mode}");
        let both = json!({ "email": "trust@elm.example", "identifiers": [{ "value": "1077" }] });
        assert_eq!(ask("email identifiers { value }").await, both, "{mode}");
        gateway.stop().await;
    }
}
