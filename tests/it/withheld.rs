//! Nothing private and no secret leaves the gateway, whatever is requested: every field of the graph, the pages, the
//! metrics and the log.

mod elsewhere;
mod everything;
mod log;

use std::time::Duration;

use oruk_gateway::model::Dialect;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Plan, Scope, data, records};

/// Text that only occurs in private members.
const MARKER: &str = "zqprivate";
/// The credential of every source in the tests of secrets. It has characters that are escaped in many places.
const SECRET: &str = "zqs3cret/a+b=";

/// Private members, each with the marker.
fn private() -> Value {
    json!({
        "assurer_email": "zqprivate@check.example",
        "Assurer-Name": "Zqprivate Person",
        "pc_metadata": { "assured_by": "Zqprivate Person", "date_assured": "2026-01-01" },
        "curator": "ask ZQPRIVATE@check.example",
        "metadata": [
            { "id": "m1", "field_name": "assurer_email", "previous_value": "zqprivate@old.example" },
            { "id": "m2", "field_name": "name", "updated_by": "zqprivate@check.example" },
        ],
        "contacts": [
            { "id": "c-zq", "name": "zqprivate", "personal_data": "aye", "email": "zqprivate@home.example", "phones": [{ "id": "p-zq", "number": "zqprivate" }] },
            { "id": "c-open", "name": "Front desk", "email": "desk@open.example" },
        ],
        "contact_collection": [[{ "name": "zqprivate", "Sensitive-Data": 1 }]],
        "phones": [{ "id": "p1", "number": "zqprivate", "contact_id": "c-zq" }, { "id": "p2", "number": "0117 496 0123" }],
        "vendor": { "people": [[{ "name": "zqprivate", "personalData": true }]], "place": { "hide_address": true, "line": "zqprivate" } },
        "latitude_of_somebody": { "personal_data": 1, "at": "zqprivate" },
        "text": "{\"assurer_email\": \"zqprivate@check.example\", \"location\": {\"is_confidential\": true, \"line\": \"zqprivate\"}}",
        "assured": "zqprivate@check.example",
        "attributes": [{ "id": "x-zq", "label": "Assurer email", "value": "zqprivate" }],
        "links": [{ "label": "Assured by", "url": "mailto:zqprivate@check.example" }],
    })
}

fn privately(record: Value) -> Value {
    records::with(record, private())
}

fn location(id: &str) -> Value {
    privately(
        json!({ "id": id, "name": "Hall", "location_type": "physical", "latitude": 51.4, "longitude": -2.5 }),
    )
}

fn service(number: usize, name: &str) -> Value {
    let hidden = json!({
        "id": "l-hidden", "name": "zqprivate", "hide_address": "yes", "latitude": 51.987_654,
        "addresses": [{ "id": "a1", "address_1": "zqprivate", "postal_code": "BS1 4DJ" }],
        "physical_addresses": [{ "id": "a2", "address_1": "zqprivate" }],
    });
    let masked = json!({
        "id": "l-masked", "name": "zqprivate", "mask_exact_address": true, "latitude": 51.987_654, "longitude": -2.123_456,
        "addresses": [{ "id": "a3", "address_1": "zqprivate", "city": "Elmford", "postal_code": "BS1 4DJ" }],
    });
    let again = json!({ "id": "l-masked", "name": "zqprivate" });
    privately(json!({
        "id": records::service_id(number), "name": name, "status": "active", "last_modified": "2026-05-01T09:00:00Z",
        "organization": organization(),
        "locations": [hidden, masked],
        "service_at_locations": [
            privately(json!({ "id": format!("sal-{number}"), "location": location("l-open") })),
            { "id": format!("sal-hidden-{number}"), "location": hidden },
            { "id": format!("sal-masked-{number}"), "location": again },
        ],
    }))
}

fn organization() -> Value {
    let nested = json!([privately(
        json!({ "id": "s-nested", "name": "Nested tea", "status": "active", "locations": [location("l-nested")] })
    )]);
    privately(
        json!({ "id": "o-1", "name": "Elm", "description": "d", "locations": [location("l-office")], "services": nested }),
    )
}

/// A feed with private members everywhere, whose lists have the names of all dialects. `name` is the name of its
/// services.
fn feed(name: &str) -> Plan {
    let delivery =
        privately(json!({ "id": "sal-alone", "location": location("l-alone"), "service": service(0, name) }));
    let term = privately(json!({ "id": "t-1", "name": "Tea", "vocabulary": "Drinks" }));
    let mut plan = FakeFeed::called("one").with(Habit::FullLists);
    for number in 0..2 {
        plan = plan.with_service(service(number, name));
    }
    for list in ["organizations", "organization"] {
        plan = plan.with_list(list, vec![organization()]);
    }
    for list in ["locations", "location"] {
        plan = plan.with_list(list, vec![location("l-listed")]);
    }
    for list in ["taxonomies", "taxonomy_terms", "vocabularies", "vocabulary"] {
        plan = plan.with_list(list, vec![term.clone()]);
    }
    plan.with_list("service_at_locations", vec![delivery])
}

/// A gateway over a feed in a mode and a dialect, once it has read everything.
async fn gateway(feed: &FakeFeed, mode: &str, dialect: &str, sections: &str, source: &str) -> Gateway {
    let gateway = Gateway::over(&[feed])
        // Wherever the dialect has its services, this feed has them at `/services`.
        .with_defaults(&format!(
            "mode = '{mode}'\ndialect = '{dialect}'\npaths = {{ services = '/services' }}"
        ))
        .with(everything::SETTINGS)
        .with(sections)
        .with_source("one", source)
        .start()
        .await;
    let reading = async {
        while data(gateway.query("{ services { totalCount complete } }").await)["services"]["complete"]
            != true
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), reading).await.expect("the feed is read");
    gateway
}

/// Checks that a word occurs nowhere in what the gateway answers.
async fn assert_nowhere(gateway: &Gateway, word: &str, what: &str) {
    for (asked, answer) in everything::asked(gateway).await {
        let folded = answer.to_lowercase();
        let around =
            folded.find(word).map(|at| folded.get(at.saturating_sub(120)..(at + 80).min(folded.len())));
        assert_eq!(around, None, "{what}: {asked}");
    }
    assert_eq!(log::lines_with(word), Vec::<String>::new(), "{what}: in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_private_is_in_anything_that_can_be_asked_in_any_dialect_and_mode() {
    log::watch();
    for dialect in Dialect::ALL.iter().map(|dialect| dialect.as_str()) {
        for mode in ["live", "catalogue"] {
            let what = format!("{dialect}, {mode}");
            let feed = feed("Tea").spawn().await;
            let sections = "[privacy]\nassurer_emails = 'omit'\n[catalogue]\nsync_every = '100ms'\n";
            let gateway = gateway(&feed, mode, dialect, sections, "").await;
            // A change, so that there is a history.
            feed.now_has(vec![service(0, "Coffee"), service(1, "Tea")]);
            if mode == "catalogue" {
                let walked = feed.hits("/services");
                feed.is_asked("/services", walked + 3).await;
            }
            assert_nowhere(&gateway, MARKER, &what).await;
            let answers = everything::asked(&gateway).await;
            let whole: String = answers.iter().map(|(_, answer)| answer.as_str()).collect();
            for exact in ["51.987654", "2.123456"] {
                assert!(!whole.contains(exact), "{what}: {exact}");
            }
            for kept in ["WITHHELD", "Front desk", "desk@open.example", "0117 496 0123", "Nested tea"] {
                assert!(whole.contains(kept), "{what}: {kept} is gone");
            }
            gateway.stop().await;
        }
    }
}

/// Adds the secret to every object of a record, in several spellings.
fn echoing(record: &Value) -> Value {
    match record {
        Value::Object(members) => {
            let mut echoed: serde_json::Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), echoing(value))).collect();
            echoed.insert(format!("echo {SECRET}"), json!(format!("Basic {SECRET}")));
            echoed.insert(
                "echo".to_owned(),
                json!(["zqs3cret%2Fa%2Bb%3D", "https://a.example/?key=zqs3cret/a%2bb="]),
            );
            echoed.insert("disguised".to_owned(), json!(disguised()));
            let marked_up = disguised().join(" and ");
            echoed.entry("description").and_modify(|text| *text = json!(marked_up));
            Value::Object(echoed)
        }
        Value::Array(elements) => elements.iter().map(echoing).collect(),
        Value::String(text)
            if !text.starts_with("20") && !["active", "physical"].contains(&text.as_str()) =>
        {
            json!(format!("{text} {SECRET}"))
        }
        other => other.clone(),
    }
}

/// Returns spellings of the secret that readers would decode.
fn disguised() -> Vec<String> {
    let each = |spell: fn(u8) -> String| SECRET.bytes().map(spell).collect();
    vec![
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("%25{byte:02x}")),
        each(|byte| format!("{}<b></b>", char::from(byte))),
        each(|byte| format!("{}\u{200b}", char::from(byte))),
        each(|byte| format!("{byte:02x}")),
        "QmFzaWMgenFzM2NyZXQvYStiPSE".to_owned(),
        json!({ "key": SECRET }).to_string().replace('/', "\\/"),
    ]
}

/// What shows that the secret leaked: the text itself, in hexadecimal, or in Base64.
const TRACES: [&str; 3] = ["zqs3cret", "7a7173336372", "enfzm2nyzxq"];

const WAYS: [&str; 4] = [
    "auth = { query = { name = 'key', value = 'zqs3cret/a+b=' } }",
    "auth = { bearer = 'zqs3cret/a+b=' }",
    "auth = { basic = { username = 'ann', password = 'zqs3cret/a+b=' } }",
    "auth = { header = { name = 'x-id', value = 'zqs3cret/a+b=' } }",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_a_feed_says_back_is_nowhere() {
    log::watch();
    for (way, mode) in WAYS.iter().zip(["live", "catalogue", "live", "catalogue"]) {
        let mut plan = FakeFeed::called("one");
        for number in 0..3 {
            plan = plan.with_service(echoing(&records::in_detail(&records::service(number))));
        }
        let feed = plan.spawn().await;
        feed.now_declares(json!({ "version": SECRET, "profile": format!("https://a.example/{SECRET}") }));
        let gateway = gateway(&feed, mode, "hsds-3", "", way).await;
        for trace in TRACES {
            assert_nowhere(&gateway, trace, way).await;
        }
        let found = data(gateway.query("{ services { nodes { name description extra } } }").await);
        assert!(found.to_string().contains("***"), "it was sent and taken out: {found}");
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_feed_says_in_place_of_records_is_in_the_log_alone_and_without_secrets() {
    log::watch();
    let ways: [(&str, Manner); 6] = [
        ("text", Manner::Saying("Invalid API key: zqs3cret/a+b= of zqhost")),
        (
            "html",
            Manner::Saying("<br />\n<b>Fatal error</b>: Access denied for zqhost zqs3cret\\/a\\u002bb="),
        ),
        ("half", Manner::Saying("{\"contents\": [{\"zqhost\": \"zqs3cret/a+b=\", ")),
        ("error", Manner::Saying("{\"error\": \"Invalid API key zqs3cret/a+b= of zqhost\"}")),
        ("names", Manner::Saying("{\"zqhost_zqs3cret/a+b=\": {\"zqhost\": 1}}")),
        ("away", Manner::RedirectingTo("http://zqhost.example:81/zqs3cret/a+b=/".to_owned())),
    ];
    for dialect in ["auto", "oruk-3", "oruk-1"] {
        for (name, manner) in &ways {
            let what = format!("{dialect}, {name}");
            let feed = FakeFeed::called("one").behaving_at(Scope::Everywhere, manner.clone()).spawn().await;
            let gateway = Gateway::over(&[&feed])
                .with_defaults(&format!("dialect = '{dialect}'"))
                .with(everything::SETTINGS)
                .with_source("one", WAYS[0])
                .start()
                .await;
            let failed = "{ services { sources { status error { code message } } } }";
            let report = data(gateway.query(failed).await)["services"]["sources"][0].take();
            assert!(report["error"]["message"].is_string(), "{what}: {report}");
            let pages = [gateway.get("/").await.text, gateway.get("/metrics").await.text];
            let asked = data(
                gateway
                    .query("{ sources { key error { message } conformance { issues { path message } } } }")
                    .await,
            );
            let all = format!("{report} {asked} {}", pages.join(" "));
            for word in ["zqhost", "zqs3cret", "Fatal", "Invalid API"] {
                assert!(!all.contains(word), "{what}: {word} in {all}");
            }
            gateway.stop().await;
        }
    }
    assert_eq!(log::lines_with("zqs3cret"), Vec::<String>::new());
    let quoted = log::lines_with("zqhost");
    assert!(quoted.iter().any(|line| line.contains("Invalid API key: *** of zqhost")), "{quoted:?}");
    assert!(quoted.iter().any(|line| line.contains("Access denied for zqhost ***")), "{quoted:?}");
}
