//! When a service, a place, or a service at a place is open: the members of an RFC 5545 recurrence rule.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::time::recurrence::RecurrenceRule;
use crate::model::{DayOfWeek, Frequency, RecordPart, UnreadBounds};

/// When something is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// First date the information can be relied on.
    pub valid_from: Option<NaiveDate>,
    /// Last date the information can be relied on.
    pub valid_to: Option<NaiveDate>,
    /// Date of the first occurrence.
    pub dtstart: Option<NaiveDate>,
    /// Date of the last occurrence.
    pub until: Option<NaiveDate>,
    /// Number of occurrences.
    pub count: Option<i32>,
    /// Recurrence unit.
    pub freq: Option<Frequency>,
    /// Repeat every so many units.
    pub interval: Option<i32>,
    /// First day of the week.
    pub wkst: Option<DayOfWeek>,
    /// Weekday codes, with ordinals where the rule is monthly (`2MO`, `-1FR`).
    pub byday: Vec<String>,
    /// Days of the month; negative ones count from its end.
    pub bymonthday: Vec<i32>,
    /// ISO weeks of the year; negative ones count from its end.
    pub byweekno: Vec<i32>,
    /// Days of the year; negative ones count from its end.
    pub byyearday: Vec<i32>,
    /// Opening time, on the clock of the place.
    pub opens_at: Option<NaiveTime>,
    /// Closing time, on the clock of the place; before `opens_at` when it crosses midnight.
    pub closes_at: Option<NaiveTime>,
    /// Where its times keep to Universal Time through the year, by an offset that is never London's: by how many days
    /// its sessions begin after the dates its rule names, in winter. The times are then those of winter, and in summer
    /// it is an hour later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub universal: Option<i8>,
    /// Offset or zone as published.
    pub timezone: Option<String>,
    /// How people attend.
    pub attending_type: Option<String>,
    /// The times in words.
    pub description: Option<String>,
    /// Other notes.
    pub notes: Option<String>,
    /// Page that lists sessions or takes bookings.
    pub schedule_link: Option<Url>,
    /// What it does to its owner's other schedules; none where it stands beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<ScheduleException>,
    /// What is stated of its dates and could not be read, so that it is not known on which dates it holds.
    #[serde(default, skip_serializing_if = "UnreadBounds::is_empty")]
    pub unread: UnreadBounds,
}

/// How a schedule changes the others of its owner on its own dates. The standard has no member for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScheduleException {
    /// Nothing takes place.
    Closed,
    /// Its times hold instead of theirs.
    Open,
}

impl Schedule {
    /// The rule as RFC 5545 text. Returns `None` if the schedule states neither a frequency nor days of the week, or
    /// something of its dates that cannot be read: the text would then say more than the feed does.
    ///
    /// What RFC 5545 forbids or needs a start for is left out: month days in a weekly rule, and an interval
    /// or a count without a first occurrence. What it would take from the start is written out.
    pub fn rrule(&self) -> Option<String> {
        RecurrenceRule::of(self).filter(|_| self.unread.is_empty()).map(|recurrence| recurrence.text())
    }
}
