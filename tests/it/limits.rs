//! Every limit: a request at the limit passes, and one past it is refused with the code of that limit.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, data, records};

async fn gateway(section: &str) -> (Gateway, FakeFeed) {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    (Gateway::over(&[&feed]).with(section).start().await, feed)
}

#[tokio::test]
async fn a_query_at_each_limit_passes_and_one_past_it_does_not() {
    let cases = [
        (
            "max_aliases = 2",
            "{ a: meta { b: version } }",
            "{ a: meta { b: version c: version } }",
            "TOO_MANY_ALIASES",
        ),
        (
            "max_root_fields = 2",
            "{ meta { version } sources { key } }",
            "{ meta { version } sources { key } services { totalCount } }",
            "TOO_MANY_ROOT_FIELDS",
        ),
        (
            "max_depth = 3",
            "{ services { nodes { name } } }",
            "{ services { nodes { organization { name } } } }",
            "QUERY_TOO_DEEP",
        ),
        (
            "max_tokens = 7",
            "{ meta { version version } }",
            "{ meta { version version version } }",
            "TOO_MANY_TOKENS",
        ),
        (
            "max_directives = 1",
            "{ meta { version @include(if: true) } }",
            "{ meta @include(if: true) { version @include(if: true) } }",
            "TOO_MANY_DIRECTIVES",
        ),
        (
            "max_complexity = 62",
            "{ services(first: 10) { nodes { name } } }",
            "{ services(first: 11) { nodes { name } } }",
            "QUERY_TOO_COMPLEX",
        ),
    ];
    for (limit, within, past, code) in cases {
        let (gateway, _feed) = gateway(&format!("[graphql]\n{limit}")).await;
        data(gateway.query(within).await);
        let answer = gateway.query(past).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{limit}: {answer}");
        assert_eq!(answer.get("data"), None, "{limit}: nothing is executed");
    }
}

#[tokio::test]
async fn fragments_hide_nothing() {
    let (gateway, _feed) = gateway("[graphql]\nmax_aliases = 3\nmax_depth = 5\nmax_root_fields = 4").await;
    for (text, code) in [
        ("{ ...F ...F } fragment F on Query { a: meta { b: version } }", "TOO_MANY_ALIASES"),
        (
            "{ ...F } fragment F on Query { services { ...G } } fragment G on ServiceConnection { nodes { organization { services { nodes { name } } } } }",
            "QUERY_TOO_DEEP",
        ),
        (
            "{ ...F ...F } fragment F on Query { meta { version } sources { key } services { totalCount } }",
            "TOO_MANY_ROOT_FIELDS",
        ),
        ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        assert_eq!(gateway.query(text).await["errors"][0]["extensions"]["code"], code, "{text}");
    }
}

/// A term above two hundred others, and a service that is delivered at a hundred places.
async fn tangled(section: &str) -> (Gateway, FakeFeed) {
    let root = records::term("root");
    let below =
        (0..200).map(|n| records::with(records::term(&format!("t{n}")), json!({ "parent_id": "t-root" })));
    let places = (0..100).map(|n| {
        json!({ "id": format!("at-{n}"), "service_id": records::service_id(0),
        "location": { "id": format!("place-{n}"), "name": format!("Hall {n}") } })
    });
    let feed = FakeFeed::called("one")
        .with_service(json!({ "service_at_locations": places.collect::<Vec<_>>() }))
        .with_list("taxonomy_terms", [root].into_iter().chain(below).collect())
        .spawn()
        .await;
    let section = format!("[graphql]\nmax_complexity = 1000000000\n{section}");
    (Gateway::over(&[&feed]).with(&section).start().await, feed)
}

/// Whatever sizes were assumed, these queries hold millions of records.
#[tokio::test]
async fn what_really_explodes_ends_when_its_budget_is_spent() {
    let terms = "{ taxonomyTerms(filter: { rootOnly: true }) { nodes { children { parent { children { parent { \
        children { parent { id } } } } } } } } }";
    let places = "{ services { nodes { serviceAtLocations { service { serviceAtLocations { service { \
        serviceAtLocations { service { id name } } } } } } } } }";
    for (section, query, key) in [
        ("max_searches = 10", terms, "max_searches"),
        ("max_nodes = 1000", terms, "max_nodes"),
        ("max_nodes = 1000", places, "max_nodes"),
        ("max_answer = '10KiB'", places, "max_answer"),
    ] {
        let (gateway, _feed) = tangled(section).await;
        let reply = gateway.ask(query, json!({})).await;
        let answer = reply.json();
        assert_eq!((&answer["data"], reply.status), (&Value::Null, 200), "{key}: {answer}");
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{answer}");
        assert_eq!(errors[0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
        assert!(errors[0]["message"].as_str().unwrap().contains(key), "{answer}");
        assert!(errors[0]["path"].as_array().is_some_and(|path| path.len() > 2), "{answer}");
        assert!(reply.took.as_secs() < 5, "{:?}", reply.took);
    }
}

#[tokio::test]
async fn what_is_kept_as_it_came_counts_before_it_is_copied() {
    let long = json!({ "custom": "x".repeat(5_000) });
    let feed = FakeFeed::called("one").with_service(long).spawn().await;
    let gateway = Gateway::over(&[&feed]).with("[graphql]\nmax_answer = '32KiB'").start().await;
    let times = |count: usize| {
        let fields: String = (0..count).map(|n| format!("a{n}: extra ")).collect();
        format!("{{ services {{ nodes {{ {fields} }} }} }}")
    };
    data(gateway.query(&times(5)).await);
    let answer = gateway.query(&times(10)).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    assert_eq!(answer["data"], Value::Null);
}

#[tokio::test]
async fn hostile_documents_are_refused_quickly_and_cost_the_feeds_nothing() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    feed.is_asked("/services", 1).await;
    let aliases: String = (0..10_000).map(|n| format!("a{n}:meta{{version}}")).collect();
    let doubling: String =
        (0..40).map(|n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
    let deep = format!("{}x{}", "{a".repeat(2_000), "}".repeat(2_000));
    let list = format!("{{ nodes(ids: {}{}) {{ id }} }}", "[".repeat(20_000), "]".repeat(20_000));
    for (text, codes) in [
        (format!("{{ {aliases} }}"), &["TOO_MANY_TOKENS"][..]),
        (
            format!("{{ ...F0 }} {doubling} fragment F40 on Query {{ a: meta {{ version }} }}"),
            &["TOO_MANY_ALIASES", "TOO_MANY_ROOT_FIELDS", "QUERY_TOO_COMPLEX"],
        ),
        (deep, &["QUERY_TOO_DEEP", "TOO_MANY_TOKENS"]),
        (list, &["QUERY_TOO_DEEP", "TOO_MANY_TOKENS"]),
    ] {
        let reply = gateway.ask(&text, json!({})).await;
        let code = reply.json()["errors"][0]["extensions"]["code"].clone();
        assert!(codes.contains(&code.as_str().unwrap()), "{code}");
        assert!(reply.took.as_secs() < 2, "{:?}", reply.took);
    }
    assert_eq!(feed.all_hits(), 1);
}

#[tokio::test]
async fn a_body_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let (gateway, _feed) = gateway("[server]\nmax_body = '200B'").await;
    let body = |size: usize| {
        let empty = json!({ "query": "{ meta { version } } #" }).to_string().len();
        json!({ "query": format!("{{ meta {{ version }} }} #{}", "x".repeat(size - empty)) })
    };
    assert_eq!(body(200).to_string().len(), 200);
    let reply = gateway.post(&body(200)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    data(reply.json());
    let reply = gateway.post(&body(201)).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.json()["errors"][0]["extensions"]["code"], "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn batches_are_refused_unless_allowed_and_then_bounded() {
    let one = json!({ "query": "{ meta { version } }" });
    let batch = |count: usize| Value::Array(vec![one.clone(); count]);
    let (gateway, _feed) = gateway("").await;
    let reply = gateway.post(&batch(1)).await;
    assert_eq!(reply.status, 400, "{}", reply.text);
    let (gateway, _feed) = self::gateway("[graphql]\nbatching = 2").await;
    let reply = gateway.post(&batch(2)).await;
    assert_eq!(reply.json().as_array().unwrap().len(), 2);
    let reply = gateway.post(&batch(3)).await;
    assert_eq!(reply.json()["errors"][0]["extensions"]["code"], "BATCH_TOO_LARGE", "{}", reply.text);
}

#[tokio::test]
async fn a_request_past_its_time_is_answered_with_timeout() {
    use crate::support::Manner;
    let feed = FakeFeed::called("one").behaving(Manner::Hanging).spawn().await;
    let gateway = Gateway::over(&[&feed]).with("[server]\nrequest_timeout = '200ms'").start().await;
    let reply = gateway.ask("{ services { totalCount } }", json!({})).await;
    assert_eq!(reply.json()["errors"][0]["extensions"]["code"], "TIMEOUT", "{}", reply.text);
    assert!(reply.took.as_secs() < 2);
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let text = "{ __schema { queryType { name } } }";
    let (gateway, _feed) = gateway("").await;
    assert_eq!(data(gateway.query(text).await)["__schema"]["queryType"]["name"], "Query");
    let (gateway, _feed) = self::gateway("[graphql]\nintrospection = false").await;
    assert!(gateway.query(text).await["errors"][0]["extensions"]["code"].is_string());
    assert_eq!(data(gateway.query("{ __typename }").await)["__typename"], "Query");
}
