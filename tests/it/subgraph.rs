//! The graph as a subgraph: what a composer reads, and entities as a router requests them.

use oruk_gateway::graphql::subgraph_sdl;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, Setup, data};

const FEDERATED: &str = "[graphql]\nfederation = true\n";
const ENTITIES: &str = "query($of: [_Any!]!) { _entities(representations: $of) {
    __typename ... on Node { id } ... on Service { name } ... on Source { key }
  } }";

fn over(feeds: &[&FakeFeed]) -> Setup {
    Gateway::over(feeds).with(FEDERATED)
}

/// Returns a representation of one entity of each type, as a router makes it.
async fn representations(gateway: &Gateway) -> Vec<Value> {
    let text = "{ services(first: 1) { nodes {
      __typename id organization { __typename id } locations { __typename id }
      serviceAtLocations { __typename id } taxonomyTerms { __typename id taxonomy { __typename id } }
      source { __typename id }
    } } }";
    let service = data(gateway.query(text).await)["services"]["nodes"][0].take();
    let each = [
        &service,
        &service["organization"],
        &service["locations"][0],
        &service["serviceAtLocations"][0],
        &service["taxonomyTerms"][0],
        &service["taxonomyTerms"][0]["taxonomy"],
        &service["source"],
    ];
    each.map(|one| json!({ "__typename": one["__typename"], "id": one["id"] })).to_vec()
}

async fn ask(gateway: &Gateway, of: Value) -> Value {
    gateway.query_with(ENTITIES, json!({ "of": of })).await
}

fn known(of: &Value) -> Value {
    json!({ "__typename": of["__typename"], "id": of["id"] })
}

#[tokio::test]
async fn entities_of_every_type_come_back_in_the_order_asked_for() {
    let feed = FakeFeed::called("one").with_services(40).spawn().await;
    for mode in ["live", "catalogue"] {
        let gateway = over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        let mut asked = representations(&gateway).await;
        assert_eq!(asked.len(), 7);
        // So many that they are read on another thread, with one that is requested twice.
        let text = "{ services(first: 40) { nodes { __typename id } } }";
        let services = data(gateway.query(text).await)["services"]["nodes"].take();
        asked.extend(services.as_array().unwrap().iter().rev().cloned());
        let found = data(ask(&gateway, json!(asked)).await)["_entities"].take();
        let found: Vec<Value> = found.as_array().unwrap().iter().map(known).collect();
        assert_eq!(found, asked, "{mode}");
    }
}

#[tokio::test]
async fn what_is_missing_is_null_and_what_is_malformed_an_error_of_its_own() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gone = FakeFeed::called("one").with_service(json!({ "id": "gone" })).spawn().await;
    let elsewhere = FakeFeed::called("elsewhere").with_services(3).spawn().await;
    let missing = representations(&over(&[&gone]).start().await).await.remove(0);
    let foreign = representations(&over(&[&elsewhere]).start().await).await.remove(0);
    for mode in ["live", "catalogue"] {
        let gateway = over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        let service = representations(&gateway).await.remove(0);
        let wrong = json!({ "__typename": "Organization", "id": service["id"] });
        let answer = ask(
            &gateway,
            json!([
                service,
                missing,
                { "__typename": "Service" },
                { "__typename": "Source", "key": "one" },
                foreign,
                wrong,
                "nonsense",
                { "__typename": "Source", "key": "nobody" },
                service,
            ]),
        )
        .await;
        let errors = answer["errors"].as_array().unwrap();
        let told: Vec<(&Value, &Value)> =
            errors.iter().map(|error| (&error["path"], &error["extensions"]["code"])).collect();
        let code = json!("BAD_USER_INPUT");
        let paths = [2, 5, 6].map(|at| json!(["_entities", at]));
        assert_eq!(told, paths.iter().map(|path| (path, &code)).collect::<Vec<_>>(), "{mode}");
        let found = answer["data"]["_entities"].as_array().unwrap();
        let is_there: Vec<bool> = found.iter().map(|one| !one.is_null()).collect();
        assert_eq!(is_there, [true, false, false, true, false, false, false, false, true], "{mode}");
        assert_eq!((&found[3]["key"], &found[0]), (&json!("one"), &found[8]));
    }
}

#[tokio::test]
async fn a_source_that_cannot_answer_costs_only_its_own_entities() {
    let (dead, well) = (FakeFeed::called("dead").with_services(3), FakeFeed::called("well").with_services(3));
    let (dead, well) = (dead.spawn().await, well.spawn().await);
    let lost = representations(&over(&[&dead]).start().await).await.remove(0);
    dead.behave(Manner::Status(500));
    let gateway = over(&[&dead, &well]).start().await;
    let there = representations(&over(&[&well]).start().await).await.remove(0);
    let answer = ask(&gateway, json!([lost, there])).await;
    assert_eq!(answer["errors"][0]["path"], json!(["_entities", 0]));
    let unavailable = json!({ "code": "SOURCE_UNAVAILABLE", "source": "dead" });
    assert_eq!(answer["errors"][0]["extensions"], unavailable);
    assert_eq!(answer["data"]["_entities"][0], Value::Null);
    assert_eq!(known(&answer["data"]["_entities"][1]), there);
}

#[tokio::test]
async fn each_representation_counts_before_any_is_read() {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = over(&[&feed]).with("max_complexity = 601\n").start().await;
    let service = representations(&gateway).await.remove(0);
    let text = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Service { id } } }";
    let hits = feed.all_hits();
    let written = |count: usize| {
        let one = format!("{{ __typename: \"Service\", id: {} }}", service["id"]);
        format!("{{ _entities(representations: [{}]) {{ ... on Service {{ id }} }} }}", one.repeat(count))
    };
    for (count, is_refused) in [(100, false), (101, true)] {
        let given = gateway.query_with(text, json!({ "of": vec![&service; count] })).await;
        for answer in [given, gateway.query(&written(count)).await] {
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code == "QUERY_TOO_COMPLEX", is_refused, "{count}: {answer}");
            assert_eq!(answer["data"]["_entities"].as_array().map(Vec::len), (!is_refused).then_some(count));
        }
        if is_refused {
            assert_eq!(feed.all_hits(), hits, "a refused operation asks nobody");
        }
    }
}

#[tokio::test]
async fn a_composer_is_told_the_schema_and_nobody_else_sees_the_routers_fields() {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = over(&[&feed]).start().await;
    let told = data(gateway.query("{ _service { sdl } }").await)["_service"]["sdl"].take();
    assert_eq!(told, json!(subgraph_sdl()));
    let types = "{ __schema { types { name } } __type(name: \"_Entity\") { possibleTypes { name } } }";
    let introspected = data(gateway.query(types).await);
    assert_eq!(introspected["__type"]["possibleTypes"].as_array().unwrap().len(), 7);
    assert!(gateway.get("/schema.graphql").await.text.contains("_entities"));

    let plain = Gateway::over(&[&feed]).start().await;
    assert_eq!(data(plain.query(types).await)["__type"], Value::Null);
    assert!(!plain.get("/schema.graphql").await.text.contains("_entities"));
    for text in ["{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"] {
        let answer = plain.query(text).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{text}");
    }
}
