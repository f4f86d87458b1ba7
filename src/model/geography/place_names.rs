//! Places by name: the places that people ask about by name, and how to distinguish several with the same name.
//!
//! The names come from a built-in table of towns and villages (see `places.md`), from the councils and counties of
//! [`crate::model::geography::areas`], and from the addresses that sources publish, which name parts of towns that the
//! table lacks.

mod counties;
mod find;
mod known;
mod learnt;
mod readings;
mod spelling;
mod table;
mod tell_apart;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::model::{AreaCode, AreaKind, Coordinates, PostcodeAccuracy};

use known::KnownPlaces;

pub use find::{FoundPlace, NameMatch, PlaceError};
pub use learnt::{AddressNames, LearntPlaces};

/// Everything known about places by name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PlaceNames {
    known: Arc<KnownPlaces>,
}

/// A place with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPlace {
    /// What it is called.
    pub name: Box<str>,
    /// A query for this place alone: [`PlaceNames::resolve`] returns this place for it and no other with the same name.
    pub ask_as: Box<str>,
    /// The kind of place.
    pub kind: PlaceKind,
    /// The centre.
    pub point: Coordinates,
    /// The council area that the place lies in, or the council area or county that it is.
    pub area: Option<AreaCode>,
    /// The origins of the name, without duplicates.
    pub known_from: Vec<PlaceOrigin>,
    /// The size: the number of postcodes within two kilometres, or the number of published addresses that name the
    /// place. `None` if it is not known.
    pub size: Option<u32>,
}

/// The kind of place that a name stands for.
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

/// Where the name of a place comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceOrigin {
    /// The table of towns and villages that is built in: GeoNames.
    Gazetteer,
    /// Addresses that the sources publish.
    Addresses,
    /// The official list of councils and counties.
    Areas,
    /// The directory of postcodes.
    Postcodes,
}

impl PlaceNames {
    /// Adds the places learnt from addresses.
    pub fn with_learnt(learnt: LearntPlaces) -> Self {
        Self { known: Arc::new(KnownPlaces::of(learnt)) }
    }

    /// Returns the places to suggest, unsorted: all known places except councils with the same name as a town in them.
    pub fn offered(&self) -> Vec<NamedPlace> {
        self.known.offered()
    }
}

impl NamedPlace {
    /// Returns the everyday name of the county that the place lies in, or of its council area if it lies in no county.
    pub fn county(&self) -> Option<String> {
        let county = counties::county_of(self.area?)?;
        (county != *self.name || self.kind == PlaceKind::Settlement).then_some(county)
    }

    /// Returns the council area that the place lies in.
    pub fn council(&self) -> Option<AreaCode> {
        self.area.filter(|area| area.kind() == Some(AreaKind::LocalAuthority))
    }
}

/// Removes councils and counties that have the name of a town in them: people mean the town.
fn leave_areas_to_their_towns(places: &mut Vec<NamedPlace>) {
    let towns = places.iter().filter(|place| place.kind == PlaceKind::Settlement);
    let towns: Vec<AreaCode> = towns.filter_map(|place| place.area).collect();
    places.retain(|place| {
        place.kind == PlaceKind::Settlement
            || !place.area.is_some_and(|area| towns.iter().any(|town| counties::is_in(*town, &[area])))
    });
    // If a county and its council have the same name, keep the county.
    let counties: Vec<NamedPlace> =
        places.iter().filter(|place| place.kind == PlaceKind::County).cloned().collect();
    places.retain(|place| {
        let is_in = |county: &NamedPlace| {
            county.area.zip(place.area).is_some_and(|(county, council)| counties::is_in(council, &[county]))
        };
        place.kind != PlaceKind::Council || !counties.iter().any(is_in)
    });
}

impl From<PostcodeAccuracy> for PlaceKind {
    fn from(accuracy: PostcodeAccuracy) -> Self {
        match accuracy {
            PostcodeAccuracy::Postcode | PostcodeAccuracy::Approximate => Self::Postcode,
            PostcodeAccuracy::Sector => Self::PostcodeSector,
            PostcodeAccuracy::District => Self::PostcodeDistrict,
        }
    }
}
