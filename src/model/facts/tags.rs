//! The tags that the index stores for a service: one for each fact that a condition can ask for, exactly or roughly.

use std::fmt;

use super::{EssentialDetail, ServiceFacts};
use crate::model::{AttendingType, IssueCode, LanguageCode, RecordId, ServiceStatus, SourceKey};

/// A tag of the index.
#[derive(Clone, Copy, Debug)]
pub enum ServiceTag<'a> {
    /// From a source.
    Source(&'a SourceKey),
    /// With a status.
    Status(ServiceStatus),
    /// Without a status.
    StatusMissing,
    /// Provided by an organisation.
    Organization(&'a RecordId),
    /// Provided by an organisation with this registration number, in any register.
    Identifier(&'a str),
    /// Delivered at a location.
    Location(&'a RecordId),
    /// With a taxonomy term.
    Term(&'a RecordId),
    /// Offered in a language.
    Language(LanguageCode),
    /// Attended in this way.
    Attending(&'a AttendingType),
    /// With a point in a cell of the map.
    Cell(&'a str),
    /// Open in a half hour of the week: a tag of [`crate::model::WeekSlots::tags`].
    Slot(&'a str),
    /// With something free.
    WithFreePlaces,
    /// With something full.
    WithFullPlaces,
    /// With an issue of this kind.
    Issue(IssueCode),
    /// Without this detail.
    Missing(EssentialDetail),
    /// Without the facts that a condition needs. The text is the condition's name in the filter.
    Unknown(&'a str),
}

impl fmt::Display for ServiceTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(key) => write!(f, "s:{key}"),
            Self::Status(status) => write!(f, "st:{status:?}"),
            Self::StatusMissing => f.write_str("st:-"),
            Self::Organization(id) => write!(f, "o:{}", id.as_str()),
            Self::Identifier(value) => write!(f, "i:{value}"),
            Self::Location(id) => write!(f, "l:{}", id.as_str()),
            Self::Term(id) => write!(f, "t:{}", id.as_str()),
            Self::Language(code) => write!(f, "la:{}", code.as_str()),
            Self::Attending(kind) => write!(f, "at:{}", kind.as_str()),
            Self::Cell(name) => write!(f, "g:{name}"),
            Self::Slot(word) => f.write_str(word),
            Self::WithFreePlaces => f.write_str("c:free"),
            Self::WithFullPlaces => f.write_str("c:full"),
            Self::Issue(code) => write!(f, "is:{}", code.as_str()),
            Self::Missing(essential) => write!(f, "m:{essential:?}"),
            Self::Unknown(condition) => write!(f, "?:{condition}"),
        }
    }
}

impl ServiceFacts {
    /// Returns the tags of the service, sorted and without duplicates.
    pub fn tags(&self) -> Vec<String> {
        let mut tags = vec![
            ServiceTag::Source(self.id.source()).to_string(),
            ServiceTag::Status(self.status).to_string(),
        ];
        let mut add = |tag: ServiceTag<'_>| tags.push(tag.to_string());
        self.status_is_missing.then_some(ServiceTag::StatusMissing).into_iter().for_each(&mut add);
        self.organization.iter().map(ServiceTag::Organization).for_each(&mut add);
        self.identifiers.values().map(ServiceTag::Identifier).for_each(&mut add);
        self.locations.iter().flatten().map(ServiceTag::Location).for_each(&mut add);
        self.terms.iter().map(ServiceTag::Term).for_each(&mut add);
        self.languages.codes().iter().copied().map(ServiceTag::Language).for_each(&mut add);
        self.attending_types.named_types().iter().map(ServiceTag::Attending).for_each(&mut add);
        self.points.cells().iter().map(|cell| ServiceTag::Cell(cell)).for_each(&mut add);
        self.hours.slots().tags().for_each(|slot| add(ServiceTag::Slot(&slot)));
        self.free_places.has_some().then_some(ServiceTag::WithFreePlaces).into_iter().for_each(&mut add);
        self.free_places.has_full().then_some(ServiceTag::WithFullPlaces).into_iter().for_each(&mut add);
        self.issues.codes().map(ServiceTag::Issue).for_each(&mut add);
        self.missing().map(ServiceTag::Missing).for_each(&mut add);
        self.may_not_state().into_iter().map(ServiceTag::Unknown).for_each(&mut add);
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    fn missing(&self) -> impl Iterator<Item = EssentialDetail> {
        EssentialDetail::every().filter(|essential| !self.stated.has(*essential))
    }

    /// Returns the conditions whose result may be unknown for the service.
    fn may_not_state(&self) -> Vec<&'static str> {
        let silent = [
            ("status", self.status == ServiceStatus::Unknown),
            ("organization", self.organization.is_none()),
            ("taxonomyTerms", self.terms.is_empty()),
            ("near", self.points.iter().next().is_none()),
            ("open", self.hours.is_unknown()),
        ];
        silent.into_iter().filter(|(_, is_silent)| *is_silent).map(|(name, _)| name).collect()
    }
}
