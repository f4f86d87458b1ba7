//! How recent a service's data is: how long ago its publisher last checked it or, without such a date, changed it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{ServiceFacts, london_today};

/// A range of days since a service was last checked or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RecencyBand {
    /// At most 30 days ago, or in the future.
    UpTo30,
    /// 31 to 90 days ago.
    UpTo90,
    /// 91 to 180 days ago.
    UpTo180,
    /// 181 to 365 days ago.
    UpTo365,
    /// Longer ago.
    Older,
    /// The publisher states neither date.
    Unknown,
}

impl RecencyBand {
    /// All bands, the most recent first.
    pub const ALL: [Self; 6] =
        [Self::UpTo30, Self::UpTo90, Self::UpTo180, Self::UpTo365, Self::Older, Self::Unknown];

    /// Returns the band of a service.
    pub fn of(facts: &ServiceFacts, today: NaiveDate) -> Self {
        match facts.assured_date.or_else(|| facts.last_modified.map(london_today)) {
            None => Self::Unknown,
            Some(date) => match (today - date).num_days() {
                ..=30 => Self::UpTo30,
                31..=90 => Self::UpTo90,
                91..=180 => Self::UpTo180,
                181..=365 => Self::UpTo365,
                _ => Self::Older,
            },
        }
    }

    /// Returns the first and last day of the band, inclusive. `None` means no limit, and both are `None` for
    /// [`Self::Unknown`].
    pub fn days(self) -> (Option<u32>, Option<u32>) {
        match self {
            Self::UpTo30 => (Some(0), Some(30)),
            Self::UpTo90 => (Some(31), Some(90)),
            Self::UpTo180 => (Some(91), Some(180)),
            Self::UpTo365 => (Some(181), Some(365)),
            Self::Older => (Some(366), None),
            Self::Unknown => (None, None),
        }
    }

    /// Returns the band's name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::UpTo30 => "up to 30 days",
            Self::UpTo90 => "up to 90 days",
            Self::UpTo180 => "up to 180 days",
            Self::UpTo365 => "up to 365 days",
            Self::Older => "older",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the days as a code, e.g. `31-90`. `None` for [`Self::Unknown`].
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::UpTo30 => Some("0-30"),
            Self::UpTo90 => Some("31-90"),
            Self::UpTo180 => Some("91-180"),
            Self::UpTo365 => Some("181-365"),
            Self::Older => Some("366-"),
            Self::Unknown => None,
        }
    }
}
