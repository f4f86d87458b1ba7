//! What one page of a feed hides and another shows stays hidden: in either order, in both modes, and over restarts.

use oruk_gateway::model::RecordKind;
use serde_json::{Value, json};

use super::{MARKER, assert_nowhere, gateway, log};
use crate::support::{FakeFeed, Habit, Kept, Plan, Running, data, records};

/// The place that one page hides, as all others show it.
fn shown() -> Value {
    json!({
        "id": "l-1", "name": "zqprivate hall", "location_type": "physical", "latitude": 51.987_654, "longitude": -2.123_456,
        "addresses": [{ "id": "a-1", "address_1": "zqprivate", "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB" }],
        "contacts": [{ "id": "c-1", "name": "zqprivate", "email": "zqprivate@home.example" }],
    })
}

fn service(number: usize, place: &Value) -> Value {
    let nested = json!({
        "organization": { "id": "o-1", "name": "Elm", "locations": [place] },
        "locations": [place],
        "service_at_locations": [{ "id": format!("sal-{number}"), "location": place }],
        "contacts": [{ "id": "c-1", "name": "zqprivate" }, { "id": "c-2", "name": "Front desk" }],
        "map": { "location_id": "l-1", "address": "zqprivate" },
    });
    records::with(records::service(number), nested)
}

/// The place, as the page that hides it shows it.
fn hidden() -> Value {
    let contacts = json!([{ "id": "c-1", "personal_data": true }]);
    json!({ "id": "l-1", "is_confidential": true, "name": "zqprivate hall", "contacts": contacts })
}

/// A feed in which service number `hiding` hides the place. Each record is on a page of its own.
fn feed(hiding: usize) -> Plan {
    let mut plan = FakeFeed::called("one").with(Habit::FullLists).page_size_cap(1);
    for number in 0..3 {
        plan = plan.with_service(service(number, &if number == hiding { hidden() } else { shown() }));
    }
    plan.with_list("locations", vec![shown()])
        .with_list("organizations", vec![json!({ "id": "o-1", "name": "Elm", "locations": [shown()] })])
        .with_list("service_at_locations", vec![json!({ "id": "sal-9", "location": shown() })])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_one_page_hides_is_shown_by_none() {
    log::watch();
    for mode in ["live", "catalogue"] {
        for hiding in [0, 2] {
            let what = format!("{mode}, service {hiding} hides it");
            let feed = feed(hiding).spawn().await;
            let gateway = gateway(&feed, mode, "oruk-3", "", "max_concurrency = 1").await;
            assert_nowhere(&gateway, MARKER, &what).await;
            let near = "{ services(filter: { near: { point: { latitude: 51.987654, longitude: -2.123456 } } }) { totalCount } }";
            let found = data(gateway.query(near).await);
            let names =
                data(gateway.query("{ services { nodes { name contacts { name } } } }").await).to_string();
            assert!(names.contains("Front desk"), "{what}: {names}");
            assert_eq!(found["services"]["totalCount"], 0, "{what}: searches know where it is");
            gateway.stop().await;
        }
    }
}

/// Returns everything that is stored, as text.
fn kept_in(running: &Running) -> String {
    RecordKind::ALL.into_iter().map(|kind| format!("{:?}\n", running.all(kind))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_stays_hidden_over_a_restart_though_the_page_that_hides_it_is_not_sent_again() {
    let feed = feed(2).with(Habit::Tagged).spawn().await;
    let kept = Kept::new();
    let running = kept.open(&feed).await;
    running.synchronise().await;
    assert!(!kept_in(&running).contains(MARKER));
    running.stop().await;
    let renamed = records::with(
        service(0, &shown()),
        json!({ "name": "Renamed", "last_modified": "2026-06-01T09:00:00Z" }),
    );
    feed.now_has(vec![renamed, service(1, &shown()), service(2, &hidden())]);
    kept.minutes_pass(61);
    let running = kept.open(&feed).await;
    running.synchronise().await;
    let all = kept_in(&running);
    assert!(all.contains("Renamed") && !all.contains(MARKER));
    running.stop().await;
}

/// A service with a named contact, and members that refer to the contact.
fn named() -> Value {
    let contact = json!({
        "id": "c-9", "name": "zqprivate", "email": "zqprivate@home.example", "mobile": "zqprivate",
        "phones": [{ "id": "p-8", "number": "0117 496 0008", "description": "zqprivate" }],
    });
    let phones = json!([
        { "id": "p-9", "number": "0117 496 0009", "description": "zqprivate", "contact_id": "c-9" },
        { "number": "0117 496 0010", "description": "zqprivate", "contact_id": "c-9", "vendor": "zqprivate" },
        { "id": "p-1", "number": "0117 496 0123" },
    ]);
    let nested = json!({
        "description": "Tea at noon. Write to zqprivate@home.example.", "contacts": [contact, { "id": "c-2", "name": "Front desk" }],
        "phones": phones,
        "metadata": [{ "id": "m-1", "resource_type": "contact", "resource_id": "c-9", "field_name": "name", "previous_value": "zqprivate" }],
        "attributes": [{ "id": "a-1", "link_entity": "contact", "link_id": "c-9", "label": "zqprivate" }],
    });
    records::with(records::service(0), nested)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_becomes_private_takes_along_all_that_hangs_on_them() {
    let feed = FakeFeed::called("one").with_service(named()).with(Habit::FullLists).spawn().await;
    let kept = Kept::new();
    let running = kept.open(&feed).await;
    running.synchronise().await;
    assert!(kept_in(&running).contains(MARKER), "nobody says that they are private");
    // Another row says so. The first row stays the same.
    let saying = json!({ "contacts": [{ "id": "c-9", "personal_data": true }] });
    feed.now_has(vec![named(), records::with(records::service(1), saying)]);
    kept.minutes_pass(61);
    running.synchronise().await;
    let all = kept_in(&running);
    assert!(!all.contains(MARKER), "{all}");
    for left in ["Front desk", "0117 496 0123", "Tea at noon. Write to [withheld]"] {
        assert!(all.contains(left), "{left}: {all}");
    }
    running.stop().await;
}
