//! The clock, passed in so that tests can control it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};

/// Returns the current instant. Only the command line creates one that reads the system clock.
#[derive(Clone)]
pub struct InstantClock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl InstantClock {
    /// Creates a clock that calls `now` each time.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Creates a clock that always returns `at`.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::new(move || at)
    }

    /// Returns the current instant.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for InstantClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstantClock")
    }
}

/// Returns the date in London at an instant. The standard's rules mean this date by "today".
pub fn london_today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// Returns the instant at which clocks in London show `shown`. If clocks show it twice, returns the first; if they skip
/// it, one hour later. Returns `None` outside the calendar's range.
pub fn london_instant(shown: NaiveDateTime) -> Option<DateTime<Utc>> {
    let london = chrono_tz::Europe::London;
    let read = |shown: &NaiveDateTime| london.from_local_datetime(shown).earliest();
    let at = read(&shown).or_else(|| read(&shown.checked_add_signed(TimeDelta::hours(1))?))?;
    Some(at.to_utc())
}
