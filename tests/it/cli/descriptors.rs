//! The program when it has no file descriptors left.

use std::net::TcpStream;
use std::time::Instant;

use super::NOBODY;
use super::program::Program;

#[tokio::test]
async fn exhausted_descriptors_are_waited_out_and_not_spun_upon() {
    let config = format!("{NOBODY}mode = 'live'\n[server]\nheader_timeout = '2s'\n");
    let gateway = Program::new()
        .with_file("config/gateway.toml", &config)
        .start_with_descriptors(64, "serve --listen 127.0.0.1:0");
    let (began, before) = (Instant::now(), gateway.processor_time());
    let silent: Vec<_> = (0..150).map(|_| TcpStream::connect(gateway.address()).unwrap()).collect();
    // Answered once the silent connections have been closed, in three rounds.
    while gateway.try_get("health/live").await != Some(200) {}
    let (took, worked) = (began.elapsed(), gateway.processor_time() - before);
    assert!(took.as_millis() > 1500, "the descriptors were never exhausted: {took:?}");
    assert!(worked < took / 2, "{worked:?} of {took:?} were spent on waiting");
    drop(silent);

    let ended = gateway.terminate();
    let complaints = ended.err.matches("cannot accept connections").count();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!((1..=10).contains(&complaints), "{complaints} lines: {}", ended.err);
}
