//! What services are grouped and counted by, and what each of them says to that.

use chrono::{Datelike as _, NaiveDate};

use serde::{Deserialize, Serialize};

use crate::model::{
    AgeRanges, AreaCode, DayOfWeek, LanguageCode, RecencyBand, RecordId, ServiceFacts, ServiceStatus,
    SourceKey, TermGroup, TermVocabulary, TriState, london_today,
};

/// Something that services are grouped by.
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

/// What is counted of services: by what they are grouped, and what is told of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceAspect {
    /// What they say to a dimension.
    Of(FacetDimension),
    /// The locations where they are delivered, as far as these are known.
    Location,
    /// When they were last checked.
    AssuredDate,
    /// The ages they are for.
    Ages,
}

/// What a service says, of one aspect.
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
    /// A year and a month of it.
    Month(i32, u32),
    Language(LanguageCode),
    Date(NaiveDate),
    Ages(AgeRanges),
    /// It says nothing.
    Nothing,
}

/// What services say depends on, beside themselves.
#[derive(Clone, Copy, Debug)]
pub struct FacetViewpoint<'v> {
    /// The day, in London.
    pub today: NaiveDate,
    /// The terms that are known, and which of them are one.
    pub terms: &'v TermVocabulary,
}

/// A viewpoint as far as one aspect depends on it: what is worked out under one holds under its equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AspectDependence {
    /// It depends on services alone.
    Nothing,
    /// It holds for one day.
    Day(NaiveDate),
    /// It holds for one grouping of terms.
    Grouping(u64),
}

impl ServiceAspect {
    /// How many there are.
    pub const COUNT: usize = Self::FIRST_OTHER + 3;
    /// The number of the first that is no dimension.
    const FIRST_OTHER: usize = FacetDimension::TermGroup as usize + 1;

    /// Its number among them, from 0 on.
    pub fn number(self) -> usize {
        match self {
            Self::Of(dimension) => dimension as usize,
            Self::Location => Self::FIRST_OTHER,
            Self::AssuredDate => Self::FIRST_OTHER + 1,
            Self::Ages => Self::FIRST_OTHER + 2,
        }
    }

    /// What of a viewpoint it depends on.
    pub fn dependence(self, from: FacetViewpoint<'_>) -> AspectDependence {
        match self {
            Self::Of(FacetDimension::Day | FacetDimension::Cost | FacetDimension::Freshness) => {
                AspectDependence::Day(from.today)
            }
            Self::Of(FacetDimension::TermGroup) => AspectDependence::Grouping(from.terms.grouping()),
            _ => AspectDependence::Nothing,
        }
    }
}

impl From<FacetDimension> for ServiceAspect {
    fn from(dimension: FacetDimension) -> Self {
        Self::Of(dimension)
    }
}

impl ServiceFacts {
    /// Hands over all that a service says of an aspect, each once: [`FacetKey::Nothing`] where it says nothing.
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
