//! A schedule's sessions as one recurring event of RFC 5545: a first date, a rule, an end, and excluded dates.
//!
//! What such an event cannot express is an error, because people rely on their calendar and travel there.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::closures::DayClosures;
use super::rule::{OpeningRule, RuleDates, RuleSuspension, is_closure, session_of};
use super::wall::{DAY, DayNumber, date_of, day_of, first_shown, universal};
use super::{MAX_RULES, OpeningHours, Owned, RuleSession, ScheduleOwner, ScheduleRef};
use crate::model::time::recurrence::RecurrenceRule;
use crate::model::{DaySet, Schedule, Service};

/// The most days that are examined for all schedules of a service together: a century.
const MOST_DAYS: usize = 36_525;

/// The sessions of one schedule as a recurring event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSeries {
    /// The date on which the first session begins.
    pub first: NaiveDate,
    /// The minute of the day at which sessions begin. `None` if it is not stated.
    pub opens: Option<i32>,
    /// The minute at which they end, counted from midnight before they begin; above 1440 on the next day. `None` if it
    /// is not stated.
    pub closes: Option<i32>,
    /// The recurrence rule, without its end. `None` if there is only one session.
    pub rule: Option<String>,
    /// The last date on which a session may begin, and the instant of its beginning. `None` if there is no end.
    pub last: Option<(NaiveDate, DateTime<Utc>)>,
    /// Dates of the rule on which there is no session.
    pub without: Vec<NaiveDate>,
    /// Whether dates and times are in Universal Time, rather than local time in London.
    pub is_universal: bool,
}

/// Why a schedule cannot be one recurring event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsayableSeries {
    /// The schedule is in words only, or names no dates.
    InWords,
    /// Part of its dates, or of what suspends it, could not be read.
    Doubtful,
    /// RFC 5545 cannot express the rule.
    NoSuchRule,
    /// It never takes place.
    Never,
    /// There are too many dates or schedules to examine.
    TooMuch,
}

/// The dates between which sessions are listed individually, if a rule alone does not describe them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesWindow {
    /// The start of a series whose schedule has none.
    pub from: NaiveDate,
    /// The end of a series whose exceptions have none.
    pub to: NaiveDate,
}

impl SeriesWindow {
    /// Returns the window from the beginning of last year to the end of the year after next, so that calendars change
    /// once a year and not every day.
    pub fn around(today: NaiveDate) -> Self {
        let first_of = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let from = first_of(today.year() - 1).unwrap_or(today);
        let to = first_of(today.year() + 3).and_then(|date| date.pred_opt()).unwrap_or(today);
        Self { from, to }
    }
}

impl Service {
    /// Returns each opening schedule of those that decide when the service is open ([`OpeningHours::of`]) as a
    /// recurring event, or why it cannot be one.
    pub fn series(&self, window: SeriesWindow) -> Vec<(ScheduleRef, Result<EventSeries, UnsayableSeries>)> {
        let (owned, of_locations) = super::owned_by(self);
        let hours = OpeningHours { of_locations, ..OpeningHours::compile(owned.clone()) };
        let mut telling = Telling { hours: &hours, closures: hours.closures(), window, days_left: MOST_DAYS };
        let opening = owned.into_iter().enumerate().filter(|(_, (.., schedule))| !is_closure(schedule));
        opening
            .map(|(nth, owned)| {
                let told =
                    if nth < MAX_RULES { telling.series(owned) } else { Err(UnsayableSeries::TooMuch) };
                let owner = match owned.0 {
                    None => ScheduleOwner::Service,
                    Some(place) if of_locations => ScheduleOwner::Location(place),
                    Some(place) => ScheduleOwner::AtLocation(place),
                };
                (ScheduleRef { owner, index: owned.1 }, told)
            })
            .collect()
    }
}

/// Builds the series of one service.
struct Telling<'h> {
    hours: &'h OpeningHours,
    closures: DayClosures<'h>,
    window: SeriesWindow,
    days_left: usize,
}

impl Telling<'_> {
    fn series(&mut self, (place, index, schedule): Owned<'_>) -> Result<EventSeries, UnsayableSeries> {
        let hours = self.hours;
        let is_own =
            |rule: &&OpeningRule| rule.place.map(usize::from) == place && usize::from(rule.index) == index;
        let rules: Vec<&OpeningRule> = hours.rules.iter().filter(is_own).collect();
        if rules.iter().any(|rule| rule.is_doubtful) {
            return Err(UnsayableSeries::Doubtful);
        }
        match rules.as_slice() {
            [] => Err(UnsayableSeries::InWords),
            [rule] => self.by_the_clock(rule),
            [in_winter, ..] => self.by_universal_time(in_winter, schedule),
        }
    }

    fn by_the_clock(&mut self, rule: &OpeningRule) -> Result<EventSeries, UnsayableSeries> {
        let text = match &rule.dates {
            RuleDates::Weekly(days) => weekly(*days),
            RuleDates::Other(recurrence) => recurrence.endless_text().ok_or(UnsayableSeries::NoSuchRule)?,
            RuleDates::Seasonal { .. } => return Err(UnsayableSeries::NoSuchRule),
        };
        let suspensions = self.hours.suspensions.iter().filter(|one| suspends(one, rule));
        let suspended_until = suspensions.map(|one| one.span.last).max();
        let horizon = day_of(self.window.to);
        // If the suspension has no end, its dates cannot be listed.
        let last = match suspended_until {
            Some(until) if until > horizon => rule.span.last.min(horizon),
            _ => rule.span.last,
        };
        let start =
            if rule.span.first == DayNumber::MIN { day_of(self.window.from) } else { rule.span.first };
        let first = self.first_held(rule, start, last)?;
        let mut without = Vec::new();
        for day in first..=suspended_until.unwrap_or(DayNumber::MIN).min(last) {
            self.take_day()?;
            if rule.falls_on(day) && !self.closures.is_held(rule, day) {
                without.push(date_of(day));
            }
        }
        let RuleSession { opens, closes } = rule.session();
        let end = |day: DayNumber| (date_of(day), first_shown(day, opens.unwrap_or(0)));
        Ok(EventSeries {
            first: date_of(first),
            opens,
            closes,
            rule: (first < last).then_some(text),
            last: (last < DayNumber::MAX).then(|| end(last)),
            without,
            is_universal: false,
        })
    }

    // In London's time there would be two series, one of summers and one of winters.
    fn by_universal_time(
        &mut self,
        in_winter: &OpeningRule,
        schedule: &Schedule,
    ) -> Result<EventSeries, UnsayableSeries> {
        let is_suspended = self.hours.suspensions.iter().any(|one| suspends(one, in_winter));
        let is_moved = schedule.universal != Some(0);
        let recurrence = RecurrenceRule::of(schedule).filter(|_| !is_suspended && !is_moved);
        let recurrence = recurrence.ok_or(UnsayableSeries::NoSuchRule)?;
        let text = recurrence.endless_text().ok_or(UnsayableSeries::NoSuchRule)?;
        let (span, RuleSession { opens, closes }) = (in_winter.span, session_of(schedule));
        let mut day = if span.first == DayNumber::MIN { day_of(self.window.from) } else { span.first };
        while !recurrence.falls_on(date_of(day)) {
            self.take_day()?;
            day += 1;
        }
        if day > span.last {
            return Err(UnsayableSeries::Never);
        }
        let end = |day: DayNumber| (date_of(day), universal(day, opens.unwrap_or(0)));
        Ok(EventSeries {
            first: date_of(day),
            opens,
            closes,
            rule: (day < span.last).then_some(text),
            last: (span.last < DayNumber::MAX).then(|| end(span.last)),
            without: Vec::new(),
            is_universal: true,
        })
    }

    fn first_held(
        &mut self,
        rule: &OpeningRule,
        start: DayNumber,
        last: DayNumber,
    ) -> Result<DayNumber, UnsayableSeries> {
        for day in start..=last {
            self.take_day()?;
            if self.closures.is_held(rule, day) {
                return Ok(day);
            }
        }
        Err(UnsayableSeries::Never)
    }

    fn take_day(&mut self) -> Result<(), UnsayableSeries> {
        self.days_left = self.days_left.checked_sub(1).ok_or(UnsayableSeries::TooMuch)?;
        Ok(())
    }
}

fn suspends(suspension: &RuleSuspension, rule: &OpeningRule) -> bool {
    suspension.place == rule.place && !(suspension.for_others && rule.replaces)
}

fn weekly(days: DaySet) -> String {
    if days == DaySet::ALL {
        return "FREQ=DAILY".to_owned();
    }
    let codes: Vec<&str> = days.iter().map(|day| day.code()).collect();
    format!("FREQ=WEEKLY;BYDAY={}", codes.join(","))
}

const _: () = assert!(DAY == 1440, "a series counts the minutes of such a day");
