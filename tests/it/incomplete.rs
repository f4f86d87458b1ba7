//! `extensions.incomplete`: whatever a client selects, it is told which lists are incomplete, and because of which
//! sources.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner};

async fn over_one_that_fails() -> (FakeFeed, FakeFeed, Gateway) {
    let well = FakeFeed::called("well").with_services(3).spawn().await;
    let ill = FakeFeed::called("ill").with_services(3).behaving(Manner::Status(503)).spawn().await;
    let gateway = Gateway::over(&[&well, &ill]).start().await;
    (well, ill, gateway)
}

fn of_ill(path: Value) -> Value {
    json!({ "path": path, "sources": [{ "key": "ill", "status": "FAILED" }] })
}

#[tokio::test]
async fn every_list_that_lacks_something_is_named_whatever_was_selected() {
    let (_well, _ill, gateway) = over_one_that_fails().await;
    for (query, paths) in [
        ("{ services { nodes { name } } }", json!([["services"]])),
        ("{ all: services { pageInfo { hasNextPage } } }", json!([["all"]])),
        ("{ organizations { totalCount } }", json!([["organizations"]])),
        ("{ locations { nodes { name } } }", json!([["locations"]])),
        (
            "{ taxonomyTerms { nodes { name } } taxonomies { name } }",
            json!([["taxonomies"], ["taxonomyTerms"]]),
        ),
        ("{ serviceStatistics(groupBy: [STATUS]) { rows { services } } }", json!([["serviceStatistics"]])),
        ("{ services { facets { statuses { count } } } }", json!([["services"]])),
        ("{ source(key: \"ill\") { quality { services } } }", json!([["source", "quality"]])),
    ] {
        let answer = gateway.query(query).await;
        let expected: Vec<Value> = paths.as_array().unwrap().iter().cloned().map(of_ill).collect();
        assert_eq!(answer["extensions"]["incomplete"], json!(expected), "{query}: {answer}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn nested_lists_are_named_by_where_they_stand() {
    let (_well, ill, gateway) = over_one_that_fails().await;
    // From now on the feed responds, so that no list is incomplete, however the services of each organisation are
    // searched.
    ill.behave(Manner::Healthy);
    let text = "{ organizations(filter: { sources: [\"well\"] }, first: 2) { nodes { name services { nodes { name } } } } }";
    let answer = gateway.query(text).await;
    assert_eq!(answer.get("extensions"), None, "{answer}");
    gateway.stop().await;

    let feed = FakeFeed::called("ill").with_services(25).page_size_cap(10).spawn().await;
    feed.behave_at(crate::support::Scope::ListFrom(2), Manner::Status(503));
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ organizations(first: 2) { nodes { services(first: 1) { nodes { name } } } } }";
    let answer = gateway.query(text).await;
    let named = answer["extensions"]["incomplete"].as_array().unwrap();
    let expected = [
        json!(["organizations"]),
        json!(["organizations", "nodes", 0, "services"]),
        json!(["organizations", "nodes", 1, "services"]),
    ];
    assert_eq!(named.iter().map(|one| one["path"].clone()).collect::<Vec<_>>(), expected, "{answer}");
    assert!(
        named.iter().all(|one| one["sources"] == json!([{ "key": "ill", "status": "PARTIAL" }])),
        "{named:?}"
    );
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_whole_has_no_such_member_and_both_are_told_apart_by_their_tags() {
    let (well, ill, gateway) = over_one_that_fails().await;
    let path = "/graphql?query=%7Bservices(first:1)%7Bnodes%7Bname%7D%7D%7D";
    let lacking = gateway.get(path).await;
    assert!(lacking.json()["extensions"]["incomplete"].is_array(), "{}", lacking.text);
    let again = gateway.get(path).await;
    assert_eq!(
        (again.header("etag"), &again.text),
        (lacking.header("etag"), &lacking.text),
        "shared as it is"
    );
    ill.behave(Manner::Healthy);
    let later = Gateway::over(&[&well, &ill]).start().await;
    let whole = later.get(path).await;
    assert_eq!(whole.json().get("extensions"), None, "{}", whole.text);
    assert_ne!(whole.header("etag"), lacking.header("etag"));
    gateway.stop().await;
    later.stop().await;
}

#[tokio::test]
async fn an_answer_that_one_source_failed_may_be_shared_for_a_moment() {
    let (_well, _ill, gateway) = over_one_that_fails().await;
    let reply = gateway.get("/graphql?query=%7Bservices%7BtotalCount%7D%7D").await;
    let seconds = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("{text}"));
    let lifetime =
        seconds(reply.header("cache-control").strip_prefix("public, max-age=").unwrap_or_default());
    let fresh_for = lifetime - seconds(reply.header("age"));
    assert!((1..=5).contains(&fresh_for), "{:?}", reply.headers);
    gateway.stop().await;
}

#[tokio::test]
async fn a_synchronised_list_that_failed_is_not_complete_although_the_services_are() {
    let failing = crate::support::Scope::At("/organizations".to_owned());
    let feed = FakeFeed::called("ill").with_services(3).behaving_at(failing, Manner::Status(503));
    let feed = feed.spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("mode = 'catalogue'").start().await;
    let asked = "{ services { complete } organizations { complete sources { status error { message } } }
                 }";
    let answer = tokio::time::timeout(std::time::Duration::from_secs(30), async {
        loop {
            let answer = gateway.query(asked).await;
            if answer["data"]["services"]["complete"] == true {
                return answer;
            }
        }
    });
    let answer = answer.await.unwrap();
    let organizations = &answer["data"]["organizations"];
    assert_eq!(organizations["complete"], false, "{answer}");
    assert_eq!(organizations["sources"][0]["status"], "PARTIAL", "{answer}");
    assert_ne!(organizations["sources"][0]["error"], Value::Null, "{answer}");
    let incomplete = &answer["extensions"]["incomplete"];
    let expected = json!([{ "path": ["organizations"], "sources": [{ "key": "ill", "status": "PARTIAL" }] }]);
    assert_eq!(*incomplete, expected, "{answer}");
    gateway.stop().await;
}
