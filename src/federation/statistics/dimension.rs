//! What services are grouped by, and what each of them says to that.

use chrono::{Datelike as _, NaiveDate};

use crate::federation::Recency;
use crate::model::{
    AreaCode, DayOfWeek, Facts, LanguageCode, RecordId, ServiceStatus, SourceKey, TriState, london_today,
};

/// Something that services are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the graph's page on them explains each")]
pub enum Dimension {
    Source,
    Status,
    TaxonomyTerm,
    Organization,
    LocalAuthority,
    PostcodeArea,
    Day,
    Cost,
    Freshness,
    ModifiedMonth,
    Language,
}

/// One to three different dimensions, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimensions(Vec<Dimension>);

/// Why there is no grouping by some dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DimensionsError {
    /// None, or more than there is a use for.
    #[error("must name 1 to {MOST} dimensions")]
    Number,
    /// One of them stands there twice.
    #[error("names a dimension twice")]
    Repeated,
}

/// The most dimensions at once.
pub(super) const MOST: usize = 3;

impl Dimensions {
    /// Of these.
    ///
    /// # Errors
    /// When there are none, more than three, or one of them twice.
    pub fn new(dimensions: Vec<Dimension>) -> Result<Self, DimensionsError> {
        if dimensions.is_empty() || dimensions.len() > MOST {
            return Err(DimensionsError::Number);
        }
        let is_first = |(at, one)| dimensions.iter().position(|other| other == one) == Some(at);
        match dimensions.iter().enumerate().all(is_first) {
            true => Ok(Self(dimensions)),
            false => Err(DimensionsError::Repeated),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Dimension> {
        self.0.iter().copied()
    }
}

/// What a service says to a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Value<'f> {
    Source(&'f SourceKey),
    Status(ServiceStatus),
    Record(&'f RecordId),
    LocalAuthority(AreaCode),
    PostcodeArea(&'f str),
    Day(DayOfWeek),
    Cost(TriState),
    Freshness(Recency),
    /// A year and a month of it.
    Month(i32, u32),
    Language(LanguageCode),
    /// It says nothing.
    Nothing,
}

impl<'f> Value<'f> {
    /// Hands over all that a service says to a dimension, each once.
    pub(super) fn each(facts: &'f Facts, dimension: Dimension, today: NaiveDate, mut to: impl FnMut(Self)) {
        let mut is_silent = true;
        let mut say = |value| {
            is_silent = false;
            to(value);
        };
        match dimension {
            Dimension::Source => say(Self::Source(facts.id.source())),
            Dimension::Status => say(Self::Status(facts.status)),
            Dimension::TaxonomyTerm => facts.terms.iter().for_each(|id| say(Self::Record(id))),
            Dimension::Organization => facts.organization.iter().for_each(|id| say(Self::Record(id))),
            Dimension::LocalAuthority => {
                facts.local_authorities.iter().for_each(|code| say(Self::LocalAuthority(*code)));
            }
            Dimension::PostcodeArea => {
                facts.postcode_areas.iter().for_each(|area| say(Self::PostcodeArea(area)));
            }
            Dimension::Day => facts.hours.days(today).iter().for_each(|day| say(Self::Day(day))),
            Dimension::Cost => say(Self::Cost(facts.prices.free(today))),
            Dimension::Freshness => match Recency::of(facts, today) {
                Recency::Unknown => {}
                known => say(Self::Freshness(known)),
            },
            Dimension::ModifiedMonth => facts.last_modified.iter().for_each(|at| {
                let date = london_today(*at);
                say(Self::Month(date.year(), date.month()));
            }),
            Dimension::Language => facts.languages.codes().iter().for_each(|code| say(Self::Language(*code))),
        }
        if is_silent {
            to(Self::Nothing);
        }
    }

    /// The record it names, where it names one.
    pub(super) fn record(self) -> Option<&'f RecordId> {
        match self {
            Self::Record(id) => Some(id),
            _ => None,
        }
    }

    /// As clients see it; none where nothing is said.
    pub(super) fn text(self) -> Option<String> {
        Some(match self {
            Self::Source(key) => key.as_str().to_owned(),
            Self::Status(status) => status_word(status).to_owned(),
            Self::Record(id) => id.as_str().to_owned(),
            Self::LocalAuthority(code) => code.as_str().to_owned(),
            Self::PostcodeArea(area) => area.to_owned(),
            Self::Day(day) => format!("{day:?}").to_uppercase(),
            Self::Cost(free) => cost_word(free).to_owned(),
            Self::Freshness(recency) => recency.code()?.to_owned(),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Language(code) => code.as_str().to_owned(),
            Self::Nothing => return None,
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
