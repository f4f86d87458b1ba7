//! Places by name: what people call the places they ask about, and which of several they may mean.
//!
//! Names are known from a table of towns and villages built in (`places.md` beside it), from the councils and counties of
//! [`super::areas`], and from the addresses that sources publish: these know the parts of towns that the table lacks.

mod counties;
mod find;
mod learnt;
mod readings;
mod spelling;
mod table;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Accuracy, AreaCode, AreaKind, Coordinates};

pub use find::{FoundPlace, NameMatch, PlaceError};
pub use learnt::{AddressNames, LearntPlaces};

/// Everything that is known of places by name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PlaceNames {
    learnt: Arc<LearntPlaces>,
}

/// A place with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPlace {
    /// What it is called.
    pub name: Box<str>,
    /// What sort of place it is.
    pub kind: PlaceKind,
    /// Its middle.
    pub point: Coordinates,
    /// The council's area that it lies in, or the council or county that it is.
    pub area: Option<AreaCode>,
    /// Where it is known from; each once.
    pub known_from: Vec<PlaceOrigin>,
    /// How large it is: how many postcodes lie within two kilometres, or how many published addresses name it. `None` if
    /// that is not known.
    pub size: Option<u32>,
}

/// What sort of place a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A city, town or village, or a part of one.
    Settlement,
    /// The area of a council.
    Council,
    /// A county, or London.
    County,
    /// A postcode.
    Postcode,
    /// A postcode sector, e.g. `BS1 4`.
    PostcodeSector,
    /// A postcode district, e.g. `BS1`.
    PostcodeDistrict,
}

/// Where a place is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceOrigin {
    /// The table of towns and villages that is built in: GeoNames.
    Gazetteer,
    /// The addresses that the sources publish.
    Addresses,
    /// The official list of councils and counties.
    Areas,
    /// The directory of postcodes.
    Postcodes,
}

impl PlaceNames {
    /// Returns the towns, villages, councils and counties that are built in, each with how to ask for it.
    pub fn built_in() -> impl Iterator<Item = (&'static NamedPlace, String)> {
        let table = table::PlaceTable::get();
        let entries = table.entries().iter();
        entries.map(|entry| (&entry.place, entry.place.among(table.named(entry.spelling.key()))))
    }

    /// With what addresses teach.
    pub fn with_learnt(learnt: LearntPlaces) -> Self {
        Self { learnt: Arc::new(learnt) }
    }
}

impl NamedPlace {
    /// The county that it lies in, as people say it, or the council's area where there is no county around it.
    pub fn county(&self) -> Option<String> {
        let county = counties::county_of(self.area?)?;
        (county != *self.name || self.kind == PlaceKind::Settlement).then_some(county)
    }

    /// The council's area that it lies in.
    pub fn council(&self) -> Option<AreaCode> {
        self.area.filter(|area| area.kind() == Some(AreaKind::LocalAuthority))
    }

    /// How to ask for it among other places of its name.
    pub fn among<'p>(&self, others: impl IntoIterator<Item = &'p Self>) -> String {
        let others: Vec<&Self> = others.into_iter().collect();
        let is_shared = |county: &String| {
            others.iter().filter(|other| other.county().as_ref() == Some(county)).nth(1).is_some()
        };
        let council = || Some(counties::spoken(self.council()?.name()?));
        let qualifier = match self.county() {
            Some(county) if is_shared(&county) => council().or(Some(county)),
            county => county,
        };
        // Newport lies in Newport, which tells it from no other.
        let has_namesakes = others.iter().filter(|other| other.kind == self.kind).nth(1).is_some();
        let nation = || Some(self.area?.country()?.name()?.to_owned()).filter(|_| has_namesakes);
        match qualifier.filter(|qualifier| **qualifier != *self.name).or_else(nation) {
            Some(qualifier) => format!("{}, {qualifier}", self.name),
            None => self.name.to_string(),
        }
    }
}

impl From<Accuracy> for PlaceKind {
    fn from(accuracy: Accuracy) -> Self {
        match accuracy {
            Accuracy::Postcode | Accuracy::Approximate => Self::Postcode,
            Accuracy::Sector => Self::PostcodeSector,
            Accuracy::District => Self::PostcodeDistrict,
        }
    }
}
