//! Opening times, and exceptions to them.

use std::sync::Arc;

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::json;

use super::super::hsds3::part::parts;
use super::super::hsds3::schedule::{FurtherSessions, SCHEDULES, schedule, schedules_as};
use super::super::lenient::{ObjectMembers, PartKind, number, yearless};
use crate::model::{
    DayOfWeek, Frequency, IssueCode, RecordPart, Schedule, ScheduleException, StatedBound, UnreadBounds,
};

const REGULAR: PartKind = PartKind {
    names: &["regular_schedules", "regular_schedule", "regular_schedule_collection", "schedules"],
    ..SCHEDULES
};
const HOLIDAY: PartKind = PartKind {
    names: &["holiday_schedules", "holiday_schedule", "holiday_schedule_collection"],
    ..SCHEDULES
};

/// The members with times of day, under all their names.
const TIMES: [&str; 6] = ["opens_at", "open_at", "opening_time", "closes_at", "close_at", "closing_time"];

/// The note of a closure, for people. The standard has no member for closures.
const CLOSED: &str = "Closed";

/// Takes the regular times, and then the exceptions.
pub(super) fn schedules(m: &mut ObjectMembers<'_>) -> Vec<Arc<Schedule>> {
    let mut schedules = schedules_as(m, &REGULAR, regular);
    let more = FurtherSessions::default();
    schedules.extend(parts(m, &HOLIDAY, |m, part| more.with_others(holiday(m, part, &more))));
    schedules.extend(more.into_schedules());
    schedules
}

fn regular(m: &mut ObjectMembers<'_>, part: RecordPart, more: &FurtherSessions) -> Schedule {
    // The older profile has no other way to state none.
    if m.peek("interval").and_then(number) == Some(0.0) {
        m.value(&["interval"]);
    }
    let mut schedule = schedule(m, part, more);
    if schedule.freq.is_none() && !schedule.byday.is_empty() && !schedule.unread.has(StatedBound::Rule) {
        m.note(IssueCode::Repaired, "byday", "names days but no frequency; it was read as weekly", None);
        schedule.freq = Some(Frequency::Weekly);
    }
    schedule
}

fn holiday(m: &mut ObjectMembers<'_>, part: RecordPart, more: &FurtherSessions) -> Schedule {
    let closed = m.truth(&["closed"]);
    let times = TIMES.map(|name| (m.spelled(&[name]), m.peek(name).cloned()));
    let every_year = yearless_days(m);
    let ((from, to), unread) = days_between(m);
    let mut schedule = schedule(m, part, more);
    schedule.unread = schedule.unread.or(unread);
    schedule.valid_from = schedule.valid_from.or(from);
    schedule.valid_to = schedule.valid_to.or(to);
    let has_times = schedule.opens_at.is_some() || schedule.closes_at.is_some();
    let is_closed = closed.unwrap_or(!has_times);
    schedule.exception = Some(if is_closed { ScheduleException::Closed } else { ScheduleException::Open });
    if is_closed {
        (schedule.opens_at, schedule.closes_at) = (None, None);
        // A closure has no times, so any that were sent stay in the extra.
        for (key, time) in times {
            time.into_iter().for_each(|time| m.keep(&key, time));
        }
        schedule.notes.get_or_insert_with(|| CLOSED.to_owned());
    }
    if let Some(days) = every_year {
        return each_year(schedule, days, more);
    }
    if !is_closed && schedule.freq.is_none() {
        schedule.freq = Some(Frequency::Weekly);
        schedule.byday = week_days(from, to);
        schedule.dtstart = schedule.dtstart.or(from);
        schedule.until = schedule.until.or(to);
    }
    schedule
}

/// A longer holiday does not recur on the same days each year.
const LONGEST_HOLIDAY: usize = 31;

// Dates in the year 1, or without a year, apply to every year.
fn yearless_days(m: &mut ObjectMembers<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let first = m.peek("start_date").and_then(yearless)?;
    let last = m.peek("end_date").map_or(Some(first), yearless)?;
    for name in ["start_date", "end_date"] {
        let key = m.spelled(&[name]);
        if let Some(sent) = m.value(&[name]) {
            m.note(IssueCode::Repaired, &key, "has no year, and was read as every year", Some(sent));
        }
    }
    Some((first, last))
}

// One rule for each day, because the standard has no rule with a first and a last day of the year.
fn each_year(
    mut schedule: Schedule,
    (first, last): (NaiveDate, NaiveDate),
    more: &FurtherSessions,
) -> Schedule {
    schedule.freq = Some(Frequency::Yearly);
    schedule.dtstart = Some(first);
    // Over New Year, the last day comes before the first.
    let others = first.iter_days().skip(1).take(LONGEST_HOLIDAY);
    let is_last = |day: &NaiveDate| (day.month(), day.day()) == (last.month(), last.day());
    if first != last {
        let mut is_over = false;
        let others = others.take_while(|day| !std::mem::replace(&mut is_over, is_last(day)));
        for (day, nth) in others.zip(2..) {
            more.add(&schedule, nth, |other| other.dtstart = Some(day));
        }
    }
    schedule
}

type ValidDates = (Option<NaiveDate>, Option<NaiveDate>);

fn days_between(m: &mut ObjectMembers<'_>) -> (ValidDates, UnreadBounds) {
    let key = m.spelled(&["start_date"]);
    let (from, is_from_unread) = m.tried(|m| m.date(&["start_date"]));
    let (to, is_to_unread) = m.tried(|m| m.date(&["end_date"]));
    let unread = [is_from_unread.then_some(StatedBound::Lower), is_to_unread.then_some(StatedBound::Upper)];
    let unread = unread.into_iter().flatten().collect();
    if from.is_some() && to.is_some() && from > to {
        let message = "begins after it ends; the dates were swapped";
        m.note(IssueCode::Repaired, &key, message, Some(json!([from, to])));
        return ((to, from), unread);
    }
    ((from, to), unread)
}

// Returns the weekdays of a period for a rule: all of them if it lasts a week or has no end.
fn week_days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Vec<String> {
    let (first, last) = match (from, to) {
        (Some(first), Some(last)) => (first, last),
        (Some(day), None) | (None, Some(day)) => (day, day.checked_add_days(Days::new(6)).unwrap_or(day)),
        (None, None) => return Vec::new(),
    };
    let day =
        |date: NaiveDate| DayOfWeek::parse(&date.weekday().to_string()).map(|day| day.code().to_owned()).ok();
    first.iter_days().take(7).take_while(|date| *date <= last).filter_map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::week_days;

    #[test]
    fn a_time_has_its_own_days_of_the_week() {
        let date = |text: &str| text.parse().ok();
        assert_eq!(week_days(date("2026-12-24"), date("2026-12-26")), ["TH", "FR", "SA"]);
        assert_eq!(week_days(date("2026-12-24"), date("2027-01-24")).len(), 7);
        assert_eq!(week_days(date("2026-12-24"), None).len(), 7);
        assert!(week_days(None, None).is_empty());
    }
}
