//! Places: points and the areas that services cover.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Part;

/// A point on the WGS84 globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// North of the equator, -90 to 90.
    pub latitude: f64,
    /// East of Greenwich, -180 to 180.
    pub longitude: f64,
}

impl Coordinates {
    /// The point, unless it lies off the globe or is the 0,0 that stands for "not known".
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_globe = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let null_island = latitude == 0.0 && longitude == 0.0;
        (on_globe && !null_island).then_some(Self { latitude, longitude })
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
    pub part: Part,
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
    pub geojson: Option<Value>,
}
