//! Opening times.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::occurrence::Sessions;
use super::{Attribute, DEFAULT_OCCURRENCES, DayOfWeek, Frequency, Metadata, Occurrence, views};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{Date, DateTime, Id, LocalTime, Url};
use crate::model;

/// A schedule as clients see it.
pub(crate) struct Schedule(pub(crate) Arc<model::Schedule>);

/// When something is open: the members of an RFC 5545 recurrence rule. Several schedules of one owner add
/// up.
#[graph_object]
impl Schedule {
    /// The opaque, globally unique id; derived from owner and content where the feed gives none.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// First date the information can be relied on. Null means no start, or one that cannot be read.
    fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// Last date the information can be relied on. Null means no end, or one that cannot be read.
    fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Date of the first occurrence. Null where the feed does not say.
    fn dtstart(&self) -> Option<Date> {
        self.0.dtstart.map(Date)
    }

    /// Date of the last occurrence. Null means no end, or one that cannot be read.
    fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// Number of occurrences. Null means no bound, or one that cannot be read.
    fn count(&self) -> Option<i32> {
        self.0.count
    }

    /// Unit of recurrence. Null where the feed does not say.
    fn freq(&self) -> Option<Frequency> {
        self.0.freq.map(Frequency::from)
    }

    /// Repeats every so many units. Null means every one.
    fn interval(&self) -> Option<i32> {
        self.0.interval
    }

    /// First day of the week. Null means Monday.
    fn wkst(&self) -> Option<DayOfWeek> {
        self.0.wkst.map(DayOfWeek::from)
    }

    /// Weekday codes of RFC 5545, with ordinals where the rule is monthly, e.g. `TU`, `2MO` or `-1FR`.
    fn byday(&self) -> &[String] {
        &self.0.byday
    }

    /// Days of the month; negative ones count from its end.
    fn bymonthday(&self) -> &[i32] {
        &self.0.bymonthday
    }

    /// ISO weeks of the year; negative ones count from its end.
    fn byweekno(&self) -> &[i32] {
        &self.0.byweekno
    }

    /// Days of the year; negative ones count from its end.
    fn byyearday(&self) -> &[i32] {
        &self.0.byyearday
    }

    /// The rule as RFC 5545 text. Null when there is none or it cannot be read.
    fn rrule(&self) -> Option<String> {
        self.0.rrule()
    }

    /// Opening time on the clock of the place. Null where the feed does not say. Where the feed gives a rule's times by an
    /// offset that is never London's, it is the time in winter; `occurrences` has the instants.
    fn opens_at(&self) -> Option<LocalTime> {
        self.0.opens_at.map(LocalTime)
    }

    /// Closing time on the clock of the place; before `opensAt` when it crosses midnight. Null where the
    /// feed does not say.
    fn closes_at(&self) -> Option<LocalTime> {
        self.0.closes_at.map(LocalTime)
    }

    /// Offset or zone as published. Null means that of the place, Europe/London.
    fn timezone(&self) -> Option<&str> {
        self.0.timezone.as_deref()
    }

    /// How people attend, as published, e.g. `physical` or `online`. Null where the feed does not say.
    fn attending_type(&self) -> Option<&str> {
        self.0.attending_type.as_deref()
    }

    /// The times in words. Null where there are none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Other notes. Null where there are none.
    fn notes(&self) -> Option<&str> {
        self.0.notes.as_deref()
    }

    /// Page that lists sessions or takes bookings. Null where there is none.
    fn schedule_link(&self) -> Option<Url> {
        self.0.schedule_link.clone().map(Url)
    }

    /// Its sessions in order of their beginning, by this schedule alone: exceptions that its owner's other
    /// schedules make are left aside. Empty where it has no rule that can be read, or says when it is closed.
    fn occurrences(
        &self,
        #[graphql(desc = "Only those that begin at this instant or later.")] from: DateTime,
        #[graphql(desc = "Only those that begin before this instant, at most 400 days after `from`.")]
        to: DateTime,
        #[graphql(
            desc = "So many at most, from 1 to 1000. Null means 50.",
            default_with = "Some(DEFAULT_OCCURRENCES)"
        )]
        first: Option<i32>,
    ) -> Result<Vec<Occurrence>, ApiError> {
        let sessions = Sessions { from, to, first }.of(&model::Hours::of_schedule(&self.0))?;
        Ok(sessions.into_iter().map(|session| Occurrence::of_schedule(&self.0, session)).collect())
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// Change history.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}
