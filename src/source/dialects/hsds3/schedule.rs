//! Schedules.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;

use super::super::lenient::{
    Clock, Hours, Members, PartKind, days, frequency, hours, is_closed, tells_of_closure, truth, week_start,
    whole_numbers,
};
use super::part::parts;
use crate::model::{Exception, Frequency, IssueCode, Member, Part, Schedule};

/// Schedules, and the names they go by.
pub(in crate::source::dialects) const SCHEDULES: PartKind = PartKind {
    type_name: "Schedule",
    member: Some(Member::Schedules),
    names: &["schedules", "regular_schedules", "regular_schedule", "opening_hours"],
    bare: "description",
    key: "schedule_id",
};

pub(in crate::source::dialects) fn schedules(members: &mut Members<'_>) -> Vec<Arc<Schedule>> {
    schedules_as(members, &SCHEDULES, schedule)
}

/// Takes schedules that have other names, or that `read` reads differently; equal ones once.
pub(in crate::source::dialects) fn schedules_as(
    members: &mut Members<'_>,
    kind: &PartKind,
    read: impl Fn(&mut Members<'_>, Part) -> Schedule,
) -> Vec<Arc<Schedule>> {
    let key = members.spelled(kind.names);
    let mut schedules = parts(members, kind, read);
    if !all_differ(&schedules) {
        merge_equal(members, &key, &mut schedules);
    }
    schedules
}

/// Reads one schedule.
pub(in crate::source::dialects) fn schedule(m: &mut Members<'_>, part: Part) -> Schedule {
    let (byday, weekly) = days(m, &["byday"], &["weekday"]);
    let freq = frequency(m, &["freq"]).or(weekly);
    let bymonthday = month_days(m, freq);
    let (valid_from, valid_to) = validity(m);
    let (dtstart, timezone) = (m.date(&["dtstart"]), m.code(&["timezone"]));
    let is_single = freq.is_none() && byday.is_empty();
    let on = dtstart.or(valid_from.filter(|_| is_single));
    let how = Hours { on, is_single, timezone: timezone.as_deref() };
    let (until, count) = (m.date(&["until"]), m.integer(&["count"]));
    let (interval, wkst) = (m.integer(&["interval"]), week_start(m, &["wkst"]));
    let (byweekno, byyearday) = (whole_numbers(m, &["byweekno"], 53), whole_numbers(m, &["byyearday"], 366));
    let opens = hours(m, &["opens_at", "open_at", "opening_time"], how);
    let closes = hours(m, &["closes_at", "close_at", "closing_time"], how);
    let schedule = Schedule {
        part,
        valid_from,
        valid_to,
        dtstart,
        until,
        count,
        freq,
        interval,
        wkst,
        byday,
        bymonthday,
        byweekno,
        byyearday,
        opens_at: opens.map(|clock| clock.time),
        closes_at: closes.map(|clock| clock.time),
        universal: None,
        timezone,
        attending_type: m.line(&["attending_type"]),
        description: m.prose(&["description"]),
        notes: m.prose(&["notes"]),
        schedule_link: m.url(&["schedule_link"]),
        exception: None,
    };
    let exception = is_closure(m, &schedule).then_some(Exception::Closed);
    dated_in_london(m, Schedule { exception, ..schedule }, opens.or(closes))
}

// A time may be of another day in London than where its offset is. Rules keep the days they name, and are told so.
fn dated_in_london(m: &Members<'_>, schedule: Schedule, clock: Option<Clock>) -> Schedule {
    let Some(clock) = clock else { return schedule };
    if clock.is_universal {
        return Schedule { universal: Some(clock.days_on), ..schedule };
    }
    let is_rule = schedule.freq.is_some() || !schedule.byday.is_empty();
    if clock.days_on == 0 || is_rule {
        return schedule;
    }
    let days_on = chrono::TimeDelta::days(clock.days_on.into());
    let moved = |date: Option<NaiveDate>| Some(date?.checked_add_signed(days_on).unwrap_or(date?));
    let (key, date) = match schedule.dtstart {
        Some(date) => ("dtstart", Some(date)),
        None => ("valid_from", schedule.valid_from),
    };
    let message = "with its time and offset, it is another day in London";
    m.note(IssueCode::NonStandardFormat, key, message, Some(json!(date)));
    match schedule.dtstart {
        Some(_) => Schedule { dtstart: moved(schedule.dtstart), ..schedule },
        None => {
            let (valid_from, valid_to) = (moved(schedule.valid_from), moved(schedule.valid_to));
            Schedule { valid_from, valid_to, ..schedule }
        }
    }
}

// The standard has no member for a closure: publishers write it beside dates or days, mostly without times.
fn is_closure(m: &Members<'_>, schedule: &Schedule) -> bool {
    let texts = || [&schedule.notes, &schedule.description].into_iter().flatten();
    let says_so = |name| m.peek(name).and_then(truth) == Some(true);
    let is_rule = schedule.freq.is_some() || !schedule.byday.is_empty();
    let has_times = schedule.opens_at.is_some() || schedule.closes_at.is_some();
    // A word beside the times of a rule may be about some of its dates.
    let closes = |text: &String| match (is_rule, has_times) {
        (true, true) => false,
        (true, false) | (false, true) => is_closed(text),
        (false, false) => tells_of_closure(text) || is_closed(text),
    };
    says_so("closed") || says_so("is_closed") || texts().any(closes)
}

fn month_days(m: &mut Members<'_>, freq: Option<Frequency>) -> Vec<i32> {
    let key = m.spelled(&["bymonthday"]);
    let days = whole_numbers(m, &["bymonthday"], 31);
    if freq == Some(Frequency::Weekly) && !days.is_empty() {
        let message = "days of the month have no place in a weekly rule";
        m.note(IssueCode::Conflict, &key, message, Some(json!(days)));
    }
    days
}

// The pair of dates that the standard's own examples hold, copied.
fn validity(m: &mut Members<'_>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let key = m.spelled(&["valid_from"]);
    let (from, to) = (m.date(&["valid_from"]), m.date(&["valid_to"]));
    if from.is_some() && from == to && from == NaiveDate::from_ymd_opt(2005, 1, 1) {
        m.note(IssueCode::PlaceholderValue, &key, "is the standard's example date", Some(json!(from)));
    }
    (from, to)
}

// Told by a few members that cost nothing to compare: slots mostly differ in one of these.
fn all_differ(schedules: &[Arc<Schedule>]) -> bool {
    let mut seen = HashSet::with_capacity(schedules.len());
    schedules.len() < 2
        || schedules.iter().all(|one| {
            let dates = (one.valid_from, one.valid_to, one.dtstart);
            seen.insert((&one.byday, one.freq, one.opens_at, one.closes_at, dates))
        })
}

// Some feeds list one slot once for each value of a member of their own.
fn merge_equal(members: &Members<'_>, key: &str, schedules: &mut Vec<Arc<Schedule>>) {
    let mut seen = HashSet::new();
    let mut merged = Vec::new();
    schedules.retain(|schedule| {
        let is_kept = !is_plain(schedule) || seen.insert(rule(schedule));
        if !is_kept {
            merged.push(schedule.part.id.clone());
        }
        is_kept
    });
    if !merged.is_empty() {
        let message = format!("{} schedules equal to one before them were merged with it", merged.len());
        members.note(IssueCode::Repaired, key, message, Some(json!(merged)));
    }
}

fn is_plain(schedule: &Schedule) -> bool {
    schedule.part.attributes.is_empty() && schedule.part.metadata.is_empty()
}

// Everything but the id, and what hangs on it, as text.
fn rule(schedule: &Schedule) -> String {
    let mut value = json!(schedule);
    if let Some(members) = value.as_object_mut() {
        members.remove("part");
    }
    value.to_string()
}
