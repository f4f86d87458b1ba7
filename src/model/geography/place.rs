//! Places: points and the areas that services cover.

use geo::{Distance as _, HaversineMeasure};
use serde::{Deserialize, Serialize};

use crate::model::{GeoJson, RecordPart};

/// A point on the WGS84 globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// North of the equator, -90 to 90.
    pub latitude: f64,
    /// East of Greenwich, -180 to 180.
    pub longitude: f64,
}

impl Coordinates {
    /// Mean radius of the Earth, in metres: that of the sphere on which distances are measured.
    pub const RADIUS_OF_THE_EARTH: f64 = 6_371_008.8;

    /// The point, unless it lies off the globe or is the 0,0 that stands for "not known".
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let point = Self { latitude, longitude };
        point.is_somewhere().then_some(point)
    }

    /// Whether it lies on the globe and is not the 0,0 that stands for "not known".
    pub fn is_somewhere(self) -> bool {
        let on_globe = self.latitude.abs() <= 90.0 && self.longitude.abs() <= 180.0;
        on_globe && (self.latitude != 0.0 || self.longitude != 0.0)
    }

    /// Metres to another point, along the surface of the sphere.
    pub fn metres_to(self, other: Self) -> f64 {
        HaversineMeasure::new(Self::RADIUS_OF_THE_EARTH).distance(self.to_geo(), other.to_geo())
    }

    /// Whether neither number has more than two decimals, as publishers write them who hide where a place is: then it
    /// may be off by some 650 m.
    pub fn is_rounded(self) -> bool {
        let rounded = |degrees: f64| (degrees * 100.0 - (degrees * 100.0).round()).abs() < 1e-7;
        rounded(self.latitude) && rounded(self.longitude)
    }

    pub(in crate::model) fn to_geo(self) -> geo::Point {
        geo::Point::new(self.longitude, self.latitude)
    }

    /// Whether it lies in the box around the United Kingdom (49 to 61 north, 9 west to 2 east).
    pub fn is_near_uk(self) -> bool {
        (49.0..=61.0).contains(&self.latitude) && (-9.0..=2.0).contains(&self.longitude)
    }

    /// The point with its numbers changed over, as some publishers send them.
    pub fn swapped(self) -> Option<Self> {
        Self::new(self.longitude, self.latitude)
    }
}

/// A geographic area a service covers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceArea {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Name of the area.
    pub name: Option<String>,
    /// Its coverage in more words.
    pub description: Option<String>,
    /// The extent as published, to be read as `extent_type` says.
    pub extent: Option<String>,
    /// Format of the extent: `geojson`, `topojson`, `kml` or `text`.
    pub extent_type: Option<String>,
    /// Persistent identifier of the area, e.g. an ONS statistical-geography URI.
    pub uri: Option<String>,
    /// The extent as GeoJSON, where it is that.
    pub geojson: Option<GeoJson>,
}
