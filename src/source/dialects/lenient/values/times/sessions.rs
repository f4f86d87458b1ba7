//! Combines the two members with the times of a schedule.

use chrono::NaiveTime;

use super::clocks;
use super::{
    Clocked, OffsetContext, ScheduleTimes, SessionClocks, SessionEnds, TimeSaid, local, on_clock, said,
};
use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};

/// One of the two members, and what it says.
struct SessionEnd {
    taken: TakenMember,
    said: Option<TimeSaid>,
}

/// Reads both members.
pub(super) fn of(
    members: &ObjectMembers<'_>,
    opens: Option<TakenMember>,
    closes: Option<TakenMember>,
    how: OffsetContext<'_>,
) -> ScheduleTimes {
    let read = |taken: TakenMember| SessionEnd { said: said(&taken.value), taken };
    let (mut opens, mut closes) = (opens.map(read), closes.map(read));
    if are_closed(opens.as_ref(), closes.as_ref()) {
        for end in [opens, closes].into_iter().flatten() {
            note(members, &end, "says that it is closed");
        }
        return ScheduleTimes { is_closed: true, ..ScheduleTimes::default() };
    }
    tell_halves(&mut opens, &mut closes);
    for end in [&opens, &closes].into_iter().flatten().filter(|end| end.said.is_none()) {
        members.note_unreadable(&end.taken.key, "is not a readable time of day", end.taken.value.clone());
    }
    let sessions = together(members, opens.as_ref(), closes.as_ref());
    on_the_clock(members, opens.as_ref(), closes.as_ref(), &sessions, how)
}

fn note(members: &ObjectMembers<'_>, end: &SessionEnd, message: &str) {
    let original = Some(end.taken.value.clone());
    members.note(IssueCode::NonStandardFormat, &end.taken.key, message, original);
}

// Returns whether both are closed, or one is closed and the other missing.
fn are_closed(opens: Option<&SessionEnd>, closes: Option<&SessionEnd>) -> bool {
    let mut ends = [opens, closes].into_iter().flatten().peekable();
    ends.peek().is_some() && ends.all(|end| end.said == Some(TimeSaid::Closed))
}

// If one member only has an hour, the other tells which half of the day it is in.
fn tell_halves(opens: &mut Option<SessionEnd>, closes: &mut Option<SessionEnd>) {
    let hour_or_clock = |end: &Option<SessionEnd>| match end.as_ref()?.said.as_ref()? {
        TimeSaid::Hour(hour) => Some(hour.to_string()),
        TimeSaid::Clocks(clocks) => match clocks.as_slice() {
            [clock] => Some(clock.time.format("%H:%M").to_string()),
            _ => None,
        },
        _ => None,
    };
    let is_hour =
        |end: &Option<SessionEnd>| matches!(end, Some(SessionEnd { said: Some(TimeSaid::Hour(_)), .. }));
    if is_hour(opens) || is_hour(closes) {
        let both = hour_or_clock(opens).zip(hour_or_clock(closes));
        let session = both.and_then(|(from, to)| match clocks::said(&format!("{from}-{to}"))? {
            TimeSaid::Sessions(sessions) => sessions.into_iter().next(),
            _ => None,
        });
        for (end, clock) in
            [(opens, session.and_then(|one| one.opens)), (closes, session.and_then(|one| one.closes))]
        {
            if let Some(end) = end
                && matches!(end.said, Some(TimeSaid::Hour(_)))
            {
                end.said = clock.or_else(|| past_noon(end)).map(|clock| TimeSaid::Clocks(vec![clock]));
            }
        }
    }
}

// Returns an hour that is unambiguous without "am" or "pm".
fn past_noon(end: &SessionEnd) -> Option<Clocked> {
    let Some(TimeSaid::Hour(hour @ (0 | 13..))) = end.said else { return None };
    let time = NaiveTime::from_hms_opt(hour, 0, 0);
    time.map_or(Some(Clocked::END_OF_DAY), |time| {
        Some(Clocked { is_standard: false, ..Clocked::standard(time) })
    })
}

// The start and end of each session.
type Both = Vec<SessionEnds<Clocked>>;

fn together(members: &ObjectMembers<'_>, opens: Option<&SessionEnd>, closes: Option<&SessionEnd>) -> Both {
    let said = |end: Option<&SessionEnd>| end.and_then(|end| end.said.clone());
    match (said(opens), said(closes)) {
        (Some(TimeSaid::Clocks(from)), Some(TimeSaid::Clocks(to))) if from.len() == to.len() => {
            from.into_iter().map(Some).zip(to.into_iter().map(Some)).collect()
        }
        (Some(TimeSaid::Clocks(from)), Some(TimeSaid::Clocks(to))) => {
            if let Some(end) = closes {
                let message = format!("lists {} times beside {} of the other end", to.len(), from.len());
                members.note_unreadable(&end.taken.key, &message, end.taken.value.clone());
            }
            from.into_iter().map(|clock| (Some(clock), None)).collect()
        }
        (Some(TimeSaid::Clocks(from)), None) if night(&from).is_some() => night(&from).into_iter().collect(),
        (Some(TimeSaid::Clocks(from)), None) => from.into_iter().map(|clock| (Some(clock), None)).collect(),
        (None, Some(TimeSaid::Clocks(to))) => to.into_iter().map(|clock| (None, Some(clock))).collect(),
        (Some(TimeSaid::Sessions(sessions)), other) => with_other(members, closes, sessions, other),
        (other, Some(TimeSaid::Sessions(sessions))) => with_other(members, opens, sessions, other),
        _ => {
            closed_at_one_end(members, [opens, closes]);
            let alone = |end: Option<&SessionEnd>| match end?.said.as_ref()? {
                TimeSaid::Clocks(clocks) => clocks.first().copied(),
                _ => None,
            };
            vec![(alone(opens), alone(closes))]
        }
    }
}

// `22:00-02:00` is a session over night if there is no other end, rather than a time with an offset.
fn night(from: &[Clocked]) -> Option<SessionEnds<Clocked>> {
    let [clock] = from else { return None };
    let behind = clock.offset.map(|offset| -offset.local_minus_utc()).filter(|behind| *behind > 0)?;
    let closes = NaiveTime::from_num_seconds_from_midnight_opt(behind.unsigned_abs(), 0)?;
    let plain = |time| Clocked { is_standard: false, ..Clocked::standard(time) };
    Some((Some(plain(clock.time)), Some(plain(closes))))
}

fn closed_at_one_end(members: &ObjectMembers<'_>, ends: [Option<&SessionEnd>; 2]) {
    for end in ends
        .into_iter()
        .flatten()
        .filter(|end| matches!(end.said, Some(TimeSaid::Closed | TimeSaid::Hour(_))))
    {
        members.note_unreadable(&end.taken.key, "is not a readable time of day", end.taken.value.clone());
    }
}

// Combines complete sessions in one member with what the other says.
fn with_other(
    members: &ObjectMembers<'_>,
    end: Option<&SessionEnd>,
    sessions: Vec<SessionClocks>,
    other: Option<TimeSaid>,
) -> Both {
    let own: Both = sessions.iter().map(|session| (session.opens, session.closes)).collect();
    let Some((other, end)) = other.zip(end) else { return own };
    match (own.as_slice(), other) {
        // One member has `from 9am`, and the other the end.
        (&[(Some(from), None)], TimeSaid::Clocks(to)) if to.len() == 1 => {
            vec![(Some(from), to.first().copied())]
        }
        (&[(None, Some(to))], TimeSaid::Clocks(from)) if from.len() == 1 => {
            vec![(from.first().copied(), Some(to))]
        }
        (_, other) if repeats(&own, &other) => own,
        _ => {
            let message = "contradicts the sessions in the other member";
            members.note(IssueCode::Conflict, &end.taken.key, message, Some(end.taken.value.clone()));
            own
        }
    }
}

// Returns whether a member repeats one end of each session, or all sessions.
fn repeats(own: &Both, other: &TimeSaid) -> bool {
    let is = |one: Option<Clocked>, other: Option<Clocked>| {
        one.map(|clock| clock.time) == other.map(|clock| clock.time)
    };
    match other {
        TimeSaid::Sessions(sessions) => {
            sessions.len() == own.len()
                && sessions
                    .iter()
                    .zip(own)
                    .all(|(one, (from, to))| is(one.opens, *from) && is(one.closes, *to))
        }
        TimeSaid::Clocks(clocks) => clocks
            .iter()
            .all(|clock| own.iter().any(|(from, to)| is(Some(*clock), *from) || is(Some(*clock), *to))),
        TimeSaid::Closed | TimeSaid::Hour(_) => false,
    }
}

fn on_the_clock(
    members: &ObjectMembers<'_>,
    opens: Option<&SessionEnd>,
    closes: Option<&SessionEnd>,
    sessions: &Both,
    how: OffsetContext<'_>,
) -> ScheduleTimes {
    for end in [opens, closes].into_iter().flatten() {
        match &end.said {
            Some(TimeSaid::Sessions(_)) => note(members, end, "contains complete sessions, and was split up"),
            Some(TimeSaid::Clocks(clocks)) if clocks.len() != 1 => {
                note(members, end, "lists several times, one for each session");
            }
            _ => {}
        }
    }
    // A member is reported once, however many times it has.
    let clock = |end: Option<&SessionEnd>, clock: Clocked| match end {
        Some(SessionEnd { taken, said: Some(TimeSaid::Clocks(clocks)) }) if clocks.len() == 1 => {
            local(members, taken, clock, how)
        }
        _ => on_clock(&clock, how),
    };
    let mut all = sessions
        .iter()
        .map(|(from, to)| (from.map(|from| clock(opens, from)), to.map(|to| clock(closes, to))));
    let ends = all.next().unwrap_or_default();
    let others = all.map(|(from, to)| (from.map(|from| from.time), to.map(|to| to.time))).collect();
    ScheduleTimes { ends, others, is_closed: false }
}
