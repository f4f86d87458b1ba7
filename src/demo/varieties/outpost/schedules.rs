//! The times of a service: one row for each day. Some rows state the recurrence, in the words of Outpost. Funded places
//! are listed as additional rows.

use serde_json::{Value, json};

use super::super::members::{list, member, text};
use super::super::v1;
use crate::demo::identity::numbered;
use crate::demo::record::InventedService;

/// The codes of the circumstance of parents and families and of its narrower terms.
const FAMILIES: std::ops::RangeInclusive<u16> = 730..=741;

pub(super) fn of(service: &InventedService) -> Vec<Value> {
    let is_early_years = service.audience.iter().any(|(code, _)| FAMILIES.contains(code));
    let is_listed_twice = is_early_years && service.dice.is_multiple_of(3);
    let mut rows = Vec::new();
    for schedule in list(&service.record, "schedules") {
        for row in days(schedule) {
            rows.push(row.clone());
            rows.extend(is_listed_twice.then(|| funded(row)));
        }
    }
    rows
}

fn days(schedule: &Value) -> Vec<Value> {
    let days = v1::days(schedule);
    let is_rule = text(schedule, "freq") == "MONTHLY" || schedule.get("interval") != Some(&json!(1));
    let is_plain = !is_rule && (days.len() > 1 || numbered(text(schedule, "id")).is_multiple_of(2));
    let row = |(n, (code, weekday)): (usize, (&str, &str))| {
        let byday = if is_rule { text(schedule, "byday") } else { code };
        let freq = if text(schedule, "freq") == "MONTHLY" { "month" } else { "week" };
        let start = format!("{}T00:00:00.000Z", text(schedule, "dtstart"));
        json!({
            "id": numbered(text(schedule, "id")) + n as u64,
            "weekday": weekday,
            "opens_at": member(schedule, "opens_at"),
            "closes_at": member(schedule, "closes_at"),
            "dtstart": (!is_plain).then_some(start),
            "freq": (!is_plain).then_some(freq),
            "interval": if is_plain { Value::Null } else { member(schedule, "interval") },
            "byday": (!is_plain).then_some(byday),
            "bymonthday": null,
            "until": member(schedule, "valid_to"),
            "count": null,
            "description": member(schedule, "description"),
            "ey_funded": false,
            "service_at_location": null,
        })
    };
    days.into_iter().enumerate().map(row).collect()
}

fn funded(mut row: Value) -> Value {
    let id = row.get("id").and_then(Value::as_u64).unwrap_or_default();
    if let Value::Object(members) = &mut row {
        members.insert("id".to_owned(), json!(id + 10_000_000_000));
        members.insert("ey_funded".to_owned(), json!(true));
    }
    row
}
