//! Where postcodes are.

use oruk_gateway_derive::graph_object;

use crate::graphql::enums::PlaceAccuracy;
use crate::graphql::scalars::Postcode;
use crate::model;

/// A postcode's place as clients see it.
pub(crate) struct Place {
    postcode: model::AskedPostcode,
    placed: model::PostcodePlace,
}

impl Place {
    /// The place of a postcode.
    pub(crate) fn new(postcode: model::AskedPostcode, placed: model::PostcodePlace) -> Self {
        Self { postcode, placed }
    }
}

/// The location of a postcode, as precisely as it is known.
#[graph_object]
impl Place {
    /// The postcode or first part that was asked for, in its standard spelling: `BS1 4DJ` or `BS1`.
    fn postcode(&self) -> Postcode {
        Postcode(self.postcode.clone())
    }

    /// Degrees north of the equator (WGS84), of the centre of the area that `accuracy` names. Currently never `null`.
    fn latitude(&self) -> Option<f64> {
        Some(self.placed.coordinates.latitude)
    }

    /// Degrees east of Greenwich (WGS84), of the centre of the area that `accuracy` names. Currently never `null`.
    fn longitude(&self) -> Option<f64> {
        Some(self.placed.coordinates.longitude)
    }

    /// The council area it lies in. `null` when that is uncertain: only the sector or district is known, and it spans
    /// several council areas.
    fn local_authority(&self) -> Option<Area> {
        self.placed.local_authority().map(Area)
    }

    /// How precise the point is.
    fn accuracy(&self) -> PlaceAccuracy {
        self.placed.accuracy.into()
    }
}

/// An area as clients see it.
pub(crate) struct Area(model::AreaCode);

impl Area {
    pub(crate) fn new(code: model::AreaCode) -> Self {
        Self(code)
    }
}

/// An area of the United Kingdom.
#[graph_object]
impl Area {
    /// The ONS code, e.g. `E06000023`.
    fn code(&self) -> &str {
        self.0.as_str()
    }

    /// The official name, e.g. `Bristol, City of`. `null` when only the code is known.
    fn name(&self) -> Option<&str> {
        self.0.name()
    }
}
