//! The clock of day, handed in so that tests can hold it still.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};

/// Tells the current instant. Only the command line makes one that reads the machine's clock.
#[derive(Clone)]
pub struct InstantClock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl InstantClock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands still.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::new(move || at)
    }

    /// The current instant.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for InstantClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstantClock")
    }
}

/// The date in London at an instant: what "today" means to every rule of the standard.
pub fn london_today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// The instant at which clocks in London show this. Of an hour that comes twice it is the first, and one that is left
/// out in spring is taken to be an hour later. Returns `None` beyond the calendar.
pub fn london_instant(shown: NaiveDateTime) -> Option<DateTime<Utc>> {
    let london = chrono_tz::Europe::London;
    let read = |shown: &NaiveDateTime| london.from_local_datetime(shown).earliest();
    let at = read(&shown).or_else(|| read(&shown.checked_add_signed(TimeDelta::hours(1))?))?;
    Some(at.to_utc())
}
