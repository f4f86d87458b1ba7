//! A box on the map, such as a visible section.

use super::{DeliveryPoint, DeliveryPoints};
use crate::model::{Coordinates, TriState};

/// A box between two parallels and two meridians, including its edges. It never crosses the 180th meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeoBox {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

/// Why edges do not form a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GeoBoxError {
    /// An edge is not on the globe.
    #[error("must have latitudes from -90 to 90 and longitudes from -180 to 180")]
    OffTheGlobe,
    /// `south` is greater than `north`.
    #[error("has a `south` that is greater than its `north`")]
    UpsideDown,
    /// `west` is greater than `east`.
    #[error(
        "has a `west` that is greater than its `east`; for a box across the 180th meridian, ask for each half"
    )]
    InsideOut,
}

impl GeoBox {
    /// Returns the box between these degrees (WGS84).
    ///
    /// # Errors
    /// Returns [`GeoBoxError`] if they are off the globe, or in the wrong order.
    pub fn new(south: f64, west: f64, north: f64, east: f64) -> Result<Self, GeoBoxError> {
        let on_globe =
            south.abs() <= 90.0 && north.abs() <= 90.0 && west.abs() <= 180.0 && east.abs() <= 180.0;
        if !on_globe {
            return Err(GeoBoxError::OffTheGlobe);
        }
        if south > north {
            return Err(GeoBoxError::UpsideDown);
        }
        if west > east {
            return Err(GeoBoxError::InsideOut);
        }
        Ok(Self { south, west, north, east })
    }

    /// Returns the south-western corner.
    pub fn south_west(self) -> Coordinates {
        Coordinates { latitude: self.south, longitude: self.west }
    }

    /// Returns the north-eastern corner.
    pub fn north_east(self) -> Coordinates {
        Coordinates { latitude: self.north, longitude: self.east }
    }

    /// Returns whether a point lies in the box or on its edge.
    pub fn holds(self, point: Coordinates) -> bool {
        (self.south..=self.north).contains(&point.latitude)
            && (self.west..=self.east).contains(&point.longitude)
    }
}

impl DeliveryPoints {
    /// Returns the points that lie in a box.
    pub fn inside(&self, bounds: GeoBox) -> impl Iterator<Item = DeliveryPoint> {
        self.iter().filter(move |point| bounds.holds(point.coordinates))
    }

    /// Returns whether any of the points lies in a box. Unknown if there are none.
    pub fn matches_box(&self, bounds: GeoBox) -> TriState {
        if self.iter().next().is_none() {
            return TriState::Unknown;
        }
        if self.inside(bounds).next().is_some() { TriState::Yes } else { TriState::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_belong_to_the_box() {
        let bounds = GeoBox::new(51.0, -3.0, 52.0, -2.0).unwrap();
        for (latitude, longitude, expected) in [
            (51.0, -3.0, true),
            (52.0, -2.0, true),
            (51.5, -2.5, true),
            (50.999_999, -2.5, false),
            (51.5, -1.999_999, false),
        ] {
            assert_eq!(bounds.holds(Coordinates { latitude, longitude }), expected, "{latitude} {longitude}");
        }
        assert!(GeoBox::new(51.0, -3.0, 51.0, -3.0).is_ok(), "a point is a box");
    }

    #[test]
    fn edges_in_the_wrong_order_are_told_apart() {
        assert_eq!(GeoBox::new(52.0, -3.0, 51.0, -2.0), Err(GeoBoxError::UpsideDown));
        assert_eq!(GeoBox::new(51.0, -2.0, 52.0, -3.0), Err(GeoBoxError::InsideOut));
        assert_eq!(GeoBox::new(51.0, 170.0, 52.0, -170.0), Err(GeoBoxError::InsideOut));
        assert_eq!(GeoBox::new(-91.0, 0.0, 52.0, 1.0), Err(GeoBoxError::OffTheGlobe));
        assert_eq!(GeoBox::new(f64::NAN, 0.0, 52.0, 1.0), Err(GeoBoxError::OffTheGlobe));
    }
}
