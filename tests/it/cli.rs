//! The program as people and scripts run it: what it prints, its exit codes, and how it stops.

#[cfg(target_os = "linux")]
mod descriptors;
mod discover;
#[cfg(target_os = "linux")]
mod environment;
mod program;
mod stopping;
mod sync;
mod unclean;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use program::{Program, Running};

use crate::ceilings::slow_page;
use crate::support::{FakeFeed, Manner, PostgresServer};

/// A source at an address where nothing listens: port 9, which is reserved for discarding.
const NOBODY: &str = "[[sources]]\nkey = 'nobody'\nurl = 'http://127.0.0.1:9/'\nretries = 0\n";

#[tokio::test]
async fn serves_the_demonstration_without_any_configuration() {
    let gateway = Program::new().start("--listen 127.0.0.1:0");
    let line = gateway.ready_line();
    assert!(line.starts_with("oruk-gateway is ready: http://127.0.0.1:"), "{line}");
    assert!(line.ends_with("/ (demonstration: 5 invented feeds)"), "{line}");
    assert_eq!(gateway.get("health/ready").await.0, 200);
    let answer = gateway.query("{ services { totalCount complete } sources { status } }").await;
    assert_eq!(answer["data"]["services"], json!({ "totalCount": 590, "complete": true }));
    assert_eq!(answer["data"]["sources"].as_array().unwrap().len(), 5);

    let ended = gateway.terminate();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "one line, and nothing after it");
}

#[tokio::test]
async fn what_is_under_way_is_answered_before_it_stops() {
    let feed =
        Program::new().start("demo-feed --dialect oruk-3 --listen 127.0.0.1:0 --services 5 --latency 700");
    let config = format!("[[sources]]\nkey = 'slow'\nurl = '{}'\nmode = 'live'\n", feed.url());
    let gateway =
        Program::new().with_file("config/gateway.toml", &config).start("serve --listen 127.0.0.1:0");
    assert!(gateway.ready_line().ends_with("/ (1 source)"));

    let asked = gateway.query("{ services { totalCount } }");
    let stopped = async {
        gateway.until_under_way(2).await;
        gateway.signal("TERM");
    };
    let (answer, ()) = tokio::join!(asked, stopped);
    assert_eq!(answer["data"]["services"]["totalCount"], 5);
    assert_eq!(gateway.end().code, 0);
    assert_eq!(feed.terminate().code, 0);
}

#[tokio::test]
async fn it_ends_within_its_grace_whatever_is_being_read() {
    let feed = FakeFeed::called("slow").spawn().await;
    feed.behave(Manner::Saying(slow_page()));
    let config = format!(
        "[server]\nshutdown_grace = '1s'\n[reading]\nmax_memory = '4GiB'\n[[sources]]\nkey = 'slow'\nurl = '{}'\nmode = 'live'\n\
         dialect = 'hsds-3'\ndeadline = '1s'\nreading_timeout = '10m'\n",
        feed.url
    );
    let gateway =
        Program::new().with_file("config/gateway.toml", &config).start("serve --listen 127.0.0.1:0");
    let answer = gateway.query("{ services { sources { error { code } } } }").await;
    assert_eq!(answer["data"]["services"]["sources"][0]["error"]["code"], "TIMEOUT", "it is still read");
    let began = Instant::now();
    assert_eq!(gateway.terminate().code, 0);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn the_exit_code_tells_refused_input_from_not_being_able_to_run() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let places = "[places]\npostcodes = 'postcodes.csv'\n";
    let program = || {
        let program = Program::new().with_file("bad.toml", "[server]\nlisten = 'nowhere'\n");
        program.with_file("places.toml", places).with_file("postcodes.csv", "pcds,lat,long\nXB1,51.4,-2.5\n")
    };
    for (arguments, code, says) in [
        ("check --config bad.toml", 1, "bad.toml:2:10: server.listen: "),
        ("serve --config bad.toml", 1, "bad.toml:2:10: server.listen: "),
        ("check --config places.toml", 1, "places.postcodes: postcodes.csv: line 2, column `pcds`"),
        ("serve --config places.toml", 1, "places.toml: places.postcodes: postcodes.csv: line 2"),
        ("query --variables [1] {meta{version}}", 1, "--variables: must be a JSON object"),
        ("query {nope}", 1, "GRAPHQL_VALIDATION_FAILED"),
        ("serve --config gone.toml", 2, "gone.toml"),
        ("query --file gone.graphql", 2, "gone.graphql"),
        (&format!("serve --listen {taken}"), 2, &*taken),
        (&format!("demo-feed --dialect hsds-3 --listen {taken}"), 2, &*taken),
        ("serve --wrong", 2, "--wrong"),
        ("--listen 127.0.0.1:0 schema", 2, "after the command"),
        ("--log very=loud=x schema", 2, "--log"),
        ("--version", 0, "oruk-gateway "),
        ("check --help", 0, "--online"),
    ] {
        let ended = program().run(arguments);
        assert_eq!(ended.code, code, "{arguments}: {ended:?}");
        assert!(format!("{}{}", ended.out, ended.err).contains(says), "{arguments}: {ended:?}");
    }
}

#[test]
fn prints_both_schemas() {
    let sdl = Program::new().run("schema");
    assert_eq!(sdl.out, include_str!("../../schema.graphql"));
    let subgraph = Program::new().run("schema --federation");
    assert!(subgraph.out.starts_with("extend schema @link("), "{}", subgraph.out);
    let schema: Value = serde_json::from_str(&Program::new().run("config-schema").out).unwrap();
    assert_eq!(schema["properties"]["sources"]["items"]["required"], json!(["key", "url"]));
}

#[test]
fn answers_one_query_without_a_server() {
    let file = "query A { meta { version } } query B($n: Int) { services(first: $n) { nodes { name } } }";
    let answered = Program::new()
        .with_file("q.graphql", file)
        .run(r#"query --file q.graphql --operation B --variables {"n":2} --log error"#);
    assert_eq!((answered.code, answered.err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&answered.out).unwrap();
    assert_eq!(answer["data"]["services"]["nodes"].as_array().unwrap().len(), 2);

    let refused: Value = serde_json::from_str(&Program::new().run("query {nope}").out).unwrap();
    assert_eq!(refused.get("data"), None, "an operation that was refused has no data, not even null");
}

#[tokio::test]
async fn a_demo_feed_is_served_with_its_faults() {
    let feed = "demo-feed --listen 127.0.0.1:0 --services 7 --seed 3 --dialect hsds-3";
    let (well, unwell) =
        (Program::new().start(feed), Program::new().start(&format!("{feed} --fault error-500:1")));
    let (status, page) = well.get("services").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!((status, &page["total_items"]), (200, &json!(7)));
    assert_eq!(unwell.get("services").await.0, 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tries_the_journal() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let checked = |journal: &str| {
        let config = format!(
            "[catalogue]\njournal = '{journal}'\n[[sources]]\nkey = 'one'\nurl = '{}'\nname = 'One'\nmode = 'live'",
            feed.url
        );
        Program::new()
            .with_file("gateway.toml", &config)
            .run("check --online --config gateway.toml --format json")
    };
    // Nothing listens on port 1.
    let gone = checked("postgres://oruk@127.0.0.1:1/oruk");
    let report: Value = serde_json::from_str(&gone.out).unwrap();
    assert_eq!((gone.code, &report["problems"][0]["key"]), (1, &json!("catalogue.journal")), "{report}");
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("127.0.0.1:1 cannot be reached"), "{message}");
    let Some(postgres) = PostgresServer::start() else { return };
    let there = checked(&postgres.url());
    assert_eq!(there.code, 0, "{}", there.out);
}

#[tokio::test]
async fn quirk_2_check_says_what_each_source_does() {
    let feed = Program::new().start("demo-feed --dialect aggregator --listen 127.0.0.1:0 --services 70");
    let checked = |config: String| {
        let checked =
            Program::new().with_file("config/gateway.toml", &config).run("check --online --format json");
        (checked.code, serde_json::from_str::<Value>(&checked.out).unwrap())
    };
    let here = format!("[[sources]]\nkey = 'here'\nurl = '{}'\n", feed.url());

    let (code, report) = checked(here.clone());
    let source = &report["sources"][0];
    assert_eq!((code, &report["clean"]), (0, &json!(true)), "{report}");
    assert_eq!((&source["version"], &source["dialect"]), (&json!("V3"), &json!("oruk-3")));
    assert_eq!((&source["records"], &source["page_limit"]["rows"]), (&json!(70), &json!(50)));
    assert_eq!(source["parameters"], json!({ "search": "IGNORED", "modified_after": "IGNORED" }));
    assert_eq!(source["endpoints"][2]["presence"], "ABSENT");

    let conformance = &source["conformance"];
    // A page of services, and ten organisations.
    assert_eq!(conformance["records_checked"], 60);
    assert!(conformance["issues"].is_array(), "{report}");
    let verdict = source["validator"]["summary"].as_str().unwrap();
    assert!(verdict.starts_with("the Open Referral UK validator would "), "{report}");

    let (code, report) = checked(format!("{here}{NOBODY}"));
    assert_eq!((code, &report["clean"]), (1, &json!(false)), "{report}");
    assert_eq!(report["sources"][1]["error"]["code"], "CONNECTION");
}

#[tokio::test]
async fn check_fits_eighty_columns_and_says_once_why_a_source_is_dead() {
    // The dialect with the longest paths of departures.
    let feed = Program::new().start("demo-feed --dialect outpost --listen 127.0.0.1:0 --services 50");
    let config = format!("[[sources]]\nkey = 'here'\nurl = '{}'\n{NOBODY}", feed.url());
    let checked = Program::new().with_file("config/gateway.toml", &config).run("check --online");
    assert_eq!(checked.code, 1, "{checked:?}");
    let (said, err) = (&checked.out, &checked.err);
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    assert!(said.contains("MISSPELLED_MEMBER") && said.contains("validator"), "{said}");
    assert_eq!((said.matches("CONNECTION").count(), err.as_str()), (1, ""), "{said}");
}

#[tokio::test]
async fn probe_ends_in_a_block_that_configures_the_feed() {
    let feed = Program::new().start("demo-feed --dialect hsds-3 --listen 127.0.0.1:0 --services 30");
    let probed = Program::new().run(&format!("probe {}/services", feed.url().trim_end_matches('/')));
    assert_eq!(probed.code, 0, "{probed:?}");
    let (table, block) = probed.out.split_once("[[sources]]").unwrap();
    assert!(table.contains("3.1.1") && table.contains("modified_after: honoured"), "{table}");
    assert!(probed.out.lines().all(|line| line.chars().count() <= 80), "{}", probed.out);
    assert_eq!(probed.err, "", "the report says it all");
    let config = format!("[[sources]]{block}");
    assert!(config.contains("dialect = \"hsds-3\""), "{config}");
    let counted =
        Program::new().with_file("config/gateway.toml", &config).run("query {services{totalCount}}");
    assert_eq!(counted.out.trim(), r#"{"data":{"services":{"totalCount":30}}}"#);

    let json = Program::new().run(&format!("probe {} --format json", feed.url()));
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["dialect"], &json["conformance"]["records_checked"]), (&json!("hsds-3"), &json!(30)));
    assert_eq!(json["block"].as_str().unwrap().lines().next(), Some("[[sources]]"));
}

#[test]
fn probe_refuses_what_it_cannot_read() {
    let nobody = Program::new().run("probe http://127.0.0.1:9/");
    assert_eq!(nobody.code, 1, "{nobody:?}");
    assert!(nobody.out.contains("CONNECTION") && !nobody.out.contains("[[sources]]"), "{}", nobody.out);
    for address in ["ftp://feed.example/", "https://user:secret@feed.example/"] {
        let refused = Program::new().run(&format!("probe {address}"));
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(!refused.err.contains("secret"), "{}", refused.err);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut running = Running::spawn(Program::new(), "config-schema");
    running.stop_reading();
    let ended = running.end();
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}
