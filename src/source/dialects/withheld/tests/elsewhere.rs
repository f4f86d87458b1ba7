//! What one page of a feed says is private is withheld on all others, whichever is read first.

use serde_json::{Value, json};

use super::super::super::reader_laws::with_policy;
use super::super::super::{descriptions, stated};
use super::MARKER;
use crate::model::{Location, Organization, RecordKind, Service, ServiceAtLocation};
use crate::source::collection::FromRow;
use crate::source::dialect::{AnswerDepth, DialectReader, ReadingContext};
use crate::source::kept_back::KeptBack;
use crate::source::kept_back::LessPrivate;

/// A page that says what is private.
fn flagged() -> Value {
    json!({
        "id": "s-0", "name": "Tea",
        "locations": [
            {"id": "l-hidden", "is_confidential": true},
            {"id": "l-masked", "name": "Somewhere", "policy": "{\"mask_exact_address\": 1}"},
            {"id": "l-masked", "mask_exact_address": "yes"},
        ],
        "contacts": [{"id": "c-1", "personal_data": true, "phones": [{"id": "p-1"}]}],
        "organization": {"id": "o-private", "name": "Elm", "sensitive_data": true},
    })
}

fn place(id: &str) -> Value {
    json!({
        "id": id, "name": "zqprivate hall", "latitude": 51.987_654, "longitude": -2.123_456, "location_type": "physical",
        "description": "zqprivate", "addresses": [{"id": format!("a-{id}"), "address_1": "zqprivate", "city": "Elmford",
        "postal_code": "EX1 1AB", "country": "GB"}], "phones": [{"id": "p-1", "number": "zqprivate"}], "nearby": "zqprivate",
        "accessibility": [{"id": "x-1", "description": "Ramp at zqprivate", "details": "zqprivate", "url": "https://zqprivate.example/"}],
        "languages": [{"id": "y-1", "name": "zqprivate", "code": "en", "note": "zqprivate"}],
    })
}

/// Pages that show it.
fn shown() -> Vec<(RecordKind, Value)> {
    let private =
        json!({"id": "c-1", "name": "zqprivate", "email": "zqprivate@home.example", "mobile": "zqprivate"});
    let open = json!({"id": "c-2", "name": "Front desk"});
    let organization = json!({
        "id": "o-private", "name": "Elm", "email": "zqprivate@elm.example", "contacts": [{"id": "c-9", "name": "zqprivate"}],
        "manager_email": "zqprivate@elm.example",
    });
    let service = json!({
        "id": "s-1", "name": "Tea", "status": "active", "organization": organization, "contacts": [private, open],
        "phones": [{"id": "p-1", "number": "zqprivate"}, {"id": "p-2", "number": "0117 496 0123"},
            {"number": "0117 496 0124", "description": "zqprivate", "contact_id": "c-1"}],
        "description": "Tea, or write to zqprivate@home.example",
        "service_at_locations": [
            {"id": "d1", "location": place("l-hidden")}, {"id": "d2", "location": place("l-masked")},
            {"id": "d3", "location_id": "l-hidden", "address": {"address_1": "zqprivate"}},
        ],
        "venue": {"id": "l-hidden", "street": "zqprivate"},
        "vendor": [{"location_id": "l-hidden", "address": {"line": "zqprivate"}}],
        "copy": json!({"location": place("l-hidden")}).to_string(),
    });
    vec![
        (RecordKind::Service, service),
        (RecordKind::Organization, organization),
        (RecordKind::Location, place("l-hidden")),
        (RecordKind::Location, place("l-masked")),
        (
            RecordKind::ServiceAtLocation,
            json!({"id": "d9", "location": place("l-masked"), "contacts": [private]}),
        ),
    ]
}

fn read<T: FromRow + LessPrivate + serde::Serialize>(
    reader: &dyn DialectReader,
    row: &Value,
    known: &KeptBack,
    is_known_before: bool,
) -> String {
    let read = |reading: &ReadingContext<'_>| T::from_row(reader, row.clone(), reading).unwrap();
    let record = with_policy(true, AnswerDepth::Detail, |reading| match is_known_before {
        true => read(&ReadingContext { kept_back: known, ..*reading }),
        false => read(reading),
    });
    let record = std::sync::Arc::new(record);
    let less = T::less_private(&record, known);
    assert_eq!(less.is_none(), is_known_before, "{}", json!(record));
    let record = less.unwrap_or(record);
    let again = T::less_private(&record, known);
    assert!(again.is_none(), "{}\n{}", json!(record), json!(again));
    json!(record).to_string()
}

#[test]
fn nothing_that_another_page_says_is_private_leaves_any_dialect_whichever_page_is_read_first() {
    let known = KeptBack::default();
    let (stated, _) = stated(RecordKind::Service, &flagged(), true);
    known.hear("listed/services/s-0", &stated, chrono::DateTime::UNIX_EPOCH);
    for (dialect, of) in descriptions() {
        let reader = of.reader;
        for (kind, row) in shown() {
            for is_known_before in [false, true] {
                let text = match kind {
                    RecordKind::Service => read::<Service>(reader, &row, &known, is_known_before),
                    RecordKind::Organization => read::<Organization>(reader, &row, &known, is_known_before),
                    RecordKind::Location => read::<Location>(reader, &row, &known, is_known_before),
                    _ => read::<ServiceAtLocation>(reader, &row, &known, is_known_before),
                };
                let at = text.to_lowercase().find(MARKER);
                let around = at.map(|at| text.get(at.saturating_sub(120)..(at + 60).min(text.len())));
                assert_eq!(around, None, "{dialect:?} {kind:?} {is_known_before}");
                for exact in ["51.987654", "2.123456", "EX1 1AB"] {
                    assert!(!text.contains(exact), "{dialect:?} {kind:?} {is_known_before}: {exact}");
                }
                assert!(text.contains("WITHHELD"), "{dialect:?} {kind:?}");
                if kind == RecordKind::Service {
                    assert!(
                        text.contains("Front desk") && text.contains("0117 496 0123"),
                        "{dialect:?}: {text}"
                    );
                }
            }
        }
    }
}
