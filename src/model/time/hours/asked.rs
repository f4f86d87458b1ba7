//! Questions about opening hours, and how a session relates to them.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::rule::{DaySpan, RuleSession};
use super::wall::{DAY, day_of, shown};
use super::{DaySet, WeekSlots};
use crate::model::time::recurrence::weekday;
use crate::model::{RangeMatch, TriState};

/// The number of days searched if no date is asked for, including today. This includes every weekday of a month, such
/// as the first Monday and the last.
const WINDOW: i32 = 35;

/// Open at an instant, or at some time on given days and between given times. Times are local time in London.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OpenFilter {
    /// Open at this instant. If set, the other members are ignored.
    pub at: Option<DateTime<Utc>>,
    /// On this date. `None` means any of the 35 days from today.
    pub on: Option<NaiveDate>,
    /// On one of these days of the week. `None` means any.
    pub days: Option<DaySet>,
    /// From this time. `None` means from midnight.
    pub from: Option<NaiveTime>,
    /// Until this time. `None` means until midnight. A time before `from` is on the next day.
    pub to: Option<NaiveTime>,
    /// How the session must relate to the period from `from` to `to`.
    pub relation: RangeMatch,
}

impl OpenFilter {
    /// Returns whether nothing is asked. `relation` has no effect without a time.
    pub fn is_empty(&self) -> bool {
        *self == Self { relation: self.relation, ..Self::default() }
    }

    /// Returns half hours of the week; whatever matches is open in at least one of them. Returns `None` if it may be
    /// open at any time.
    pub fn slots(&self) -> Option<WeekSlots> {
        let mut slots = WeekSlots::default();
        if let Some(at) = self.at {
            let shown_at = shown(at);
            let minute = (shown_at.hour() * 60 + shown_at.minute()).cast_signed();
            // When clocks change, sessions may be an hour off their stated time.
            let around = if changes_near(at) { 60 } else { 0 };
            slots.add(DaySet::nth(weekday(shown_at.date())), minute - around, minute + around + 1);
            return Some(slots);
        }
        let (from, to) = self.minutes();
        if self.on.is_none() && self.days.is_none() && (from, to) == (0, DAY) {
            return None;
        }
        // A session that covers the period is open at its beginning.
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

    // Times are converted as for sessions: 23:59 means midnight, and an end before the beginning is on the next day.
    fn minutes(&self) -> (i32, i32) {
        let minute = |time: NaiveTime| (time.hour() * 60 + time.minute()).cast_signed();
        let from = self.from.map_or(0, minute);
        let to = self.to.map(minute).filter(|to| *to < DAY - 1).unwrap_or(DAY);
        (from, if to < from || (from, to) == (0, 0) { to + DAY } else { to })
    }
}

/// Returns the days searched if no date is asked for.
pub(super) fn window(today: NaiveDate) -> DaySpan {
    OpenFilter::default().question(today).dates
}

/// A filter in the form in which many schedules are compared with it.
pub(super) struct HoursQuestion {
    /// The dates asked about.
    pub(super) dates: DaySpan,
    /// The days of the week asked about.
    pub(super) days: DaySet,
    pub(super) times: Option<AskedTimes>,
}

/// A period of the day, in minutes after midnight. The end is above 1440 if it is on the next day.
#[derive(Clone, Copy)]
pub(super) struct AskedTimes {
    from: i32,
    to: i32,
    has_from: bool,
    has_to: bool,
    relation: RangeMatch,
}

impl HoursQuestion {
    /// Returns whether a session that begins `days_after` days after the asked date relates to the question as asked.
    pub(super) fn fits(&self, session: RuleSession, days_after: i32) -> TriState {
        match (&self.times, days_after) {
            (Some(times), _) => times.fits(session, days_after * DAY),
            // A session across midnight belongs to the day on which it begins.
            (None, 0) => TriState::Yes,
            (None, _) => TriState::No,
        }
    }
}

impl AskedTimes {
    /// Splits a period that must be covered at midnight. Returns `None` if it does not cross midnight.
    pub(super) fn halves(self) -> Option<(Self, Self)> {
        let crosses = self.relation == RangeMatch::Covers && self.to > DAY;
        crosses.then_some((Self { to: DAY, ..self }, Self { from: 0, to: self.to - DAY, ..self }))
    }

    fn fits(self, session: RuleSession, midnight: i32) -> TriState {
        // A time that is not stated may be any time on the session's own date.
        let opens = session.opens.map(|minute| midnight + minute);
        let closes = session.closes.map(|minute| midnight + minute);
        match (opens, closes) {
            (Some(opens), Some(closes)) => self.holds(opens, closes).into(),
            (Some(opens), None) => self.holds_open_ended(opens, midnight + DAY),
            (None, Some(closes)) => self.holds_until(midnight, closes),
            (None, None) if midnight < self.to && midnight + DAY > self.from => TriState::Unknown,
            (None, None) => TriState::No,
        }
    }

    /// Returns whether a session relates to the period as asked.
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

fn changes_near(at: DateTime<Utc>) -> bool {
    let offset = |hours| {
        let then = at.checked_add_signed(Duration::hours(hours)).unwrap_or(at);
        shown(then) - then.naive_utc()
    };
    offset(-3) != offset(3)
}
