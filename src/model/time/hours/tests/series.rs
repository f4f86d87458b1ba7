//! Tests that schedules as recurring events have the same sessions as the opening hours.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use rrule::RRuleSet;
use serde_json::json;

use super::laws::schedule;
use super::*;
use crate::model::{ScheduleException, sample};

fn service(schedules: &[Schedule]) -> Service {
    let schedules = schedules.iter().cloned().map(Arc::new).collect();
    Service { schedules, ..sample::service(&json!({})) }
}

fn told(schedules: &[Schedule]) -> Vec<Result<EventSeries, UnsayableSeries>> {
    let window = SeriesWindow::around(date("2027-06-01"));
    service(schedules).series(window).into_iter().map(|(_, told)| told).collect()
}

fn one(schedule: Schedule) -> EventSeries {
    told(&[schedule]).remove(0).unwrap()
}

/// Returns the dates of a series as a reader of RFC 5545 computes them.
fn as_read(series: &EventSeries, to: NaiveDate) -> Vec<NaiveDate> {
    let Some(rule) = &series.rule else { return vec![series.first] };
    let stamp = |date: &NaiveDate| date.format("%Y%m%dT000000Z").to_string();
    let until = series.last.map(|(last, _)| format!(";UNTIL={}", stamp(&last))).unwrap_or_default();
    let mut text = format!("DTSTART:{}\nRRULE:{rule}{until}", stamp(&series.first));
    if !series.without.is_empty() {
        let without: Vec<String> = series.without.iter().map(stamp).collect();
        text = format!("{text}\nEXDATE:{}", without.join(","));
    }
    let read: RRuleSet = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    read.into_iter().map(|at| at.date_naive()).take_while(|date| *date <= to).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_finds_the_sessions_that_the_hours_have(schedules in vec(schedule(), 1..5)) {
        let service = service(&schedules);
        let hours = OpeningHours::of(&service);
        let (from, to) = (date("2027-01-01"), date("2028-02-01"));
        let of_date = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
        let sessions: Vec<Occurrence> =
            hours.occurrences(of_date(from) - Duration::days(1), of_date(to) + Duration::days(2)).collect();
        for (which, told) in service.series(SeriesWindow::around(date("2027-06-01"))) {
            let Ok(series) = told else { continue };
            let mine = sessions.iter().filter(|session| session.schedule == which);
            let expected: Vec<NaiveDate> =
                mine.map(|session| session.date).filter(|date| (from..=to).contains(date)).collect();
            let found: Vec<NaiveDate> =
                as_read(&series, to).into_iter().filter(|date| (from..=to).contains(date)).collect();
            prop_assert_eq!(found, expected, "{:?}", series);
        }
    }
}

#[test]
fn exceptions_are_dates_left_out() {
    let club = Schedule { dtstart: Some(date("2026-09-01")), ..weekly("TU", "10:00-12:00") };
    let closed = Schedule {
        exception: Some(ScheduleException::Closed),
        valid_from: Some(date("2026-12-20")),
        valid_to: Some(date("2027-01-06")),
        ..blank()
    };
    let told = told(&[club, closed]);
    assert_eq!(told.len(), 1, "a closure is no event");
    let series = told[0].as_ref().unwrap();
    assert_eq!((series.first, series.rule.as_deref()), (date("2026-09-01"), Some("FREQ=WEEKLY;BYDAY=TU")));
    assert_eq!(series.without, ["2026-12-22", "2026-12-29", "2027-01-05"].map(date));
    assert_eq!(series.last, None);
}

#[test]
fn what_is_closed_for_ever_ends_where_nobody_can_list_its_dates() {
    let closed = Schedule {
        exception: Some(ScheduleException::Closed),
        dtstart: Some(date("2026-01-25")),
        ..rule(Frequency::Yearly, "", "-")
    };
    let series = told(&[weekly("MO", "09:00-10:00"), closed]).remove(0).unwrap();
    assert_eq!(series.last.map(|(last, _)| last), Some(date("2029-12-31")));
    assert_eq!(series.without, [date("2027-01-25")], "the only one of these that is a Monday");
    assert_eq!(series.first, date("2026-01-05"), "the first of last year");
}

#[test]
fn ends_are_instants_through_both_changes_of_the_clock() {
    let until = |date: NaiveDate, times: &str| {
        let schedule = Schedule { until: Some(date), ..weekly("MO,TU,WE,TH,FR,SA,SU", times) };
        one(schedule).last.unwrap().1
    };
    assert_eq!(until(date("2027-03-27"), "10:00-11:00"), at("2027-03-27T10:00:00Z"));
    assert_eq!(until(date("2027-03-28"), "10:00-11:00"), at("2027-03-28T09:00:00Z"));
    assert_eq!(until(date("2027-10-30"), "10:00-11:00"), at("2027-10-30T09:00:00Z"));
    assert_eq!(until(date("2027-10-31"), "10:00-11:00"), at("2027-10-31T10:00:00Z"));
}

#[test]
fn nights_end_on_the_next_day() {
    let series = one(weekly("FR", "22:00-02:00"));
    assert_eq!((series.opens, series.closes), (Some(22 * 60), Some(26 * 60)));
}

#[test]
fn times_that_keep_to_universal_time_say_so() {
    let schedule = Schedule { universal: Some(0), ..weekly("TU", "10:00-12:00") };
    let series = one(Schedule { until: Some(date("2027-07-06")), ..schedule.clone() });
    assert!(series.is_universal);
    assert_eq!(series.last.unwrap().1, at("2027-07-06T10:00:00Z"));
    let moved = Schedule { universal: Some(1), ..schedule };
    assert_eq!(told(&[moved]), [Err(UnsayableSeries::NoSuchRule)]);
}

#[test]
fn what_an_event_cannot_say_is_not_said() {
    let mut doubtful = weekly("TU", "10:00-12:00");
    doubtful.unread = doubtful.unread.with(crate::model::StatedBound::Days);
    let weeks = Schedule { byweekno: vec![1, 2], ..rule(Frequency::Monthly, "MO", "10:00-12:00") };
    let past = Schedule {
        dtstart: Some(date("2027-02-01")),
        until: Some(date("2027-01-01")),
        ..weekly("MO", "10:00-11:00")
    };
    let words = Schedule { description: Some("Most mornings".to_owned()), ..blank() };
    for (schedule, why) in [
        (doubtful, UnsayableSeries::Doubtful),
        (weeks, UnsayableSeries::NoSuchRule),
        (past, UnsayableSeries::Never),
        (words, UnsayableSeries::InWords),
    ] {
        assert_eq!(told(std::slice::from_ref(&schedule)), [Err(why)], "{schedule:?}");
    }
    let many = vec![weekly("MO", "09:00-10:00"); MAX_RULES + 1];
    assert_eq!(told(&many).last(), Some(&Err(UnsayableSeries::TooMuch)));
}
