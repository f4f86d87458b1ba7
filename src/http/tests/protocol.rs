//! Tests of GraphQL over HTTP: methods, media types, members, limits and errors.

use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, stream};

use super::*;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

#[tokio::test]
async fn executed_is_200_and_refused_is_told_by_status_only_where_the_media_type_has_it() {
    let gateway = Gateway::new();
    for (query, json_status, graphql_status, has_data) in [
        ("{ hello }", 200, 200, true),
        ("{ fails }", 200, 200, true),
        ("{", 200, 400, false),
        ("{ unknown }", 200, 400, false),
        ("query($n: Int!) { hello }", 200, 400, false),
    ] {
        for (accept, status) in [(JSON, json_status), (GRAPHQL, graphql_status)] {
            let reply = gateway.send(post(&json!({ "query": query }), &[("accept", accept)])).await;
            assert_eq!(reply.status, status, "{query} {accept}");
            assert_eq!(reply.header("content-type"), format!("{accept}; charset=utf-8"), "{query}");
            assert_eq!(reply.json().get("data").is_some(), has_data, "{query} {accept}");
        }
    }
}

#[tokio::test]
async fn what_is_no_question_is_400_with_words() {
    let gateway = Gateway::new();
    for body in [
        "",
        "{ \"not a JSON",
        "1",
        "null",
        "[]",
        "[{\"query\": \"{ hello }\"}]",
        "{}",
        "{\"query\": null}",
        "{\"query\": 0}",
        "{\"query\": {}}",
        "{\"query\": \"{ hello }\", \"operationName\": 1}",
        "{\"query\": \"{ hello }\", \"variables\": []}",
        "{\"query\": \"{ hello }\", \"variables\": \"{}\"}",
        "{\"query\": \"{ hello }\", \"extensions\": false}",
    ] {
        let headers = [("content-type", JSON)];
        let reply =
            gateway.send(request(Method::POST, "/graphql", &headers, Body::from_string(body.into()))).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            "{body}"
        );
        assert_eq!(reply.json().get("data"), None, "{body}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(gateway.executions(), 0);
}

#[tokio::test]
async fn a_client_that_sends_hashes_first_is_asked_for_the_query() {
    let body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "x" } } });
    let reply = Gateway::new().send(post(&body, &[])).await;
    assert_eq!(reply.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn only_plain_json_in_utf8_is_read() {
    let gateway = Gateway::new();
    for (headers, status) in [
        (vec![("content-type", "application/json; charset=utf-8")], 200),
        (vec![("content-type", "Application/Json")], 200),
        (vec![("content-type", JSON), ("content-encoding", "identity")], 200),
        (vec![], 415),
        (vec![("content-type", "text/plain")], 415),
        (vec![("content-type", "application/x-www-form-urlencoded")], 415),
        (vec![("content-type", "multipart/form-data; boundary=x")], 415),
        (vec![("content-type", "application/json; charset=utf-16")], 415),
        (vec![("content-type", JSON), ("content-encoding", "gzip")], 415),
        (vec![("content-type", JSON), ("content-encoding", "identity, br")], 415),
    ] {
        let body = Body::from_string(json!({ "query": "{ hello }" }).to_string());
        let reply = gateway.send(request(Method::POST, "/graphql", &headers, body)).await;
        assert_eq!(reply.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn nothing_acceptable_is_406() {
    let gateway = Gateway::new();
    let reply = gateway.send(post(&json!({ "query": "{ hello }" }), &[("accept", "image/png")])).await;
    assert_eq!((reply.status, gateway.executions()), (StatusCode::NOT_ACCEPTABLE, 0));
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
}

#[tokio::test]
async fn get_asks_by_address_and_never_writes() {
    let gateway = Gateway::new();
    let address = "/graphql?query=query($n:String)%7Bhello(name:$n)%7D&variables=%7B%22n%22:%22you%22%7D";
    assert_eq!(gateway.send(get(address, &[])).await.json()["data"]["hello"], "hello you");

    for address in [
        "/graphql?query=mutation%7Bwrite%7D",
        "/graphql?query=query+A%7Bhello%7Dmutation+B%7Bwrite%7D&operationName=B",
    ] {
        let reply = gateway.send(get(address, &[])).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, "POST"),
            "{address}"
        );
    }
    assert_eq!(gateway.executions(), 1);

    let both = "/graphql?query=query+A%7Bhello%7Dmutation+B%7Bwrite%7D&operationName=A";
    assert_eq!(gateway.send(get(both, &[])).await.json()["data"]["hello"], "hello ");
    assert_eq!(gateway.send(get("/graphql", &[])).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn methods() {
    let gateway = Gateway::new();
    for (method, address, status, allow) in [
        (Method::PUT, "/graphql", 405, "GET, HEAD, POST, OPTIONS"),
        (Method::DELETE, "/graphql", 405, "GET, HEAD, POST, OPTIONS"),
        (Method::OPTIONS, "/graphql", 204, "GET, HEAD, POST, OPTIONS"),
        (Method::POST, "/schema.graphql", 405, "GET, HEAD, OPTIONS"),
        (Method::OPTIONS, "/", 204, "GET, HEAD, OPTIONS"),
        (Method::OPTIONS, "/nowhere", 404, ""),
    ] {
        let reply = gateway.send(request(method.clone(), address, &[], Body::empty())).await;
        assert_eq!((reply.status.as_u16(), reply.header("allow")), (status, allow), "{method} {address}");
    }
    let head = gateway.send(request(Method::HEAD, "/graphql?query=%7Bhello%7D", &[], Body::empty())).await;
    let same = gateway.send(get("/graphql?query=%7Bhello%7D", &[])).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), same.body.len().to_string());
    assert_eq!(head.header("etag"), same.header("etag"));
}

#[tokio::test]
async fn bodies_and_addresses_are_bounded_whatever_they_claim() {
    let gateway = Gateway::set(|settings| settings.max_body = 100);
    let with = |length: usize| {
        let body = json!({ "query": "{ hello }", "x": "" }).to_string();
        let padding = "x".repeat(length - body.len());
        body.replace(r#""x":"""#, &format!(r#""x":"{padding}""#))
    };
    for (length, status, code) in
        [(100, 200, ""), (101, 413, "PAYLOAD_TOO_LARGE"), (5_000, 413, "PAYLOAD_TOO_LARGE")]
    {
        let text = with(length);
        let chunks: Vec<_> =
            text.as_bytes().chunks(7).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
        for body in [Body::from_string(text.clone()), Body::from_bytes_stream(stream::iter(chunks))] {
            let reply =
                gateway.send(request(Method::POST, "/graphql", &[("content-type", JSON)], body)).await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (status, code), "{length}");
        }
    }
    let endless = stream::repeat(vec![b' '; 65_536]).map(Ok::<_, std::io::Error>);
    let endless =
        request(Method::POST, "/graphql", &[("content-type", JSON)], Body::from_bytes_stream(endless));
    assert_eq!(gateway.send(endless).await.status, 413);

    let long = format!("/graphql?query=%7Bhello%7D&x={}", "x".repeat(100));
    let reply = gateway.send(get(&long, &[])).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (414, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up() {
    let gateway = Gateway::new();
    let reply = gateway.send(ask("{ never }")).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::GATEWAY_TIMEOUT, "TIMEOUT"));
    let never = Body::from_bytes_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let reply = gateway.send(request(Method::POST, "/graphql", &[("content-type", JSON)], never)).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::REQUEST_TIMEOUT, "TIMEOUT"));
}

#[tokio::test]
async fn batches_only_where_configured_and_only_so_large() {
    let gateway = Gateway::set(|settings| settings.batching = Some(2));
    let one = json!({ "query": "{ hello }" });
    let reply = gateway.send(post(&json!([one, { "query": "{ fails }" }]), &[])).await;
    assert_eq!(reply.json()[0]["data"]["hello"], "hello ");
    assert_eq!(reply.json()[1]["errors"][0]["message"], "no");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(gateway.send(post(&json!([one, one]), &[])).await.json()[1]["data"]["hello"], "hello ");
    let reply = gateway.send(post(&json!([one, one, one]), &[])).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "BATCH_TOO_LARGE"));
    for bad in [json!([]), json!([1]), json!([one, {}])] {
        assert_eq!(gateway.send(post(&bad, &[])).await.code(), "BAD_USER_INPUT", "{bad}");
    }
}

#[tokio::test]
async fn a_panic_costs_one_answer() {
    let gateway = Gateway::new();
    for _ in 0..2 {
        let reply = gateway.send(ask("{ panics }")).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(reply.code(), "INTERNAL_SERVER_ERROR");
        assert!(!reply.text().contains("as asked") && !reply.header("x-request-id").is_empty());
    }
    assert_eq!(gateway.send(ask("{ hello }")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_response_has_the_request_id() {
    let gateway = Gateway::new();
    let id = [("x-request-id", "abc-1")];
    for address in ["/", "/graphql", "/graphql?query=%7Bhello%7D", "/nowhere", "/health/live"] {
        assert_eq!(gateway.send(get(address, &id)).await.header("x-request-id"), "abc-1", "{address}");
    }
    let fresh = gateway.send(get("/", &[("x-request-id", "not sane")])).await;
    assert_eq!(fresh.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn other_sites_may_ask_where_configured() {
    let origin = ("origin", "https://app.example");
    let preflight = || {
        let headers = [
            origin,
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        request(Method::OPTIONS, "/graphql", &headers, Body::empty())
    };
    let any = Gateway::new();
    let reply = any.send(preflight()).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, "*"));
    assert_eq!(reply.header("access-control-allow-headers"), "content-type");
    assert_eq!(reply.header("access-control-max-age"), "86400");
    let reply = any.send(get("/graphql?query=%7Bhello%7D", &[origin])).await;
    let exposed = reply.header("access-control-expose-headers");
    assert!(
        exposed.starts_with("x-request-id, age, etag, ")
            && exposed.contains(", x-complete, ")
            && exposed.contains("x-incomplete-sources"),
        "{exposed}"
    );

    for (listed, allowed) in [("https://app.example", "https://app.example"), ("https://other.example", "")] {
        let some = Gateway::set(|settings| settings.cors_origins = vec![listed.to_owned()]);
        for request in [preflight(), get("/graphql?query=%7Bhello%7D", &[origin])] {
            let reply = some.send(request).await;
            assert!(reply.status.is_success());
            assert_eq!(reply.header("access-control-allow-origin"), allowed, "{listed}");
            let vary: Vec<_> = reply.headers.get_all("vary").iter().collect();
            assert!(vary.contains(&&poem::http::HeaderValue::from_static("origin")), "{vary:?}");
        }
    }
}

#[tokio::test]
async fn the_log_has_a_line_a_request_and_nothing_of_what_was_asked() {
    let gateway = Gateway::new();
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let body = json!({
        "query": "query Greet($name: String) { hello(name: $name) }",
        "operationName": "Greet",
        "variables": { "name": "SW1A 1AA" },
    });
    gateway.send(post(&body, &[("x-request-id", "abc-1")])).await;
    gateway.send(post(&json!({ "query": "{ hello }", "operationName": "SW1A 1AA" }), &[])).await;
    gateway.send(get("/SW1A", &[])).await;
    let log = lines.text();
    for shown in
        ["abc-1", "method=POST route=\"graphql\" status=200 ms=", "operation=\"Greet\" kind=\"query\""]
    {
        assert!(log.contains(shown), "{shown}\n{log}");
    }
    assert_eq!(log.lines().count(), 3, "{log}");
    for hidden in ["SW1A", "hello"] {
        assert!(!log.contains(hidden), "{hidden}\n{log}");
    }
}

/// Collects log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
