//! The dimensions that services are grouped by, and the texts of their values.

use crate::model::{FacetDimension, FacetKey, RecordId, ServiceStatus, TriState};

/// One to three distinct dimensions, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDimensions(Vec<FacetDimension>);

/// Why services cannot be grouped by these dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DimensionsError {
    /// There are none, or more than three.
    #[error("must have 1 to {MOST} dimensions")]
    Number,
    /// One of them is repeated.
    #[error("names a dimension twice")]
    Repeated,
}

pub(super) const MOST: usize = 3;

impl GroupDimensions {
    /// Groups by these dimensions.
    ///
    /// # Errors
    /// If there are none, more than three, or one is repeated.
    pub fn new(dimensions: Vec<FacetDimension>) -> Result<Self, DimensionsError> {
        if dimensions.is_empty() || dimensions.len() > MOST {
            return Err(DimensionsError::Number);
        }
        let is_first = |(at, one)| dimensions.iter().position(|other| other == one) == Some(at);
        match dimensions.iter().enumerate().all(is_first) {
            true => Ok(Self(dimensions)),
            false => Err(DimensionsError::Repeated),
        }
    }

    /// Returns the dimensions in order.
    pub fn as_slice(&self) -> &[FacetDimension] {
        &self.0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = FacetDimension> {
        self.0.iter().copied()
    }
}

impl FacetKey {
    pub(in crate::federation) fn record(&self) -> Option<&RecordId> {
        match self {
            Self::Record(id) => Some(id),
            _ => None,
        }
    }

    /// Returns the value as clients see it. `None` if there is no value.
    pub(in crate::federation) fn text(&self) -> Option<String> {
        Some(match self {
            Self::Source(key) => key.as_str().to_owned(),
            Self::Status(status) => status_word(*status).to_owned(),
            Self::Record(id) => id.as_str().to_owned(),
            Self::TermGroup(group) => group.as_str().to_owned(),
            Self::LocalAuthority(code) => code.as_str().to_owned(),
            Self::PostcodeArea(area) => area.to_string(),
            Self::Day(day) => format!("{day:?}").to_uppercase(),
            Self::Cost(free) => cost_word(*free).to_owned(),
            Self::Freshness(recency) => recency.code()?.to_owned(),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Language(code) => code.as_str().to_owned(),
            Self::Date(date) => date.to_string(),
            Self::Ages(_) | Self::Nothing => return None,
        })
    }
}

fn status_word(status: ServiceStatus) -> &'static str {
    match status {
        ServiceStatus::Active => "ACTIVE",
        ServiceStatus::Inactive => "INACTIVE",
        ServiceStatus::Defunct => "DEFUNCT",
        ServiceStatus::TemporarilyClosed => "TEMPORARILY_CLOSED",
        ServiceStatus::Unknown => "UNKNOWN",
    }
}

fn cost_word(free: TriState) -> &'static str {
    match free {
        TriState::Yes => "FREE",
        TriState::No => "PAID",
        TriState::Unknown => "UNKNOWN",
    }
}
