//! Opening times.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::occurrence::Sessions;
use super::{Attribute, DEFAULT_OCCURRENCES, Metadata, Occurrence, views};
use crate::graphql::enums::{DayOfWeek, Frequency};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{Date, DateTime, Id, LocalTime, Url};
use crate::model;

/// A schedule as clients see it.
pub(crate) struct Schedule(pub(crate) Arc<model::Schedule>);

/// Opening times as an RFC 5545 recurrence rule. If an owner has several schedules, they add up.
#[graph_object]
impl Schedule {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The first date for which the schedule is valid. `null` when it has no start date, or an unreadable one.
    fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// The last date for which the schedule is valid. `null` when it has no end date, or an unreadable one.
    fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// The date of the first occurrence. `null` when the feed does not say.
    fn dtstart(&self) -> Option<Date> {
        self.0.dtstart.map(Date)
    }

    /// The date of the last occurrence. `null` when it has no end date, or an unreadable one.
    fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// The number of occurrences. `null` when it is unlimited or cannot be read.
    fn count(&self) -> Option<i32> {
        self.0.count
    }

    /// The unit of recurrence. `null` when the feed does not say.
    fn freq(&self) -> Option<Frequency> {
        self.0.freq.map(Frequency::from)
    }

    /// Repeats every *n* units. `null` means every unit.
    fn interval(&self) -> Option<i32> {
        self.0.interval
    }

    /// The first day of the week. `null` means Monday.
    fn wkst(&self) -> Option<DayOfWeek> {
        self.0.wkst.map(DayOfWeek::from)
    }

    /// Weekday codes of RFC 5545, with ordinals if the rule is monthly, e.g. `TU`, `2MO` or `-1FR`.
    fn byday(&self) -> &[String] {
        &self.0.byday
    }

    /// Days of the month; negative numbers count from its end.
    fn bymonthday(&self) -> &[i32] {
        &self.0.bymonthday
    }

    /// ISO weeks of the year; negative numbers count from its end.
    fn byweekno(&self) -> &[i32] {
        &self.0.byweekno
    }

    /// Days of the year; negative numbers count from its end.
    fn byyearday(&self) -> &[i32] {
        &self.0.byyearday
    }

    /// The rule as RFC 5545 text. `null` when there is no rule or it cannot be read.
    fn rrule(&self) -> Option<String> {
        self.0.rrule()
    }

    /// Opening time in local time. `null` when the feed does not say. If the feed gives times with an offset that
    /// London never has, this is the time in winter; `occurrences` gives exact instants.
    fn opens_at(&self) -> Option<LocalTime> {
        self.0.opens_at.map(LocalTime)
    }

    /// Closing time in local time. Earlier than `opensAt` if the session runs past midnight. `null` when the feed does
    /// not say.
    fn closes_at(&self) -> Option<LocalTime> {
        self.0.closes_at.map(LocalTime)
    }

    /// The offset or time zone as published. `opensAt` and `closesAt` are London time whatever it says.
    fn timezone(&self) -> Option<&str> {
        self.0.timezone.as_deref()
    }

    /// How people attend, as published, e.g. `physical` or `online`. `null` when the feed does not say.
    fn attending_type(&self) -> Option<&str> {
        self.0.attending_type.as_deref()
    }

    /// The times in words. `null` when there are none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Other notes. `null` when there are none.
    fn notes(&self) -> Option<&str> {
        self.0.notes.as_deref()
    }

    /// A page that lists sessions or takes bookings. `null` when there is none.
    fn schedule_link(&self) -> Option<Url> {
        self.0.schedule_link.clone().map(Url)
    }

    /// Sessions of this schedule, in order of their start. Exceptions made by the owner's other schedules are ignored.
    /// Empty when the schedule has no readable rule, or says when the owner is closed.
    fn occurrences(
        &self,
        #[graphql(desc = "Only sessions that begin at or after this instant.")] from: DateTime,
        #[graphql(desc = "Only sessions that begin before this instant, at most 400 days after `from`.")]
        to: DateTime,
        #[graphql(
            desc = "The maximum number of sessions to return, 1 to 1000. Defaults to 50.",
            default_with = "Some(DEFAULT_OCCURRENCES)"
        )]
        first: Option<i32>,
    ) -> Result<Vec<Occurrence>, ApiError> {
        let sessions = Sessions { from, to, first }.of(&model::OpeningHours::of_schedule(&self.0))?;
        Ok(sessions.into_iter().map(|session| Occurrence::of_schedule(&self.0, session)).collect())
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}
