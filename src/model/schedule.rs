//! When a service, a place, or a service at a place is open: the members of an RFC 5545 recurrence rule.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{DayOfWeek, Frequency, Part};

/// When something is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    /// Id, annotations and history.
    pub part: Part,
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
}

impl Schedule {
    /// The rule as RFC 5545 text; none where the schedule states no frequency.
    ///
    /// What RFC 5545 forbids or needs a start for is left out: month days in a weekly rule, and an interval
    /// or a count without a first occurrence.
    pub fn rrule(&self) -> Option<String> {
        let freq = self.freq?;
        let mut rule = format!("FREQ={}", freq.code());
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                // Writing to a string cannot fail.
                let _ = write!(rule, ";{name}={value}");
            }
        };
        let anchored = self.dtstart.is_some();
        add("INTERVAL", self.interval.filter(|n| *n > 1 && anchored).map(|n| n.to_string()));
        add(
            "COUNT",
            self.count.filter(|n| *n > 0 && anchored && self.until.is_none()).map(|n| n.to_string()),
        );
        add("UNTIL", self.until.map(|date| date.format("%Y%m%d").to_string()));
        add("WKST", self.wkst.map(|day| day.code().to_owned()));
        add("BYDAY", Some(self.byday.join(",")));
        if freq != Frequency::Weekly {
            add("BYMONTHDAY", Some(join(&self.bymonthday)));
        }
        if freq == Frequency::Yearly {
            add("BYWEEKNO", Some(join(&self.byweekno)));
        }
        if matches!(freq, Frequency::Yearly) {
            add("BYYEARDAY", Some(join(&self.byyearday)));
        }
        Some(rule)
    }
}

fn join(numbers: &[i32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
