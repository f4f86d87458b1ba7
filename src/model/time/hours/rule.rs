//! One schedule, compiled: its dates, and its times of day.

use chrono::{NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};

use super::DaySet;
use super::wall::{DAY, DayNumber, date_of, day_of, is_summer, weekday};
use crate::model::time::recurrence::{CountSteps, RecurrenceRule};
use crate::model::{Schedule, ScheduleException, StatedBound};

/// A time of day that is not stated.
const UNSTATED: u16 = u16::MAX;

/// When one schedule opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct OpeningRule {
    pub(super) span: DaySpan,
    pub(super) dates: RuleDates,
    opens: u16,
    /// Beyond 1440 where it is open across midnight.
    closes: u16,
    /// Which of the service's places it belongs to; its own where there is none.
    pub(super) place: Option<u16>,
    /// Which of the owner's schedules it is.
    pub(super) index: u16,
    /// Whether it replaces its owner's other rules on its dates.
    pub(super) replaces: bool,
    /// Whether something of its dates could not be read, so that it may hold on each of them and may not.
    pub(super) is_doubtful: bool,
}

/// The dates on which its owner's rules do not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RuleSuspension {
    pub(super) place: Option<u16>,
    pub(super) span: DaySpan,
    dates: RuleDates,
    /// Whether it lets the rules through that replace others.
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
    /// Those of one half of the year, moved by so many days; `at` is how many minutes after the midnight, in Universal
    /// Time, of a date of the rule it begins.
    Seasonal {
        rule: Box<RecurrenceRule>,
        moved: i32,
        at: i32,
        in_summer: bool,
    },
}

/// Minutes after the midnight that begins a session's date; a missing one is not stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RuleSession {
    pub(super) opens: Option<i32>,
    pub(super) closes: Option<i32>,
}

impl OpeningRule {
    /// The schedule's rules, and the dates on which it takes away those of others. Neither, where it is in words
    /// alone; two rules where its times keep to Universal Time.
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
        let is_doubtful = !is_bounded || !schedule.unread.is_empty();
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
            // What could not be read may qualify all that could.
            None if schedule.unread.has(StatedBound::Days) => {
                vec![Self { dates: RuleDates::Weekly(DaySet::ALL), ..rule }]
            }
            None => vec![rule],
        };
        (rules, suspension)
    }

    /// That there are more schedules than are looked at: it may be open at any time.
    pub(super) fn of_more() -> Self {
        Self {
            span: DaySpan::ALL,
            dates: RuleDates::Weekly(DaySet::ALL),
            opens: UNSTATED,
            closes: UNSTATED,
            // Of no place there is, so that nothing suspends it.
            place: Some(u16::MAX),
            index: u16::MAX,
            replaces: false,
            is_doubtful: true,
        }
    }

    /// Its sessions of one half of the year, where its times are those of winter all year; `moved` is by how many days
    /// they begin after the dates of the rule then.
    fn of_season(&self, dates: &RecurrenceRule, moved: i8, in_summer: bool) -> Self {
        let day = DAY.unsigned_abs() as u16;
        let later = |minute: u16| if in_summer && minute != UNSTATED { minute + 60 } else { minute };
        let (opens, closes) = (later(self.opens), later(self.closes));
        // What begins after midnight by then is of the next day.
        let begins = if opens == UNSTATED { closes.saturating_sub(1) } else { opens };
        let is_next_day = begins != UNSTATED && begins >= day;
        let on_day = |minute: u16| if is_next_day && minute != UNSTATED { minute - day } else { minute };
        let stated = |minute: u16| (minute != UNSTATED).then_some(i32::from(minute));
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

    /// Whether it has a session that begins on this day, leaving exceptions aside.
    pub(super) fn falls_on(&self, day: DayNumber) -> bool {
        self.span.holds(day) && self.dates.hold(day)
    }

    /// The days of the week it can begin on.
    pub(super) fn possible_days(&self) -> DaySet {
        self.dates.possible_days().and(self.span.days())
    }

    /// Whether nothing but the day of the week decides, between its first and its last day.
    pub(super) fn is_weekly(&self) -> bool {
        matches!(self.dates, RuleDates::Weekly(_))
    }

    /// Whether there may be no telling if it is open.
    pub(super) fn is_unsure(&self) -> bool {
        self.is_doubtful || self.opens == UNSTATED || self.closes == UNSTATED
    }

    /// Its times.
    pub(super) fn session(&self) -> RuleSession {
        let stated = |minute: u16| (minute != UNSTATED).then_some(i32::from(minute));
        RuleSession { opens: stated(self.opens), closes: stated(self.closes) }
    }
}

impl RuleSuspension {
    /// Whether this is one of its dates.
    pub(super) fn falls_on(&self, day: DayNumber) -> bool {
        self.span.holds(day) && self.dates.hold(day)
    }

    /// Whether its owner is surely closed on this day.
    pub(super) fn closes(&self, day: DayNumber) -> bool {
        !self.for_others && !self.is_doubtful && self.falls_on(day)
    }
}

impl DaySpan {
    pub(super) const ALL: Self = Self { first: DayNumber::MIN, last: DayNumber::MAX };

    // Dates that end before they begin are no dates.
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

    /// The days that both hold.
    pub(super) fn and(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    /// The days of the week within.
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

/// Whether a schedule only says when its owner is closed.
pub(super) fn is_closure(schedule: &Schedule) -> bool {
    exception(schedule) == Some(ScheduleException::Closed)
}

/// The times of a schedule's sessions.
pub(super) fn session_of(schedule: &Schedule) -> RuleSession {
    let (opens, closes) = times(schedule);
    let stated = |minute: u16| (minute != UNSTATED).then_some(i32::from(minute));
    RuleSession { opens: stated(opens), closes: stated(closes) }
}

// Times between two dates, and no rule, hold instead of others.
fn exception(schedule: &Schedule) -> Option<ScheduleException> {
    let is_bare = schedule.freq.is_none() && schedule.dtstart.is_none();
    let is_bounded = schedule.valid_from.is_some() && schedule.valid_to.is_some();
    let has_times = schedule.opens_at.is_some() || schedule.closes_at.is_some();
    let opens = is_bare && is_bounded && has_times && DaySpan::of_validity(schedule) != DaySpan::ALL;
    schedule.exception.or(opens.then_some(ScheduleException::Open))
}

// With whether its last day is known, as far as it has one.
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
        // A closure of which no date can be read closes nothing; what opens may do so at any time.
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

// A minute before midnight means midnight, and midnight at both ends means all day.
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
