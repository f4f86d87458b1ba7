//! When a service, a location, or a service at a location is open: the members of an RFC 5545 recurrence rule.

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
    /// Number of units between repetitions.
    pub interval: Option<i32>,
    /// First day of the week.
    pub wkst: Option<DayOfWeek>,
    /// Weekday codes, with ordinals if the rule is monthly (`2MO`, `-1FR`).
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
    /// Set if the times are in Universal Time all year round, published with an offset that London never has. The value
    /// is the number of days between the dates of the rule and the sessions in winter. `opens_at` and `closes_at` are
    /// then winter times; in summer the sessions are an hour later on the clock.
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
    /// How this schedule changes the owner's other schedules. `None` if it simply applies beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<ScheduleException>,
    /// Which of the dates the feed states in a form that could not be read. It is then not known on which dates the
    /// schedule applies.
    #[serde(default, skip_serializing_if = "UnreadBounds::is_empty")]
    pub unread: UnreadBounds,
}

/// How a schedule changes its owner's other schedules on its own dates. The standard has no member for this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScheduleException {
    /// Nothing takes place.
    Closed,
    /// These times replace the times of the other schedules.
    Open,
}

impl Schedule {
    /// Returns the rule as RFC 5545 text. Returns `None` if the schedule states neither a frequency nor weekdays, or if
    /// any of its dates could not be read: the text would then claim more than the feed does.
    ///
    /// Leaves out what RFC 5545 forbids or cannot apply without a start: month days in a weekly rule, and an interval
    /// or count without a first occurrence. Writes out what RFC 5545 would infer from the start.
    pub fn rrule(&self) -> Option<String> {
        RecurrenceRule::of(self).filter(|_| !self.is_doubtful()).map(|recurrence| recurrence.text())
    }

    /// Returns whether the schedule may not apply on some of its dates, because a limit could not be read.
    pub fn is_doubtful(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Returns whether it is valid to a date before the one from which it is valid. Both are then ignored.
    pub fn has_contrary_validity(&self) -> bool {
        self.valid_from.zip(self.valid_to).is_some_and(|(from, to)| to < from)
    }

    /// Returns whether the rule has a count or an interval, but no date to count from. `valid_from` is no such date: it
    /// says since when the information can be relied on. The count is then ignored, and the interval taken for 1.
    pub fn lacks_start(&self) -> bool {
        let counts = self.count.is_some() || self.interval.is_some_and(|every| every > 1);
        self.is_rule() && counts && self.dtstart.is_none()
    }

    /// Returns whether it states a frequency or weekdays, rather than one date or none.
    pub fn is_rule(&self) -> bool {
        self.freq.is_some() || !self.byday.is_empty()
    }
}
