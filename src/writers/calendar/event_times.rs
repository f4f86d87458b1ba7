//! Writes when an event takes place: its start and end, its recurrence rule and its excluded dates.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::content_line::ContentLines;
use crate::model::EventSeries;

/// How the times of an event are stated.
#[derive(Clone, Copy, PartialEq)]
enum EventClock {
    /// Without a time of day: the event lasts the whole day.
    None,
    London,
    Universal,
}

/// Writes when the sessions of a series take place. If the series has no opening time, its sessions last the whole day.
pub(super) fn write_times(series: &EventSeries, lines: &mut ContentLines) {
    let clock = match (series.opens, series.is_universal) {
        (None, _) => EventClock::None,
        (Some(_), true) => EventClock::Universal,
        (Some(_), false) => EventClock::London,
    };
    let opens = series.opens.unwrap_or(0);
    lines.raw(&clock.named("DTSTART"), &clock.written(series.first, opens));
    match series.closes.filter(|closes| *closes > opens) {
        _ if clock == EventClock::None => {
            lines.raw(&clock.named("DTEND"), &clock.written(series.first, 24 * 60))
        }
        Some(closes) => lines.raw(&clock.named("DTEND"), &clock.written(series.first, closes)),
        // A session whose end is not stated gets no end, which iCalendar reads as no duration.
        None => {}
    }
    let Some(rule) = &series.rule else { return };
    let until = series.last.map(|(date, instant)| match clock {
        EventClock::None => format!(";UNTIL={}", date.format("%Y%m%d")),
        EventClock::London | EventClock::Universal => format!(";UNTIL={}", instant.format("%Y%m%dT%H%M%SZ")),
    });
    lines.raw("RRULE", &format!("{rule}{}", until.unwrap_or_default()));
    if !series.without.is_empty() {
        let without: Vec<String> = series.without.iter().map(|date| clock.written(*date, opens)).collect();
        lines.raw(&clock.named("EXDATE"), &without.join(","));
    }
}

impl EventClock {
    fn named(self, property: &str) -> String {
        match self {
            Self::None => format!("{property};VALUE=DATE"),
            Self::London => format!("{property};TZID=Europe/London"),
            Self::Universal => property.to_owned(),
        }
    }

    /// Formats the moment that is a number of minutes after the start of a date.
    fn written(self, date: NaiveDate, minutes: i32) -> String {
        let at = NaiveDateTime::from(date) + Duration::minutes(minutes.into());
        let format = match self {
            Self::None => "%Y%m%d",
            Self::London => "%Y%m%dT%H%M%S",
            Self::Universal => "%Y%m%dT%H%M%SZ",
        };
        at.format(format).to_string()
    }
}
