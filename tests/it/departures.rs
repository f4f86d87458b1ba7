//! Departures from the standard that a feed declares are counted by kind and path, and their content is never shown.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, data};

const CONFORMANCE: &str = "query($severity: IssueSeverity, $first: Int) { sources { conformance {
  recordsChecked recordsWithIssues
  issues(severity: $severity, first: $first) { code severity path message count exampleUpstreamIds }
} } }";

fn id(n: usize) -> String {
    format!("8f0f6b7e-5b0a-4c1e-9d0a-{n:012}")
}

/// A service that conforms to the standard, except for these members.
fn service(n: usize, members: Value) -> Value {
    let organization = json!({ "id": id(1000), "name": "One", "description": "Of all." });
    let mut service = json!({ "id": id(n), "organization": organization });
    service.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    service
}

async fn feed() -> FakeFeed {
    FakeFeed::called("one")
        .with_service(service(0, json!({})))
        .with_service(service(1, json!({ "email": "jane-at-elm", "url": "www.elm.example" })))
        .with_service(service(2, json!({ "email": "joe-at-elm", "status": "open" })))
        .with_service(service(3, json!({ "name": null })))
        .with_service(service(4, json!({ "phones": [{ "id": id(50) }, { "id": id(51) }, { "id": id(52), "number": "0117 496 0000" }] })))
        .spawn()
        .await
}

async fn issues(gateway: &Gateway, variables: Value) -> Value {
    // Root fields are answered concurrently, so the records to be counted must be read first.
    data(gateway.query("{ services { totalCount } }").await);
    data(gateway.query_with(CONFORMANCE, variables).await)["sources"][0]["conformance"].take()
}

#[tokio::test]
async fn known_faults_are_counted_where_they_are() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let conformance = issues(&gateway, json!({ "first": 100 })).await;
    assert_eq!(conformance["recordsChecked"], 5);
    assert_eq!(conformance["recordsWithIssues"], 4, "{conformance:#}");
    let found: Vec<String> = conformance["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| {
            format!(
                "{} {} {} {}",
                issue["severity"].as_str().unwrap(),
                issue["path"].as_str().unwrap(),
                issue["code"].as_str().unwrap(),
                issue["count"]
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "ERROR email UNREADABLE 2",
            "ERROR phones[].number MISSING_REQUIRED 2",
            "ERROR name MISSING_REQUIRED 1",
            "WARNING status OUTSIDE_CODELIST 1",
            "WARNING url REPAIRED 1",
        ]
    );
    assert_eq!(conformance["issues"][0]["exampleUpstreamIds"], json!([id(1), id(2)]));
    let text = conformance.to_string();
    assert!(!text.contains("elm") && !text.contains("0117") && !text.contains("open\""), "{text}");
}

#[tokio::test]
async fn issues_are_chosen_by_severity_and_number() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let warnings = issues(&gateway, json!({ "severity": "WARNING" })).await;
    assert_eq!(warnings["issues"].as_array().unwrap().len(), 2);
    assert_eq!(issues(&gateway, json!({ "first": 1 })).await["issues"].as_array().unwrap().len(), 1);
    let refused = gateway.query_with(CONFORMANCE, json!({ "first": -1 })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn own_pages_add_what_lists_do_not_show_and_a_whole_walk_starts_anew() {
    let feed = feed().await;
    let setup = Gateway::over(&[&feed]).with_defaults("fresh_for = '0s'\nstale_for = '0s'");
    let gateway = setup.start().await;
    data(
        gateway
            .query(&format!("{{ source(key: \"one\") {{ service(upstreamId: \"{}\") {{ name }} }} }}", id(0)))
            .await,
    );
    let conformance = issues(&gateway, json!({ "first": 100 })).await;
    let own = conformance["issues"].as_array().unwrap().iter().find(|issue| issue["path"] == "contacts[].id");
    let own = own.unwrap_or_else(|| panic!("{conformance:#}"));
    assert_eq!((&own["count"], &own["exampleUpstreamIds"]), (&json!(1), &json!([id(0)])));
    assert_eq!(conformance["recordsChecked"], 5);

    feed.now_has(vec![service(7, json!({ "name": "Alone", "status": "active" }))]);
    let conformance = issues(&gateway, json!({ "first": 100 })).await;
    assert_eq!((&conformance["recordsChecked"], &conformance["issues"]), (&json!(1), &json!([])));
}

const VALIDATOR: &str = "{ services { totalCount } sources { capabilities { probedAt }
  validator { passes summary profile checkedAt reasons { endpoint code fails path message count } } } }";

/// Returns the verdict that the gateway predicts of the validator, once the feed has been probed.
async fn verdict(feed: &FakeFeed) -> Value {
    let gateway = Gateway::over(&[feed]).with_defaults("probe_every = '20ms'").start().await;
    data(gateway.query("{ services { totalCount } }").await);
    // After two probes, the result of the first has been stored.
    feed.is_asked("/service_at_locations", 6).await;
    let source = data(gateway.query(VALIDATOR).await)["sources"][0].take();
    source["validator"].clone()
}

#[tokio::test]
async fn the_validators_verdict_names_what_it_tests_and_what_fails() {
    let term = json!({ "id": id(90), "name": "Food", "description": "Meals." });
    let bad_term = json!({ "id": id(91), "name": "Drink", "description": null });
    let root = json!({ "version": "3.0", "profile": "https://feed.example/", "openapi_url": "https://feed.example/api.json" });
    // What its detail page would add.
    let whole = json!({ "phones": [], "contacts": [], "schedules": [], "service_at_locations": [], "attributes": [] });
    let plan = FakeFeed::called("one").with_service(service(0, whole));
    let feed = plan.with_list("taxonomy_terms", vec![term.clone()]).spawn().await;
    feed.now_declares(root.clone());
    let good = verdict(&feed).await;
    assert_eq!((&good["passes"], &good["profile"]), (&json!(true), &json!("HSDS-UK 3.0")), "{good:#}");
    let warnings: Vec<&str> =
        good["reasons"].as_array().unwrap().iter().filter_map(|one| one["endpoint"].as_str()).collect();
    assert!(warnings.contains(&"/taxonomies") && !warnings.contains(&"/taxonomy_terms"), "{good:#}");

    let plan = FakeFeed::called("one").with_service(service(0, json!({ "status": "open" })));
    let feed = plan.with_list("taxonomy_terms", vec![term, bad_term]).spawn().await;
    feed.now_declares(root);
    let bad = verdict(&feed).await;
    assert_eq!(bad["passes"], false);
    let failing: Vec<String> = bad["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["fails"] == true)
        .map(|one| {
            format!(
                "{} {} {}",
                one["endpoint"].as_str().unwrap(),
                one["code"].as_str().unwrap(),
                one["path"].as_str().unwrap()
            )
        })
        .collect();
    for expected in [
        "/services VALIDATION_ERROR contents[].status",
        "/services/{id} VALIDATION_ERROR status",
        "/taxonomy_terms VALIDATION_ERROR contents[].description",
    ] {
        assert!(failing.contains(&expected.to_owned()), "{expected}: {failing:#?}");
    }
    let summary = bad["summary"].as_str().unwrap();
    assert!(summary.contains("would fail this feed") && !summary.contains("open\""), "{summary}");
}
