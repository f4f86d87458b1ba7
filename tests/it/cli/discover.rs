//! `discover`, with files and over HTTP.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use oruk_gateway::config::GatewayConfig;
use serde_json::{Value, json};

use super::program::Program;

const REGISTER: &str = r#"{"data": [
    {"name": {"value": "North"}, "publisher": {"value": "North Council", "url": "https://www.north.example"},
     "service": {"value": "north", "url": "https://feeds.north.example/v3/services/"},
     "schemaVersion": {"value": "3.0"}, "statusIsUp": {"value": 1}},
    {"name": {"value": "South"}, "service": {"value": "south", "url": "https://feeds.south.example"},
     "statusIsUp": {"value": 0}},
    {"name": {"value": "Nowhere"}}
]}"#;

#[test]
fn without_a_register_it_prints_the_public_feeds_known() {
    let printed = Program::new().run("discover");
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    assert_eq!(printed.out, include_str!("../../../config/uk.toml"));
    let printed: Value = serde_json::from_str(&Program::new().run("discover --format json").out).unwrap();
    assert_eq!(printed["sources"][0]["key"], "bristol");
    assert_eq!(printed["unusable"], json!([]));
}

#[test]
fn a_register_in_a_file_becomes_a_configuration() {
    let program = Program::new().with_file("register.json", REGISTER);
    let printed = program.run("discover --register register.json");
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    let sources = GatewayConfig::parse(&printed.out, &|_| None).unwrap().sources;
    let seen: Vec<_> = sources.iter().map(|source| (source.key.as_str(), source.enabled)).collect();
    assert_eq!(seen, [("north-council", true), ("south", false)]);
    assert!(printed.out.contains("# entry 3 (Nowhere): it has no address\n"), "{}", printed.out);
    let last = printed.out.trim_end().lines().next_back().unwrap();
    assert!(last.contains("oruk-gateway serve"), "{last}");
}

#[test]
fn a_register_at_an_address_is_asked_for_as_feeds_are() {
    let there = serve();
    let discover = |path: &str| Program::new().run(&format!("discover --register {there}{path}"));
    for path in ["register?key=secret", "moved"] {
        let printed = discover(path);
        assert_eq!(printed.code, 0, "{printed:?}");
        assert_eq!(GatewayConfig::parse(&printed.out, &|_| None).unwrap().sources.len(), 2);
        assert!(!printed.out.contains("secret"));
    }
    for (path, code, says) in [
        ("page", 1, "is not a register: it is not JSON"),
        ("empty", 1, ""),
        ("away", 2, "redirects to another host"),
        ("vast", 2, "a response of more than 32"),
        ("gone?key=secret", 2, "nothing is there"),
        ("refused", 2, "returned HTTP 403"),
    ] {
        let ended = discover(path);
        assert_eq!(ended.code, code, "{path}: {ended:?}");
        assert!(ended.err.contains(says) && !ended.err.contains("secret"), "{path}: {ended:?}");
    }
}

#[test]
fn a_register_that_is_not_there_or_none_is_told_apart() {
    let program = Program::new().with_file("page.html", "<html></html>").with_file("other.json", "{\"a\":1}");
    for (file, code, says) in [
        ("gone.json", 2, "cannot read the register in gone.json"),
        ("page.html", 1, "page.html is not a register: it is not JSON"),
        ("other.json", 1, "other.json is not a register: it is JSON, but contains no list"),
    ] {
        let ended = program.run(&format!("discover --register {file}"));
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{file}: {ended:?}");
        assert!(ended.err.contains(says), "{file}: {ended:?}");
    }
}

/// Starts a server with registers and with other content. It ends with the process.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    there
}

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let asked = lines.next().unwrap_or_default();
    // Reads the rest of the request, because closing with unread data could lose the response.
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = asked.split([' ', '?']).nth(1).unwrap_or_default();
    let (head, body) = match path {
        "/register" => ("200 OK", REGISTER),
        "/empty" => ("200 OK", "[]"),
        "/page" => ("200 OK", "<!doctype html>"),
        "/moved" => ("302 Found\r\nlocation: /register", ""),
        "/away" => ("302 Found\r\nlocation: http://localhost:9/register", ""),
        "/vast" => ("200 OK\r\ncontent-length: 99999999", ""),
        "/refused" => ("403 Forbidden", "no"),
        _ => ("404 Not Found", ""),
    };
    let length =
        if head.contains("length") { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    // The client may have closed the connection after it has read enough.
    let _ = write!(stream, "HTTP/1.1 {head}\r\n{length}connection: close\r\n\r\n{body}");
}
