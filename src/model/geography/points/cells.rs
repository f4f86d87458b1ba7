//! The cells of a map by which the index narrows down what may be near: geohashes of several lengths.

use std::f64::consts::FRAC_PI_2;

use geohash::{Coord, encode};

use super::{DeliveryPoints, GeoBox, NearPoint};
use crate::model::Coordinates;

/// Lengths of geohashes, finest first: cells about 5, 39, 156 and 1,250 km wide at the equator.
const LENGTHS: [u32; 4] = [5, 4, 3, 2];

/// The most cells in one question.
const MOST: u64 = 100;

/// Added to every angle, in radians, so that rounding excludes no point: some centimetres.
const MARGIN: f64 = 1e-8;

impl DeliveryPoints {
    /// Returns the names of the cells of all sizes that contain a point, without duplicates.
    pub fn cells(&self) -> Vec<String> {
        let names = self.iter().flat_map(|point| LENGTHS.map(|length| name(point.coordinates, length)));
        let mut names: Vec<String> = names.flatten().collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl NearPoint {
    /// Returns the names of cells of one size that together contain every point near enough. Returns `None` if so many
    /// would be needed that they would narrow nothing down.
    pub fn cells(&self) -> Option<Vec<String>> {
        let angle = self.within_metres / Coordinates::RADIUS_OF_THE_EARTH + MARGIN;
        LENGTHS.into_iter().find_map(|length| Some(CellMap::of(length).around(self.centre, angle)?.names()))
    }
}

impl GeoBox {
    /// Returns the names of cells of one size that together contain every point in the box. Returns `None` if so many
    /// would be needed that they would narrow nothing down.
    pub fn cells(self) -> Option<Vec<String>> {
        LENGTHS.into_iter().find_map(|length| Some(CellMap::of(length).within(self)?.names()))
    }
}

/// The globe divided into cells of one size.
#[derive(Clone, Copy)]
struct CellMap {
    length: u32,
    rows: i64,
    columns: i64,
}

/// A rectangle of cells: first and last row, first and last column. Columns continue around the globe.
struct CellPatch {
    map: CellMap,
    rows: (i64, i64),
    columns: (i64, i64),
}

impl CellMap {
    // Each character of a geohash halves the area five times, alternating between longitude and latitude.
    fn of(length: u32) -> Self {
        let halvings = 5 * length;
        Self { length, rows: 1 << (halvings / 2), columns: 1 << halvings.div_ceil(2) }
    }

    /// Returns the cells within an angle, in radians, of a point. Returns `None` if there are too many.
    fn around(self, centre: Coordinates, angle: f64) -> Option<CellPatch> {
        let latitude = centre.latitude.to_radians();
        let rows = (self.row(latitude - angle), self.row(latitude + angle));
        let holds_a_pole = latitude.abs() + angle >= FRAC_PI_2;
        let columns = if holds_a_pole {
            (0, self.columns - 1)
        } else {
            let reach = (angle.sin() / latitude.cos()).asin() + MARGIN;
            let longitude = centre.longitude.to_radians();
            let (first, last) = (self.column(longitude - reach), self.column(longitude + reach));
            if last - first >= self.columns { (0, self.columns - 1) } else { (first, last) }
        };
        let patch = CellPatch { map: self, rows, columns };
        (patch.count() <= MOST).then_some(patch)
    }

    /// Returns the cells that overlap a box. Returns `None` if there are too many.
    fn within(self, bounds: GeoBox) -> Option<CellPatch> {
        let radians = |point: Coordinates| (point.latitude.to_radians(), point.longitude.to_radians());
        let ((south, west), (north, east)) = (radians(bounds.south_west()), radians(bounds.north_east()));
        let rows = (self.row(south - MARGIN), self.row(north + MARGIN));
        let (first, last) = (self.column(west - MARGIN), self.column(east + MARGIN));
        let columns = if last - first >= self.columns { (0, self.columns - 1) } else { (first, last) };
        let patch = CellPatch { map: self, rows, columns };
        (patch.count() <= MOST).then_some(patch)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a few thousand rows")]
    fn row(self, latitude: f64) -> i64 {
        let row = (latitude.to_degrees() + 90.0) / 180.0 * self.rows as f64;
        (row.floor() as i64).clamp(0, self.rows - 1)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a small multiple of a few thousand columns")]
    fn column(self, longitude: f64) -> i64 {
        ((longitude.to_degrees() + 180.0) / 360.0 * self.columns as f64).floor() as i64
    }

    fn name(self, row: i64, column: i64) -> Option<String> {
        let part = |number: i64, of: i64| (number.rem_euclid(of) as f64 + 0.5) / of as f64;
        let latitude = part(row, self.rows) * 180.0 - 90.0;
        let longitude = part(column, self.columns) * 360.0 - 180.0;
        name(Coordinates { latitude, longitude }, self.length)
    }
}

impl CellPatch {
    fn count(&self) -> u64 {
        let span = |(first, last): (i64, i64)| first.abs_diff(last) + 1;
        span(self.rows) * span(self.columns)
    }

    fn names(&self) -> Vec<String> {
        let columns = || self.columns.0..=self.columns.1;
        let squares = (self.rows.0..=self.rows.1).flat_map(|row| columns().map(move |column| (row, column)));
        squares.filter_map(|(row, column)| self.map.name(row, column)).collect()
    }
}

/// The highest latitude used: geohashes encode the North Pole itself wrongly, as the South Pole.
const BELOW_THE_POLE: f64 = 90.0 - 1e-9;

fn name(point: Coordinates, length: u32) -> Option<String> {
    let coord = Coord { x: point.longitude, y: point.latitude.min(BELOW_THE_POLE) };
    encode(coord, usize::try_from(length).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use geo::{Destination as _, HaversineMeasure};
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates { latitude, longitude }
    }

    /// Returns the point at a distance and bearing from another.
    fn away(from: Coordinates, metres: f64, bearing: f64) -> Coordinates {
        let earth = HaversineMeasure::new(Coordinates::RADIUS_OF_THE_EARTH);
        let point = earth.destination(from.to_geo(), bearing, metres);
        at(point.y().clamp(-90.0, 90.0), point.x().clamp(-180.0, 180.0))
    }

    fn somewhere() -> impl Strategy<Value = Coordinates> {
        let anywhere = (-90.0..=90.0, -180.0..=180.0);
        let here = (49.0..=61.0, -9.0..=2.0);
        // Edges of cells, the poles and the 180th meridian.
        let edges = (
            prop::sample::select(vec![-90.0, 0.0, 45.0, 51.328_125, 90.0]),
            prop::sample::select(vec![-180.0, -2.8125, 0.0, 180.0]),
        );
        prop_oneof![anywhere, here, edges].prop_map(|(latitude, longitude)| at(latitude, longitude))
    }

    fn holds(near: NearPoint, point: Coordinates) -> bool {
        let Some(cells) = near.cells() else { return true };
        LENGTHS.into_iter().filter_map(|length| name(point, length)).any(|cell| cells.contains(&cell))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn whatever_is_near_lies_in_a_square_that_is_named(
            centre in somewhere(),
            within_metres in prop_oneof![Just(0.0), 1.0..3_000.0, 0.0..=NearPoint::WIDEST],
            part in prop_oneof![Just(1.0), 0.0..1.0],
            bearing in 0.0..360.0,
        ) {
            let point = away(centre, within_metres * part, bearing);
            // The distance of the point itself is just near enough.
            let near = NearPoint { centre, within_metres: centre.metres_to(point) };
            prop_assert!(holds(near, point), "{near:?} {point:?}");
            prop_assert!(near.cells().is_none_or(|cells| cells.len() <= 100));
        }

        #[test]
        fn whatever_is_in_a_box_lies_in_a_square_that_is_named(
            one in somewhere(), other in somewhere(), (down, along) in (0.0..=1.0, 0.0..=1.0), is_small in any::<bool>(),
        ) {
            let shrink = |from: f64, to: f64| if is_small { from + (to - from) / 1_000.0 } else { to };
            let order = |a: f64, b: f64| (a.min(b), a.max(b));
            let (south, north) = order(one.latitude, shrink(one.latitude, other.latitude));
            let (west, east) = order(one.longitude, shrink(one.longitude, other.longitude));
            let bounds = GeoBox::new(south, west, north, east).unwrap();
            // Includes edges and corners.
            let between = |from: f64, to: f64, part: f64| (from + (to - from) * part).clamp(from, to);
            for (down, along) in [(down, along), (0.0, along), (down, 1.0), (1.0, 1.0), (0.0, 0.0)] {
                let point = at(between(south, north, down), between(west, east, along));
                prop_assert!(bounds.holds(point));
                let Some(cells) = bounds.cells() else { continue };
                let lies_in = LENGTHS.into_iter().filter_map(|length| name(point, length)).any(|cell| cells.contains(&cell));
                prop_assert!(lies_in && cells.len() <= 100, "{bounds:?} {point:?}");
            }
        }

        #[test]
        fn a_question_at_home_is_always_narrowed(
            latitude in 49.0..=61.0, longitude in -9.0..=2.0, within_metres in 1.0..=NearPoint::WIDEST,
        ) {
            let cells = NearPoint { centre: at(latitude, longitude), within_metres }.cells().unwrap();
            prop_assert!(!cells.is_empty() && cells.len() <= 100);
        }
    }

    #[test]
    fn a_walk_takes_small_squares_and_a_journey_large_ones() {
        let length = |within_metres| {
            let cells = NearPoint { centre: at(51.4545, -2.5879), within_metres }.cells().unwrap();
            (cells.first().unwrap().len(), cells.len())
        };
        assert_eq!(length(1_000.0).0, 5);
        assert_eq!(length(5_000.0).0, 5);
        assert_eq!(length(50_000.0).0, 4);
        assert_eq!(length(500_000.0).0, 3);
        assert!(length(5_000.0).1 <= 25, "{}", length(5_000.0).1);
    }
}
