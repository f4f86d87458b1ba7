//! Property tests over all schedules and questions.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rrule::RRuleSet;

use super::*;
use crate::model::{RangeMatch, ScheduleException};

fn any_date() -> impl Strategy<Value = NaiveDate> {
    // Two years with both changes of the clock, and a leap day.
    (0..730i32).prop_map(|day| wall::date_of(day_of(date("2027-01-01")) + day))
}

fn any_time() -> impl Strategy<Value = NaiveTime> {
    prop_oneof![
        (0..24u32, prop_oneof![Just(0), Just(30), Just(59), 0..60u32]),
        // The hours in which the clock changes.
        (0..4u32, 0..60u32),
    ]
    .prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn any_freq() -> impl Strategy<Value = Frequency> {
    prop_oneof![
        Just(Frequency::Weekly),
        Just(Frequency::Monthly),
        Just(Frequency::Daily),
        Just(Frequency::Yearly),
    ]
}

fn any_day() -> impl Strategy<Value = DayOfWeek> {
    proptest::sample::select(DayOfWeek::ALL.to_vec())
}

prop_compose! {
    /// A rule as RFC 5545 allows it, with a start.
    fn recurrence()(
        freq in any_freq(),
        interval in option::of(1..5i32),
        wkst in option::of(any_day()),
        dtstart in any_date(),
        has_nth in any::<bool>(),
        byday in vec((-4..6i32, any_day()), 0..4),
        bymonthday in prop_oneof![2 => Just(Vec::new()), 1 => vec(-31..32i32, 0..3)],
        byyearday in prop_oneof![3 => Just(Vec::new()), 1 => vec(-366..367i32, 0..3)],
    ) -> Schedule {
        // The library ignores a day without an ordinal if another one has an ordinal.
        let has_nth = has_nth && matches!(freq, Frequency::Monthly | Frequency::Yearly);
        let code = |(nth, day): (i32, DayOfWeek)| match if has_nth { nth } else { 0 } {
            0 if has_nth => format!("1{}", day.code()),
            0 => day.code().to_owned(),
            nth => format!("{nth}{}", day.code()),
        };
        Schedule {
            freq: Some(freq),
            interval,
            wkst,
            dtstart: Some(dtstart),
            byday: byday.into_iter().map(code).collect(),
            bymonthday: bymonthday.into_iter().filter(|day| *day != 0).collect(),
            byyearday: byyearday.into_iter().filter(|day| *day != 0 && freq == Frequency::Yearly).collect(),
            ..blank()
        }
    }
}

prop_compose! {
    /// Anything that a feed may send.
    pub(super) fn schedule()(
        rule in recurrence(),
        (freq, has_start) in (option::weighted(0.8, Just(())), any::<bool>()),
        (opens_at, closes_at) in (option::weighted(0.9, any_time()), option::weighted(0.9, any_time())),
        (valid_from, valid_to) in (option::weighted(0.2, any_date()), option::weighted(0.2, any_date())),
        (until, count) in (option::weighted(0.2, any_date()), option::weighted(0.2, 0..40i32)),
        exception in option::weighted(0.15, prop_oneof![Just(ScheduleException::Closed), Just(ScheduleException::Open)]),
    ) -> Schedule {
        Schedule {
            freq: rule.freq.filter(|_| freq.is_some()),
            dtstart: rule.dtstart.filter(|_| has_start),
            opens_at, closes_at, valid_from, valid_to, until, count, exception,
            ..rule
        }
    }
}

prop_compose! {
    fn question()(
        on in option::weighted(0.3, any_date()),
        days in option::weighted(0.6, vec(any_day(), 1..3)),
        from in option::weighted(0.7, any_time()),
        to in option::weighted(0.7, any_time()),
        relation in prop_oneof![Just(RangeMatch::Overlaps), Just(RangeMatch::Covers), Just(RangeMatch::Within)],
    ) -> OpenFilter {
        OpenFilter { at: None, on, days: days.map(|days| days.into_iter().collect()), from, to, relation }
    }
}

fn instant(day: NaiveDate, minute: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minute)
}

// Returns the dates that the library computes.
fn by_the_library(schedule: &Schedule, until: NaiveDate) -> Vec<NaiveDate> {
    let start = schedule.dtstart.unwrap().format("%Y%m%d");
    let text = format!("DTSTART:{start}T000000Z\nRRULE:{}", schedule.rrule().unwrap());
    let rule: RRuleSet = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let dates = rule.into_iter().map(|date| date.date_naive());
    dates.take_while(|date| *date <= until).collect()
}

/// Returns whether a weekly or monthly rule names a date, judging by that date alone.
fn by_hand(
    freq: Frequency,
    interval: i32,
    byday: &[(i32, DayOfWeek)],
    bymonthday: &[i32],
    start: NaiveDate,
    date: NaiveDate,
) -> bool {
    let monday = |date: NaiveDate| date - Duration::days(date.weekday().num_days_from_monday().into());
    let apart = match freq {
        Frequency::Weekly => i32::try_from((monday(date) - monday(start)).num_weeks()).unwrap(),
        _ => (date.year() - start.year()) * 12 + date.month0().cast_signed() - start.month0().cast_signed(),
    };
    let day = date.day().cast_signed();
    let days = i32::from(date.num_days_in_month());
    let is_named = byday.iter().any(|(nth, of)| {
        let is_day = date.weekday().num_days_from_monday() == *of as u32;
        is_day
            && match nth {
                _ if freq == Frequency::Weekly => true,
                0 => true,
                nth if *nth > 0 => (day - 1) / 7 + 1 == *nth,
                nth => (days - day) / 7 + 1 == -*nth,
            }
    });
    let is_of_month = freq == Frequency::Weekly
        || bymonthday.is_empty()
        || bymonthday.iter().any(|n| *n == day || days + 1 + n == day);
    apart % interval == 0 && is_named && is_of_month
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_those_of_the_library(schedule in recurrence()) {
        let start = schedule.dtstart.unwrap();
        let until = wall::date_of(day_of(start) + 900);
        let found = dates(&schedule, &start.to_string(), &until.to_string());
        prop_assert_eq!(found, by_the_library(&schedule, until), "{:?}", schedule.rrule());
    }

    #[test]
    fn counts_run_from_the_start_whatever_the_days(
        freq in prop_oneof![Just(Frequency::Weekly), Just(Frequency::Monthly)],
        (interval, count) in (1..4i32, 1..20i32),
        byday in vec((-5..6i32, any_day()), 1..4),
        bymonthday in prop_oneof![3 => Just(Vec::new()), 1 => vec(prop_oneof![-31..0i32, 1..32i32], 1..3)],
        start in any_date(),
    ) {
        let code = |(nth, day): &(i32, DayOfWeek)| match nth {
            0 => day.code().to_owned(),
            nth => format!("{nth}{}", day.code()),
        };
        let schedule = Schedule {
            freq: Some(freq),
            interval: Some(interval),
            count: Some(count),
            byday: byday.iter().map(code).collect(),
            bymonthday: bymonthday.clone(),
            dtstart: Some(start),
            ..blank()
        };
        let until = wall::date_of(day_of(start) + 900);
        let expected: Vec<NaiveDate> = start.iter_days().take_while(|date| *date <= until)
            .filter(|date| by_hand(freq, interval, &byday, &bymonthday, start, *date))
            .take(usize::try_from(count).unwrap())
            .collect();
        prop_assert_eq!(dates(&schedule, &start.to_string(), &until.to_string()), expected, "{:?}", schedule.rrule());
    }

    #[test]
    fn sessions_come_in_order_and_within(
        schedules in vec(schedule(), 1..5), day in any_date(), minute in 0..1440i64, long in 0..60_000i64,
    ) {
        let hours = all_of(&schedules);
        let (from, to) = (instant(day, minute), instant(day, minute + long));
        let sessions: Vec<_> = hours.occurrences(from, to).collect();
        prop_assert!(sessions.is_sorted_by_key(|session| session.start));
        for session in &sessions {
            prop_assert!(from <= session.start && session.start < to);
            prop_assert!(session.end.is_none_or(|end| end >= session.start), "{:?}", session);
            if session.end.is_some() && schedules[session.schedule.index].opens_at.is_some() {
                prop_assert_eq!(hours.open_at(session.start), TriState::Yes, "{:?}", session);
            }
        }
        prop_assert_eq!(hours.next_opening(from).filter(|next| next.start < to), sessions.first().copied());
    }

    #[test]
    fn what_matches_is_found_by_its_slots(
        schedules in vec(schedule(), 1..4), asked in question(), today in any_date(), minute in 0..1440i64,
    ) {
        let hours = all_of(&schedules);
        let at = Some(instant(today, minute));
        for asked in [asked, OpenFilter { at, ..OpenFilter::default() }] {
            match hours.matches(&asked, today) {
                TriState::Yes => {
                    prop_assert!(asked.slots().is_none_or(|slots| slots.meets(&hours.slots())), "{:?}", asked);
                }
                TriState::Unknown => prop_assert!(hours.is_unknown()),
                TriState::No => {}
            }
        }
    }

    #[test]
    fn the_days_are_those_of_the_sessions(schedules in vec(schedule(), 1..4), today in any_date()) {
        let hours = all_of(&schedules);
        let first = day_of(today);
        let opens = (first..first + 35).filter(|day| !hours.sessions(*day, &hours.closures()).is_empty());
        let expected = opens.fold(DaySet::NONE, |days, day| days.or(DaySet::nth(wall::weekday(day))));
        prop_assert_eq!(hours.days(today), expected);
        for day in DayOfWeek::ALL {
            let asked = OpenFilter { days: Some(std::iter::once(day).collect()), ..OpenFilter::default() };
            let yes = hours.matches(&asked, today) == TriState::Yes;
            prop_assert_eq!(yes, expected.contains(day));
        }
    }

    #[test]
    fn a_time_on_a_date_is_asked_as_the_clock_shows_it(
        schedules in vec(schedule(), 1..4), day in any_date(), minute in 240..1440i64,
    ) {
        // Except in the hours when clocks change, being open at an instant equals covering that minute.
        let hours = all_of(&schedules);
        let from = NaiveTime::MIN + Duration::minutes(minute);
        let asked = OpenFilter {
            on: Some(day),
            from: Some(from),
            to: Some(from + Duration::minutes(1)),
            relation: RangeMatch::Covers,
            ..OpenFilter::default()
        };
        prop_assume!(minute < 1438);
        let at = first_shown(day_of(day), i32::try_from(minute).unwrap());
        if hours.matches(&asked, day) == TriState::Yes {
            prop_assert_eq!(hours.open_at(at), TriState::Yes);
        }
    }
}
