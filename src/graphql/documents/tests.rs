//! Tests of the document cache.

use serde_json::{Value, json};

use super::*;

fn documents() -> DocumentCache {
    DocumentCache::new(&crate::graphql::sdl(), 1)
}

/// Returns the plan of a query.
pub(in crate::graphql) fn planned(query: &str) -> Arc<SelectedFields> {
    let planned = documents().plan(Request::new(query), &GraphSettings::default());
    planned.unwrap().0.plan
}

fn code(refusals: &Refusals) -> Option<&async_graphql::Value> {
    refusals.first()?.extensions.as_ref()?.get("code")
}

#[test]
fn the_schema_is_one_that_the_validator_holds_for_valid() {
    let sdl = format!("{}\ndirective @oneOf on INPUT_OBJECT\n", crate::graphql::sdl());
    assert!(Schema::parse_and_validate(sdl, "schema.graphql").is_ok());
}

#[test]
fn a_document_that_was_read_before_is_weighed_for_each_request() {
    let (documents, query) = (documents(), "query($n: Int) { services(first: $n) { nodes { id } } }");
    let settings = GraphSettings { max_complexity: 150, ..GraphSettings::default() };
    let plan = |first: i32| {
        let variables = Variables::from_json(json!({ "n": first }));
        documents.plan(Request::new(query).variables(variables), &settings)
    };
    let (cheap, cost) = plan(1).unwrap();
    let (again, dearer) = plan(2).unwrap();
    assert!(Arc::ptr_eq(&cheap.plan, &again.plan) && cost < dearer, "{cost} {dearer}");
    assert_eq!(code(&plan(100).unwrap_err()), Some(&"QUERY_TOO_COMPLEX".into()));
}

#[test]
fn texts_that_differ_in_strings_share_a_plan_and_are_judged_by_their_own() {
    let documents = documents();
    let plan = |query: &str| documents.plan(Request::new(query), &GraphSettings::default());
    let plan_of = |query: &str| plan(query).unwrap().0.plan;
    let one = plan_of("query A { service(id: \"1\") { name } }");
    assert!(Arc::ptr_eq(&one, &plan_of("query B {\n service(id: \"2\") { name } # b\n}")));
    assert!(!Arc::ptr_eq(&one, &plan_of("query A { service(id: 3) { name } }")));
    // The first of each pair is valid and cached before the second, which is invalid.
    for (valid, invalid) in [
        (
            "{ services(filter: { modifiedSince: \"2026-01-02T03:04:05Z\" }) { totalCount } }",
            "{ services(filter: { modifiedSince: \"yesterday\" }) { totalCount } }",
        ),
        (
            "{ a: service(id: \"1\") { id } ... { a: service(id: \"1\") { name } } }",
            "{ a: service(id: \"1\") { id } ... { a: service(id: \"2\") { name } } }",
        ),
    ] {
        plan(valid).unwrap();
        let refusals = plan(invalid).unwrap_err();
        assert_eq!(code(&refusals), Some(&"GRAPHQL_VALIDATION_FAILED".into()), "{invalid}");
        assert!(!refusals[0].locations.is_empty(), "{invalid}");
    }
    let named = Request::new("query C { service(id: \"4\") { name } }").operation_name("A");
    assert!(documents.plan(named, &GraphSettings::default()).is_err());
}

#[test]
fn a_text_is_counted_even_if_its_document_was_read_before() {
    let documents = documents();
    let settings = GraphSettings { max_tokens: 6, ..GraphSettings::default() };
    assert!(documents.plan(Request::new("{ meta { version } }"), &settings).is_ok());
    assert!(documents.plan(Request::new("query { meta { version } }"), &settings).is_err());
    assert!(documents.plan(Request::new("query { meta { version } }"), &settings).is_err(), "again");
    let settings = GraphSettings { max_tokens: 7, ..GraphSettings::default() };
    assert!(documents.plan(Request::new("query { meta { version } }"), &settings).is_ok());
    assert!(documents.plan(Request::new("query Named { meta { version } }"), &settings).is_err());
}

#[test]
fn a_text_that_came_before_is_read_with_the_operation_asked_for() {
    let documents = documents();
    let answered = |text: &str, name: Option<&str>| {
        let mut request = Request::new(text);
        request.operation_name = name.map(str::to_owned);
        let planned = documents.plan(request, &GraphSettings::default());
        planned.map(|(planned, _)| planned.plan.fields.first().unwrap().name.to_string())
    };
    let one = "query One { service(id: \"1\") { name } }";
    let two = "query Two { service(id: \"2\") { name } }";
    let both = "query One { meta { version } } query Two { sources { key } }";
    for time in ["first", "second", "third"] {
        for (text, name, field) in [
            (one, None, Some("service")),
            (one, Some("One"), Some("service")),
            (one, Some("Two"), None),
            (two, Some("Two"), Some("service")),
            (two, Some("One"), None),
            (both, Some("One"), Some("meta")),
            (both, Some("Two"), Some("sources")),
            (both, None, None),
            (both, Some("Three"), None),
        ] {
            assert_eq!(answered(text, name).ok().as_deref(), field, "{time}: {text} {name:?}");
        }
    }
}

#[test]
fn conditions_make_a_plan_of_their_own() {
    let documents = documents();
    let fields = |variables: Value| {
        let query = "query($v: Boolean = true) { meta { version @include(if: $v) startedAt @skip(if: $v) } }";
        let variables = Variables::from_json(variables);
        let planned = documents.plan(Request::new(query).variables(variables), &GraphSettings::default());
        let planned = planned.unwrap().0;
        let fields = planned.plan.fields.first().unwrap().all_fields();
        fields.map(|field| field.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(fields(json!({})), ["version"]);
    assert_eq!(fields(json!({ "v": false })), ["startedAt"]);
    assert_eq!(fields(json!({ "v": true })), ["version"]);
}

#[test]
fn merged_selections_are_read_once_and_in_order() {
    let query =
        "{ meta { version } __typename ...F meta { startedAt } } fragment F on Query { meta { version } }";
    let plan = planned(query);
    let names: Vec<&str> = plan.fields.iter().map(|field| &*field.response_name).collect();
    assert_eq!(names, ["meta", "__typename"]);
    let meta = plan.fields.first().unwrap();
    assert_eq!(meta.all_fields().map(|field| &*field.name).collect::<Vec<_>>(), ["version", "startedAt"]);
    assert_eq!(meta.tokens.len(), 3);
}
