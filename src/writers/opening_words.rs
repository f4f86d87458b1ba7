//! Opening times in words, one line for each schedule: `Mon, Wed 09:00-12:30`.

use chrono::NaiveTime;

use crate::model::{DayOfWeek, Frequency, Schedule, ScheduleException, StatedBound, UnreadBounds};

/// Returns a schedule in words: the publisher's description, or otherwise words made from its days, times, dates and
/// limits. Empty if the schedule states none of them.
pub(super) fn opening_in_words(schedule: &Schedule) -> String {
    if let Some(description) = schedule.description.as_deref().filter(|text| !text.trim().is_empty()) {
        return description.trim().to_owned();
    }
    let closed = (schedule.exception == Some(ScheduleException::Closed)).then(|| "closed".to_owned());
    let parts = [closed, days(schedule), times(schedule), dates(schedule)];
    let stated = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let doubts = doubts(schedule).map(str::to_owned);
    let limited = [stated].into_iter().chain(repeats(schedule)).chain(doubts);
    limited.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
}

fn days(schedule: &Schedule) -> Option<String> {
    let has_only_weekdays =
        schedule.bymonthday.is_empty() && schedule.byweekno.is_empty() && schedule.byyearday.is_empty();
    let named: Option<Vec<String>> = schedule.byday.iter().map(|code| day_name(code)).collect();
    let every = |unit| every(schedule, unit);
    match (schedule.freq, named.filter(|_| has_only_weekdays)) {
        (None | Some(Frequency::Weekly), Some(days)) if !days.is_empty() => {
            let days = days.join(", ");
            Some(every("weeks").map_or(days.clone(), |weeks| format!("{weeks} on {days}")))
        }
        (Some(Frequency::Weekly), Some(_)) if schedule.dtstart.is_none() => {
            Some(every("weeks").unwrap_or_else(|| "weekly".to_owned()))
        }
        (Some(Frequency::Daily), Some(days)) if days.is_empty() => {
            Some(every("days").unwrap_or_else(|| "daily".to_owned()))
        }
        _ => exact_days(schedule),
    }
}

fn every(schedule: &Schedule, unit: &str) -> Option<String> {
    schedule.interval.filter(|every| *every > 1).map(|every| format!("every {every} {unit}"))
}

// For other recurrences, the rule is exact and a description in words would be long. Limits and doubts are stated apart.
fn exact_days(schedule: &Schedule) -> Option<String> {
    let unplaced = schedule.lacks_start().then(|| match schedule.freq {
        Some(Frequency::Daily) => every(schedule, "days"),
        Some(Frequency::Monthly) => every(schedule, "months"),
        Some(Frequency::Yearly) => every(schedule, "years"),
        Some(Frequency::Weekly) | None => every(schedule, "weeks"),
    });
    let days_alone = Schedule {
        interval: schedule.interval.filter(|_| !schedule.lacks_start()),
        count: None,
        until: None,
        valid_from: None,
        valid_to: None,
        unread: UnreadBounds::default(),
        ..schedule.clone()
    };
    let rule = days_alone.rrule()?;
    Some(unplaced.flatten().map_or(rule.clone(), |every| format!("{every} by {rule}")))
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
    if let Some(date) = schedule.dtstart.filter(|_| is_single(schedule)) {
        return Some(format!("on {date}"));
    }
    let is_valid = !schedule.has_contrary_validity();
    let first = [schedule.dtstart, schedule.valid_from.filter(|_| is_valid)].into_iter().flatten().max();
    let last = [schedule.until, schedule.valid_to.filter(|_| is_valid)].into_iter().flatten().min();
    match (first, last) {
        (Some(first), Some(last)) if first == last => Some(format!("on {first}")),
        (Some(first), Some(last)) => Some(format!("from {first} to {last}")),
        (Some(first), None) => Some(format!("from {first}")),
        (None, Some(last)) => Some(format!("to {last}")),
        (None, None) => None,
    }
}

fn repeats(schedule: &Schedule) -> Option<String> {
    let count = schedule.count.filter(|_| schedule.is_rule())?;
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let earlier = schedule.dtstart.filter(|start| schedule.valid_from.is_some_and(|from| from > *start));
    Some(earlier.map_or(times.clone(), |start| format!("{times} counted from {start}")))
}

fn doubts(schedule: &Schedule) -> impl Iterator<Item = &'static str> {
    let doubts = [
        (schedule.unread.has(StatedBound::Days), "days unclear"),
        (schedule.unread.has(StatedBound::Rule), "how often unclear"),
        (schedule.unread.has(StatedBound::Lower), "start unclear"),
        (schedule.unread.has(StatedBound::Upper), "end unclear"),
        (schedule.lacks_start(), "first date not stated"),
        (schedule.has_contrary_validity(), "period unclear"),
    ];
    doubts.into_iter().filter_map(|(is_so, words)| is_so.then_some(words))
}

fn is_single(schedule: &Schedule) -> bool {
    let has_unread_rule =
        [StatedBound::Days, StatedBound::Rule].iter().any(|bound| schedule.unread.has(*bound));
    !schedule.is_rule() && !has_unread_rule
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::sample;

    fn schedule(members: &serde_json::Value) -> Schedule {
        let mut schedule = json!({
            "part": { "id": "x" }, "byday": [], "bymonthday": [], "byweekno": [], "byyearday": [],
        });
        schedule.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let service = sample::service(&json!({ "schedules": [schedule] }));
        Schedule::clone(&service.schedules[0])
    }

    #[test]
    fn schedules_are_put_into_words() {
        let words = |members: serde_json::Value| opening_in_words(&schedule(&members));
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

    #[test]
    fn limits_are_stated_as_far_as_they_are_known() {
        for (members, expected) in [
            (json!({ "count": 3, "dtstart": "2026-11-16" }), "Mon 09:00-10:00 from 2026-11-16, 3 times"),
            (json!({ "count": 1, "dtstart": "2026-11-16" }), "Mon 09:00-10:00 from 2026-11-16, once"),
            (
                json!({ "count": 3, "dtstart": "2026-11-16", "valid_from": "2026-11-20" }),
                "Mon 09:00-10:00 from 2026-11-20, 3 times counted from 2026-11-16",
            ),
            (json!({ "count": 6 }), "Mon 09:00-10:00, 6 times, first date not stated"),
            (json!({ "interval": 2 }), "every 2 weeks on Mon 09:00-10:00, first date not stated"),
            (
                json!({ "interval": 2, "dtstart": "2026-11-16" }),
                "every 2 weeks on Mon 09:00-10:00 from 2026-11-16",
            ),
            (
                json!({ "freq": "Monthly", "byday": ["2TU"], "count": 6, "dtstart": "2026-11-10" }),
                "FREQ=MONTHLY;BYDAY=2TU 09:00-10:00 from 2026-11-10, 6 times",
            ),
            (
                json!({ "freq": "Monthly", "byday": ["2TU"], "interval": 2 }),
                "every 2 months by FREQ=MONTHLY;BYDAY=2TU 09:00-10:00, first date not stated",
            ),
            (
                json!({ "valid_from": "2026-12-01", "valid_to": "2026-06-01" }),
                "Mon 09:00-10:00, period unclear",
            ),
            (json!({ "byday": [] }), "weekly 09:00-10:00"),
            (json!({ "freq": null, "byday": [], "dtstart": "2026-12-08" }), "09:00-10:00 on 2026-12-08"),
        ] {
            let mut whole =
                json!({ "freq": "Weekly", "byday": ["MO"], "opens_at": "09:00:00", "closes_at": "10:00:00" });
            whole.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            assert_eq!(opening_in_words(&schedule(&whole)), expected);
        }
    }

    #[test]
    fn a_date_with_days_that_could_not_be_read_is_not_the_only_one() {
        let read = schedule(&json!({ "dtstart": "2026-12-08", "opens_at": "09:00:00" }));
        let doubtful = Schedule { unread: read.unread.with(StatedBound::Days), ..read };
        assert_eq!(opening_in_words(&doubtful), "from 09:00 from 2026-12-08, days unclear");
    }

    #[test]
    fn what_could_not_be_read_is_said() {
        for (byday, bound, expected) in [
            (json!([]), StatedBound::Days, "weekly from 09:00, days unclear"),
            (json!(["MO"]), StatedBound::Rule, "Mon from 09:00, how often unclear"),
            (json!(["MO"]), StatedBound::Lower, "Mon from 09:00, start unclear"),
            (json!(["MO"]), StatedBound::Upper, "Mon from 09:00, end unclear"),
        ] {
            let read = schedule(&json!({ "freq": "Weekly", "byday": byday, "opens_at": "09:00:00" }));
            let doubtful = Schedule { unread: read.unread.with(bound), ..read };
            assert_eq!(opening_in_words(&doubtful), expected);
        }
    }
}
