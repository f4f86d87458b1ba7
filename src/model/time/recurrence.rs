//! Converts the members of a schedule to an RFC 5545 rule: its text, and the dates it names.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::{DayOfWeek, DaySet, Frequency, Schedule};

/// Larger counts are ignored: no publisher means them, and finding the last date steps through each occurrence.
const MAX_COUNT: u16 = 5000;

/// The most days to step through for one count: a century.
const MOST_DAYS: usize = 36_525;

/// Longer lists of numbers are kept sorted for binary search.
const LONG_LIST: usize = 16;

/// How many more days may be stepped through for all counts of one service together.
#[derive(Debug)]
pub(in crate::model) struct CountSteps(usize);

impl Default for CountSteps {
    fn default() -> Self {
        Self(4 * MOST_DAYS)
    }
}

/// The error if a count takes more steps than are left.
#[derive(Debug)]
pub(in crate::model) struct TooManySteps;

/// A recurrence rule without what RFC 5545 forbids or cannot apply without a start, and with what it infers from the
/// start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::model) struct RecurrenceRule {
    freq: Frequency,
    /// At least 1. Always 1 without a start, because it would be unknown which units are meant.
    interval: u16,
    count: Option<u16>,
    start: Option<NaiveDate>,
    until: Option<NaiveDate>,
    /// First day of the week, as days after Monday.
    wkst: u8,
    /// Days of the week, meaning every such day of the period.
    days: DaySet,
    /// Ordinals and days of the week, such as the second Monday of the month or year.
    nth_days: Vec<(i8, u8)>,
    month: Option<u8>,
    month_days: Vec<i8>,
    weeks: Vec<i8>,
    year_days: Vec<i16>,
}

impl RecurrenceRule {
    /// Reads the rule. Returns `None` if the schedule has neither a frequency nor days of the week.
    pub(in crate::model) fn of(schedule: &Schedule) -> Option<Self> {
        let weekly = || (!schedule.byday.is_empty()).then_some(Frequency::Weekly);
        let freq = schedule.freq.or_else(weekly)?;
        let start = schedule.dtstart;
        let (days, nth_days) = days(&schedule.byday, freq);
        let with_start = |number: Option<i32>| number.filter(|n| *n > 0 && start.is_some());
        let mut rule = Self {
            freq,
            interval: with_start(schedule.interval).and_then(|n| u16::try_from(n).ok()).unwrap_or(1),
            count: with_start(schedule.count).and_then(|n| u16::try_from(n).ok()).filter(|n| *n <= MAX_COUNT),
            start,
            until: schedule.until,
            wkst: schedule.wkst.map_or(0, |day| day as u8),
            days,
            nth_days,
            month: None,
            month_days: if freq == Frequency::Weekly { Vec::new() } else { within(&schedule.bymonthday, 31) },
            weeks: within(&schedule.byweekno, 53),
            year_days: within(&schedule.byyearday, 366),
        };
        rule.take_days_from_start();
        Some(rule)
    }

    /// Returns whether the rule determines its days.
    pub(in crate::model) fn is_dated(&self) -> bool {
        self.freq == Frequency::Daily || self.names_days()
    }

    /// Returns the days of the week if nothing else but a first and last date restricts the rule.
    pub(in crate::model) fn plain_days(&self) -> Option<DaySet> {
        let every_day = self.freq == Frequency::Daily && !self.names_days();
        let is_plain = self.interval == 1
            && self.month_days.is_empty()
            && self.weeks.is_empty()
            && self.year_days.is_empty()
            && matches!(self.freq, Frequency::Daily | Frequency::Weekly);
        is_plain.then_some(if every_day { DaySet::ALL } else { self.days })
    }

    /// Returns the days of the week on which it can fall.
    pub(in crate::model) fn possible_days(&self) -> DaySet {
        let named = self.nth_days.iter().fold(self.days, |days, (_, day)| days.or(DaySet::nth(*day)));
        if named.is_empty() { DaySet::ALL } else { named }
    }

    /// Returns whether the rule names a date, ignoring its start and end.
    pub(in crate::model) fn falls_on(&self, date: NaiveDate) -> bool {
        self.is_in_phase(date)
            && self.has_weekday(date)
            && self.month.is_none_or(|month| date.month() == u32::from(month))
            && counted(&self.month_days, date.day(), || u32::from(date.num_days_in_month()))
            && (self.weeks.is_empty()
                || counted(&self.weeks, date.iso_week().week(), || weeks_of(date.iso_week().year())))
            && counted(&self.year_days, date.ordinal(), || days_of(date.year()))
    }

    /// Returns the last date, from the rule's end or its count.
    ///
    /// # Errors
    /// Returns [`TooManySteps`] if no steps are left to find it.
    pub(in crate::model) fn last(&self, steps: &mut CountSteps) -> Result<Option<NaiveDate>, TooManySteps> {
        Ok(self.last_counted(steps)?.or(self.until))
    }

    /// Returns the rule as RFC 5545 text, without its end. Returns `None` if RFC 5545 cannot express it: it allows some
    /// conditions only in yearly rules.
    pub(super) fn endless_text(&self) -> Option<String> {
        let is_yearly = self.freq == Frequency::Yearly;
        let counts_in_year = !(self.weeks.is_empty() && self.year_days.is_empty());
        let counts_days_beside_weeks = !self.weeks.is_empty() && !self.nth_days.is_empty();
        if (counts_in_year && !is_yearly) || counts_days_beside_weeks {
            return None;
        }
        // Weeks are ISO 8601 weeks, whatever first day the rule has.
        let wkst = if is_yearly { 0 } else { self.wkst };
        Some(Self { count: None, until: None, wkst, ..self.clone() }.text())
    }

    /// Returns the rule as RFC 5545 text.
    pub(in crate::model) fn text(&self) -> String {
        let mut rule = format!("FREQ={}", self.freq.code());
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                // Writing to a string cannot fail.
                let _ = write!(rule, ";{name}={value}");
            }
        };
        add("INTERVAL", (self.interval > 1).then(|| self.interval.to_string()));
        add("COUNT", self.count.filter(|_| self.until.is_none()).map(|n| n.to_string()));
        add("UNTIL", self.until.map(|date| date.format("%Y%m%d").to_string()));
        add("WKST", (self.wkst != 0).then(|| code(self.wkst).to_owned()));
        add("BYMONTH", self.month.map(|month| month.to_string()));
        add("BYDAY", Some(self.day_codes()));
        add("BYMONTHDAY", Some(join(&self.month_days)));
        if self.freq == Frequency::Yearly {
            add("BYWEEKNO", Some(join(&self.weeks)));
            add("BYYEARDAY", Some(join(&self.year_days)));
        }
        rule
    }

    fn day_codes(&self) -> String {
        let plain = self.days.iter().map(|day| day.code().to_owned());
        let nth = self.nth_days.iter().map(|(nth, day)| format!("{nth}{}", code(*day)));
        plain.chain(nth).collect::<Vec<_>>().join(",")
    }

    fn names_days(&self) -> bool {
        let restricts_year =
            self.freq == Frequency::Yearly && !(self.weeks.is_empty() && self.year_days.is_empty());
        !self.days.is_empty() || !self.nth_days.is_empty() || !self.month_days.is_empty() || restricts_year
    }

    fn take_days_from_start(&mut self) {
        let Some(start) = self.start.filter(|_| !self.names_days()) else { return };
        let day = i8::try_from(start.day()).ok();
        match self.freq {
            Frequency::Daily => {}
            Frequency::Weekly => self.days = DaySet::nth(weekday(start)),
            Frequency::Monthly => self.month_days.extend(day),
            Frequency::Yearly => {
                self.month = u8::try_from(start.month()).ok();
                self.month_days.extend(day);
            }
        }
    }

    fn is_in_phase(&self, date: NaiveDate) -> bool {
        let Some(start) = self.start.filter(|_| self.interval > 1) else { return true };
        let unit = |date: NaiveDate| match self.freq {
            Frequency::Daily => date.num_days_from_ce(),
            Frequency::Weekly => (date.num_days_from_ce() - 1 - i32::from(self.wkst)).div_euclid(7),
            Frequency::Monthly => date.year() * 12 + date.month0().cast_signed(),
            Frequency::Yearly => date.year(),
        };
        (unit(date) - unit(start)) % i32::from(self.interval) == 0
    }

    fn has_weekday(&self, date: NaiveDate) -> bool {
        if self.days.is_empty() && self.nth_days.is_empty() {
            return true;
        }
        let day = weekday(date);
        if self.days.has(day) {
            return true;
        }
        let mut places = None;
        self.nth_days.iter().any(|(nth, of)| {
            *of == day && {
                let (first, last) = *places.get_or_insert_with(|| self.places_of_weekday(date));
                i32::from(*nth) == first || i32::from(*nth) == last
            }
        })
    }

    /// Returns which of its weekday a date is in the month or year, counted from the beginning and from the end.
    fn places_of_weekday(&self, date: NaiveDate) -> (i32, i32) {
        let (day, days) = if self.freq == Frequency::Yearly {
            (date.ordinal(), days_of(date.year()))
        } else {
            (date.day(), u32::from(date.num_days_in_month()))
        };
        let nth = |before: u32| (before / 7 + 1).cast_signed();
        (nth(day.saturating_sub(1)), -nth(days.saturating_sub(day)))
    }

    // Steps from day to day. A count that is not reached before the end, or within a century, is ignored.
    fn last_counted(&self, steps: &mut CountSteps) -> Result<Option<NaiveDate>, TooManySteps> {
        let (Some(count), Some(start)) = (self.count, self.start) else { return Ok(None) };
        let mut left = usize::from(count);
        for date in start.iter_days().take(MOST_DAYS) {
            if self.until.is_some_and(|until| date > until) {
                break;
            }
            steps.0 = steps.0.checked_sub(1).ok_or(TooManySteps)?;
            left -= usize::from(self.falls_on(date));
            if left == 0 {
                return Ok(Some(date));
            }
        }
        Ok(None)
    }
}

/// Returns the day of the week, as days after Monday.
pub(in crate::model) fn weekday(date: NaiveDate) -> u8 {
    u8::try_from(date.weekday().num_days_from_monday()).unwrap_or(0)
}

// Reads `TU` and `2MO`. Ordinals have no meaning in weekly and daily rules.
fn days(codes: &[String], freq: Frequency) -> (DaySet, Vec<(i8, u8)>) {
    let (mut plain, mut nth_days) = (DaySet::NONE, Vec::new());
    for text in codes.iter().map(|code| code.trim()) {
        let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let Some((ordinal, day)) = text.split_at_checked(at) else { continue };
        let Ok(day) = DayOfWeek::parse(day) else { continue };
        let has_ordinals = matches!(freq, Frequency::Monthly | Frequency::Yearly);
        match ordinal.parse().ok().filter(|n: &i8| *n != 0 && n.unsigned_abs() <= 53 && has_ordinals) {
            Some(nth) if nth_days.contains(&(nth, day as u8)) => {}
            Some(nth) => nth_days.push((nth, day as u8)),
            None if ordinal.is_empty() || !has_ordinals => plain = plain.or(DaySet::nth(day as u8)),
            None => {}
        }
    }
    (plain, nth_days)
}

// Removes duplicates: a feed may repeat a number thousands of times, and every date is compared with all of them.
fn within<T: TryFrom<i32> + Ord>(numbers: &[i32], most: u32) -> Vec<T> {
    let mut met = BTreeSet::new();
    let possible = numbers.iter().filter(|n| **n != 0 && n.unsigned_abs() <= most);
    let each = possible.filter(|n| met.insert(**n)).filter_map(|n| T::try_from(*n).ok());
    let mut each: Vec<T> = each.collect();
    if each.len() > LONG_LIST {
        each.sort_unstable();
    }
    each
}

// Returns whether a position in a month or year is listed. Negative numbers count from the end.
fn counted<T: Copy + Into<i32>>(listed: &[T], place: u32, all: impl Fn() -> u32) -> bool {
    if listed.is_empty() {
        return true;
    }
    let place = place.cast_signed();
    let from_end = || place - all().cast_signed() - 1;
    if listed.len() > LONG_LIST {
        let is_listed = |place: i32| listed.binary_search_by_key(&place, |n| (*n).into()).is_ok();
        return is_listed(place) || is_listed(from_end());
    }
    let mut last = None;
    listed.iter().any(|n| match (*n).into() {
        n if n < 0 => n == *last.get_or_insert_with(from_end),
        n => n == place,
    })
}

fn weeks_of(year: i32) -> u32 {
    NaiveDate::from_ymd_opt(year, 12, 28).map_or(52, |date| date.iso_week().week())
}

fn days_of(year: i32) -> u32 {
    NaiveDate::from_ymd_opt(year, 12, 31).map_or(365, |date| date.ordinal())
}

fn code(day: u8) -> &'static str {
    DayOfWeek::ALL.get(usize::from(day)).map_or("MO", |day| day.code())
}

fn join<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
