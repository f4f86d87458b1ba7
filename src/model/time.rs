//! The clock, opening times and recurring sessions.

mod clock;
mod hours;
pub(in crate::model) mod recurrence;

pub use clock::{InstantClock, london_instant, london_today};
pub use hours::{
    DaySet, EventSeries, Occurrence, OpenFilter, OpeningHours, ScheduleOwner, ScheduleRef, SeriesWindow,
    UnsayableSeries, WeekSlots,
};
