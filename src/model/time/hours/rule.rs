//! One compiled schedule: its dates and its times.

use chrono::{NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};

use super::DaySet;
use super::wall::{DAY, DayNumber, date_of, day_of, is_summer, weekday};
use crate::model::time::recurrence::{CountSteps, RecurrenceRule};
use crate::model::{Schedule, ScheduleException, StatedBound};

/// Stands for a time that is not stated.
const UNSTATED: u16 = u16::MAX;

/// When one schedule is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct OpeningRule {
    pub(super) span: DaySpan,
    pub(super) dates: RuleDates,
    opens: u16,
    /// Above 1440 if the session crosses midnight.
    closes: u16,
    /// The index of the service's location that the schedule belongs to. `None` for the service's own schedules.
    pub(super) place: Option<u16>,
    /// The index among the owner's schedules.
    pub(super) index: u16,
    /// Whether it replaces its owner's other rules on its dates.
    pub(super) replaces: bool,
    /// Whether part of its dates could not be read. On each of its dates it then may or may not apply.
    pub(super) is_doubtful: bool,
}

/// Dates on which the owner's rules do not apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RuleSuspension {
    pub(super) place: Option<u16>,
    pub(super) span: DaySpan,
    dates: RuleDates,
    /// Whether rules that replace others still apply.
    pub(super) for_others: bool,
    /// Whether something of its dates could not be read.
    pub(super) is_doubtful: bool,
}

/// A first and a last day, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DaySpan {
    pub(super) first: DayNumber,
    pub(super) last: DayNumber,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum RuleDates {
    Weekly(DaySet),
    Other(Box<RecurrenceRule>),
    /// The dates in one half of the year, shifted by `moved` days. `at` is when the session begins, in minutes after
    /// midnight UTC of a date of the rule.
    Seasonal {
        rule: Box<RecurrenceRule>,
        moved: i32,
        at: i32,
        in_summer: bool,
    },
}

/// Minutes after the midnight that begins the session's date. `None` if not stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RuleSession {
    pub(super) opens: Option<i32>,
    pub(super) closes: Option<i32>,
}

impl OpeningRule {
    /// Compiles a schedule to its rules and the dates on which it suspends other rules. Returns neither if the schedule
    /// is in words only, and two rules if its times are in Universal Time.
    pub(super) fn compile(
        schedule: &Schedule,
        place: Option<u16>,
        index: u16,
        steps: &mut CountSteps,
    ) -> (Vec<Self>, Option<RuleSuspension>) {
        let exception = exception(schedule);
        let Some((span, dates, is_bounded)) = dates(schedule, exception, steps) else {
            return (Vec::new(), None);
        };
        let is_doubtful = !is_bounded || schedule.is_doubtful();
        let replaces = exception == Some(ScheduleException::Open);
        let suspends =
            |dates: RuleDates| RuleSuspension { place, span, dates, for_others: replaces, is_doubtful };
        if exception == Some(ScheduleException::Closed) {
            return (Vec::new(), Some(suspends(dates)));
        }
        let suspension = replaces.then(|| suspends(dates.clone()));
        let (opens, closes) = times(schedule);
        let rule = Self { span, dates, opens, closes, place, index, replaces, is_doubtful };
        let seasons = schedule.universal.zip(RecurrenceRule::of(schedule).filter(RecurrenceRule::is_dated));
        let rules = match seasons {
            Some((moved, dates)) => {
                [false, true].map(|in_summer| rule.of_season(&dates, moved, in_summer)).into()
            }
            // The part that could not be read may restrict the rest.
            None if schedule.unread.has(StatedBound::Days) => {
                vec![Self { dates: RuleDates::Weekly(DaySet::ALL), ..rule }]
            }
            None => vec![rule],
        };
        (rules, suspension)
    }

    /// Returns the rule that stands for schedules beyond the limit: it may be open at any time.
    pub(super) fn of_more() -> Self {
        Self {
            span: DaySpan::ALL,
            dates: RuleDates::Weekly(DaySet::ALL),
            opens: UNSTATED,
            closes: UNSTATED,
            // No location has this index, so nothing suspends the rule.
            place: Some(u16::MAX),
            index: u16::MAX,
            replaces: false,
            is_doubtful: true,
        }
    }

    /// Returns the rule for one half of the year of a schedule in Universal Time, whose times are winter times. `moved`
    /// is the number of days between the rule's dates and its sessions in winter.
    fn of_season(&self, dates: &RecurrenceRule, moved: i8, in_summer: bool) -> Self {
        let day = DAY.unsigned_abs() as u16;
        let later = |minute: u16| if in_summer && minute != UNSTATED { minute + 60 } else { minute };
        let (opens, closes) = (later(self.opens), later(self.closes));
        // A session that begins after midnight in summer is on the next day.
        let begins = if opens == UNSTATED { closes.saturating_sub(1) } else { opens };
        let is_next_day = begins != UNSTATED && begins >= day;
        let on_day = |minute: u16| if is_next_day && minute != UNSTATED { minute - day } else { minute };
        let at = i32::from(moved) * DAY + stated(self.opens).or(stated(self.closes)).unwrap_or(0);
        let moved = i32::from(moved) + i32::from(is_next_day);
        let DaySpan { first, last } = self.span;
        Self {
            span: DaySpan { first: first.saturating_add(moved), last: last.saturating_add(moved) },
            dates: RuleDates::Seasonal { rule: Box::new(dates.clone()), moved, at, in_summer },
            opens: on_day(opens),
            closes: on_day(closes),
            ..self.clone()
        }
    }

    /// Returns whether a session begins on this day, ignoring exceptions.
    pub(super) fn falls_on(&self, day: DayNumber) -> bool {
        self.span.holds(day) && self.dates.hold(day)
    }

    /// Returns the days of the week on which it can begin.
    pub(super) fn possible_days(&self) -> DaySet {
        self.dates.possible_days().and(self.span.days())
    }

    /// Returns whether, between the first and the last day, only the day of the week matters.
    pub(super) fn is_weekly(&self) -> bool {
        matches!(self.dates, RuleDates::Weekly(_))
    }

    /// Returns whether some questions may have an unknown answer.
    pub(super) fn is_unsure(&self) -> bool {
        self.is_doubtful || self.opens == UNSTATED || self.closes == UNSTATED
    }

    /// Returns the times of the sessions.
    pub(super) fn session(&self) -> RuleSession {
        RuleSession { opens: stated(self.opens), closes: stated(self.closes) }
    }
}

impl RuleSuspension {
    /// Returns whether this is one of its dates.
    pub(super) fn falls_on(&self, day: DayNumber) -> bool {
        self.span.holds(day) && self.dates.hold(day)
    }

    /// Returns whether its owner is definitely closed on this day.
    pub(super) fn closes(&self, day: DayNumber) -> bool {
        !self.for_others && !self.is_doubtful && self.falls_on(day)
    }
}

impl DaySpan {
    pub(super) const ALL: Self = Self { first: DayNumber::MIN, last: DayNumber::MAX };

    // Dates in the wrong order are ignored.
    fn of_validity(schedule: &Schedule) -> Self {
        let (from, to) = (schedule.valid_from.map(day_of), schedule.valid_to.map(day_of));
        match (from, to) {
            (Some(from), Some(to)) if to < from => Self::ALL,
            (from, to) => Self { first: from.unwrap_or(DayNumber::MIN), last: to.unwrap_or(DayNumber::MAX) },
        }
    }

    pub(super) fn holds(self, day: DayNumber) -> bool {
        self.first <= day && day <= self.last
    }

    /// Returns the days in both spans.
    pub(super) fn and(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    /// Returns the days of the week in the span.
    pub(super) fn days(self) -> DaySet {
        if self.last.saturating_sub(self.first) >= 6 {
            return DaySet::ALL;
        }
        (self.first..=self.last).fold(DaySet::NONE, |days, day| days.or(DaySet::nth(weekday(day))))
    }
}

impl RuleDates {
    fn hold(&self, day: DayNumber) -> bool {
        match self {
            Self::Weekly(days) => days.has(weekday(day)),
            Self::Other(rule) => rule.falls_on(date_of(day)),
            Self::Seasonal { rule, moved, at, in_summer } => {
                rule.falls_on(date_of(day - moved)) && is_summer(day - moved, *at) == *in_summer
            }
        }
    }

    fn possible_days(&self) -> DaySet {
        match self {
            Self::Weekly(days) => *days,
            Self::Other(rule) => rule.possible_days(),
            Self::Seasonal { rule, moved, .. } => rule.possible_days().moved(*moved),
        }
    }
}

/// Returns whether a schedule only states when its owner is closed.
pub(super) fn is_closure(schedule: &Schedule) -> bool {
    exception(schedule) == Some(ScheduleException::Closed)
}

/// Returns the times of a schedule's sessions.
pub(super) fn session_of(schedule: &Schedule) -> RuleSession {
    let (opens, closes) = times(schedule);
    RuleSession { opens: stated(opens), closes: stated(closes) }
}

// Times between two dates, without a rule, replace the times of other schedules.
fn exception(schedule: &Schedule) -> Option<ScheduleException> {
    let is_bare = schedule.freq.is_none() && schedule.dtstart.is_none();
    let is_bounded = schedule.valid_from.is_some() && schedule.valid_to.is_some();
    let has_times = schedule.opens_at.is_some() || schedule.closes_at.is_some();
    let opens = is_bare && is_bounded && has_times && DaySpan::of_validity(schedule) != DaySpan::ALL;
    schedule.exception.or(opens.then_some(ScheduleException::Open))
}

// Also returns whether the last day, if there is one, could be determined.
fn dates(
    schedule: &Schedule,
    exception: Option<ScheduleException>,
    steps: &mut CountSteps,
) -> Option<(DaySpan, RuleDates, bool)> {
    let valid = DaySpan::of_validity(schedule);
    let recurrence = RecurrenceRule::of(schedule);
    if let Some(rule) = recurrence.as_ref().filter(|rule| rule.is_dated()) {
        let first = schedule.dtstart.map_or(DayNumber::MIN, day_of);
        let last = rule.last(steps);
        let is_bounded = last.is_ok();
        let last = last.ok().flatten().map_or(DayNumber::MAX, day_of);
        let plain = rule.plain_days();
        let dates = plain.map_or_else(|| RuleDates::Other(Box::new(rule.clone())), RuleDates::Weekly);
        return Some((valid.and(DaySpan { first, last }), dates, is_bounded));
    }
    let single = schedule.dtstart.filter(|_| recurrence.is_none()).map(day_of);
    let span = match (single, exception) {
        (Some(day), _) => valid.and(DaySpan { first: day, last: day }),
        (None, Some(_)) if valid != DaySpan::ALL => valid,
        // A closure without a readable date closes nothing. An opening without one may be at any time.
        (None, Some(ScheduleException::Closed)) => return None,
        _ if !schedule.unread.is_empty() => {
            let first = schedule.dtstart.map_or(DayNumber::MIN, day_of);
            let last = schedule.until.map_or(DayNumber::MAX, day_of);
            valid.and(DaySpan { first, last })
        }
        _ => return None,
    };
    Some((span, RuleDates::Weekly(DaySet::ALL), true))
}

fn stated(minute: u16) -> Option<i32> {
    (minute != UNSTATED).then_some(i32::from(minute))
}

// 23:59 means midnight, and midnight at both ends means all day.
fn times(schedule: &Schedule) -> (u16, u16) {
    let minute = |time: NaiveTime| u16::try_from(time.hour() * 60 + time.minute()).unwrap_or(0);
    let day = DAY.unsigned_abs() as u16;
    let end = |time: NaiveTime| Some(minute(time)).filter(|minute| *minute < day - 1).unwrap_or(day);
    match (schedule.opens_at.map(minute), schedule.closes_at.map(end)) {
        (Some(0), Some(0)) => (0, day),
        (Some(opens), Some(closes)) if closes < opens => (opens, closes + day),
        (None, Some(0)) => (UNSTATED, day),
        (opens, closes) => (opens.unwrap_or(UNSTATED), closes.unwrap_or(UNSTATED)),
    }
}
