//! The engines that tests start, and the wire to them, behave as tests of replicas expect.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{FaultyWire, PostgresServer, RedisServer, WireFault};

#[test]
fn postgres_forgets_what_was_committed_after_a_copy_only_when_it_is_restored() {
    let Some(mut postgres) = PostgresServer::start() else { return };
    let steps = "select string_agg(number::text, ',' order by number) from step";
    postgres.sql("create table step (number bigint primary key); insert into step values (1)");
    let copy = postgres.copy();
    postgres.sql("insert into step values (2)");
    postgres.stop();
    postgres.start_again();
    assert_eq!(postgres.sql(steps), "1,2", "a crash loses nothing that was committed");
    postgres.restore(&copy);
    assert_eq!(postgres.sql(steps), "1");
    postgres.sql("insert into step values (2)");
    postgres.restore(&copy);
    assert_eq!(postgres.sql(steps), "1", "a copy can be restored again");
}

#[tokio::test]
async fn a_wire_delays_cuts_resets_and_refuses() {
    let Some(mut redis) = RedisServer::start() else { return };
    let wire = FaultyWire::to(redis.address()).await;
    let mut client = TcpStream::connect(wire.address()).await.unwrap();
    assert_eq!(ping(&mut client).await, "+PONG\r\n");

    wire.becomes(WireFault::Delayed(Duration::from_millis(30)));
    let began = std::time::Instant::now();
    assert_eq!(ping(&mut client).await, "+PONG\r\n");
    assert!(began.elapsed() >= Duration::from_millis(60), "there and back");

    wire.becomes(WireFault::Cut);
    let mut asked = Box::pin(ping(&mut client));
    assert!(tokio::time::timeout(Duration::from_millis(50), asked.as_mut()).await.is_err());
    wire.becomes(WireFault::Sound);
    assert_eq!(asked.await, "+PONG\r\n", "it arrives once the wire is mended");

    wire.reset();
    assert_eq!(ping(&mut client).await, "", "the connection is gone");
    wire.refuse();
    let refused = TcpStream::connect(wire.address()).await;
    if let Ok(mut client) = refused {
        assert_eq!(ping(&mut client).await, "");
    }

    redis.stop();
    redis.start_again();
    let mut client = TcpStream::connect(redis.address()).await.unwrap();
    assert_eq!(ping(&mut client).await, "+PONG\r\n", "it is there again");
}

/// Sends a command. Returns the response, which is empty if the connection is closed or reset.
async fn ping(client: &mut TcpStream) -> String {
    let mut response = [0; 16];
    let _ = client.write_all(b"PING\r\n").await;
    let length = client.read(&mut response).await.unwrap_or(0);
    String::from_utf8_lossy(&response[..length]).into_owned()
}
