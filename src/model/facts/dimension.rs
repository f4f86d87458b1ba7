//! The aspects by which services are grouped and counted, and their values for each service.

use chrono::{Datelike as _, NaiveDate};

use serde::{Deserialize, Serialize};

use crate::model::{
    AgeRanges, AreaCode, DayOfWeek, LanguageCode, RecencyBand, RecordId, ServiceFacts, ServiceStatus,
    SourceKey, TermGroup, TermVocabulary, TriState, london_today,
};

/// A dimension by which services are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the graph's page on them explains each")]
pub enum FacetDimension {
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
    TermGroup,
}

/// An aspect that is counted: either a dimension of facets or one used only for statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceAspect {
    /// A dimension of facets.
    Of(FacetDimension),
    /// The locations where services are delivered, if known.
    Location,
    /// When services were last checked.
    AssuredDate,
    /// The ages that services are for.
    Ages,
}

/// A service's value for an aspect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is what its type is")]
pub enum FacetKey {
    Source(SourceKey),
    Status(ServiceStatus),
    Record(RecordId),
    TermGroup(TermGroup),
    LocalAuthority(AreaCode),
    PostcodeArea(Box<str>),
    Day(DayOfWeek),
    Cost(TriState),
    Freshness(RecencyBand),
    /// A year and a month.
    Month(i32, u32),
    Language(LanguageCode),
    Date(NaiveDate),
    Ages(AgeRanges),
    /// The service states nothing.
    Nothing,
}

/// What values depend on, apart from the service.
#[derive(Clone, Copy, Debug)]
pub struct FacetViewpoint<'v> {
    /// The current day in London.
    pub today: NaiveDate,
    /// The known terms and their groups.
    pub terms: &'v TermVocabulary,
}

/// The part of a viewpoint that an aspect depends on. Values computed under one dependence are valid under any equal
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AspectDependence {
    /// Nothing but the service.
    Nothing,
    /// The day.
    Day(NaiveDate),
    /// The grouping of terms, by its number.
    Grouping(u64),
}

impl FacetDimension {
    /// Returns whether its values are taxonomy terms or groups of them.
    pub fn is_of_terms(self) -> bool {
        matches!(self, Self::TaxonomyTerm | Self::TermGroup)
    }
}

impl ServiceAspect {
    /// The number of aspects.
    pub const COUNT: usize = Self::FIRST_OTHER + 3;
    /// The number of the first aspect that is not a dimension.
    const FIRST_OTHER: usize = FacetDimension::TermGroup as usize + 1;

    /// Returns the aspect's number, from 0.
    pub fn number(self) -> usize {
        match self {
            Self::Of(dimension) => dimension as usize,
            Self::Location => Self::FIRST_OTHER,
            Self::AssuredDate => Self::FIRST_OTHER + 1,
            Self::Ages => Self::FIRST_OTHER + 2,
        }
    }

    /// Returns what part of a viewpoint the aspect depends on.
    pub fn dependence(self, from: FacetViewpoint<'_>) -> AspectDependence {
        match self {
            Self::Of(FacetDimension::Day | FacetDimension::Cost | FacetDimension::Freshness) => {
                AspectDependence::Day(from.today)
            }
            Self::Of(FacetDimension::TermGroup) => AspectDependence::Grouping(from.terms.grouping()),
            Self::Of(
                FacetDimension::Source
                | FacetDimension::Status
                | FacetDimension::TaxonomyTerm
                | FacetDimension::Organization
                | FacetDimension::LocalAuthority
                | FacetDimension::PostcodeArea
                | FacetDimension::ModifiedMonth
                | FacetDimension::Language,
            )
            | Self::Location
            | Self::AssuredDate
            | Self::Ages => AspectDependence::Nothing,
        }
    }
}

impl From<FacetDimension> for ServiceAspect {
    fn from(dimension: FacetDimension) -> Self {
        Self::Of(dimension)
    }
}

impl ServiceFacts {
    /// Calls `to` with each value of an aspect, once each. Calls it with [`FacetKey::Nothing`] if there are none.
    pub fn each_said(&self, aspect: ServiceAspect, from: FacetViewpoint<'_>, mut to: impl FnMut(FacetKey)) {
        let mut is_silent = true;
        self.each_value(aspect, from, |said| {
            is_silent = false;
            to(said);
        });
        if is_silent {
            to(FacetKey::Nothing);
        }
    }

    fn each_value(&self, aspect: ServiceAspect, from: FacetViewpoint<'_>, mut say: impl FnMut(FacetKey)) {
        let today = from.today;
        let dimension = match aspect {
            ServiceAspect::Of(dimension) => dimension,
            ServiceAspect::Location => {
                let mut known: Vec<&RecordId> = self.locations.iter().flatten().collect();
                known.sort_unstable();
                known.dedup();
                return known.into_iter().for_each(|id| say(FacetKey::Record(id.clone())));
            }
            ServiceAspect::AssuredDate => {
                return self.assured_date.into_iter().for_each(|on| say(FacetKey::Date(on)));
            }
            ServiceAspect::Ages => return say(FacetKey::Ages(self.ages.clone())),
        };
        match dimension {
            FacetDimension::Source => say(FacetKey::Source(self.id.source().clone())),
            FacetDimension::Status => say(FacetKey::Status(self.status)),
            FacetDimension::TaxonomyTerm => {
                self.terms.iter().for_each(|id| say(FacetKey::Record(id.clone())))
            }
            FacetDimension::TermGroup => {
                let mut groups: Vec<TermGroup> =
                    self.terms.iter().map(|id| from.terms.group_of(id)).collect();
                groups.sort_unstable();
                groups.dedup();
                groups.into_iter().for_each(|group| say(FacetKey::TermGroup(group)));
            }
            FacetDimension::Organization => {
                self.organization.iter().for_each(|id| say(FacetKey::Record(id.clone())))
            }
            FacetDimension::LocalAuthority => {
                self.local_authorities.iter().for_each(|code| say(FacetKey::LocalAuthority(*code)));
            }
            FacetDimension::PostcodeArea => {
                self.postcode_areas.iter().for_each(|area| say(FacetKey::PostcodeArea(area.clone())));
            }
            FacetDimension::Day => self.hours.days(today).iter().for_each(|day| say(FacetKey::Day(day))),
            FacetDimension::Cost => say(FacetKey::Cost(self.prices.free(today))),
            FacetDimension::Freshness => match RecencyBand::of(self, today) {
                RecencyBand::Unknown => {}
                known => say(FacetKey::Freshness(known)),
            },
            FacetDimension::ModifiedMonth => self.last_modified.iter().for_each(|at| {
                let date = london_today(*at);
                say(FacetKey::Month(date.year(), date.month()));
            }),
            FacetDimension::Language => {
                self.languages.codes().iter().for_each(|code| say(FacetKey::Language(*code)))
            }
        }
    }
}
