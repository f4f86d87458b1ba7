//! Tests of what caches are told, what is compressed, and what is executed only once.

use std::time::Duration;

use super::*;

const QUESTION: &str = "/graphql?query=%7Bhello%7D";
const LONG: &str = "/graphql?query=%7Blong%7D";

#[tokio::test(start_paused = true)]
async fn answers_say_how_long_they_may_be_kept() {
    for (gateway, query, expected) in [
        (Gateway::fresh(60, 5, false), "hello", "public, max-age=65"),
        (Gateway::fresh(5, 5, true), "hello", "public, max-age=10"),
        (Gateway::fresh(0, 5, false), "hello", "private, no-cache"),
        (Gateway::fresh(60, 5, false), "fails", "no-store"),
    ] {
        let reply = gateway.send(ask(&format!("{{ {query} }}"))).await;
        assert_eq!(reply.header("cache-control"), expected);
        assert_eq!(reply.header("age"), "5");
        assert_eq!(reply.header("vary"), "accept, accept-encoding");
        assert_eq!(reply.header("etag"), "", "only answers to GET have one");
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_still_stands_is_not_sent_again() {
    let gateway = Gateway::fresh(60, 5, false);
    let first = gateway.send(get(QUESTION, &[])).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'));
    for (tag, status) in
        [(etag.as_str(), 304), (&format!("\"x\", W/{etag}"), 304), ("*", 304), ("\"x\"", 200)]
    {
        let reply = gateway.send(get(QUESTION, &[("if-none-match", tag)])).await;
        assert_eq!(reply.status, status, "{tag}");
        assert_eq!(reply.body.is_empty(), status == 304);
        assert_eq!(reply.header("etag"), etag);
        assert_eq!(reply.header("cache-control"), "public, max-age=65");
        assert_eq!((reply.header("age"), reply.header("vary")), ("5", "accept, accept-encoding"));
    }
    let other = gateway.send(get(QUESTION, &[("accept", "application/graphql-response+json")])).await;
    assert_ne!(other.header("etag"), etag, "other media type");
    let failed = gateway.send(get("/graphql?query=%7Bfails%7D", &[("if-none-match", "*")])).await;
    assert_eq!((failed.status.as_u16(), failed.header("etag")), (200, ""));
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_accept_it() {
    let gateway = Gateway::new();
    let plain = gateway.send(get(LONG, &[])).await;
    let gzip = gateway.send(get(LONG, &[("accept-encoding", "gzip, br")])).await;
    assert_eq!((plain.header("content-encoding"), gzip.header("content-encoding")), ("", "gzip"));
    assert!(gzip.body.len() < plain.body.len() / 10);
    assert_eq!(inflated(&gzip.body), plain.body);
    assert_ne!(plain.header("etag"), gzip.header("etag"));
    assert_eq!(gzip.header("content-length"), gzip.body.len().to_string());
    let short = gateway.send(get(QUESTION, &[("accept-encoding", "gzip")])).await;
    assert_eq!(short.header("content-encoding"), "");
    let post = gateway.send(post(&json!({ "query": "{ long }" }), &[("accept-encoding", "gzip")])).await;
    assert_eq!(inflated(&post.body), plain.body);
}

#[tokio::test(start_paused = true)]
async fn equal_questions_of_one_moment_are_executed_once() {
    let gateway = Gateway::fresh(60, 5, false);
    let body = json!({ "query": "{ slow }", "variables": { "a": 1, "b": 2 } });
    let same = json!({ "variables": { "b": 2, "a": 1 }, "query": "{ slow }" });
    let (one, two) = tokio::join!(gateway.send(post(&body, &[])), gateway.send(post(&same, &[])));
    assert_eq!((one.status, one.body.len()), (StatusCode::OK, two.body.len()));
    assert_eq!(gateway.executions(), 1);
    tokio::time::advance(Duration::from_millis(900)).await;
    let later = gateway.send(post(&body, &[("accept", "application/graphql-response+json")])).await;
    assert_eq!(gateway.executions(), 1);
    assert_eq!((later.header("age"), later.header("cache-control")), ("5", "public, max-age=64"));
    gateway.send(post(&json!({ "query": "{ slow }", "variables": { "a": 1 } }), &[])).await;
    assert_eq!(gateway.executions(), 2);
    tokio::time::advance(Duration::from_secs(1)).await;
    gateway.send(post(&body, &[])).await;
    assert_eq!(gateway.executions(), 3, "no longer the same moment");
}

#[tokio::test]
async fn what_writes_or_is_refused_is_never_shared() {
    let gateway = Gateway::fresh(60, 5, false);
    for query in ["mutation { write }", "{ unknown }", "{", "query A { hello } mutation B { write }"] {
        let before = gateway.executions();
        tokio::join!(gateway.send(ask(query)), async {});
        gateway.send(ask(query)).await;
        assert_eq!(gateway.executions() - before, 2, "{query}");
    }
}

#[tokio::test]
async fn requests_errors_and_the_cache_are_counted() {
    let gateway = Gateway::new();
    let _recording = metrics::set_default_local_recorder(&gateway.recorder);
    for query in ["{ hello }", "{ hello }", "{ fails }"] {
        gateway.send(ask(query)).await;
    }
    gateway.send(get("/secret/place", &[])).await;
    gateway.send(request(Method::POST, "/graphql", &[], Body::empty())).await;
    let page = gateway.send(get("/metrics", &[])).await;
    assert_eq!(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for line in [
        r#"oruk_http_requests_total{route="graphql",status="2xx"} 3"#,
        r#"oruk_http_requests_total{route="graphql",status="4xx"} 1"#,
        r#"oruk_http_requests_total{route="unknown",status="4xx"} 1"#,
        r#"oruk_graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 1"#,
        r#"oruk_graphql_errors_total{code="BAD_USER_INPUT"} 2"#,
        "oruk_answer_cache_hits_total 1",
        "oruk_answer_cache_misses_total 2",
        "oruk_http_requests_in_flight 1",
        r#"oruk_http_request_duration_seconds_count{route="graphql"} 4"#,
    ] {
        assert!(page.text().lines().any(|shown| shown == line), "{line}\n{}", page.text());
    }
    assert!(page.text().contains("oruk_answer_cache_entries"));
    assert!(!page.text().contains("secret"));
}
