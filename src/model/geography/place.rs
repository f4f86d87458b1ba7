//! Coordinates, and the areas that services cover.

use geo::{Distance as _, HaversineMeasure};
use serde::{Deserialize, Serialize};

use crate::model::{GeoJson, RecordPart};

/// A point on the WGS84 globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north of the equator, -90 to 90.
    pub latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    pub longitude: f64,
}

impl Coordinates {
    /// Mean radius of the Earth in metres. Distances are measured on a sphere of this radius.
    pub const RADIUS_OF_THE_EARTH: f64 = 6_371_008.8;

    /// Creates a point. Returns `None` off the globe, and for 0,0, which stands for "not known".
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let point = Self { latitude, longitude };
        point.is_somewhere().then_some(point)
    }

    /// Returns whether the point is on the globe and not 0,0, which stands for "not known".
    pub fn is_somewhere(self) -> bool {
        let on_globe = self.latitude.abs() <= 90.0 && self.longitude.abs() <= 180.0;
        on_globe && (self.latitude != 0.0 || self.longitude != 0.0)
    }

    /// Returns the distance to another point in metres, along the surface of the sphere.
    pub fn metres_to(self, other: Self) -> f64 {
        HaversineMeasure::new(Self::RADIUS_OF_THE_EARTH).distance(self.to_geo(), other.to_geo())
    }

    /// Returns whether both numbers have at most two decimals. Publishers round like this to hide where a place is, so
    /// it may be about 650 m off.
    pub fn is_rounded(self) -> bool {
        let rounded = |degrees: f64| (degrees * 100.0 - (degrees * 100.0).round()).abs() < 1e-7;
        rounded(self.latitude) && rounded(self.longitude)
    }

    pub(in crate::model) fn to_geo(self) -> geo::Point {
        geo::Point::new(self.longitude, self.latitude)
    }

    /// Returns whether the point is in the box around the United Kingdom (49 to 61 north, 9 west to 2 east).
    pub fn is_near_uk(self) -> bool {
        (49.0..=61.0).contains(&self.latitude) && (-9.0..=2.0).contains(&self.longitude)
    }

    /// Returns the point with latitude and longitude swapped. Some publishers send them in the wrong order.
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
    /// The coverage in more words.
    pub description: Option<String>,
    /// The extent as published, in the format that `extent_type` names.
    pub extent: Option<String>,
    /// Format of the extent: `geojson`, `topojson`, `kml` or `text`.
    pub extent_type: Option<String>,
    /// Persistent identifier of the area, e.g. an ONS statistical-geography URI.
    pub uri: Option<String>,
    /// The extent as GeoJSON, if it is GeoJSON.
    pub geojson: Option<GeoJson>,
}
