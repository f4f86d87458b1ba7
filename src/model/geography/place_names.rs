//! Places by name: what people call the places they ask about, and which of several they may mean.
//!
//! Names are known from a table of towns and villages built in (`places.md` beside it), from the councils and counties of
//! [`crate::model::geography::areas`], and from the addresses that sources publish: these know the parts of towns that the table lacks.

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

/// Everything that is known of places by name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PlaceNames {
    known: Arc<KnownPlaces>,
}

/// A place with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPlace {
    /// What it is called.
    pub name: Box<str>,
    /// How to ask for it among all others of its name: [`PlaceNames::resolve`] answers this with it and no other.
    pub ask_as: Box<str>,
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
    /// With what addresses teach.
    pub fn with_learnt(learnt: LearntPlaces) -> Self {
        Self { known: Arc::new(KnownPlaces::of(learnt)) }
    }

    /// Returns the places that may be suggested: all that are known, but for the councils that bear the name of a town in
    /// them. In no order.
    pub fn offered(&self) -> Vec<NamedPlace> {
        self.known.offered()
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
}

/// Leaves out councils and counties that are called as a town in them is: that town is meant.
fn leave_areas_to_their_towns(places: &mut Vec<NamedPlace>) {
    let towns = places.iter().filter(|place| place.kind == PlaceKind::Settlement);
    let towns: Vec<AreaCode> = towns.filter_map(|place| place.area).collect();
    places.retain(|place| {
        place.kind == PlaceKind::Settlement
            || !place.area.is_some_and(|area| towns.iter().any(|town| counties::is_in(*town, &[area])))
    });
    // A county comes before the council that bears its name.
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
