//! Single records by id: with or without a detail page, of the right kind or not, from a feed that is up or down.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, Scope, data, records};

const LOOKUPS: [(&str, &str); 6] = [
    ("service", "Service"),
    ("organization", "Organization"),
    ("location", "Location"),
    ("serviceAtLocation", "ServiceAtLocation"),
    ("taxonomyTerm", "TaxonomyTerm"),
    ("taxonomy", "Taxonomy"),
];

/// Returns the id of one record of each kind, in the order of [`LOOKUPS`].
async fn ids(gateway: &Gateway) -> Vec<String> {
    let text = "{ services(first: 1) { nodes {
      id organization { id } locations { id } serviceAtLocations { id } taxonomyTerms { id taxonomy { id } }
    } } }";
    let service = data(gateway.query(text).await)["services"]["nodes"][0].take();
    let ids = [
        &service["id"],
        &service["organization"]["id"],
        &service["locations"][0]["id"],
        &service["serviceAtLocations"][0]["id"],
        &service["taxonomyTerms"][0]["id"],
        &service["taxonomyTerms"][0]["taxonomy"]["id"],
    ];
    ids.map(|id| id.as_str().unwrap_or_else(|| panic!("an id is missing: {service}")).to_owned()).to_vec()
}

async fn look_up(gateway: &Gateway, field: &str, id: &str) -> Value {
    let text = format!("query($id: ID!) {{ found: {field}(id: $id) {{ id __typename }} }}");
    gateway.query_with(&text, json!({ "id": id })).await
}

#[tokio::test]
async fn records_are_found_by_id_though_only_services_have_pages() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let ids = ids(&gateway).await;
    // The second gateway has read nothing before.
    let fresh = Gateway::over(&[&feed]).start().await;
    for ((field, kind), id) in LOOKUPS.iter().zip(&ids) {
        for gateway in [&gateway, &fresh] {
            let expected = json!({ "found": { "id": id, "__typename": kind } });
            assert_eq!(data(look_up(gateway, field, id).await), expected, "{field}");
            assert_eq!(data(look_up(gateway, "node", id).await), expected, "node of {field}");
        }
    }
}

#[tokio::test]
async fn records_with_pages_of_their_own_are_read_from_there() {
    let organization = json!({
        "id": "o-0", "name": "Organisation nought", "description": "At length.",
        "organization_identifiers": [{ "id": "i", "identifier_scheme": "GB-CHC", "identifier_type": "Charity", "identifier": "1" }],
    });
    let feed =
        FakeFeed::called("one").with_services(1).with_list("organizations", vec![organization]).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services { nodes { organization { name description identifiers { scheme value } provenance { shallow } } } } }";
    let nodes = data(gateway.query(text).await)["services"]["nodes"].take();
    let organization = &nodes[0]["organization"];
    assert_eq!(organization["identifiers"], json!([{ "scheme": "GB-CHC", "value": "1" }]));
    assert_eq!(organization["provenance"]["shallow"], false);
    assert_eq!(feed.hits("/organizations/o-0"), 1);
}

#[tokio::test]
async fn ids_of_another_kind_are_refused_and_unknown_ones_are_null() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let elsewhere = FakeFeed::called("elsewhere").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let ids = ids(&gateway).await;
    for (at, (field, _)) in LOOKUPS.iter().enumerate() {
        let wrong = &ids[(at + 1) % ids.len()];
        for id in [wrong.as_str(), "", "nonsense", "AAAA"] {
            let answer = look_up(&gateway, field, id).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{field}({id})");
            assert_eq!(answer["data"]["found"], Value::Null);
        }
    }
    let other = Gateway::over(&[&elsewhere]).start().await;
    let foreign = self::ids(&other).await;
    for ((field, _), id) in LOOKUPS.iter().zip(&foreign) {
        assert_eq!(
            data(look_up(&gateway, field, id).await)["found"],
            Value::Null,
            "of no source of ours: {field}"
        );
    }
    let gone = FakeFeed::called("one").with_service(json!({ "id": "other" })).spawn().await;
    let gateway = Gateway::over(&[&gone]).start().await;
    assert_eq!(data(look_up(&gateway, "service", &ids[0]).await)["found"], Value::Null, "not there any more");
}

#[tokio::test]
async fn nodes_come_back_in_the_order_asked_for() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let ids = ids(&gateway).await;
    let missing = {
        let gone = FakeFeed::called("one").with_service(json!({ "id": "gone" })).spawn().await;
        let gateway = Gateway::over(&[&gone]).start().await;
        self::ids(&gateway).await.remove(0)
    };
    let asked = [&ids[1], &missing, &ids[0], &ids[1]];
    let text = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let nodes = data(gateway.query_with(text, json!({ "ids": asked })).await)["nodes"].take();
    assert_eq!(nodes, json!([{ "id": ids[1] }, null, { "id": ids[0] }, { "id": ids[1] }]));
    for (count, is_refused) in [(0, false), (100, false), (101, true)] {
        let answer = gateway.query_with(text, json!({ "ids": vec![&ids[0]; count] })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", is_refused, "{count}");
    }
}

#[tokio::test]
async fn a_lookup_in_a_dead_source_with_nothing_kept_is_an_error_that_names_it() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let ids = ids(&Gateway::over(&[&feed]).start().await).await;
    feed.behave(Manner::Status(500));
    let well = FakeFeed::called("well").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed, &well]).start().await;
    for ((field, _), id) in LOOKUPS.iter().zip(&ids) {
        let answer = look_up(&gateway, field, id).await;
        let expected = json!({ "code": "SOURCE_UNAVAILABLE", "source": "one" });
        assert_eq!(answer["errors"][0]["extensions"], expected, "{field}");
        assert_eq!(answer["errors"][0]["path"], json!(["found"]));
        assert_eq!(answer["data"], json!({ "found": null }), "{field}");
    }
    // The rest of the query is answered.
    let text = "query($id: ID!) { dead: service(id: $id) { name } services { nodes { name } complete } }";
    let answer = gateway.query_with(text, json!({ "id": ids[0] })).await;
    assert_eq!(answer["data"]["dead"], Value::Null);
    assert_eq!(answer["data"]["services"]["nodes"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_record_whose_own_page_fails_is_served_as_listed() {
    let feed = FakeFeed::called("one")
        .with_services(3)
        .behaving_at(Scope::Details, Manner::Status(500))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let id = data(gateway.query("{ services { nodes { id } } }").await)["services"]["nodes"][0]["id"].take();
    let text = "query($id: ID!) { service(id: $id) { name provenance { shallow issues { code } } } }";
    let service = data(gateway.query_with(text, json!({ "id": id })).await)["service"].take();
    assert_eq!(service["provenance"]["shallow"], true);
    let issues = service["provenance"]["issues"].as_array().unwrap();
    assert!(issues.iter().any(|issue| issue["code"] == "DETAIL_UNAVAILABLE"), "{issues:?}");
}

#[tokio::test]
async fn a_source_finds_its_records_by_the_ids_they_have_there() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "query($id: String!) { source(key: \"one\") { service(upstreamId: $id) { upstreamId name } organization(upstreamId: \"o-1\") { name } } }";
    let source =
        data(gateway.query_with(text, json!({ "id": records::service_id(1) })).await)["source"].take();
    assert_eq!(source["service"]["upstreamId"], "s-00001");
    assert_eq!(source["organization"]["name"], "Organisation 1");
    for id in ["nobody", "", "../s-00001", "s-00001/../s-00002"] {
        let source = data(gateway.query_with(text, json!({ "id": id })).await)["source"].take();
        assert_eq!(source["service"], Value::Null, "{id:?}");
    }
}
