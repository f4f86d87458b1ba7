//! Opening times in words, one line for each schedule: `Mon, Wed 09:00-12:30`.

use chrono::NaiveTime;

use crate::model::{DayOfWeek, Frequency, Schedule, ScheduleException};

/// Returns a schedule in words: the publisher's description, or otherwise words made from its days, times and dates.
/// Empty if the schedule states none of them.
pub(super) fn opening_in_words(schedule: &Schedule) -> String {
    if let Some(description) = schedule.description.as_deref().filter(|text| !text.trim().is_empty()) {
        return description.trim().to_owned();
    }
    let closed = (schedule.exception == Some(ScheduleException::Closed)).then(|| "closed".to_owned());
    let parts = [closed, days(schedule), times(schedule), dates(schedule)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn days(schedule: &Schedule) -> Option<String> {
    let is_plain = schedule.interval.is_none_or(|every| every <= 1)
        && schedule.bymonthday.is_empty()
        && schedule.byweekno.is_empty()
        && schedule.byyearday.is_empty();
    let named: Option<Vec<String>> = schedule.byday.iter().map(|code| day_name(code)).collect();
    match (schedule.freq, named) {
        (None | Some(Frequency::Weekly), Some(days)) if is_plain && !days.is_empty() => Some(days.join(", ")),
        (Some(Frequency::Daily), Some(days)) if is_plain && days.is_empty() => Some("daily".to_owned()),
        // For other recurrences, the rule is exact and a description in words would be long.
        _ => schedule.rrule().map(|rule| {
            let members = rule.split(';').filter(|part| !part.starts_with("UNTIL="));
            members.collect::<Vec<_>>().join(";")
        }),
    }
}

fn day_name(code: &str) -> Option<String> {
    let day = DayOfWeek::parse(code).ok()?;
    Some(format!("{day:?}").chars().take(3).collect())
}

fn times(schedule: &Schedule) -> Option<String> {
    let shown = |time: NaiveTime| time.format("%H:%M").to_string();
    match (schedule.opens_at.map(shown), schedule.closes_at.map(shown)) {
        (Some(opens), Some(closes)) => Some(format!("{opens}-{closes}")),
        (Some(opens), None) => Some(format!("from {opens}")),
        (None, Some(closes)) => Some(format!("until {closes}")),
        (None, None) => None,
    }
}

fn dates(schedule: &Schedule) -> Option<String> {
    let first = schedule.dtstart.or(schedule.valid_from);
    let last = [schedule.until, schedule.valid_to].into_iter().flatten().min();
    match (first, last) {
        (Some(first), Some(last)) if first == last => Some(format!("on {first}")),
        (Some(first), Some(last)) => Some(format!("from {first} to {last}")),
        (Some(first), None) => Some(format!("from {first}")),
        (None, Some(last)) => Some(format!("to {last}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::sample;

    #[test]
    fn schedules_are_put_into_words() {
        let words = |members: serde_json::Value| {
            let mut schedule = json!({
                "part": { "id": "x" }, "byday": [], "bymonthday": [], "byweekno": [], "byyearday": [],
            });
            schedule.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            let service = sample::service(&json!({ "schedules": [schedule] }));
            opening_in_words(&service.schedules[0])
        };
        assert_eq!(
            words(
                json!({ "freq": "Weekly", "byday": ["MO", "WE"], "opens_at": "09:00:00", "closes_at": "12:30:00" })
            ),
            "Mon, Wed 09:00-12:30"
        );
        assert_eq!(words(json!({ "freq": "Monthly", "byday": ["2TU"] })), "FREQ=MONTHLY;BYDAY=2TU");
        assert_eq!(words(json!({ "dtstart": "2026-12-25", "until": "2026-12-25" })), "on 2026-12-25");
        assert_eq!(
            words(json!({ "exception": "Closed", "valid_from": "2026-12-24", "valid_to": "2027-01-02" })),
            "closed from 2026-12-24 to 2027-01-02"
        );
        assert_eq!(words(json!({ "description": " As arranged. ", "byday": ["MO"] })), "As arranged.");
        assert_eq!(words(json!({})), "");
    }
}
