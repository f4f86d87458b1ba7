//! Tests of the pages, their assets, and the routes for machines.

use std::sync::Arc;

use url::Url;

use super::toy::Unready;
use super::*;

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

#[tokio::test]
async fn a_browser_that_asks_nothing_gets_the_console() {
    let gateway = Gateway::new();
    for address in ["/graphql", "/graphql?utm=1"] {
        let reply = gateway.send(get(address, &[BROWSER])).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (StatusCode::OK, "text/html; charset=utf-8")
        );
        assert!(reply.text().contains("<div id=\"console\">"));
        assert!(reply.header("content-security-policy").contains("script-src 'self'; style-src 'self';"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
    }
    let asked = gateway.send(get("/graphql?query=%7Bhello%7D", &[BROWSER])).await;
    assert_eq!(asked.header("content-type"), "application/json; charset=utf-8");
    let without = Gateway::set(|settings| settings.console = false);
    assert_eq!(without.send(get("/graphql", &[BROWSER])).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_front_page_shows_sources_and_examples_and_runs_nothing() {
    let gateway = Gateway::new();
    let reply = gateway.send(get("/", &[])).await;
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert!(!reply.header("content-security-policy").contains("script-src"));
    for shown in [
        "1 of 2 sources are ready; 2,468 services served",
        "<span class=\"status fresh\">Fresh</span>",
        "<span class=\"status unavailable\">Unavailable</span>",
        "&lt;b&gt;",
        "<span class=\"error\">no answer</span>",
        "4 minutes ago",
        "<time datetime=\"2026-03-01\">12 days ago</time>",
        // One source's dialect was detected, because the configuration leaves it open; the other's is not known yet.
        "<code>southampton</code>",
        "not known yet",
        "<h3>App developers</h3>",
        "href=\"/graphql#example=app-find-by-words\"",
        "href=\"/schema.graphql\"",
        "href=\"/health/ready\"",
        "oruk-gateway 0.",
    ] {
        assert!(reply.text().contains(shown), "{shown}");
    }
    for absent in ["<script", "/metrics"] {
        assert!(!reply.text().contains(absent), "{absent}");
    }
    let without_console = Gateway::set(|settings| settings.console = false);
    assert!(!without_console.send(get("/", &[])).await.text().contains("href=\"/graphql"));
}

#[tokio::test]
async fn links_hold_behind_a_proxy_that_adds_a_path() {
    let public = Url::parse("https://gateway.example/graph/").unwrap();
    let gateway = Gateway::set(|settings| settings.public_url = Some(public));
    let front = gateway.send(get("/", &[])).await;
    for shown in [
        "https://gateway.example/graph/graphql",
        "href=\"/graph/schema.graphql\"",
        "/graph/assets/page.css?v=",
    ] {
        assert!(front.text().contains(shown), "{shown}");
    }
    let console = gateway.send(get("/graphql", &[BROWSER])).await;
    assert!(console.text().contains("src=\"/graph/assets/console.js?v="));
}

#[tokio::test]
async fn assets_are_served_for_as_long_as_their_address_says() {
    let gateway = Gateway::new();
    let front = gateway.send(get("/", &[])).await;
    let address = front.text().split('"').find(|text| text.starts_with("/assets/page.css?v=")).unwrap();
    for (address, cache_control) in [
        (address, "public, max-age=31536000, immutable"),
        ("/assets/page.css?v=other", "public, max-age=3600"),
        ("/assets/page.css", "public, max-age=3600"),
    ] {
        let reply = gateway.send(get(address, &[("accept-encoding", "gzip")])).await;
        assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
        assert_eq!(reply.header("cache-control"), cache_control, "{address}");
        assert_eq!(reply.header("content-encoding"), "gzip");
        let etag = [("if-none-match", reply.header("etag")), ("accept-encoding", "gzip")];
        assert_eq!(gateway.send(get(address, &etag)).await.status, StatusCode::NOT_MODIFIED);
    }
    assert_eq!(gateway.send(get("/assets/../Cargo.toml", &[])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn routes_for_machines() {
    let gateway = Gateway::new();
    let schema = gateway.send(get("/schema.graphql", &[])).await;
    assert!(schema.text().contains("type Query"));
    let etag = [("if-none-match", schema.header("etag"))];
    assert_eq!(gateway.send(get("/schema.graphql", &etag)).await.status, StatusCode::NOT_MODIFIED);

    for address in ["/health/live", "/health/ready"] {
        assert_eq!(gateway.send(get(address, &[])).await.status, StatusCode::OK, "{address}");
    }
    let unready = Gateway::over(Arc::new(Unready)).send(get("/health/ready", &[])).await;
    assert_eq!(unready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(unready.json()["reason"], "no source has been read yet");

    let lost = gateway.send(get("/nowhere", &[])).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.json()["errors"][0]["message"].as_str().unwrap().contains("see /"));
}

#[tokio::test]
async fn the_second_listener_serves_metrics_and_health_and_nothing_else() {
    let gateway = Gateway::set(|settings| settings.metrics_apart = true);
    for (path, main, admin) in [
        ("/metrics", 404, 200),
        ("/health/live", 200, 200),
        ("/health/ready", 200, 200),
        ("/", 200, 404),
        ("/graphql", 200, 404),
        ("/schema.graphql", 200, 404),
        ("/health", 404, 404),
    ] {
        let ask = || Request::builder().uri(path.parse().unwrap()).header("accept", "text/html").finish();
        assert_eq!(gateway.send(ask()).await.status, main, "{path}");
        assert_eq!(gateway.send_to_admin(ask()).await.status, admin, "{path}");
    }
    let posted = Request::builder().method(Method::POST).uri("/metrics".parse().unwrap()).finish();
    assert_eq!(gateway.send_to_admin(posted).await.status, 405);
}
