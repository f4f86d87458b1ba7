//! When things are: the clock, opening times and recurring sessions.

mod clock;
mod hours;
pub(in crate::model) mod recurrence;

pub use clock::{Clock, london_instant, london_today};
pub use hours::{
    DaySet, Hours, Occurrence, OpenFilter, ScheduleOwner, ScheduleRef, Series, SeriesWindow, Slots, Unsayable,
};
