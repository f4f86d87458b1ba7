//! Taxonomy terms that services nest in part: they show what the term's own record states, as the term does anywhere
//! else.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Plan, Scope, data};

/// Fields that a nested term may leave out.
const FIELDS: &str = "id upstreamId name code description language termUri taxonomyName taxonomy { name uri }
  group { key code } metadata { fieldName } extra";

const TERMS: usize = 5;

fn id(number: usize) -> String {
    format!("t-{number}")
}

/// A term as its own list has it.
fn own(number: usize) -> Value {
    json!({
        "id": id(number), "name": format!("Term {number}"), "code": format!("C{number}"),
        "description": "What it means.", "language": "en", "term_uri": format!("https://terms.example/{number}"),
        "taxonomy": "things", "taxonomy_detail": { "id": "x", "name": "Things", "uri": "https://terms.example/" },
        "parent_id": id((number + 1) % TERMS), "x-colour": "green",
        "metadata": [{ "id": format!("m-{number}"), "field_name": "code" }],
    })
}

/// Adds services that nest each term with its id and its name only, and one that has no record of its own.
fn nesting(plan: Plan, services: usize) -> Plan {
    let nested = |number: usize| {
        let term = json!({ "id": id(number), "name": format!("Term {number}") });
        json!({ "id": format!("a-{number}"), "taxonomy_term": term })
    };
    let attributes: Vec<Value> = (0..=TERMS).map(nested).collect();
    let plan = plan.with(Habit::FullLists);
    (0..services).fold(plan, |plan, _| plan.with_service(json!({ "attributes": attributes })))
}

async fn feed(services: usize) -> FakeFeed {
    let plan = nesting(FakeFeed::called("one"), services);
    plan.with_list("taxonomy_terms", (0..TERMS).map(own).collect()).spawn().await
}

/// Runs a check on a gateway that reads live, and on one that has synchronised everything.
async fn both(feed: &FakeFeed, check: impl AsyncFn(&Gateway)) {
    for mode in ["live", "catalogue"] {
        let gateway = Gateway::over(&[feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        check(&gateway).await;
        gateway.stop().await;
    }
}

/// Returns the first services with this selection.
async fn services(gateway: &Gateway, first: usize, selection: &str) -> Vec<Value> {
    let text = format!("{{ services(first: {first}) {{ nodes {{ {selection} }} }} }}");
    let answer = data(gateway.query(&text).await);
    answer["services"]["nodes"].as_array().unwrap().clone()
}

async fn looked_up(gateway: &Gateway, term: &Value, selection: &str) -> Value {
    let text = format!("query($id: ID!) {{ taxonomyTerm(id: $id) {{ {selection} }} }}");
    data(gateway.query_with(&text, json!({ "id": term["id"] })).await)["taxonomyTerm"].take()
}

#[tokio::test]
async fn a_term_has_the_same_values_nested_and_looked_up() {
    let feed = feed(2).await;
    let fields = &format!("{FIELDS} parent {{ id name code }}");
    both(&feed, async |gateway| {
        let selection = format!("taxonomyTerms {{ {fields} }} attributes {{ taxonomyTerm {{ {fields} }} }}");
        let found = services(gateway, 2, &selection).await;
        assert_eq!(found.len(), 2);
        for service in found {
            let terms = service["taxonomyTerms"].as_array().unwrap();
            assert_eq!(terms.len(), TERMS + 1);
            let of_attributes: Vec<&Value> =
                service["attributes"].as_array().unwrap().iter().map(|one| &one["taxonomyTerm"]).collect();
            assert_eq!(of_attributes, terms.iter().collect::<Vec<_>>());
            for term in &terms[..TERMS] {
                let expected = looked_up(gateway, term, fields).await;
                for (name, value) in expected.as_object().unwrap() {
                    assert_eq!(term[name], *value, "{name} of {term}");
                }
            }
            let first = &terms[0];
            let said = json!([first["code"], first["termUri"], first["parent"]["code"], first["extra"]]);
            assert_eq!(said, json!(["C0", "https://terms.example/0", "C1", { "x-colour": "green" }]));
            let without_record = &terms[TERMS];
            assert_eq!(
                (&without_record["upstreamId"], &without_record["code"]),
                (&json!("t-5"), &Value::Null)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn terms_of_one_vocabulary_are_those_whose_own_record_says_so() {
    let feed = feed(1).await;
    both(&feed, async |gateway| {
        let found = services(gateway, 2, "taxonomyTerms(taxonomy: \"Things\") { upstreamId }").await;
        let expected: Vec<Value> = (0..TERMS).map(|number| json!({ "upstreamId": id(number) })).collect();
        assert_eq!(found[0]["taxonomyTerms"], json!(expected));
    })
    .await;
}

#[tokio::test]
async fn terms_that_a_vocabulary_nests_in_part_are_complete_too() {
    let nested = json!([{ "id": id(0), "name": "Term 0" }]);
    let vocabulary = json!({ "id": "x", "name": "Things", "taxonomy_terms": nested });
    let plan = FakeFeed::called("one").with_services(1).with_list("taxonomies", vec![vocabulary]);
    let feed = plan.with_list("taxonomy_terms", vec![own(0)]).spawn().await;
    both(&feed, async |gateway| {
        let text = "{ taxonomies { upstreamId nestedTerms { upstreamId code } } }";
        let found = data(gateway.query(text).await)["taxonomies"].take();
        let found = found.as_array().unwrap().iter().find(|one| one["upstreamId"] == "x").unwrap();
        assert_eq!(found["nestedTerms"], json!([{ "upstreamId": "t-0", "code": "C0" }]));
    })
    .await;
}

#[tokio::test]
async fn their_list_is_read_once_however_many_services_nest_them() {
    let mut requests = Vec::new();
    for count in [1, 40] {
        let feed = feed(count).await;
        let gateway = Gateway::over(&[&feed]).start().await;
        let found = services(&gateway, count, &format!("name taxonomyTerms {{ {FIELDS} }}")).await;
        assert_eq!((found.len(), &found[count - 1]["taxonomyTerms"][4]["code"]), (count, &json!("C4")));
        let mut paths: Vec<String> = feed.asked().into_iter().map(|asked| asked.path).collect();
        paths.retain(|path| path.starts_with("/taxonom"));
        assert_eq!(paths, ["/taxonomy_terms"]);
        requests.push(feed.all_hits() - feed.details().len());
        gateway.stop().await;
    }
    assert_eq!(requests[0], requests[1]);
}

#[tokio::test]
async fn nothing_is_looked_up_that_is_not_selected_or_that_is_stated() {
    let plan = FakeFeed::called("one").with_services(3).with(Habit::FullLists);
    let feed = plan.with_list("taxonomy_terms", vec![own(0)]).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let stated = "taxonomyTerms { id upstreamId name code taxonomyName taxonomy { name } }";
    assert_eq!(services(&gateway, 3, stated).await[0]["taxonomyTerms"].as_array().unwrap().len(), 1);
    assert_eq!(feed.hits("/taxonomy_terms"), 0);
    gateway.stop().await;

    let feed = self::feed(3).await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let found = services(&gateway, 3, "taxonomyTerms { id upstreamId name source { key } }").await;
    assert_eq!(found[2]["taxonomyTerms"][1]["name"], "Term 1");
    assert_eq!(feed.hits("/taxonomy_terms"), 0);
    gateway.stop().await;
}

#[tokio::test]
async fn a_term_whose_list_fails_stays_as_nested_and_says_so() {
    let failing = Scope::At("/taxonomy_terms".to_owned());
    let feed = nesting(FakeFeed::called("one"), 2).behaving_at(failing, Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let selection = "taxonomyTerms { name code provenance { issues { code } } }";
    for service in services(&gateway, 3, selection).await {
        for term in service["taxonomyTerms"].as_array().unwrap() {
            assert_eq!(term["code"], Value::Null);
            assert_eq!(term["provenance"]["issues"], json!([{ "code": "DETAIL_UNAVAILABLE" }]), "{term}");
        }
    }
    assert_eq!(feed.hits("/taxonomy_terms"), 1);
    gateway.stop().await;
}

/// A service that was written with a term must not be sent again as it was once the term has changed.
#[tokio::test]
async fn a_term_that_changes_shows_in_services_that_do_not() {
    let feed = feed(3).await;
    let gateway = Gateway::over(&[&feed])
        .with_defaults("mode = 'catalogue'")
        .with("[catalogue]\nsync_every = '200ms'")
        .start()
        .await;
    gateway.is_fresh().await;
    let selection = "name taxonomyTerms { id code }";
    let before = services(&gateway, 3, selection).await;
    assert_eq!(before[0]["taxonomyTerms"][0]["code"], "C0");
    let mut changed: Vec<Value> = (0..TERMS).map(own).collect();
    changed[0]["code"] = json!("Anew");
    let page = json!({ "total_items": TERMS, "total_pages": 1, "contents": changed }).to_string();
    feed.behave_at(Scope::At("/taxonomy_terms".to_owned()), Manner::Saying(page.leak()));
    let waiting = async {
        let term = &before[0]["taxonomyTerms"][0];
        while looked_up(&gateway, term, "code").await["code"] != "Anew" {}
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("the term does not change");
    for service in services(&gateway, 3, selection).await {
        assert_eq!(service["taxonomyTerms"][0]["code"], "Anew");
    }
    gateway.stop().await;
}
