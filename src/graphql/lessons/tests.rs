//! Tests of the messages for incorrect queries.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};

use crate::graphql::graph::tests::{codes, empty};
use crate::graphql::{ExecuteOperations as _, GraphSettings};

async fn told(query: &str, variables: Value) -> (String, String) {
    let request = Request::new(query).variables(Variables::from_json(variables));
    let answer = empty(GraphSettings::default()).execute(request).await;
    let messages: Vec<&str> = answer.errors.iter().map(|error| error.message.as_str()).collect();
    let message = messages.join("\n");
    (codes(&answer).first().cloned().unwrap_or_default(), message)
}

#[tokio::test]
async fn names_that_nobody_knows_are_told_with_those_that_are_near() {
    let cases = [
        ("{ servces { totalCount } }", "`Query` has no field `servces`; did you mean `services`"),
        ("{ services { name } }", "did you mean `nodes { name }`?"),
        ("{ services { nodes { description1 } } }", "did you mean `description`?"),
        (
            "{ services(filtre: {}) { totalCount } }",
            "`Query.services` has no argument `filtre`; did you mean `filter`?",
        ),
        ("{ services(limit: 3) { totalCount } }", "did you mean `first`?"),
        ("{ services(text: \"tea\") { totalCount } }", "did you mean `filter: { text: … }`?"),
        (
            "{ services(filter: { txt: \"tea\" }) { totalCount } }",
            "`filter` has no field `txt` (type `ServiceFilter`); did you mean `text`?",
        ),
        (
            "{ services(filter: { postcode: \"BS1 4DJ\" }) { totalCount } }",
            "did you mean `near: { postcode: … }`?",
        ),
        (
            "{ services(filter: { status: [ACTVE] }) { totalCount } }",
            "`filter.status[0]` cannot be `ACTVE`; did you mean `ACTIVE`?",
        ),
        ("{ services(filter: { status: active }) { totalCount } }", "did you mean `ACTIVE`"),
        (
            "query($f: ServicesFilter) { services(filter: $f) { totalCount } }",
            "there is no type `ServicesFilter`; did you mean `ServiceFilter`",
        ),
        ("{ node(id: \"a\") { ... on Servise { name } } }", "did you mean `Service`"),
        (
            "query($filter: ServiceFilter) { services(filter: $filtr) { totalCount } }",
            "variable `$filtr` is not declared; did you mean `$filter`?",
        ),
        (
            "{ services { ...Cord } } fragment Card on ServiceConnection { totalCount }",
            "there is no fragment `Cord`; did you mean `Card`?",
        ),
        ("{ meta @skp(if: true) { version } }", "did you mean `skip`?"),
        ("{ services { nodes } }", "select fields of `nodes`, as in `nodes { … }`"),
        ("{ meta { version { a } } }", "remove its `{ … }`"),
        ("{ service { name } }", "`Query.service` needs the argument `id`: the `id` of a record"),
    ];
    for (query, expected) in cases {
        let (code, message) = told(query, json!({ "n": "1" })).await;
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{query}: {message}");
        assert!(message.contains(expected), "{query}: {message}");
    }
}

#[tokio::test]
async fn values_are_told_by_their_path_form_and_an_example_whether_written_or_given() {
    let cases = [
        (
            "ServiceFilter",
            "services",
            json!({ "open": { "from": "5.30pm" } }),
            "open.from",
            "`HH:MM`, e.g. \"17:30\"",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "assuredSince": "29/03/2026" }),
            "assuredSince",
            "`YYYY-MM-DD`, e.g. \"2026-03-29\"",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "modifiedSince": "2026-03-29" }),
            "modifiedSince",
            "e.g. \"2026-03-29T17:30:00Z\"",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "assuredWithin": "six months" }),
            "assuredWithin",
            "\"P6M\" for six months",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "near": { "postcode": { "postcode": "nowhere" } } }),
            "near.postcode.postcode",
            "postcode",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "near": { "postcode": {} } }),
            "near.postcode",
            "needs `postcode`: ",
        ),
        ("ServiceFilter", "services", json!({ "near": {} }), "near", "exactly one of `postcode`, `point`"),
        ("ServiceFilter", "services", json!({ "near": "BS1 4DJ" }), "near", "must be an object"),
        ("ServiceFilter", "services", json!({ "age": "78" }), "age", "a whole number"),
        (
            "ServiceFilter",
            "services",
            json!({ "age": 99_999_999_999_i64 }),
            "age",
            "from -2147483648 to 2147483647",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "cost": { "free": "yes" } }),
            "cost.free",
            "`true` or `false`, without quotes",
        ),
        (
            "ServiceFilter",
            "services",
            json!({ "and": [{}, { "text": 3 }] }),
            "and[1].text",
            "in double quotes",
        ),
        ("ServiceFilter", "services", json!({ "organization": 1.5 }), "organization", "the `id` of a record"),
    ];
    for (of, field, filter, path, form) in cases {
        let written = written(&filter);
        for (query, via) in [
            (format!("{{ {field}(filter: {written}) {{ totalCount }} }}"), ""),
            (format!("query($f: {of}) {{ {field}(filter: $f) {{ totalCount }} }}"), "$f"),
            (format!("query($f: {of} = {written}) {{ {field}(filter: $f) {{ totalCount }} }}"), ""),
        ] {
            let is_given = !via.is_empty();
            let (code, message) =
                told(&query, if is_given { json!({ "f": filter }) } else { json!({}) }).await;
            assert!(
                ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(&code.as_str()),
                "{query}: {code} {message}"
            );
            assert!(
                message.contains(&format!("{path}`")) && message.contains(via) && message.contains(form),
                "{query}: {message}"
            );
            assert!(
                !message.contains("nowhere") && !message.contains("BS1 4DJ\" given"),
                "a value is quoted: {message}"
            );
        }
    }
}

/// Writes a value as in a query.
fn written(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name}: {}", written(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn variables_within_values_must_have_the_type_of_their_place() {
    let accepted = [
        ("$a: String", "{ text: $a }"),
        ("$a: String!", "{ text: $a }"),
        ("$a: String!", "{ sources: [$a] }"),
        ("$a: [String!]", "{ sources: $a }"),
        ("$a: [String!]!", "{ or: [{ sources: $a }] }"),
        ("$a: Postcode!", "{ near: { postcode: { postcode: $a } } }"),
        ("$a: NearPostcodeInput!", "{ near: { postcode: $a } }"),
        ("$a: Int", "{ near: { postcode: { postcode: \"BS1 4DJ\", withinMetres: $a } } }"),
        ("$a: ServiceFilter!", "{ or: { or: [$a] } }"),
        ("$a: String = \"a\"", "{ near: { place: { name: $a } } }"),
    ];
    let refused = [
        ("$a: [String]", "{ sources: $a }", "`$a` is declared as `[String]`, but stands for `[String!]`"),
        ("$a: String", "{ sources: [$a] }", "stands for `String!`"),
        ("$a: String", "{ near: { place: { name: $a } } }", "stands for `String!`"),
        ("$a: String = null", "{ near: { place: { name: $a } } }", "stands for `String!`"),
        ("$a: String", "{ sources: $a }", "stands for `[String!]`"),
        ("$a: [String]", "{ text: $a }", "stands for `String`"),
        ("$a: String!", "{ near: { postcode: { postcode: $a } } }", "stands for `Postcode!`"),
        ("$a: ServiceFilter", "{ or: { or: [$a] } }", "stands for `ServiceFilter!`"),
        ("$a: NearPostcodeInput", "{ near: { postcode: $a } }", "`$a` must not be null here: declare it as"),
    ];
    let refused = refused.map(|(declared, filter, said)| (declared, filter, Some(said)));
    let accepted = accepted.map(|(declared, filter)| (declared, filter, None));
    for (declared, filter, said) in accepted.into_iter().chain(refused) {
        let direct = format!("query({declared}) {{ services(filter: {filter}) {{ totalCount }} }}");
        let spread = format!(
            "query({declared}) {{ ...A }} fragment A on Query {{ ...B }} \
             fragment B on Query {{ services(filter: {filter}) {{ totalCount }} ...C }} fragment C on Query {{ ...D }} \
             fragment D on Query {{ __typename }}"
        );
        for query in [direct, spread] {
            let (code, message) = told(&query, json!({ "a": null })).await;
            match said {
                Some(said) => {
                    assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{query}");
                    assert!(message.contains(said), "{query}: {message}");
                }
                None => assert!(!message.contains("declare"), "{query}: {message}"),
            }
        }
    }
}

#[tokio::test]
async fn a_variable_that_was_given_under_another_name_is_pointed_out() {
    let (code, message) =
        told("query($key: String!) { source(key: $key) { key } }", json!({ "keys": "x" })).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.ends_with("`keys` was given instead, did you mean that?"), "{message}");
}

#[tokio::test]
async fn several_operations_are_named() {
    let request = Request::new("query Near { meta { version } } query Far { meta { version } }");
    for (operation, expected) in [(None, "one of `Near`, `Far`"), (Some("Neer"), "did you mean `Near`?")] {
        let mut request = Request::new(request.query.clone());
        request.operation_name = operation.map(str::to_owned);
        let answer = empty(GraphSettings::default()).execute(request).await;
        let message = &answer.errors[0].message;
        assert!(
            message.contains("Near") && message.contains(expected.split('`').next().unwrap()),
            "{message}"
        );
    }
}
