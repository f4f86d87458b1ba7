//! Invents the times of a service, as members of an RFC 5545 recurrence rule.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use serde_json::{Value, json};

use super::draw::SeededDraw;
use super::identity::IdNamespace;
use super::kinds::{ServiceTemplate, SessionRhythm};

/// The weekday of a service and its schedules.
pub(super) struct InventedTimetable {
    pub(super) day: &'static str,
    pub(super) schedules: Vec<Value>,
}

const DAYS: &[(&str, &str, Weekday)] = &[
    ("Monday", "MO", Weekday::Mon),
    ("Tuesday", "TU", Weekday::Tue),
    ("Wednesday", "WE", Weekday::Wed),
    ("Thursday", "TH", Weekday::Thu),
    ("Friday", "FR", Weekday::Fri),
    ("Saturday", "SA", Weekday::Sat),
    ("Sunday", "SU", Weekday::Sun),
];
/// Positions in `DAYS` to draw from: mostly Monday to Friday, sometimes a weekend day.
const LIKELY: &[usize] = &[0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6];
const SEVERAL: &[&str] = &["MO,TU,WE,TH,FR", "MO,WE,FR", "TU,TH", "TU,WE,TH", "MO,TU,TH,FR"];

/// Invents the schedules of a service of this kind.
pub(super) fn invent(
    ids: IdNamespace,
    draw: &mut SeededDraw,
    kind: &ServiceTemplate,
    (service, online): (&str, bool),
    today: NaiveDate,
) -> InventedTimetable {
    let (day, code, weekday) =
        DAYS.get(*draw.pick(LIKELY)).copied().unwrap_or(("Monday", "MO", Weekday::Mon));
    let first = first_session(draw, weekday, today);
    let (freq, interval, byday) = match kind.rhythm {
        SessionRhythm::Appointment => return InventedTimetable { day, schedules: Vec::new() },
        SessionRhythm::Weekly => ("WEEKLY", 1, code.to_owned()),
        SessionRhythm::Fortnightly => ("WEEKLY", 2, code.to_owned()),
        SessionRhythm::Monthly => ("MONTHLY", 1, format!("{}{code}", draw.pick(&["1", "2", "3", "-1"]))),
        SessionRhythm::Weekdays => ("WEEKLY", 1, (*draw.pick(SEVERAL)).to_owned()),
    };
    let (opens_at, closes_at) = session(draw, kind);
    let mut schedules = vec![json!({
        "id": ids.id("schedule", &format!("{service}/0")),
        "service_id": service,
        "valid_from": draw.percent(30).then(|| first.to_string()),
        "valid_to": draw.percent(8).then(|| (today + Duration::days(draw.between(-200, 400))).to_string()),
        "dtstart": first.to_string(),
        "freq": freq,
        "interval": interval,
        "byday": byday,
        "description": description(kind, day),
        "opens_at": opens_at,
        "closes_at": closes_at,
        "attending_type": if online { "online" } else { "venue" },
        "notes": draw.percent(15).then_some("No session on bank holidays."),
    })];
    if kind.rhythm == SessionRhythm::Weekly && draw.percent(18) {
        schedules.push(evening(ids, draw, service, code, first));
    }
    InventedTimetable { day, schedules }
}

/// Returns a second schedule: a session in the evening of the same day.
fn evening(ids: IdNamespace, draw: &mut SeededDraw, service: &str, code: &str, first: NaiveDate) -> Value {
    json!({
        "id": ids.id("schedule", &format!("{service}/1")),
        "service_id": service,
        "dtstart": first.to_string(),
        "freq": "WEEKLY",
        "interval": 1,
        "byday": code,
        "opens_at": draw.pick(&["18:00", "18:30", "19:00"]),
        "closes_at": draw.pick(&["20:00", "20:30", "21:00"]),
        "description": "Evening session",
    })
}

fn session(draw: &mut SeededDraw, kind: &ServiceTemplate) -> (String, String) {
    let opens = i64::from(*draw.pick(kind.starts)) * 60 + draw.pick(&[0, 0, 0, 30, 15]);
    let closes = (opens + kind.minutes).min(22 * 60);
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    (clock(opens), clock(closes))
}

/// Returns the date of the first session: on the given weekday, two months to two and a half years ago. Fortnightly
/// rules count from this date.
fn first_session(draw: &mut SeededDraw, weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let roughly = today - Duration::days(draw.between(60, 900));
    let behind = roughly.weekday().days_since(weekday);
    roughly - Duration::days(i64::from(behind))
}

fn description(kind: &ServiceTemplate, day: &str) -> Option<String> {
    match kind.rhythm {
        SessionRhythm::Weekly => Some(format!("Every {day}")),
        SessionRhythm::Fortnightly => Some(format!("Every other {day}")),
        SessionRhythm::Monthly => Some(format!("One {day} a month")),
        SessionRhythm::Weekdays | SessionRhythm::Appointment => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::kinds;
    use crate::demo::kinds::OrganizationTheme;

    #[test]
    fn a_rule_starts_on_the_day_it_names() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let kind = kinds::of(OrganizationTheme::Ageing).remove(0);
        for stream in 0..50 {
            let mut draw = SeededDraw::new(7, stream);
            let timetable = invent(IdNamespace::new(7), &mut draw, kind, ("s", false), today);
            let rule = &timetable.schedules[0];
            let start: NaiveDate = rule["dtstart"].as_str().unwrap().parse().unwrap();
            assert_eq!(start.format("%A").to_string(), timetable.day);
            assert!(rule["opens_at"].as_str() < rule["closes_at"].as_str(), "{rule}");
        }
    }
}
