//! What services are grouped and counted by, and what each of them says to that.

use chrono::{Datelike as _, NaiveDate};

use serde::{Deserialize, Serialize};

use crate::model::{
    Ages, AreaCode, DayOfWeek, Facts, LanguageCode, Recency, RecordId, ServiceStatus, SourceKey, TermGroup,
    TriState, Vocabulary, london_today,
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
    TermGroup,
}

/// What is counted of services: by what they are grouped, and what is told of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// What they say to a dimension.
    Of(Dimension),
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
pub enum Said {
    Source(SourceKey),
    Status(ServiceStatus),
    Record(RecordId),
    TermGroup(TermGroup),
    LocalAuthority(AreaCode),
    PostcodeArea(Box<str>),
    Day(DayOfWeek),
    Cost(TriState),
    Freshness(Recency),
    /// A year and a month of it.
    Month(i32, u32),
    Language(LanguageCode),
    Date(NaiveDate),
    Ages(Ages),
    /// It says nothing.
    Nothing,
}

/// What services say depends on, beside themselves.
#[derive(Clone, Copy, Debug)]
pub struct Viewpoint<'v> {
    /// The day, in London.
    pub today: NaiveDate,
    /// The terms that are known, and which of them are one.
    pub terms: &'v Vocabulary,
}

/// A viewpoint as far as one aspect depends on it: what is worked out under one holds under its equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependence {
    /// It depends on services alone.
    Nothing,
    /// It holds for one day.
    Day(NaiveDate),
    /// It holds for one grouping of terms.
    Grouping(u64),
}

impl Aspect {
    /// How many there are.
    pub const COUNT: usize = Self::FIRST_OTHER + 3;
    /// The number of the first that is no dimension.
    const FIRST_OTHER: usize = Dimension::TermGroup as usize + 1;

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
    pub fn dependence(self, from: Viewpoint<'_>) -> Dependence {
        match self {
            Self::Of(Dimension::Day | Dimension::Cost | Dimension::Freshness) => Dependence::Day(from.today),
            Self::Of(Dimension::TermGroup) => Dependence::Grouping(from.terms.grouping()),
            _ => Dependence::Nothing,
        }
    }
}

impl From<Dimension> for Aspect {
    fn from(dimension: Dimension) -> Self {
        Self::Of(dimension)
    }
}

impl Facts {
    /// Hands over all that a service says of an aspect, each once: [`Said::Nothing`] where it says nothing.
    pub fn each_said(&self, aspect: Aspect, from: Viewpoint<'_>, mut to: impl FnMut(Said)) {
        let mut is_silent = true;
        self.each_value(aspect, from, |said| {
            is_silent = false;
            to(said);
        });
        if is_silent {
            to(Said::Nothing);
        }
    }

    fn each_value(&self, aspect: Aspect, from: Viewpoint<'_>, mut say: impl FnMut(Said)) {
        let today = from.today;
        let dimension = match aspect {
            Aspect::Of(dimension) => dimension,
            Aspect::Location => {
                let mut known: Vec<&RecordId> = self.locations.iter().flatten().collect();
                known.sort_unstable();
                known.dedup();
                return known.into_iter().for_each(|id| say(Said::Record(id.clone())));
            }
            Aspect::AssuredDate => return self.assured_date.into_iter().for_each(|on| say(Said::Date(on))),
            Aspect::Ages => return say(Said::Ages(self.ages.clone())),
        };
        match dimension {
            Dimension::Source => say(Said::Source(self.id.source().clone())),
            Dimension::Status => say(Said::Status(self.status)),
            Dimension::TaxonomyTerm => self.terms.iter().for_each(|id| say(Said::Record(id.clone()))),
            Dimension::TermGroup => {
                let mut groups: Vec<TermGroup> =
                    self.terms.iter().map(|id| from.terms.group_of(id)).collect();
                groups.sort_unstable();
                groups.dedup();
                groups.into_iter().for_each(|group| say(Said::TermGroup(group)));
            }
            Dimension::Organization => self.organization.iter().for_each(|id| say(Said::Record(id.clone()))),
            Dimension::LocalAuthority => {
                self.local_authorities.iter().for_each(|code| say(Said::LocalAuthority(*code)));
            }
            Dimension::PostcodeArea => {
                self.postcode_areas.iter().for_each(|area| say(Said::PostcodeArea(area.clone())));
            }
            Dimension::Day => self.hours.days(today).iter().for_each(|day| say(Said::Day(day))),
            Dimension::Cost => say(Said::Cost(self.prices.free(today))),
            Dimension::Freshness => match Recency::of(self, today) {
                Recency::Unknown => {}
                known => say(Said::Freshness(known)),
            },
            Dimension::ModifiedMonth => self.last_modified.iter().for_each(|at| {
                let date = london_today(*at);
                say(Said::Month(date.year(), date.month()));
            }),
            Dimension::Language => self.languages.codes().iter().for_each(|code| say(Said::Language(*code))),
        }
    }
}
