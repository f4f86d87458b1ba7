//! The times of a service in Open Referral UK 1.0.

use serde_json::{Value, json};

use crate::demo::varieties::members::{list, member, text};

/// Returns the schedules of a service. Their numbers are written as text.
pub(in crate::demo::varieties) fn schedules(record: &Value) -> Vec<Value> {
    let schedule = |schedule: &Value| {
        json!({
            "id": member(schedule, "id"),
            "opens_at": member(schedule, "opens_at"),
            "closes_at": member(schedule, "closes_at"),
            "valid_from": member(schedule, "valid_from"),
            "valid_to": member(schedule, "valid_to"),
            "dtstart": member(schedule, "dtstart"),
            "freq": member(schedule, "freq"),
            "interval": schedule.get("interval").map(Value::to_string),
            "byday": member(schedule, "byday"),
            "bymonthday": null,
            "description": member(schedule, "description"),
        })
    };
    list(record, "schedules").map(schedule).collect()
}

/// Returns the days of a recurrence rule, each with its code and its English name.
pub(in crate::demo::varieties) fn days(schedule: &Value) -> Vec<(&'static str, &'static str)> {
    const DAYS: [(&str, &str); 7] = [
        ("MO", "Monday"),
        ("TU", "Tuesday"),
        ("WE", "Wednesday"),
        ("TH", "Thursday"),
        ("FR", "Friday"),
        ("SA", "Saturday"),
        ("SU", "Sunday"),
    ];
    let code = |day: &str| DAYS.into_iter().find(|(code, _)| day.ends_with(code));
    text(schedule, "byday").split(',').filter_map(code).collect()
}
