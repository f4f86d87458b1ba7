//! Synchronising from the command line: what it prints, what it refuses, and that killing it loses nothing.

use super::program::{Program, Running};
use crate::support::FakeFeed;

const LIMITS: &str =
    "[defaults]\ndialect = 'hsds-3'\nrequests_per_second = 100000\npage_size = 10\nmax_concurrency = 2\n";

fn with_sources(directory: &std::path::Path, feeds: &[&FakeFeed]) -> Program {
    let mut text = format!("[catalogue]\ndirectory = '{}'\n{LIMITS}", directory.display());
    for feed in feeds {
        text.push_str(&format!(
            "[[sources]]\nkey = '{}'\nurl = '{}'\nmode = 'catalogue'\n",
            feed.key, feed.url
        ));
    }
    Program::new().with_file("gateway.toml", &text)
}

async fn run(program: Program, arguments: &'static str) -> super::program::Ended {
    tokio::task::spawn_blocking(move || program.run(arguments)).await.unwrap()
}

#[test]
fn it_says_what_it_needs() {
    let source = "[[sources]]\nkey = 'one'\nurl = 'http://127.0.0.1:9/'\nmode = 'live'\n";
    let nowhere = Program::new().with_file("gateway.toml", source).run("sync --config gateway.toml");
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
    assert!(
        nowhere.err.contains("nothing would be stored") && nowhere.err.contains("directory = "),
        "{nowhere:?}"
    );
    let somewhere = format!("[catalogue]\ndirectory = 'kept'\n{source}");
    for (arguments, says) in [
        ("sync --config gateway.toml --source two", "`--source two` names no enabled source"),
        ("sync --config gateway.toml --source one", "`--source one` names a live source"),
        ("sync --config gateway.toml", "there is no source to synchronise"),
    ] {
        let ended = Program::new().with_file("gateway.toml", &somewhere).run(arguments);
        assert_eq!((ended.code, ended.err.contains(says)), (1, true), "{ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reads_the_sources_it_is_told_to_and_says_what_came_of_each() {
    let directory = tempfile::tempdir().unwrap();
    let one = FakeFeed::called("one").with_services(25).spawn().await;
    let two = FakeFeed::called("two").with_services(5).spawn().await;
    let ended =
        run(with_sources(directory.path(), &[&one, &two]), "sync --config gateway.toml --source two").await;
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, "two: 5 services stored, read completely\n"),
        "{ended:?}"
    );
    assert_eq!(one.all_hits(), 0);
    two.behave(crate::support::Manner::Status(503));
    let ended = run(with_sources(directory.path(), &[&one, &two]), "sync --config gateway.toml").await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("one: 25 services stored, read completely\n"), "{ended:?}");
    assert!(ended.out.contains("two: 5 services stored, interrupted: returned HTTP 503"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_killed_at_any_moment_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let feed = FakeFeed::called("one").with_services(120).spawn().await;
    for requests in [3, 9, 14, 5, 12, 7, 15, 2, 11, 16] {
        let before = feed.all_hits();
        let program = with_sources(directory.path(), &[&feed]);
        let running = Running::spawn(program, "sync --config gateway.toml");
        feed.is_asked_in_all(before + requests).await;
        // Kills it with SIGKILL.
        drop(running);
    }
    let ended = run(with_sources(directory.path(), &[&feed]), "sync --config gateway.toml").await;
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, "one: 120 services stored, read completely\n"),
        "{ended:?}"
    );
}
