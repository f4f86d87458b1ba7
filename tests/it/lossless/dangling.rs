//! Ids that belong to no record of their feed are kept and reported.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data, records};

/// A feed whose records refer to organisations, terms and vocabularies that it does not contain.
async fn feed() -> FakeFeed {
    let place = json!([{ "id": "at-1", "location": { "id": "l-1", "name": "Hall", "location_type": "physical",
        "organization_id": "gone-keeper" } }]);
    let service = json!({ "organization": null, "organization_id": "gone-provider", "service_at_locations": place,
        "attributes": [{ "id": "x-1", "taxonomy_term_id": "gone-term" }] });
    let organization = json!({ "id": "o-1", "name": "Elm Trust", "description": "A trust.",
        "parent_organization_id": "gone-parent" });
    let term =
        json!({ "id": "t-1", "name": "Soup", "parent_id": "gone-broader", "taxonomy_id": "gone-taxonomy" });
    FakeFeed::called("one")
        .with(Habit::Verbatim)
        .with_service(service)
        .with_service(json!({ "organization": null, "organization_id": "o-1" }))
        .with_list("organizations", vec![organization])
        .with_list("taxonomies", vec![])
        .with_list("taxonomy_terms", vec![term])
        .spawn()
        .await
}

const QUERY: &str = "{
  services { nodes { upstreamId organization { upstreamId name provenance { issues { code path } } }
    locations { organization { upstreamId } }
    attributes { taxonomyTerm { upstreamId } }
    provenance { issues { code path original } } } }
  organizations { nodes { parentOrganization { upstreamId } provenance { issues { code path } } } }
  taxonomyTerms { nodes { upstreamId parent { upstreamId } taxonomy { upstreamId } provenance { issues { code path } } } }
  sources { conformance { issues { code path count } } }
}";

fn dangling(record: &Value) -> Vec<&str> {
    let issues = record["provenance"]["issues"].as_array().unwrap().iter();
    let dangling = issues.filter(|issue| issue["code"] == "DANGLING_REFERENCE");
    dangling.map(|issue| issue["path"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn they_are_stubs_that_say_so_and_are_counted() {
    for mode in ["live", "catalogue"] {
        let feed = feed().await;
        let gateway = Gateway::over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        let answer = data(gateway.query(QUERY).await);
        let services = answer["services"]["nodes"].as_array().unwrap();
        let of = |id: &str| services.iter().find(|service| service["upstreamId"] == id).unwrap();
        let (first, second) = (of(&records::service_id(0)), of(&records::service_id(1)));
        assert_eq!(first["organization"]["upstreamId"], "gone-provider", "{mode}");
        assert_eq!(first["organization"]["name"], "(unnamed)");
        assert_eq!(dangling(&first["organization"]), ["id"]);
        assert_eq!(first["locations"][0]["organization"]["upstreamId"], "gone-keeper");
        assert_eq!(first["attributes"][0]["taxonomyTerm"]["upstreamId"], "gone-term");
        assert_eq!(dangling(first), ["organization_id", "attributes[0].taxonomy_term_id"]);
        assert_eq!(second["organization"]["name"], "Elm Trust");
        assert_eq!(dangling(second), Vec::<&str>::new());
        let organization = &answer["organizations"]["nodes"][0];
        assert_eq!(organization["parentOrganization"]["upstreamId"], "gone-parent");
        assert_eq!(dangling(organization), ["parent_organization_id"]);
        let terms = answer["taxonomyTerms"]["nodes"].as_array().unwrap();
        let soup = terms.iter().find(|term| term["upstreamId"] == "t-1").unwrap();
        assert_eq!(soup["parent"]["upstreamId"], "gone-broader");
        assert_eq!(soup["taxonomy"]["upstreamId"], "gone-taxonomy");
        assert_eq!(dangling(soup), ["taxonomy_id", "parent_id"]);
        let counted = data(gateway.query("{ sources { conformance { issues { code path count } } } }").await);
        let counted: Vec<(String, Value)> = counted["sources"][0]["conformance"]["issues"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|issue| issue["code"] == "DANGLING_REFERENCE")
            .map(|issue| (issue["path"].as_str().unwrap().to_owned(), issue["count"].clone()))
            .collect();
        for path in
            ["organization_id", "organizations[].parent_organization_id", "taxonomy_terms[].parent_id"]
        {
            assert!(counted.contains(&(path.to_owned(), json!(1))), "{mode}, {path}: {counted:?}");
        }
        gateway.stop().await;
    }
}
