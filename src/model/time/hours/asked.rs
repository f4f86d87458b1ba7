//! What somebody asks of opening hours, and how a session relates to it.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::rule::{DaySpan, RuleSession};
use super::wall::{DAY, day_of, shown};
use super::{DaySet, WeekSlots};
use crate::model::time::recurrence::weekday;
use crate::model::{RangeMatch, TriState};

/// Days looked at where no date is asked for, today among them: they hold every weekday of a month, the first as
/// well as the last.
const WINDOW: i32 = 35;

/// Open at an instant, or at some time on days and between times. Times are those of the clock in London.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OpenFilter {
    /// Open at this instant; nothing else is looked at then.
    pub at: Option<DateTime<Utc>>,
    /// On this date; none means within 35 days from today on.
    pub on: Option<NaiveDate>,
    /// On one of these days of the week; none means any.
    pub days: Option<DaySet>,
    /// From this time on; none means from midnight.
    pub from: Option<NaiveTime>,
    /// Until this time; none means to midnight, and one before `from` is of the next day.
    pub to: Option<NaiveTime>,
    /// How the session relates to the time between `from` and `to`.
    pub relation: RangeMatch,
}

impl OpenFilter {
    /// Whether it asks nothing: how a session relates to a time means nothing without one.
    pub fn is_empty(&self) -> bool {
        *self == Self { relation: self.relation, ..Self::default() }
    }

    /// Half hours of the week of which one at least must be among those of whatever matches; none where any
    /// may be.
    pub fn slots(&self) -> Option<WeekSlots> {
        let mut slots = WeekSlots::default();
        if let Some(at) = self.at {
            let shown_at = shown(at);
            let minute = (shown_at.hour() * 60 + shown_at.minute()).cast_signed();
            // Where the clock changes, sessions are an hour from where they say.
            let around = if changes_near(at) { 60 } else { 0 };
            slots.add(DaySet::nth(weekday(shown_at.date())), minute - around, minute + around + 1);
            return Some(slots);
        }
        let (from, to) = self.minutes();
        if self.on.is_none() && self.days.is_none() && (from, to) == (0, DAY) {
            return None;
        }
        // What covers the asked time is open at its beginning.
        let covers = self.relation == RangeMatch::Covers && self.has_times();
        slots.add(self.asked_days(), from, if covers { from + 1 } else { to });
        Some(slots)
    }

    pub(super) fn question(&self, today: NaiveDate) -> HoursQuestion {
        let first = day_of(self.on.unwrap_or(today));
        let last = if self.on.is_some() { first } else { first + WINDOW - 1 };
        let (from, to) = self.minutes();
        let times = self.has_times().then_some(AskedTimes {
            from,
            to,
            has_from: self.from.is_some(),
            has_to: self.to.is_some(),
            relation: self.relation,
        });
        HoursQuestion { dates: DaySpan { first, last }, days: self.asked_days(), times }
    }

    fn has_times(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    fn asked_days(&self) -> DaySet {
        let on = self.on.map_or(DaySet::ALL, |date| DaySet::nth(weekday(date)));
        on.and(self.days.unwrap_or(DaySet::ALL))
    }

    // As sessions have it: a minute before midnight is midnight, and what ends before it begins ends tomorrow.
    fn minutes(&self) -> (i32, i32) {
        let minute = |time: NaiveTime| (time.hour() * 60 + time.minute()).cast_signed();
        let from = self.from.map_or(0, minute);
        let to = self.to.map(minute).filter(|to| *to < DAY - 1).unwrap_or(DAY);
        (from, if to < from || (from, to) == (0, 0) { to + DAY } else { to })
    }
}

/// The days within the window of a question that names no date.
pub(super) fn window(today: NaiveDate) -> DaySpan {
    OpenFilter::default().question(today).dates
}

/// A filter made ready to be held against many.
pub(super) struct HoursQuestion {
    /// Dates it is about.
    pub(super) dates: DaySpan,
    /// Days of the week it is about.
    pub(super) days: DaySet,
    pub(super) times: Option<AskedTimes>,
}

/// A time of day that is asked for: minutes after midnight, the end beyond 1440 where it is of the next day.
#[derive(Clone, Copy)]
pub(super) struct AskedTimes {
    from: i32,
    to: i32,
    has_from: bool,
    has_to: bool,
    relation: RangeMatch,
}

impl HoursQuestion {
    /// How a session relates that begins so many days after the asked date.
    pub(super) fn fits(&self, session: RuleSession, days_after: i32) -> TriState {
        match (&self.times, days_after) {
            (Some(times), _) => times.fits(session, days_after * DAY),
            // A night belongs to the day it begins on.
            (None, 0) => TriState::Yes,
            (None, _) => TriState::No,
        }
    }
}

impl AskedTimes {
    /// What is before and what is after midnight of a time that is to be covered.
    pub(super) fn halves(self) -> Option<(Self, Self)> {
        let crosses = self.relation == RangeMatch::Covers && self.to > DAY;
        crosses.then_some((Self { to: DAY, ..self }, Self { from: 0, to: self.to - DAY, ..self }))
    }

    fn fits(self, session: RuleSession, midnight: i32) -> TriState {
        // What is not stated may be anything on the session's own date.
        let opens = session.opens.map(|minute| midnight + minute);
        let closes = session.closes.map(|minute| midnight + minute);
        match (opens, closes) {
            (Some(opens), Some(closes)) => tri(self.holds(opens, closes)),
            (Some(opens), None) => self.holds_open_ended(opens, midnight + DAY),
            (None, Some(closes)) => self.holds_until(midnight, closes),
            (None, None) if midnight < self.to && midnight + DAY > self.from => TriState::Unknown,
            (None, None) => TriState::No,
        }
    }

    /// Whether a session relates as asked.
    pub(super) fn holds(self, opens: i32, closes: i32) -> bool {
        let Self { from, to, .. } = self;
        match self.relation {
            RangeMatch::Overlaps if opens == closes => from <= opens && opens < to,
            RangeMatch::Overlaps => opens < to && closes > from,
            RangeMatch::Within => from <= opens && closes <= to && opens < to,
            RangeMatch::Covers => opens <= from && closes >= to,
        }
    }

    fn holds_open_ended(self, opens: i32, latest: i32) -> TriState {
        let Self { from, to, .. } = self;
        if latest <= from || opens >= to {
            return TriState::No;
        }
        match self.relation {
            RangeMatch::Overlaps if opens >= from => TriState::Yes,
            RangeMatch::Overlaps => TriState::Unknown,
            RangeMatch::Within if opens < from => TriState::No,
            RangeMatch::Within if !self.has_to => TriState::Yes,
            RangeMatch::Within => TriState::Unknown,
            RangeMatch::Covers if opens > from => TriState::No,
            RangeMatch::Covers => TriState::Unknown,
        }
    }

    fn holds_until(self, earliest: i32, closes: i32) -> TriState {
        let Self { from, to, .. } = self;
        if earliest >= to || closes <= from {
            return TriState::No;
        }
        match self.relation {
            RangeMatch::Overlaps if closes <= to => TriState::Yes,
            RangeMatch::Overlaps => TriState::Unknown,
            RangeMatch::Within if closes > to => TriState::No,
            RangeMatch::Within if !self.has_from && earliest >= from => TriState::Yes,
            RangeMatch::Within => TriState::Unknown,
            RangeMatch::Covers if closes < to || earliest > from => TriState::No,
            RangeMatch::Covers => TriState::Unknown,
        }
    }
}

pub(super) fn tri(holds: bool) -> TriState {
    if holds { TriState::Yes } else { TriState::No }
}

fn changes_near(at: DateTime<Utc>) -> bool {
    let offset = |hours| {
        let then = at.checked_add_signed(Duration::hours(hours)).unwrap_or(at);
        shown(then) - then.naive_utc()
    };
    offset(-3) != offset(3)
}
