//! Where postcodes are.

use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, graph_object};

use crate::graphql::scalars::Postcode;
use crate::model;

/// A postcode's place as clients see it.
pub(crate) struct Place {
    postcode: model::AskedPostcode,
    placed: model::Placed,
}

impl Place {
    /// The place of a postcode.
    pub(crate) fn new(postcode: model::AskedPostcode, placed: model::Placed) -> Self {
        Self { postcode, placed }
    }
}

/// Where a postcode is, as near as is known.
#[graph_object]
impl Place {
    /// The postcode in its canonical spelling, as far as it was given: `BS1 4DJ`, or `BS1`.
    fn postcode(&self) -> Postcode {
        Postcode(self.postcode.clone())
    }

    /// Degrees north of the equator (WGS84), of the middle of what `accuracy` names. Null never, at present.
    fn latitude(&self) -> Option<f64> {
        Some(self.placed.coordinates.latitude)
    }

    /// Degrees east of Greenwich (WGS84), of the middle of what `accuracy` names. Null never, at present.
    fn longitude(&self) -> Option<f64> {
        Some(self.placed.coordinates.longitude)
    }

    /// The council area it lies in. Null where that is not known for certain: of a postcode that is known by its sector
    /// or district alone, where that lies in several.
    fn local_authority(&self) -> Option<Area> {
        self.placed.local_authority().map(Area)
    }

    /// How near the postcode the point is.
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
    /// Its code in the national statistics, e.g. `E06000023`.
    fn code(&self) -> &str {
        self.0.as_str()
    }

    /// What the national statistics call it, e.g. `Bristol, City of`. Null where only the code is known.
    fn name(&self) -> Option<&str> {
        self.0.name()
    }
}

/// How near the postcode a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::Accuracy")]
pub(crate) enum PlaceAccuracy {
    /// The middle of the postcode itself.
    Postcode,
    /// The postcode itself, to some 150 metres: it was given up before 2000, when positions were only recorded to a
    /// hundred metres. Or it is newer than the directory, and is where the addresses of your sources say.
    Approximate,
    /// The middle of its sector, e.g. `BS1 4`.
    Sector,
    /// The middle of its district, e.g. `BS1`.
    District,
}
