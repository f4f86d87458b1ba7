//! Times of day, and the meaning of an offset in a recurring rule.

mod clocks;
mod sessions;
mod values;

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Europe::London;
use serde_json::json;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ExpectedMember, ObjectMembers, TakenMember};
use clocks::{SessionClocks, TimeSaid};
use values::{said, stated_offset};

/// What determines how the offset of a time is read.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct OffsetContext<'a> {
    /// The schedule's first date, if it has one.
    pub on: Option<NaiveDate>,
    /// Whether that is the only date, or the schedule is not a rule.
    pub is_single: bool,
    /// The offset that the schedule states separately, as published.
    pub timezone: Option<&'a str>,
}

/// A time of day in London.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source::dialects) struct ClockTime {
    pub time: NaiveTime,
    /// How many days after the schedule's own date it is in London.
    pub days_on: i8,
    /// Whether the time stays fixed in UTC all year, so that it is an hour later in London in summer.
    pub is_universal: bool,
}

/// The start and end of a session, as far as they are known.
pub(in crate::source::dialects) type SessionEnds<T> = (Option<T>, Option<T>);

/// The times of day of a schedule.
#[derive(Debug, Default)]
pub(in crate::source::dialects) struct ScheduleTimes {
    /// The start and end of its first session.
    pub ends: SessionEnds<ClockTime>,
    /// The starts and ends of further sessions.
    pub others: Vec<SessionEnds<NaiveTime>>,
    /// Whether the schedule says that it is closed.
    pub is_closed: bool,
}

/// A time of day, as written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clocked {
    time: NaiveTime,
    offset: Option<FixedOffset>,
    is_standard: bool,
    is_end_of_day: bool,
}

impl Clocked {
    const MIDNIGHT: Self = Self::standard(NaiveTime::MIN);
    const END_OF_DAY: Self = Self {
        is_end_of_day: true,
        is_standard: false,
        ..Self::standard(match NaiveTime::from_hms_opt(23, 59, 0) {
            Some(time) => time,
            None => NaiveTime::MIN,
        })
    };

    const fn standard(time: NaiveTime) -> Self {
        Self { time, offset: None, is_standard: true, is_end_of_day: false }
    }
}

/// Names of London's own time.
const LONDON: [&str; 5] = ["Europe/London", "Europe/Belfast", "GB", "GMT", "BST"];

/// Takes the offset or time zone of a schedule. Adds an issue if it is a zone that is not applied to its times.
pub(in crate::source::dialects) fn timezone(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<String> {
    let key = members.spelled(names);
    let zone = members.code(names)?;
    if stated_offset(&zone).is_none() && !LONDON.contains(&zone.as_str()) {
        let message = "is not an offset, so it is not applied; the times are read as London time";
        members.note(IssueCode::NonStandardFormat, &key, message, Some(json!(zone)));
    }
    Some(zone)
}

/// Takes the times of day of a schedule.
pub(in crate::source::dialects) fn times(
    members: &mut ObjectMembers<'_>,
    opens: &[&str],
    closes: &[&str],
    how: OffsetContext<'_>,
) -> ScheduleTimes {
    let opens = members.take(opens, ExpectedMember::Scalar).and_then(|taken| members.made_bare(taken));
    let closes = members.take(closes, ExpectedMember::Scalar).and_then(|taken| members.made_bare(taken));
    let as_standard = |taken: &TakenMember| values::standard(taken.value.as_str()?);
    if how.timezone.is_none()
        && let (Some(from), Some(to)) =
            (opens.as_ref().and_then(as_standard), closes.as_ref().and_then(as_standard))
    {
        let clock = |read: Clocked| ClockTime { time: read.time, days_on: 0, is_universal: false };
        return ScheduleTimes { ends: (Some(clock(from)), Some(clock(to))), ..ScheduleTimes::default() };
    }
    sessions::of(members, opens, closes, how)
}

/// Converts a time to London's, and adds an issue if it had to be interpreted.
fn local(
    members: &ObjectMembers<'_>,
    TakenMember { key, value }: &TakenMember,
    read: Clocked,
    how: OffsetContext<'_>,
) -> ClockTime {
    let local = on_clock(&read, how);
    let message = match (read.is_standard, local.time == read.time, read.offset) {
        _ if local.is_universal => {
            "was moved from its offset to London time in winter; in summer it is an hour later"
        }
        (_, false, _) => "was moved from its offset to London time",
        (false, true, _) => "is not a time in the form `09:30`",
        (true, true, Some(_)) => "its offset was left out: a weekly time stays the same all year",
        (true, true, None) => return local,
    };
    members.note(IssueCode::NonStandardFormat, key, message, Some(value.clone()));
    local
}

fn on_clock(read: &Clocked, how: OffsetContext<'_>) -> ClockTime {
    let offset = read.offset.or_else(|| how.timezone.and_then(stated_offset));
    on_the_clock(read, offset, how)
}

// A date on which London uses UTC.
const WINTER: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 15);

// Without a date there is no telling what one of London's own offsets means, and a weekly class is at ten all year, so
// the offset is ignored. Any other offset is taken literally.
fn on_the_clock(read: &Clocked, offset: Option<FixedOffset>, how: OffsetContext<'_>) -> ClockTime {
    let as_it_stands = ClockTime { time: read.time, days_on: 0, is_universal: false };
    let is_londons = |offset: FixedOffset| matches!(offset.local_minus_utc(), 0 | 3600);
    let converted = match (offset, how.on) {
        (Some(offset), _) if !how.is_single && !is_londons(offset) => {
            let in_winter = WINTER.and_then(|date| in_london(read, offset, date));
            in_winter.map(|clock| ClockTime { is_universal: true, ..clock })
        }
        (Some(offset), Some(on)) => in_london(read, offset, on),
        _ => None,
    };
    converted.unwrap_or(as_it_stands)
}

fn in_london(read: &Clocked, offset: FixedOffset, on: NaiveDate) -> Option<ClockTime> {
    let there = match read.is_end_of_day {
        true => on.succ_opt()?.and_time(NaiveTime::MIN),
        false => on.and_time(read.time),
    };
    let here = offset.from_local_datetime(&there).single()?.with_timezone(&London).naive_local();
    let days_on = i8::try_from((here.date() - on).num_days()).ok()?;
    // The end of the day is represented as a minute before midnight, because the type has no 24:00.
    if read.is_end_of_day && here.time() == NaiveTime::MIN {
        return Some(ClockTime { time: read.time, days_on: days_on.checked_sub(1)?, is_universal: false });
    }
    Some(ClockTime { time: here.time(), days_on, is_universal: false })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    fn clock(text: &str, on: Option<&str>, is_single: bool) -> (NaiveTime, i8, bool) {
        let Some(TimeSaid::Clocks(clocks)) = said(&Value::String(text.to_owned())) else { panic!("{text}") };
        let read = clocks[0];
        let on = on.map(|date| date.parse().unwrap());
        let clock = on_the_clock(&read, read.offset, OffsetContext { on, is_single, timezone: None });
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
