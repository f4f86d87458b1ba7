//! The tiles of Web Mercator, which web maps use.

use std::f64::consts::PI;

use super::GeoBox;
use crate::model::Coordinates;

/// One tile of a zoom level: `zoom/x/y`, counted from the north-west.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapTile {
    /// The zoom level: 2^zoom tiles each way.
    pub zoom: u8,
    /// The column, from the west.
    pub x: u32,
    /// The row, from the north.
    pub y: u32,
}

impl MapTile {
    /// The finest zoom level: tiles of about 25 metres in Britain.
    pub const FINEST: u8 = 20;

    /// Returns the tile that a point lies in. Points beyond 85 degrees north or south, where the map ends, are in the
    /// first or last row.
    pub fn of(point: Coordinates, zoom: u8) -> Self {
        let count = f64::from(1_u32 << zoom.min(Self::FINEST));
        let latitude = point.latitude.to_radians();
        let column = (point.longitude + 180.0) / 360.0 * count;
        let row = (1.0 - latitude.tan().asinh() / PI) / 2.0 * count;
        Self { zoom, x: number(column, count), y: number(row, count) }
    }

    /// Returns the tile of the same or a coarser zoom level that contains this one.
    #[must_use]
    pub fn at(self, zoom: u8) -> Self {
        let by = self.zoom.saturating_sub(zoom);
        Self { zoom: self.zoom - by, x: self.x >> by, y: self.y >> by }
    }

    /// Returns the tile's box. Neighbouring tiles share their edges; a point on an edge belongs to the tile east or
    /// south of it.
    pub fn bounds(self) -> Option<GeoBox> {
        let (west, north) = (self.west(self.x), self.north(self.y));
        let (east, south) = (self.west(self.x + 1), self.north(self.y + 1));
        GeoBox::new(south, west, north, east).ok()
    }

    /// Returns the centre of the box.
    pub fn centre(self) -> Option<Coordinates> {
        let (from, to) = self.bounds().map(|bounds| (bounds.south_west(), bounds.north_east()))?;
        Some(Coordinates {
            latitude: f64::midpoint(from.latitude, to.latitude),
            longitude: f64::midpoint(from.longitude, to.longitude),
        })
    }

    fn west(self, x: u32) -> f64 {
        f64::from(x) / f64::from(1_u32 << self.zoom) * 360.0 - 180.0
    }

    fn north(self, y: u32) -> f64 {
        let part = f64::from(y) / f64::from(1_u32 << self.zoom);
        (PI * (1.0 - 2.0 * part)).sinh().atan().to_degrees()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the numbers there are"
)]
fn number(at: f64, count: f64) -> u32 {
    at.floor().clamp(0.0, count - 1.0) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tiles_are_those_of_every_map() {
        // Bristol's harbour, whose tile numbers can be looked up on any web map.
        let harbour = Coordinates { latitude: 51.4500, longitude: -2.6000 };
        assert_eq!(MapTile::of(harbour, 0), MapTile { zoom: 0, x: 0, y: 0 });
        assert_eq!(MapTile::of(harbour, 10), MapTile { zoom: 10, x: 504, y: 340 });
        let pole = Coordinates { latitude: 90.0, longitude: 180.0 };
        assert_eq!(MapTile::of(pole, 2), MapTile { zoom: 2, x: 3, y: 0 });
    }

    proptest! {
        #[test]
        fn a_point_lies_in_its_tile(latitude in -85.0..85.0, longitude in -180.0..180.0, zoom in 0..=MapTile::FINEST) {
            let point = Coordinates { latitude, longitude };
            let tile = MapTile::of(point, zoom);
            let bounds = tile.bounds().unwrap();
            let (from, to) = (bounds.south_west(), bounds.north_east());
            let hair = 1e-9;
            let wider = GeoBox::new(from.latitude - hair, (from.longitude - hair).max(-180.0), to.latitude + hair, (to.longitude + hair).min(180.0));
            prop_assert!(wider.unwrap().holds(point));
            prop_assert_eq!(MapTile::of(tile.centre().unwrap(), zoom), tile);
        }
    }
}
