//! Opening hours: a service's schedules, compiled so that it is quick to decide when the service is open.

mod asked;
mod closures;
mod day_set;
mod rule;
mod series;
mod slots;
mod wall;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::model::time::recurrence::CountSteps;
use crate::model::{Schedule, Service, TriState};
use asked::{AskedTimes, HoursQuestion, window};
use closures::DayClosures;
use rule::{DaySpan, OpeningRule, RuleSession, RuleSuspension};
use wall::{DAY, DayNumber, date_of, day_of, first_shown, shown};

pub use asked::OpenFilter;
pub use day_set::DaySet;
pub use series::{EventSeries, SeriesWindow, UnsayableSeries};
pub use slots::WeekSlots;

/// The most schedules of one service that are compiled, many more than any publisher sends. Each takes time in every
/// query. If a service has more, it is never known to be closed.
const MAX_RULES: usize = 200;

/// When a service is open, as far as its schedules can be read. Times are local time in London.
///
/// A closed exception removes its dates from every other schedule of the same owner; an open one replaces them on its
/// dates. Times are precise to the minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpeningHours {
    rules: Box<[OpeningRule]>,
    suspensions: Box<[RuleSuspension]>,
    /// Whether the rules come from the locations' own schedules.
    of_locations: bool,
}

/// One session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The date in London's calendar.
    pub date: NaiveDate,
    /// When it begins. Midnight of its date if the time is not known.
    pub start: DateTime<Utc>,
    /// Whether the time of its start is known.
    pub has_start: bool,
    /// When it ends. `None` if that is not stated.
    pub end: Option<DateTime<Utc>>,
    /// The schedule that it comes from.
    pub schedule: ScheduleRef,
}

/// Identifies a schedule of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScheduleRef {
    /// The owner of the schedule.
    pub owner: ScheduleOwner,
    /// The index among the owner's schedules.
    pub index: usize,
}

/// The owner of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScheduleOwner {
    /// The service itself.
    Service,
    /// The service at the `service_at_locations` entry with this index.
    AtLocation(usize),
    /// The location of the entry with this index.
    Location(usize),
}

impl OpeningHours {
    /// How far [`Self::occurrences`] looks ahead at most.
    pub const MAX_SPAN: Duration = Duration::days(400);

    /// Compiles the hours of a service from its own schedules and those of its `service_at_locations`. If there are
    /// none, uses the schedules of the locations.
    pub fn of(service: &Service) -> Self {
        let (owned, of_locations) = owned_by(service);
        Self { of_locations, ..Self::compile(owned) }
    }

    /// Compiles the hours of one schedule.
    pub fn of_schedule(schedule: &Schedule) -> Self {
        Self::compile(vec![(None, 0, schedule)])
    }

    /// Returns whether some questions may have an unknown answer: there is no structured schedule, times are missing,
    /// or dates could not be read.
    pub fn is_unknown(&self) -> bool {
        self.rules.is_empty()
            || self.rules.iter().any(OpeningRule::is_unsure)
            || self.suspensions.iter().any(|suspension| suspension.is_doubtful)
    }

    /// Returns the sessions that begin at or after `from` and before `to`, in order of their start. Stops
    /// [`Self::MAX_SPAN`] after `from`. Excludes sessions of which it is unknown whether they take place.
    pub fn occurrences(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = Occurrence> + '_ {
        let to = from.checked_add_signed(Self::MAX_SPAN).map_or(to, |latest| to.min(latest));
        let days = (!self.rules.is_empty() && from < to).then(|| local_day(from)..=local_day(to));
        days.into_iter()
            .flatten()
            .flat_map({
                let closures = self.closures();
                move |day| self.sessions(day, &closures)
            })
            .filter(move |session| from <= session.start && session.start < to)
    }

    /// Returns the first session that begins at `after` or later, within 400 days.
    pub fn next_opening(&self, after: DateTime<Utc>) -> Option<Occurrence> {
        self.occurrences(after, after.checked_add_signed(Self::MAX_SPAN)?).next()
    }

    /// Returns whether it is open at an instant.
    pub fn open_at(&self, at: DateTime<Utc>) -> TriState {
        let moment = Moment::of(at);
        let today = moment.day;
        if self.rules.is_empty() {
            return self.without_rules(DaySpan { first: today, last: today });
        }
        let (mut found, closures) = (TriState::No, self.closures());
        for rule in &self.rules {
            for day in [today - 1, today] {
                let held = closures.let_hold(rule, day);
                if held == TriState::No {
                    continue;
                }
                match TriState::all([held, is_open(rule, day, moment)]) {
                    TriState::Yes => return TriState::Yes,
                    TriState::Unknown => found = TriState::Unknown,
                    TriState::No => {}
                }
            }
        }
        found
    }

    /// Returns whether it is open as asked. If no date is asked for, the window begins at `today`.
    pub fn matches(&self, asked: &OpenFilter, today: NaiveDate) -> TriState {
        if let Some(at) = asked.at {
            return self.open_at(at);
        }
        let question = asked.question(today);
        if self.rules.is_empty() {
            return self.without_rules(question.dates);
        }
        let (mut found, closures) = (TriState::No, self.closures());
        for rule in &self.rules {
            for days_after in -1..=1 {
                let fits = question.fits(rule.session(), days_after);
                if fits == TriState::No {
                    continue;
                }
                match TriState::all([fits, self.begins(rule, &question, days_after, &closures)]) {
                    TriState::Yes => return TriState::Yes,
                    TriState::Unknown => found = TriState::Unknown,
                    TriState::No => {}
                }
            }
        }
        if self.covers_in_turns(&question, &closures) { TriState::Yes } else { found }
    }

    /// Returns the days of the week on which sessions begin in the 35 days from `today`.
    pub fn days(&self, today: NaiveDate) -> DaySet {
        let (mut days, closures) = (DaySet::NONE, self.closures());
        for rule in self.rules.iter().filter(|rule| !rule.is_doubtful) {
            let dates = window(today).and(rule.span);
            if self.is_plain(rule) {
                days = days.or(rule.possible_days().and(dates.days()));
                continue;
            }
            for day in dates.first..=dates.last {
                if !days.has(wall::weekday(day)) && closures.is_held(rule, day) {
                    days = days.or(DaySet::nth(wall::weekday(day)));
                }
            }
        }
        days
    }

    /// Returns the half hours of the week in which it may be open. May include more.
    pub fn slots(&self) -> WeekSlots {
        let mut slots = WeekSlots::default();
        for rule in &self.rules {
            let (from, to) = match rule.session() {
                RuleSession { opens: Some(opens), closes: Some(closes) } => (opens, closes),
                RuleSession { opens: Some(opens), closes: None } => (opens, DAY),
                RuleSession { opens: None, closes: Some(closes) } => (0, closes),
                RuleSession { opens: None, closes: None } => (0, DAY),
            };
            slots.add(rule.possible_days(), from, to);
        }
        slots
    }

    fn compile(owned: Vec<Owned<'_>>) -> Self {
        let (mut rules, mut suspensions, mut steps) = (Vec::new(), Vec::new(), CountSteps::default());
        let has_more = owned.len() > MAX_RULES;
        for (place, index, schedule) in owned.into_iter().take(MAX_RULES) {
            let place = place.and_then(|place| u16::try_from(place).ok());
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            let (rule, suspension) = OpeningRule::compile(schedule, place, index, &mut steps);
            rules.extend(rule);
            suspensions.extend(suspension);
        }
        rules.extend(has_more.then(OpeningRule::of_more));
        Self { rules: rules.into(), suspensions: suspensions.into(), of_locations: false }
    }

    // Without rules it is unknown when the service is open, but exceptions may say when it is closed.
    fn without_rules(&self, dates: DaySpan) -> TriState {
        let is_closed =
            |day| self.suspensions.iter().any(|suspension| !suspension.is_doubtful && suspension.closes(day));
        if dates.first == dates.last && is_closed(dates.first) { TriState::No } else { TriState::Unknown }
    }

    // Returns whether the day of the week alone decides.
    fn is_plain(&self, rule: &OpeningRule) -> bool {
        self.suspensions.is_empty() && rule.is_weekly()
    }

    fn closures(&self) -> DayClosures<'_> {
        DayClosures::of(&self.suspensions)
    }

    // Returns whether a session begins `days_after` days after one of the dates asked about.
    fn begins(
        &self,
        rule: &OpeningRule,
        question: &HoursQuestion,
        days_after: i32,
        closures: &DayClosures<'_>,
    ) -> TriState {
        let DaySpan { first, last } = question.dates;
        let dates = DaySpan { first: first + days_after, last: last + days_after }.and(rule.span);
        let days = question.days.moved(days_after).and(rule.possible_days());
        if days.is_empty() || dates.first > dates.last {
            return TriState::No;
        }
        if self.is_plain(rule) {
            let falls = !days.and(dates.days()).is_empty();
            return if falls && rule.is_doubtful { TriState::Unknown } else { falls.into() };
        }
        let asked = (dates.first..=dates.last).filter(|day| days.has(wall::weekday(*day)));
        TriState::any(asked.map(|day| closures.let_hold(rule, day)))
    }

    // A period across midnight may be covered by one session until midnight and another from midnight.
    fn covers_in_turns(&self, question: &HoursQuestion, closures: &DayClosures<'_>) -> bool {
        let Some((evening, morning)) = question.times.and_then(AskedTimes::halves) else { return false };
        let mut asked =
            (question.dates.first..=question.dates.last).filter(|day| question.days.has(wall::weekday(*day)));
        let covering = |day: DayNumber, times: AskedTimes| {
            self.rules.iter().filter(move |rule| covers(rule, day, times, closures)).map(|rule| rule.place)
        };
        asked.any(|day| {
            let places: BTreeSet<Option<u16>> = covering(day, evening).collect();
            !places.is_empty() && covering(day + 1, morning).any(|place| places.contains(&place))
        })
    }

    fn sessions(&self, day: DayNumber, closures: &DayClosures<'_>) -> Vec<Occurrence> {
        let held = self.rules.iter().filter(|rule| closures.is_held(rule, day));
        let mut sessions: Vec<Occurrence> = held.map(|rule| self.occurrence(rule, day)).collect();
        sessions.sort_by_key(|session| (session.start, session.end));
        sessions
    }

    fn occurrence(&self, rule: &OpeningRule, day: DayNumber) -> Occurrence {
        let session = rule.session();
        let owner = match rule.place.map(usize::from) {
            None => ScheduleOwner::Service,
            Some(place) if self.of_locations => ScheduleOwner::Location(place),
            Some(place) => ScheduleOwner::AtLocation(place),
        };
        Occurrence {
            date: date_of(day),
            has_start: session.opens.is_some(),
            start: first_shown(day, session.opens.unwrap_or(0)),
            end: session.closes.map(|closes| wall::closing(day, session.opens, closes)),
            schedule: ScheduleRef { owner, index: rule.index.into() },
        }
    }
}

impl Service {
    /// Returns the schedule that an occurrence comes from.
    pub fn schedule(&self, which: ScheduleRef) -> Option<&Arc<Schedule>> {
        let schedules = match which.owner {
            ScheduleOwner::Service => &self.schedules,
            ScheduleOwner::AtLocation(place) => &self.service_at_locations.get(place)?.schedules,
            ScheduleOwner::Location(place) => {
                &self.service_at_locations.get(place)?.location.as_ref()?.schedules
            }
        };
        schedules.get(which.index)
    }
}

/// The index of the location, the index of the schedule, and the schedule.
type Owned<'a> = (Option<usize>, usize, &'a Schedule);

/// Returns the schedules that decide when a service is open, and whether they are the locations' own.
fn owned_by(service: &Service) -> (Vec<Owned<'_>>, bool) {
    let places = || service.service_at_locations.iter().enumerate();
    let mut owned: Vec<Owned<'_>> = numbered(None, &service.schedules).collect();
    for (place, at) in places() {
        owned.extend(numbered(Some(place), &at.schedules));
    }
    let of_locations = owned.is_empty();
    if of_locations {
        for (place, at) in places() {
            let schedules = at.location.as_ref().map_or(&[][..], |location| &location.schedules);
            owned.extend(numbered(Some(place), schedules));
        }
    }
    (owned, of_locations)
}

fn numbered(place: Option<usize>, schedules: &[Arc<Schedule>]) -> impl Iterator<Item = Owned<'_>> {
    schedules.iter().enumerate().map(move |(index, schedule)| (place, index, schedule.as_ref()))
}

/// An instant, with the local date and time.
#[derive(Clone, Copy)]
struct Moment {
    at: DateTime<Utc>,
    day: DayNumber,
    minute: i32,
}

impl Moment {
    fn of(at: DateTime<Utc>) -> Self {
        let shown = shown(at);
        Self { at, day: day_of(shown.date()), minute: (shown.hour() * 60 + shown.minute()).cast_signed() }
    }

    // Clocks change on Sunday mornings. At all other times local time is enough, which is faster.
    fn is_by_the_clock(self) -> bool {
        wall::weekday(self.day) != 6 || self.minute >= 4 * 60
    }

    fn is_after(self, day: DayNumber, minute: i32) -> bool {
        if self.is_by_the_clock() {
            return minute <= self.minute + (self.day - day) * DAY;
        }
        first_shown(day, minute) <= self.at
    }

    fn is_before_closing(self, day: DayNumber, opens: Option<i32>, closes: i32) -> bool {
        if self.is_by_the_clock() {
            return self.minute + (self.day - day) * DAY < closes;
        }
        self.at < wall::closing(day, opens, closes)
    }
}

fn covers(rule: &OpeningRule, day: DayNumber, times: AskedTimes, closures: &DayClosures<'_>) -> bool {
    let RuleSession { opens: Some(opens), closes: Some(closes) } = rule.session() else { return false };
    [0, 1]
        .into_iter()
        .any(|ago| times.holds(opens - ago * DAY, closes - ago * DAY) && closures.is_held(rule, day - ago))
}

fn is_open(rule: &OpeningRule, day: DayNumber, moment: Moment) -> TriState {
    let session = rule.session();
    let is_today = day == moment.day;
    match (session.opens, session.closes) {
        (Some(opens), Some(closes)) => {
            // A session of zero length is open for one minute.
            let closes = if closes == opens { closes + 1 } else { closes };
            (moment.is_after(day, opens) && moment.is_before_closing(day, Some(opens), closes)).into()
        }
        (Some(opens), None) if is_today && moment.is_after(day, opens) => TriState::Unknown,
        (None, Some(closes)) if is_today && moment.is_before_closing(day, None, closes) => TriState::Unknown,
        (None, None) if is_today => TriState::Unknown,
        _ => TriState::No,
    }
}

fn local_day(at: DateTime<Utc>) -> DayNumber {
    day_of(shown(at).date())
}
