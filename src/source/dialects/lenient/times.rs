//! Times of day, and what an offset means in a rule that recurs.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Europe::London;

use super::members::{Members, Taken};
use crate::model::IssueCode;

/// What decides how a time's offset is read.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct Hours<'a> {
    /// The schedule's first date, if it states one.
    pub on: Option<NaiveDate>,
    /// Whether that is its only date, or the schedule is no rule at all.
    pub is_single: bool,
    /// The offset the schedule states beside its times, as published.
    pub timezone: Option<&'a str>,
}

/// A time of day on London's clocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source::dialects) struct Clock {
    pub time: NaiveTime,
    /// How many days after the schedule's own date it is in London.
    pub days_on: i8,
    /// Whether it keeps to Universal Time through the year: by London's clocks it is an hour later in summer.
    pub is_universal: bool,
}

/// Takes a time of day.
pub(in crate::source::dialects) fn hours(
    members: &mut Members<'_>,
    names: &[&str],
    how: Hours<'_>,
) -> Option<Clock> {
    let Taken { key, value } = members.take_scalar(names)?;
    let Some(read) = value.as_str().and_then(read) else {
        members.note_unreadable(&key, "is no time of day", value);
        return None;
    };
    let offset = read.offset.or_else(|| how.timezone.and_then(offset_of_hours));
    let local = on_the_clock(&read, offset, how);
    let message = match (read.is_standard, local.time == read.time, read.offset) {
        _ if local.is_universal => {
            "was moved from its offset to London time in winter; in summer it is an hour later"
        }
        (_, false, _) => "was moved from its offset to London time",
        (false, true, _) => "is no time in the form `09:30`",
        (true, true, Some(_)) => "its offset was left out: a weekly time stays the same all year",
        (true, true, None) => return Some(local),
    };
    members.note(IssueCode::NonStandardFormat, &key, message, Some(value));
    Some(local)
}

// London's clocks show Universal Time then.
const WINTER: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 15);

// Without a date nobody knows what London's own offsets meant, and a weekly class stays at ten all year. Any other offset
// is meant.
fn on_the_clock(read: &Read, offset: Option<FixedOffset>, how: Hours<'_>) -> Clock {
    let as_it_stands = Clock { time: read.time, days_on: 0, is_universal: false };
    let is_londons = |offset: FixedOffset| matches!(offset.local_minus_utc(), 0 | 3600);
    let converted = match (offset, how.on) {
        (Some(offset), _) if !how.is_single && !is_londons(offset) => {
            let in_winter = WINTER.and_then(|date| in_london(read, offset, date));
            in_winter.map(|clock| Clock { is_universal: true, ..clock })
        }
        (Some(offset), Some(on)) => in_london(read, offset, on),
        _ => None,
    };
    converted.unwrap_or(as_it_stands)
}

fn in_london(read: &Read, offset: FixedOffset, on: NaiveDate) -> Option<Clock> {
    let there = match read.is_end_of_day {
        true => on.succ_opt()?.and_time(NaiveTime::MIN),
        false => on.and_time(read.time),
    };
    let here = offset.from_local_datetime(&there).single()?.with_timezone(&London).naive_local();
    let days_on = i8::try_from((here.date() - on).num_days()).ok()?;
    // What ends with the day ends a minute before the next, since the type has no 24:00.
    if read.is_end_of_day && here.time() == NaiveTime::MIN {
        return Some(Clock { time: read.time, days_on: days_on.checked_sub(1)?, is_universal: false });
    }
    Some(Clock { time: here.time(), days_on, is_universal: false })
}

#[derive(Debug, PartialEq)]
struct Read {
    time: NaiveTime,
    offset: Option<FixedOffset>,
    is_standard: bool,
    is_end_of_day: bool,
}

fn read(text: &str) -> Option<Read> {
    // A whole date-time, where only the time is wanted.
    let (text, dated) = match text.trim().split_once('T') {
        Some((date, time)) if date.starts_with(|c: char| c.is_ascii_digit()) => (time, true),
        _ => (text.trim(), false),
    };
    let (clock, offset) = without_offset(text);
    let folded = clock.to_ascii_lowercase();
    let (plain, afternoon) = without_half(folded.trim());
    let time = clock_time(plain, afternoon)?;
    let is_end_of_day = plain.starts_with("24");
    let is_standard =
        !dated && afternoon.is_none() && plain.len() >= 5 && !is_end_of_day && !plain.contains('.');
    Some(Read { time, offset, is_standard, is_end_of_day })
}

fn without_offset(text: &str) -> (&str, Option<FixedOffset>) {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return (clock, FixedOffset::east_opt(0));
    }
    let Some(at) = text.rfind(['+', '-']).filter(|at| *at > 0) else { return (text, None) };
    let (clock, zone) = text.split_at_checked(at).unwrap_or((text, ""));
    match offset_of_text(zone) {
        Some(offset) => (clock, Some(offset)),
        None => (text, None),
    }
}

// `+01:00`, `+0100`, `+01`. Farther offsets than exist are the other end of a range: `10:00-12:00`.
fn offset_of_text(zone: &str) -> Option<FixedOffset> {
    let (sign, farthest) = if zone.starts_with('-') { (-1, 10) } else { (1, 14) };
    let digits = zone.get(1..)?.replacen(':', "", 1);
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits.get(..2)?.parse().ok().filter(|hours| *hours <= farthest)?;
    let minutes: i32 = digits.get(2..).and_then(|text| text.parse().ok()).unwrap_or(0);
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

// The standard's `timezone` is a number of hours.
fn offset_of_hours(text: &str) -> Option<FixedOffset> {
    let hours: f64 = text.trim().parse().ok()?;
    let whole = super::numbers::whole(hours * 3600.0).filter(|seconds| seconds.abs() < 86_400)?;
    FixedOffset::east_opt(whole)
}

fn without_half(text: &str) -> (&str, Option<bool>) {
    for (suffix, afternoon) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
        if let Some(clock) = text.strip_suffix(suffix) {
            return (clock.trim_end(), Some(afternoon));
        }
    }
    (text, None)
}

fn clock_time(text: &str, afternoon: Option<bool>) -> Option<NaiveTime> {
    let number = |piece: &str| piece.parse::<u32>().ok().filter(|_| !piece.starts_with('+'));
    let mut pieces = text.split([':', '.']).map(number);
    let hour = pieces.next()??;
    let minute = match (pieces.next(), afternoon) {
        (Some(minute), _) => minute?,
        (None, Some(_)) => 0,
        (None, None) => return None,
    };
    let second = pieces.next().flatten().unwrap_or(0);
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    // The end of the day; the type has no 24:00.
    if (hour, minute) == (24, 0) {
        return NaiveTime::from_hms_opt(23, 59, 0);
    }
    NaiveTime::from_hms_opt(hour, minute, second.min(59))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    #[test]
    fn quirk_58_times_in_every_form() {
        let cases = [
            ("10:00", at(10, 0)),
            ("10:00:00", at(10, 0)),
            ("10:00:00.000", at(10, 0)),
            ("10:00Z", at(10, 0)),
            ("09:00+01:00", at(9, 0)),
            ("9:30am", at(9, 30)),
            ("9.30 PM", at(21, 30)),
            ("12am", at(0, 0)),
            ("24:00", at(23, 59)),
            ("2026-01-06T10:00:00Z", at(10, 0)),
        ];
        for (text, time) in cases {
            assert_eq!(read(text).map(|read| read.time), Some(time), "{text}");
        }
        for text in
            ["", "25:00", "10:00-12:00", "10:00 - 12:00", "10", "13pm", "noon", "10:xx", "+01:00", "é:é"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    fn clock(text: &str, on: Option<&str>, is_single: bool) -> (NaiveTime, i8, bool) {
        let read = read(text).unwrap();
        let on = on.map(|date| date.parse().unwrap());
        let clock = on_the_clock(&read, read.offset, Hours { on, is_single, timezone: None });
        (clock.time, clock.days_on, clock.is_universal)
    }

    #[test]
    fn an_offset_counts_only_on_a_known_date() {
        let summer = Some("2026-07-01");
        assert_eq!(clock("10:00Z", summer, true), (at(11, 0), 0, false));
        assert_eq!(clock("10:00Z", summer, false), (at(11, 0), 0, false));
        assert_eq!(clock("10:00Z", None, false), (at(10, 0), 0, false));
        assert_eq!(clock("10:00+01:00", None, false), (at(10, 0), 0, false));
        assert_eq!(clock("10:00", summer, true), (at(10, 0), 0, false));
    }

    #[test]
    fn an_offset_may_make_it_another_day() {
        assert_eq!(clock("23:30Z", Some("2026-07-01"), true), (at(0, 30), 1, false));
        assert_eq!(clock("23:30Z", Some("2026-12-01"), true), (at(23, 30), 0, false));
        assert_eq!(clock("00:30+02:00", Some("2026-07-01"), true), (at(23, 30), -1, false));
        assert_eq!(clock("24:00Z", Some("2026-07-01"), true), (at(1, 0), 1, false));
        assert_eq!(clock("24:00Z", Some("2026-12-01"), true), (at(23, 59), 0, false));
        assert_eq!(clock("24:00+01:00", Some("2026-07-01"), true), (at(23, 59), 0, false));
    }

    #[test]
    fn offsets_that_are_never_londons_hold_all_year() {
        for on in [None, Some("2026-07-06")] {
            assert_eq!(clock("10:00+02:00", on, false), (at(8, 0), 0, true));
            assert_eq!(clock("01:00+02:00", on, false), (at(23, 0), -1, true));
            assert_eq!(clock("23:00-05:00", on, false), (at(4, 0), 1, true));
        }
    }
}
