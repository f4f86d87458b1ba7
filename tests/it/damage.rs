//! A catalogue with damaged files: no answer claims more than can be read, and the catalogue repairs itself.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, data};

const SEARCH: &str = "{ services(filter: { text: \"many\" }, first: 3) { totalCount complete nodes { name }
      sources { status matched error { code message } } facets { statuses { count } } }
      serviceStatistics(groupBy: [STATUS], filter: { text: \"many\" }) { totalCount complete } }";

/// A gateway that synchronises this feed into a directory, every hour.
async fn keeping(feed: &FakeFeed, directory: &Path) -> Gateway {
    keeping_every(feed, directory, "1h").await
}

async fn keeping_every(feed: &FakeFeed, directory: &Path, every: &str) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults("mode = 'catalogue'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '{every}'", directory.display()))
        .start()
        .await
}

/// Queries until an answer is complete.
async fn until_complete(gateway: &Gateway, question: &str) -> Value {
    let asking = async {
        loop {
            let answer = data(gateway.query(question).await);
            if answer["services"]["complete"] == true {
                return answer;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("no answer is complete")
}

/// Overwrites index files with this extension with zeros, in place, so that a process that has them open reads the
/// zeros.
fn wipe_index(directory: &Path, ending: &str) {
    let files = fs::read_dir(directory.join("index-v1")).unwrap().map(|file| file.unwrap().path());
    let files: Vec<_> = files.filter(|file| file.extension().is_some_and(|is| is == ending)).collect();
    assert!(!files.is_empty(), "no {ending} files");
    for file in files {
        let zeros = vec![0; usize::try_from(fs::metadata(&file).unwrap().len()).unwrap()];
        OpenOptions::new().write(true).open(&file).unwrap().write_all(&zeros).unwrap();
    }
}

#[tokio::test]
async fn an_index_that_goes_bad_is_owned_up_to_and_made_again() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let sound = until_complete(&gateway, SEARCH).await;
    assert_eq!(sound["services"]["totalCount"], 45);
    wipe_index(directory.path(), "idx");
    // Earlier results are cached, so another word is searched for.
    let answer = data(gateway.query(&SEARCH.replace("\"many\"", "\"organisation\"")).await);
    let services = &answer["services"];
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(0)));
    let error = json!({ "code": "INVALID_RESPONSE", "message": "its stored data cannot be searched" });
    assert_eq!(services["sources"][0], json!({ "status": "FAILED", "matched": null, "error": error }));
    assert_eq!(until_complete(&gateway, SEARCH).await, sound, "it is made again meanwhile");
    gateway.stop().await;
    wipe_index(directory.path(), "fast");
    feed.behave(Manner::Resetting);
    let again = keeping(&feed, directory.path()).await;
    assert_eq!(until_complete(&again, SEARCH).await, sound, "it is made again when it is opened");
    again.stop().await;
}

const LIST: &str = "{ services(first: 50) { totalCount complete nodes { id upstreamId }
      sources { status matched error { code message } } }
      sources { serviceCount } changes(filter: { kinds: [DELETED] }) { edges { node { kind } } } }";

/// Damages three stored services of the feed `one`: the record of one, the mark of another, and both of a third.
pub(crate) fn spoil_records(directory: &Path) {
    type Key = (u8, &'static str, &'static str);
    let store = redb::Database::open(directory.join("catalogue.redb")).unwrap();
    let writing = store.begin_write().unwrap();
    let table = |name| writing.open_table(redb::TableDefinition::<Key, &[u8]>::new(name)).unwrap();
    table("records").insert((0, "one", "s-00003"), &b"\x01\x09\x00\x00\x00nonsense"[..]).unwrap();
    table("marks").insert((0, "one", "s-00004"), &b"\xff"[..]).unwrap();
    table("records").remove((0, "one", "s-00005")).unwrap();
    table("marks").remove((0, "one", "s-00005")).unwrap();
    writing.commit().unwrap();
}

#[tokio::test]
async fn records_that_cannot_be_read_are_owned_up_to_forgotten_and_read_again() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let sound = until_complete(&gateway, LIST).await;
    assert_eq!(sound["services"]["totalCount"], 45);
    gateway.stop().await;
    spoil_records(directory.path());

    let gateway = keeping(&feed, directory.path()).await;
    let answer = data(gateway.query(LIST).await);
    let services = &answer["services"];
    assert_eq!(services["nodes"].as_array().unwrap().len(), 42, "the others are there");
    assert_eq!(services["complete"], false);
    let matched = services["totalCount"].as_u64().unwrap();
    assert!((42..=45).contains(&matched), "what is known of them is counted: {matched}");
    let message = "some of its stored data cannot be read; the next walk reads it again";
    let error = json!({ "code": "INVALID_RESPONSE", "message": message });
    assert_eq!(services["sources"][0], json!({ "status": "PARTIAL", "matched": matched, "error": error }));
    let forgotten = async { while data(gateway.query(LIST).await)["sources"][0]["serviceCount"] != 42 {} };
    tokio::time::timeout(Duration::from_secs(60), forgotten).await.expect("they are not forgotten");
    let after = data(gateway.query(LIST).await);
    assert_eq!(after["services"]["nodes"], services["nodes"], "they are still lacking");
    let told = |services: &Value| (services["complete"].clone(), services["sources"][0]["error"].clone());
    assert_eq!(told(&after["services"]), told(services));
    assert_eq!(after["changes"]["edges"], json!([]), "the feed has not deleted them");
    let id = sound["services"]["nodes"].as_array().unwrap().iter().find(|one| one["upstreamId"] == "s-00003");
    let one = gateway.query_with(
        "query($id: ID!) { service(id: $id) { upstreamId } }",
        json!({ "id": id.unwrap()["id"] }),
    );
    assert_eq!(data(one.await)["service"]["upstreamId"], "s-00003", "the feed is asked for it meanwhile");
    gateway.stop().await;

    let gateway = keeping_every(&feed, directory.path(), "100ms").await;
    let again = async { while data(gateway.query(LIST).await)["services"]["totalCount"] != 45 {} };
    tokio::time::timeout(Duration::from_secs(60), again).await.expect("they are not read again");
    let again = data(gateway.query(LIST).await);
    assert_eq!(again["services"]["nodes"], sound["services"]["nodes"]);
    assert_eq!((&again["services"]["complete"], &again["changes"]), (&json!(true), &sound["changes"]));
    gateway.stop().await;
}
