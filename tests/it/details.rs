//! Nested members: what lists leave out is read from detail pages, when it is asked for and not before.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Scope, data, records};

const NESTED: &str = "{ services(first: 5) {
  totalCount complete
  nodes {
    upstreamId name phones { number } contacts { name } schedules { byday opensAt closesAt }
    locations { name latitude addresses { city postcode } } taxonomyTerms { name }
    provenance { shallow issues { code severity } }
  }
  sources { status matched error { code } }
} }";

async fn nested(gateway: &Gateway) -> Value {
    data(gateway.query(NESTED).await)["services"].take()
}

#[tokio::test]
async fn what_lists_carry_costs_no_request_per_record() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services(first: 20) { nodes { id name description status minimumAge lastModified
      organization { id name } source { key name } provenance { fetchedAt contentHash } } } }";
    let services = data(gateway.query(text).await)["services"].take();
    assert_eq!(
        services["nodes"][0]["organization"]["name"].as_str().map(str::len),
        Some("Organisation 0".len())
    );
    // A few detail pages show, once, whether rows leave anything out.
    assert!(feed.hits("/services") == 1 && feed.all_hits() <= 1 + 5, "{:?}", feed.asked());
}

#[tokio::test]
async fn nested_members_cost_one_request_per_record_of_the_page_all_at_once() {
    let feed =
        FakeFeed::called("one").with_services(41).behaving_at(Scope::Details, Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("max_concurrency = 8").start().await;
    let releasing = async {
        feed.has_under_way(5).await;
        feed.release();
    };
    let (services, ()) = tokio::join!(nested(&gateway), releasing);
    let nodes = services["nodes"].as_array().unwrap();
    let mut asked = feed.details();
    asked.sort();
    let mut shown: Vec<&str> = nodes.iter().map(|node| node["upstreamId"].as_str().unwrap()).collect();
    shown.sort_unstable();
    assert_eq!(asked, shown);
    for node in nodes {
        assert_eq!(node["phones"], json!([{ "number": "0117 496 0000" }]));
        assert_eq!(node["contacts"], json!([{ "name": "Front desk" }]));
        assert_eq!(node["schedules"][0]["byday"], json!(["MO"]));
        assert_eq!(node["locations"][0]["addresses"], json!([{ "city": "Bristol", "postcode": "BS1 4DJ" }]));
        assert_eq!(node["taxonomyTerms"].as_array().unwrap().len(), 1);
        assert_eq!(node["provenance"]["shallow"], false);
    }
    assert_eq!(
        (&services["complete"], &services["sources"][0]["status"]),
        (&json!(true), &json!("COMPLETE"))
    );
    nested(&gateway).await;
    assert_eq!(feed.details().len(), 5, "what was read is kept");
}

#[tokio::test]
async fn lists_that_are_as_deep_as_details_are_found_out_with_a_few_requests() {
    let feed = FakeFeed::called("one").with_services(41).with(Habit::FullLists).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let services = nested(&gateway).await;
    assert_eq!(services["nodes"][4]["phones"][0]["number"], "0117 496 0000");
    assert!(feed.details().len() <= 5, "{:?}", feed.details());
}

#[tokio::test]
async fn quirk_44_a_detail_that_fails_leaves_the_list_form_and_says_so() {
    for manner in [Manner::Status(500), Manner::Resetting, Manner::Html, Manner::Hanging] {
        let name = format!("{manner:?}");
        let feed = FakeFeed::called("one").with_services(5);
        let broken = Scope::At(format!("/services/{}", records::service_id(2)));
        let feed = feed.behaving_at(broken, manner).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_defaults("deadline = '500ms'").start().await;
        let services = nested(&gateway).await;
        for node in services["nodes"].as_array().unwrap() {
            let is_broken = node["upstreamId"] == "s-00002";
            assert_eq!(node["provenance"]["shallow"], is_broken, "{name}");
            assert_eq!(node["phones"].as_array().unwrap().is_empty(), is_broken, "{name}");
            let issues = node["provenance"]["issues"].as_array().unwrap();
            let says = issues.iter().any(|issue| issue["code"] == "DETAIL_UNAVAILABLE");
            assert_eq!(says, is_broken, "{name}: {issues:?}");
        }
        let report = &services["sources"][0];
        assert_eq!((&services["complete"], &report["status"]), (&json!(false), &json!("PARTIAL")), "{name}");
        assert!(report["error"]["code"].is_string(), "{name}: {report}");
    }
}

#[tokio::test]
async fn a_record_without_a_page_of_its_own_stays_as_listed_and_says_so() {
    let feed = FakeFeed::called("one")
        .with_services(5)
        .behaving_at(Scope::Details, Manner::Status(404))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    for node in nested(&gateway).await["nodes"].as_array().unwrap() {
        assert_eq!(node["provenance"]["shallow"], true);
        let issues = node["provenance"]["issues"].as_array().unwrap();
        assert!(issues.iter().any(|issue| issue["code"] == "DETAIL_UNAVAILABLE"), "{issues:?}");
    }
}

#[tokio::test]
async fn a_filter_on_what_only_details_tell_reads_them_and_is_complete() {
    let feed = FakeFeed::called("one").with_services(30).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services(filter: { taxonomyTerms: { anyOf: [{ name: \"A lucky thing\" }] } }) {
      totalCount complete nodes { upstreamId taxonomyTerms { code } } } }";
    let services = data(gateway.query(text).await)["services"].take();
    assert_eq!((&services["totalCount"], &services["complete"]), (&json!(3), &json!(true)));
    let mut ids: Vec<_> =
        services["nodes"].as_array().unwrap().iter().map(|node| &node["upstreamId"]).collect();
    ids.sort_by_key(|id| id.to_string());
    assert_eq!(ids, ["s-00007", "s-00017", "s-00027"]);
    let mut details = feed.details();
    details.sort();
    assert_eq!(details, (0..30).map(records::service_id).collect::<Vec<_>>(), "each once");
}

#[tokio::test]
async fn a_filter_whose_details_fail_is_not_complete() {
    let feed = FakeFeed::called("one").with_services(30);
    let broken = Scope::At(format!("/services/{}", records::service_id(17)));
    let feed = feed.behaving_at(broken, Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services(filter: { taxonomyTerms: { anyOf: [{ name: \"a lucky thing\" }] } }) {
      totalCount complete nodes { upstreamId } sources { status error { code } } } }";
    let services = data(gateway.query(text).await)["services"].take();
    assert_eq!((&services["totalCount"], &services["complete"]), (&json!(2), &json!(false)));
    assert_eq!(services["sources"][0], json!({ "status": "PARTIAL", "error": { "code": "HTTP_STATUS" } }));
    assert_eq!(services["nodes"].as_array().unwrap().len(), 2);
}

/// Questions that select nothing of a service, but that need a field of each.
const COUNTED: [&str; 4] = [
    "{ answer: services(first: 0, filter: { status: [INACTIVE] }) { complete sources { status } } }",
    "{ answer: services(first: 0, orderBy: { field: LAST_MODIFIED }) { complete sources { status } } }",
    "{ answer: services(first: 0) { complete facets { statuses { count } } sources { status } } }",
    "{ answer: serviceStatistics(groupBy: [LOCAL_AUTHORITY]) { complete sources { status } } }",
];

#[tokio::test]
async fn what_rows_leave_out_and_details_cannot_say_makes_counts_and_orders_partial() {
    for question in COUNTED {
        let rows = Habit::RowsWithout(&["status", "last_modified"]);
        let feed = FakeFeed::called("one").with_services(12).with(rows);
        let broken = Scope::At(format!("/services/{}", records::service_id(7)));
        let feed = feed.behaving_at(broken, Manner::Status(500)).spawn().await;
        let gateway = Gateway::over(&[&feed]).start().await;
        let answer = data(gateway.query(question).await)["answer"].take();
        assert_eq!(answer["complete"], false, "{question}: {answer}");
        assert_eq!(answer["sources"][0]["status"], "PARTIAL", "{question}");
    }
}

#[tokio::test]
async fn rows_that_state_what_is_counted_cost_no_detail_pages() {
    for question in &COUNTED[..3] {
        let feed = FakeFeed::called("one").with_services(12).spawn().await;
        let gateway = Gateway::over(&[&feed]).start().await;
        let answer = data(gateway.query(question).await)["answer"].take();
        assert_eq!(answer["complete"], true, "{question}: {answer}");
        assert_eq!(feed.details(), Vec::<String>::new(), "{question}");
    }
}

#[tokio::test]
async fn what_is_learnt_of_rows_does_not_depend_on_the_details_that_were_read_before() {
    let with = |n: usize, age: u32| {
        let price = json!([{ "id": "c", "amount": 0, "currency": "GBP" }]);
        json!({ "minimum_age": age, "maximum_age": age + 12, "email": format!("s{n}@feed.example"), "cost_options": price })
    };
    let rows = Habit::RowsWithout(&["email", "cost_options"]);
    let plan = FakeFeed::called("one").with(rows).with_service(with(0, 60));
    let feed = (1..8).fold(plan, |plan, n| plan.with_service(with(n, 18))).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let emails = async |query: &str| {
        let services = data(gateway.query(query).await)["services"].take();
        assert_eq!(services["complete"], true);
        services["nodes"].as_array().unwrap().iter().filter(|node| node["email"].is_string()).count()
    };
    // The services of other ages are read in detail for their prices.
    let some =
        "{ services(filter: { or: [{ age: 70 }, { cost: { free: true } }] }) { complete nodes { email } } }";
    assert_eq!(emails(some).await, 8);
    assert_eq!(emails("{ services { complete nodes { email } } }").await, 8);
}

#[tokio::test]
async fn providers_that_rows_name_by_id_alone_are_found_in_details() {
    let provider = json!({ "id": "o-9", "name": "The Guild", "email": "guild@feed.example" });
    let feed = FakeFeed::called("one")
        .with(Habit::RowsWithout(&["organization"]))
        .with_service(json!({ "organization_id": "o-9", "organization": provider }))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let answer = data(gateway.query("{ organizations { complete nodes { name email } } }").await);
    let expected = json!([{ "name": "The Guild", "email": "guild@feed.example" }]);
    assert_eq!(answer["organizations"], json!({ "complete": true, "nodes": expected }));
}
