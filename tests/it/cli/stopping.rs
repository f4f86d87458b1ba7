//! How the program stops: it is not ready first, then accepts no connections, then closes those that are left.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
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
    // New connections and queries are still accepted.
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

/// Returns the status of the readiness check, as a load balancer asks for it.
fn readiness(address: SocketAddr) -> Option<u16> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection.write_all(b"GET /health/ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").ok()?;
    let mut line = String::new();
    BufReader::new(connection).read_line(&mut line).ok()?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn what_says_that_it_is_ready_says_that_it_is_stopping() {
    // After it is ready, the gateway still waits for the demonstration before it prints the line.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = Program::new().with_file("config/gateway.toml", "[server]\nshutdown_delay = '3s'\n");
    let gateway = Running::spawn(program, &format!("serve --listen {address}"));
    while readiness(address) != Some(200) {
        std::thread::yield_now();
    }
    gateway.signal("TERM");
    let stopping = loop {
        let status = readiness(address);
        if status != Some(200) {
            break status;
        }
    };
    assert_eq!(stopping, Some(503), "{:?}", gateway.end());
    assert_eq!(gateway.end().code, 0);
}
