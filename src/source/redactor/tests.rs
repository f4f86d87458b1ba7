//! Secrets are found however they come back, and nothing else is touched.

use serde_json::{Value, json};

use super::*;
use crate::config::{Auth, Secret};
use crate::model::SourceKey;

const KEY: &str = "s3cr3t/k+y=9\"&f";

fn source(auth: Option<Auth>) -> config::Source {
    let url = "https://feed.example/v3?subscription-key=fromtheaddress&format=json-lines".parse().unwrap();
    let headers = vec![
        ("x-api-key".to_owned(), Secret::new("abcdefgh")),
        ("accept-language".to_owned(), Secret::new("en-GB,english")),
        ("x-area".to_owned(), Secret::new("bristol")),
        ("x-id".to_owned(), Secret::new("Client 9f3c2b7d")),
    ];
    config::Source { auth, headers, ..config::Source::new(SourceKey::parse("elm").unwrap(), url) }
}

fn redactor() -> Redactor {
    let value = Secret::new(KEY);
    Redactor::of([&source(Some(Auth::Query { name: "key".into(), value }))])
}

fn clean(body: &[u8]) -> String {
    String::from_utf8(redactor().body(Bytes::copy_from_slice(body)).to_vec()).unwrap()
}

#[test]
fn a_secret_is_found_in_every_spelling() {
    let all = json!({
        "plain": KEY, "url": "https://a.example/?key=s3cr3t%2Fk%2By%3D9%22%26f&x=s3cr3t%2fk%2by%3d9%22%26f",
        "html": "s3cr3t/k+y=9&quot;&amp;f", "base64": "czNjcjN0L2sreT05IiZm",
        "header": ["ABCDEFGH", "9f3c2b7d", "fromtheaddress"], "S3CR3T/K+Y=9\"&F": 1,
    });
    let read: Value = serde_json::from_str(&clean(all.to_string().as_bytes())).unwrap();
    let text = read.to_string();
    let expected = json!({
        "plain": "***", "url": "https://a.example/?key=***&x=***", "html": "***", "base64": "***",
        "header": ["***", "***", "***"], "***": 1,
    });
    assert_eq!(read, expected, "{text}");
    // As PHP and .NET write it.
    assert_eq!(
        clean(br#"["s3cr3t\/k\u002By\u003d9\"\u0026f", "\\/ \\u002B \u00e9"]"#),
        r#"["***", "\\/ \\u002B \u00e9"]"#
    );
    let utf16: Vec<u8> = format!("[{}]", json!(KEY)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(clean(&utf16), "[\"***\"]");
}

#[test]
fn what_is_no_secret_stays_to_the_byte() {
    let body = Bytes::from_static(
        br#"{"town": "Bristol", "language": "english", "format": "json-lines", "a": "\/"}"#,
    );
    let read = redactor().body(body.clone());
    assert_eq!((read.as_ptr(), &read), (body.as_ptr(), &body), "not even copied");
    let read = Redactor::default().body(body.clone());
    assert_eq!(read.as_ptr(), body.as_ptr());
}

#[test]
fn basic_credentials_are_found_as_they_are_sent() {
    let auth = Auth::Basic { username: "ann".into(), password: Secret::new("12345678") };
    let redactor = Redactor::of([&source(Some(auth))]);
    let body = br#"{"sent": "Basic YW5uOjEyMzQ1Njc4", "number": 12345678, "user": "ann"}"#;
    let clean = redactor.body(Bytes::from_static(body));
    let read: Value = serde_json::from_slice(&clean).unwrap();
    assert_eq!(read, json!({"sent": "Basic ***", "number": 99_999_999, "user": "ann"}));
}

#[test]
fn the_start_of_a_body_is_short_tame_and_without_secrets() {
    let body = format!("\n<b>Invalid key {KEY}\r\n{}", "x".repeat(9000));
    let start = redactor().start_of(body.as_bytes());
    assert!(start.starts_with("<b>Invalid key ***  xxx"), "{start}");
    assert_eq!(start.chars().count(), 200);
}
