//! How the program stops: not ready first, then closed to new connections, then cut.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::NOBODY;
use super::program::{Program, Running};

fn start(server: &str) -> Running {
    let config = format!("{NOBODY}mode = 'live'\n[server]\n{server}\n");
    Program::new().with_file("config/gateway.toml", &config).start("serve --listen 127.0.0.1:0")
}

#[tokio::test]
async fn it_says_that_it_is_stopping_before_it_stops_listening() {
    let gateway = start("shutdown_delay = '3s'");
    gateway.signal("TERM");
    let stopping = loop {
        let (status, body) = gateway.get("health/ready").await;
        if status != 200 {
            break (status, body);
        }
    };
    assert_eq!(stopping.0, 503);
    assert!(stopping.1.contains("stopping"), "{}", stopping.1);
    // A new connection, and a question.
    assert!(TcpStream::connect(gateway.address()).is_ok());
    let answer = gateway.query("{ meta { version } }").await;
    assert!(answer["data"]["meta"]["version"].is_string(), "{answer}");
    let ended = gateway.end();
    assert_eq!(ended.code, 0, "{}", ended.err);
}

#[tokio::test]
async fn what_does_not_finish_within_the_grace_is_cut() {
    let gateway = start("shutdown_grace = '300ms'\nrequest_timeout = '5m'\nheader_timeout = '5m'");
    let mut stuck = TcpStream::connect(gateway.address()).unwrap();
    let head =
        b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
    stuck.write_all(head).unwrap();
    let mut half = TcpStream::connect(gateway.address()).unwrap();
    half.write_all(b"GET / HTTP").unwrap();
    gateway.until_under_way(2).await;
    let began = Instant::now();
    let ended = gateway.terminate();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
