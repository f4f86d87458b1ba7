//! The National Grid of Great Britain: converts between eastings and northings and latitude and longitude.
//!
//! Formulae and constants are from Ordnance Survey's guide to coordinate systems: from the projection back to the Airy
//! ellipsoid, then to WGS84 by the seven-parameter transformation, which is accurate to about five metres.

use crate::model::Coordinates;

/// An ellipsoid, given by its semi-axes in metres.
struct Ellipsoid {
    major: f64,
    minor: f64,
}

const AIRY: Ellipsoid = Ellipsoid { major: 6_377_563.396, minor: 6_356_256.909 };
const WGS84: Ellipsoid = Ellipsoid { major: 6_378_137.0, minor: 6_356_752.314_245 };

/// The grid's true origin: 49° N, 2° W.
const ORIGIN: Coordinates = Coordinates { latitude: 49.0, longitude: -2.0 };
const EASTING_OF_ORIGIN: f64 = 400_000.0;
const NORTHING_OF_ORIGIN: f64 = -100_000.0;
const SCALE: f64 = 0.999_601_271_7;

/// The grid's extent, in metres.
const EAST: f64 = 700_000.0;
const NORTH: f64 = 1_300_000.0;

/// Returns the point at an easting and northing in metres. Returns `None` off the grid.
pub(in crate::model) fn point(easting: f64, northing: f64) -> Option<Coordinates> {
    let on_grid = (0.0..=EAST).contains(&easting) && (0.0..=NORTH).contains(&northing);
    if !on_grid || (easting == 0.0 && northing == 0.0) {
        return None;
    }
    let (latitude, longitude) = unprojected(easting, northing);
    let (latitude, longitude) = WGS84.angles(to_wgs84(AIRY.cartesian(latitude, longitude)));
    Coordinates::new(latitude.to_degrees(), longitude.to_degrees())
}

/// Returns the easting and northing of a point in metres. Returns `None` off the grid.
///
/// Iterates until [`point`] returns the wanted point: each step reduces the error to about a hundredth.
pub(in crate::model) fn metres(wanted: Coordinates) -> Option<(f64, f64)> {
    let per_degree = Coordinates::RADIUS_OF_THE_EARTH.to_radians();
    let across = per_degree * wanted.latitude.to_radians().cos();
    let step = |from: Coordinates| {
        ((wanted.longitude - from.longitude) * across, (wanted.latitude - from.latitude) * per_degree)
    };
    let (mut east, mut north) = step(ORIGIN);
    (east, north) = (east + EASTING_OF_ORIGIN, north + NORTHING_OF_ORIGIN);
    for _ in 0..6 {
        let (to_east, to_north) = step(point(east, north)?);
        (east, north) = (east + to_east, north + to_north);
    }
    Some((east, north))
}

impl Ellipsoid {
    /// Returns the square of the eccentricity.
    fn eccentricity(&self) -> f64 {
        1.0 - (self.minor / self.major).powi(2)
    }

    /// Returns the radius of curvature across the meridian, in metres.
    fn across(&self, latitude: f64) -> f64 {
        self.major / (1.0 - self.eccentricity() * latitude.sin().powi(2)).sqrt()
    }

    /// Returns the position of a point on the surface in metres from the centre of the Earth. Angles are in radians.
    fn cartesian(&self, latitude: f64, longitude: f64) -> [f64; 3] {
        let across = self.across(latitude);
        let out = across * latitude.cos();
        [out * longitude.cos(), out * longitude.sin(), (1.0 - self.eccentricity()) * across * latitude.sin()]
    }

    /// Returns the latitude and longitude, in radians, of a point near the surface.
    fn angles(&self, [x, y, z]: [f64; 3]) -> (f64, f64) {
        let out = x.hypot(y);
        let mut latitude = z.atan2(out * (1.0 - self.eccentricity()));
        // Each iteration adds about three digits.
        for _ in 0..6 {
            latitude = (z + self.eccentricity() * self.across(latitude) * latitude.sin()).atan2(out);
        }
        (latitude, y.atan2(x))
    }

    /// Returns the distance in metres along the projected meridian from the origin's latitude.
    fn meridian(&self, latitude: f64) -> f64 {
        let n = (self.major - self.minor) / (self.major + self.minor);
        let (n2, n3) = (n.powi(2), n.powi(3));
        let origin = ORIGIN.latitude.to_radians();
        let (less, more) = (latitude - origin, latitude + origin);
        let arc = (1.0 + n + 1.25 * (n2 + n3)) * less
            - (3.0 * n + 3.0 * n2 + 2.625 * n3) * less.sin() * more.cos()
            + 1.875 * (n2 + n3) * (2.0 * less).sin() * (2.0 * more).cos()
            - 35.0 / 24.0 * n3 * (3.0 * less).sin() * (3.0 * more).cos();
        self.minor * SCALE * arc
    }
}

/// Returns latitude and longitude on the Airy ellipsoid, in radians.
fn unprojected(easting: f64, northing: f64) -> (f64, f64) {
    let north = northing - NORTHING_OF_ORIGIN;
    let mut foot = ORIGIN.latitude.to_radians();
    // Each iteration reduces the error to a thousandth.
    for _ in 0..12 {
        foot += (north - AIRY.meridian(foot)) / (AIRY.major * SCALE);
    }
    let (sin, cos, tan) = (foot.sin(), foot.cos(), foot.tan());
    let across = AIRY.across(foot) * SCALE;
    let along = across * (1.0 - AIRY.eccentricity()) / (1.0 - AIRY.eccentricity() * sin.powi(2));
    let eta = across / along - 1.0;
    let (t2, t4, t6) = (tan.powi(2), tan.powi(4), tan.powi(6));
    let east = easting - EASTING_OF_ORIGIN;

    let vii = tan / (2.0 * along * across);
    let viii = tan / (24.0 * along * across.powi(3)) * (5.0 + 3.0 * t2 + eta - 9.0 * t2 * eta);
    let ix = tan / (720.0 * along * across.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t4);
    let latitude = foot - vii * east.powi(2) + viii * east.powi(4) - ix * east.powi(6);

    let x = 1.0 / (cos * across);
    let xi = 1.0 / (cos * 6.0 * across.powi(3)) * (across / along + 2.0 * t2);
    let xii = 1.0 / (cos * 120.0 * across.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t4);
    let xiia = 1.0 / (cos * 5040.0 * across.powi(7)) * (61.0 + 662.0 * t2 + 1320.0 * t4 + 720.0 * t6);
    let longitude = ORIGIN.longitude.to_radians() + x * east - xi * east.powi(3) + xii * east.powi(5)
        - xiia * east.powi(7);
    (latitude, longitude)
}

/// Transforms a point from the Airy ellipsoid's frame to that of WGS84 by shift, rotation and scale.
fn to_wgs84([x, y, z]: [f64; 3]) -> [f64; 3] {
    let scale = 1.0 - 20.4894e-6;
    let [rx, ry, rz] = [0.1502_f64, 0.2470, 0.8421].map(|seconds| (seconds / 3600.0).to_radians());
    [
        446.448 + x * scale - rz * y + ry * z,
        -125.157 + rz * x + y * scale - rx * z,
        542.060 - ry * x + rx * y + z * scale,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordnance_surveys_own_example_is_unprojected() {
        let (latitude, longitude) = unprojected(651_409.903, 313_177.270);
        let (expected_latitude, expected_longitude) =
            (52.0 + 39.0 / 60.0 + 27.2531 / 3600.0, 1.0 + 43.0 / 60.0 + 4.5177 / 3600.0);
        assert!((latitude.to_degrees() - expected_latitude).abs() < 1e-7, "{}", latitude.to_degrees());
        assert!((longitude.to_degrees() - expected_longitude).abs() < 1e-7, "{}", longitude.to_degrees());
    }

    // Stations whose positions in both systems Ordnance Survey published with the 2015 transformation.
    #[test]
    fn published_stations_are_met_within_five_metres() {
        for (easting, northing, latitude, longitude) in [
            (91_492.146, 11_318.804, 49.922_263_937_30, -6.299_777_520_14),
            (170_370.718, 11_572.405, 49.960_061_378_20, -5.203_046_099_98),
            (250_359.811, 62_016.569, 50.438_858_256_10, -4.108_645_635_61),
            (449_816.371, 75_335.861, 50.575_636_650_00, -1.297_822_772_40),
        ] {
            let off = point(easting, northing).unwrap().metres_to(Coordinates { latitude, longitude });
            assert!(off < 5.0, "{easting} {northing} is {off} m off");
        }
    }

    #[test]
    fn points_are_put_back_on_the_grid() {
        for (easting, northing) in
            [(91_492.0, 11_318.0), (358_630.0, 172_567.0), (440_000.0, 1_140_000.0), (650_000.0, 300_000.0)]
        {
            let (east, north) = metres(point(easting, northing).unwrap()).unwrap();
            assert!((east - easting).hypot(north - northing) < 0.1, "{easting} {northing}: {east} {north}");
        }
        assert_eq!(metres(Coordinates { latitude: 40.4, longitude: -3.7 }), None);
    }

    #[test]
    fn what_is_off_the_grid_is_nowhere() {
        assert_eq!(point(0.0, 0.0), None);
        assert_eq!(point(700_001.0, 5_000.0), None);
        assert_eq!(point(f64::NAN, 5_000.0), None);
    }
}
