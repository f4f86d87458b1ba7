//! Schedules.

mod closures;

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use serde_json::json;

use super::super::lenient::{
    ClockTime, ObjectMembers, OffsetContext, PartKind, SessionEnds, days, frequency, times, timezone,
    week_start, whole_numbers,
};
use super::part::parts;
use crate::model::{
    Frequency, IssueCode, NestedMember, RecordPart, Schedule, ScheduleException, StatedBound, UnreadBounds,
};

/// Schedules, with the names of their members.
pub(in crate::source::dialects) const SCHEDULES: PartKind = PartKind {
    type_name: "Schedule",
    member: Some(NestedMember::Schedules),
    names: &["schedules", "regular_schedules", "regular_schedule", "opening_hours"],
    bare: "description",
    key: "schedule_id",
};

pub(in crate::source::dialects) fn schedules(members: &mut ObjectMembers<'_>) -> Vec<Arc<Schedule>> {
    schedules_as(members, &SCHEDULES, schedule)
}

/// Takes schedules from members with other names, or with another reader. Equal ones are merged.
pub(in crate::source::dialects) fn schedules_as(
    members: &mut ObjectMembers<'_>,
    kind: &PartKind,
    read: impl Fn(&mut ObjectMembers<'_>, RecordPart, &FurtherSessions) -> Schedule,
) -> Vec<Arc<Schedule>> {
    let key = members.spelled(kind.names);
    let more = FurtherSessions::default();
    let mut schedules = parts(members, kind, |m, part| more.with_others(read(m, part, &more)));
    schedules.extend(more.into_schedules());
    if !members.is_republished() && !all_differ(&schedules) {
        merge_equal(members, &key, &mut schedules);
    }
    schedules
}

/// The sessions of a feed's schedule after the first one, which become schedules of their own.
#[derive(Default)]
pub(in crate::source::dialects) struct FurtherSessions {
    sessions: RefCell<Vec<SessionEnds<NaiveTime>>>,
    schedules: RefCell<Vec<Schedule>>,
}

impl FurtherSessions {
    /// Adds a schedule derived from `first`, which is the same schedule in the feed.
    pub(in crate::source::dialects) fn add(
        &self,
        first: &Schedule,
        nth: usize,
        differing: impl FnOnce(&mut Schedule),
    ) {
        let mut schedule = first.clone();
        schedule.part.id = schedule.part.id.nth(nth);
        differing(&mut schedule);
        self.schedules.borrow_mut().push(schedule);
    }

    /// Returns the schedule, and turns its further sessions into schedules of their own.
    pub(in crate::source::dialects) fn with_others(&self, schedule: Schedule) -> Schedule {
        for ((opens_at, closes_at), nth) in self.sessions.take().into_iter().zip(2..) {
            self.add(&schedule, nth, |other| (other.opens_at, other.closes_at) = (opens_at, closes_at));
        }
        schedule
    }

    /// Returns everything that was added.
    pub(in crate::source::dialects) fn into_schedules(self) -> impl Iterator<Item = Arc<Schedule>> {
        self.schedules.into_inner().into_iter().map(Arc::new)
    }
}

/// Reads one schedule. Further sessions go to `more`.
pub(in crate::source::dialects) fn schedule(
    m: &mut ObjectMembers<'_>,
    part: RecordPart,
    more: &FurtherSessions,
) -> Schedule {
    let ScheduleDays { byday, freq, bymonthday, unread: in_days } = ScheduleDays::take(m);
    let ScheduleSpan { valid_from, valid_to, dtstart, timezone, until, unread: in_span } =
        ScheduleSpan::take(m);
    let is_single = freq.is_none() && byday.is_empty();
    let on = dtstart.or(valid_from.filter(|_| is_single));
    let how = OffsetContext { on, is_single, timezone: timezone.as_deref() };
    let (interval, is_interval_unread) = repeats(m, "interval");
    let (count, is_count_unread) = repeats(m, "count");
    let wkst = week_start(m, &["wkst"]);
    let (byweekno, are_weeks_unread) = m.tried(|m| whole_numbers(m, &["byweekno"], 53));
    let (byyearday, are_year_days_unread) = m.tried(|m| whole_numbers(m, &["byyearday"], 366));
    let times = times(m, &OPENS, &CLOSES, how);
    let (opens, closes) = times.ends;
    more.sessions.replace(times.others);
    let in_rule = [
        is_interval_unread.then_some(StatedBound::Rule),
        is_count_unread.then_some(StatedBound::Upper),
        (are_weeks_unread || are_year_days_unread).then_some(StatedBound::Days),
    ];
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
        universal: m.aside("universal"),
        timezone: timezone.or_else(|| m.aside("timezone")),
        attending_type: m.line(&["attending_type"]),
        description: m.prose(&["description"]),
        notes: m.prose(&["notes"]),
        schedule_link: m.url(&["schedule_link"]),
        exception: None,
        unread: in_rule.into_iter().flatten().collect::<UnreadBounds>().or(in_days).or(in_span),
    };
    note_doubts(m, &schedule);
    if m.is_republished() {
        let unread = schedule.unread.or(m.aside("unread").unwrap_or_default());
        return Schedule { exception: exception(m), unread, ..schedule };
    }
    let is_closed = times.is_closed || closures::is_closure(m, &schedule);
    let exception = is_closed.then_some(ScheduleException::Closed);
    dated_in_london(m, Schedule { exception, ..schedule }, opens.or(closes))
}

const OPENS: [&str; 3] = ["opens_at", "open_at", "opening_time"];
const CLOSES: [&str; 3] = ["closes_at", "close_at", "closing_time"];

/// How often a schedule recurs, and on which days.
struct ScheduleDays {
    byday: Vec<String>,
    freq: Option<Frequency>,
    bymonthday: Vec<i32>,
    unread: UnreadBounds,
}

impl ScheduleDays {
    fn take(m: &mut ObjectMembers<'_>) -> Self {
        let ((byday, inferred), are_days_unread) = m.tried(|m| days(m, &["byday"], &["weekday"]));
        let (stated, is_other) = m.tried(|m| frequency(m, &["freq"]));
        let is_freq_unread = stated.is_none() && is_other;
        let freq = stated.or(inferred.filter(|_| !is_freq_unread));
        let (bymonthday, are_month_days_unread) = m.tried(|m| month_days(m, freq));
        let unread = [
            is_freq_unread.then_some(StatedBound::Rule),
            (are_days_unread || are_month_days_unread).then_some(StatedBound::Days),
        ];
        Self { byday, freq, bymonthday, unread: unread.into_iter().flatten().collect() }
    }
}

/// The dates between which a schedule is valid.
struct ScheduleSpan {
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    dtstart: Option<NaiveDate>,
    timezone: Option<String>,
    until: Option<NaiveDate>,
    unread: UnreadBounds,
}

impl ScheduleSpan {
    fn take(m: &mut ObjectMembers<'_>) -> Self {
        let key = m.spelled(&["valid_from"]);
        let (valid_from, is_from_unread) = m.tried(|m| m.date(&["valid_from"]));
        let (valid_to, is_to_unread) = m.tried(|m| m.date(&["valid_to"]));
        note_example(m, &key, valid_from, valid_to);
        let (dtstart, is_start_unread) = m.tried(|m| m.date(&["dtstart"]));
        let timezone = timezone(m, &["timezone"]);
        let (until, is_until_unread) = m.tried(|m| m.date(&["until"]));
        let unread = [
            (is_from_unread || is_start_unread).then_some(StatedBound::Lower),
            (is_to_unread || is_until_unread).then_some(StatedBound::Upper),
        ];
        let unread = unread.into_iter().flatten().collect();
        Self { valid_from, valid_to, dtstart, timezone, until, unread }
    }
}

// Takes a number of repeats or units, and whether it leaves doubt. Systems that have no "none" send 0 or -1.
fn repeats(m: &mut ObjectMembers<'_>, name: &str) -> (Option<i32>, bool) {
    let key = m.spelled(&[name]);
    let (number, is_unread) = m.tried(|m| m.integer(&[name]));
    let possible = number.filter(|number| *number > 0);
    if possible.is_none() && number.is_some() {
        m.note(IssueCode::OutOfRange, &key, "is less than 1, so it is ignored", Some(json!(number)));
    }
    (possible, is_unread)
}

fn note_doubts(m: &ObjectMembers<'_>, schedule: &Schedule) {
    if schedule.lacks_start() && !schedule.unread.has(StatedBound::Lower) {
        let message = "is missing, so the count is ignored and the interval is taken for 1";
        m.note(IssueCode::MissingRequired, "dtstart", message, None);
    }
    if schedule.has_contrary_validity() {
        let message = "is before `valid_from`, so both are ignored";
        let dates = json!([schedule.valid_from, schedule.valid_to]);
        m.note(IssueCode::Conflict, "valid_to", message, Some(dates));
    }
}

// A time with an offset may be on another day in London. Rules keep the days that they name, and note the difference.
fn dated_in_london(m: &ObjectMembers<'_>, schedule: Schedule, clock: Option<ClockTime>) -> Schedule {
    let Some(clock) = clock else { return schedule };
    if clock.is_universal {
        return Schedule { universal: Some(clock.days_on), ..schedule };
    }
    if clock.days_on == 0 || schedule.is_rule() {
        return schedule;
    }
    let days_on = chrono::TimeDelta::days(clock.days_on.into());
    let moved = |date: Option<NaiveDate>| Some(date?.checked_add_signed(days_on).unwrap_or(date?));
    let (key, date) = match schedule.dtstart {
        Some(date) => ("dtstart", Some(date)),
        None => ("valid_from", schedule.valid_from),
    };
    let message = "falls on a different day in London, given its time and offset";
    m.note(IssueCode::NonStandardFormat, key, message, Some(json!(date)));
    match schedule.dtstart {
        Some(_) => Schedule { dtstart: moved(schedule.dtstart), ..schedule },
        None => {
            let (valid_from, valid_to) = (moved(schedule.valid_from), moved(schedule.valid_to));
            Schedule { valid_from, valid_to, ..schedule }
        }
    }
}

// The exception as another gateway understood it, from which this schedule was read.
fn exception(m: &mut ObjectMembers<'_>) -> Option<ScheduleException> {
    match m.aside::<String>("exception")?.as_str() {
        "closed" => Some(ScheduleException::Closed),
        "open" => Some(ScheduleException::Open),
        _ => None,
    }
}

fn month_days(m: &mut ObjectMembers<'_>, freq: Option<Frequency>) -> Vec<i32> {
    let key = m.spelled(&["bymonthday"]);
    let days = whole_numbers(m, &["bymonthday"], 31);
    if freq == Some(Frequency::Weekly) && !days.is_empty() {
        let message = "days of the month do not belong in a weekly rule";
        m.note(IssueCode::Conflict, &key, message, Some(json!(days)));
    }
    days
}

// The pair of dates in the standard's own example, copied.
fn note_example(m: &ObjectMembers<'_>, key: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) {
    if from.is_some() && from == to && from == NaiveDate::from_ymd_opt(2005, 1, 1) {
        m.note(IssueCode::PlaceholderValue, key, "is the standard's example date", Some(json!(from)));
    }
}

// A fast check of a few members that are cheap to compare, since slots mostly differ in one of them.
fn all_differ(schedules: &[Arc<Schedule>]) -> bool {
    let mut seen = HashSet::with_capacity(schedules.len());
    schedules.len() < 2
        || schedules.iter().all(|one| {
            let dates = (one.valid_from, one.valid_to, one.dtstart);
            seen.insert((&one.byday, one.freq, one.opens_at, one.closes_at, dates))
        })
}

// Some feeds repeat a slot for each value of a member of their own.
fn merge_equal(members: &ObjectMembers<'_>, key: &str, schedules: &mut Vec<Arc<Schedule>>) {
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
        let message = format!("{} schedules equal to an earlier one were merged with it", merged.len());
        members.note(IssueCode::Repaired, key, message, Some(json!(merged)));
    }
}

fn is_plain(schedule: &Schedule) -> bool {
    schedule.part.attributes.is_empty() && schedule.part.metadata.is_empty()
}

// Everything but the id and the parts attached to it, as text.
fn rule(schedule: &Schedule) -> String {
    let mut value = json!(schedule);
    if let Some(members) = value.as_object_mut() {
        members.remove("part");
    }
    value.to_string()
}
