//! Outlines on the map, from GeoJSON and well-known text.

mod geojson;

use std::str::FromStr as _;

use geo::{
    BoundingRect as _, Coord, CoordsIter as _, Geometry, Intersects as _, MapCoords as _, MultiPolygon,
    Polygon, Rect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wkt::Wkt;

use crate::model::Coordinates;
use crate::model::geography::postcodes::grid;

/// The inside of one or more outlines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ShapeRings", into = "ShapeRings")]
pub(super) struct AreaShape {
    polygons: MultiPolygon,
    bounds: Rect,
}

/// Polygons as lists of longitude and latitude, with the outer ring first.
type ShapeRings = Vec<Vec<Vec<[f64; 2]>>>;

/// The deepest nesting of brackets that is read. A collection of multipolygons has seven levels.
const DEEPEST: usize = 16;

impl AreaShape {
    /// Reads the polygons of a GeoJSON object of any type. Returns `None` if there are none, or if they are not on
    /// Earth.
    pub(super) fn of_geojson(value: &Value) -> Option<Self> {
        let mut polygons = Vec::new();
        geojson::gather(value, &mut polygons)?;
        Self::of(polygons)
    }

    /// Reads a text: GeoJSON, GeoJSON encoded as a JSON string, or well-known text.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.bytes().next()? {
            b'{' => Self::of_geojson(&serde_json::from_str(text).ok()?),
            b'"' => {
                let inner: String = serde_json::from_str(text).ok()?;
                Self::of_geojson(&serde_json::from_str(&inner).ok()?)
            }
            _ => Self::of_wkt(text),
        }
    }

    /// Returns whether a point lies inside or on the outline.
    pub(super) fn holds(&self, point: Coordinates) -> bool {
        let point = point.to_geo();
        self.bounds.intersects(&point) && self.polygons.intersects(&point)
    }

    /// Returns all numbers of the outline, for hashing.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.polygons.coords_iter().flat_map(|Coord { x, y }| [x.to_bits(), y.to_bits()])
    }

    fn of_wkt(text: &str) -> Option<Self> {
        // The parser is recursive: limit its depth.
        let opened = text.bytes().scan(0_usize, |depth, byte| {
            *depth = match byte {
                b'(' => *depth + 1,
                b')' => depth.saturating_sub(1),
                _ => *depth,
            };
            Some(*depth)
        });
        if opened.max()? > DEEPEST || !text.contains('(') {
            return None;
        }
        // Some texts begin with the coordinate system. It has always been this one.
        let text = text.split_once(';').map_or(text, |(_, text)| text);
        let geometry: Geometry = Wkt::from_str(text).ok()?.try_into().ok()?;
        let mut polygons = Vec::new();
        gather(geometry, &mut polygons);
        Self::of(polygons)
    }

    fn of(mut polygons: Vec<Polygon>) -> Option<Self> {
        polygons.retain(encloses_something);
        let polygons = on_earth(MultiPolygon(polygons))?;
        let bounds = polygons.bounding_rect()?;
        Some(Self { polygons, bounds })
    }
}

fn gather(geometry: Geometry, polygons: &mut Vec<Polygon>) {
    match geometry {
        Geometry::Polygon(polygon) => polygons.push(polygon),
        Geometry::MultiPolygon(more) => polygons.extend(more),
        Geometry::Rect(rect) => polygons.push(rect.to_polygon()),
        Geometry::Triangle(triangle) => polygons.push(triangle.to_polygon()),
        Geometry::GeometryCollection(within) => within.into_iter().for_each(|each| gather(each, polygons)),
        _ => {}
    }
}

// At least three corners, with the first repeated at the end.
fn encloses_something(polygon: &Polygon) -> bool {
    polygon.exterior().0.len() >= 4
}

/// Converts polygons to longitude and latitude. Publishers write these, the two swapped, or metres on the grid of Great
/// Britain.
fn on_earth(polygons: MultiPolygon) -> Option<MultiPolygon> {
    let every = |test: &dyn Fn(Coord) -> bool| polygons.coords_iter().all(test);
    let is_home = |x: f64, y: f64| Coordinates { latitude: y, longitude: x }.is_near_uk();
    if polygons.0.is_empty() {
        None
    } else if every(&|Coord { x, y }| is_home(y, x)) && !every(&|Coord { x, y }| is_home(x, y)) {
        Some(polygons.map_coords(|Coord { x, y }| Coord { x: y, y: x }))
    } else if every(&|Coord { x, y }| x.abs() <= 180.0 && y.abs() <= 90.0) {
        Some(polygons)
    } else if every(&|Coord { x, y }| x > LEAST_EASTING && grid::point(x, y).is_some()) {
        Some(polygons.map_coords(|Coord { x, y }| {
            grid::point(x, y).map_or(Coord { x, y }, |point| point.to_geo().into())
        }))
    } else {
        None
    }
}

/// In metres. No degree is as large, and no part of Great Britain is so far west.
const LEAST_EASTING: f64 = 1_000.0;

impl From<AreaShape> for ShapeRings {
    fn from(shape: AreaShape) -> Self {
        let ring = |ring: &geo::LineString| ring.coords().map(|Coord { x, y }| [*x, *y]).collect();
        let rings = |polygon: &Polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>()
        };
        shape.polygons.iter().map(rings).collect()
    }
}

/// The error for stored rings that enclose nothing.
#[derive(Debug, thiserror::Error)]
#[error("is no outline")]
pub(super) struct NoOutline;

impl TryFrom<ShapeRings> for AreaShape {
    type Error = NoOutline;

    fn try_from(rings: ShapeRings) -> Result<Self, NoOutline> {
        let ring = |ring: Vec<[f64; 2]>| ring.into_iter().map(Coord::from).collect::<geo::LineString>();
        let polygon = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(ring);
            Some(Polygon::new(rings.next()?, rings.collect()))
        };
        let polygons = MultiPolygon(rings.into_iter().filter_map(polygon).collect());
        let bounds = polygons.bounding_rect().ok_or(NoOutline)?;
        Ok(Self { polygons, bounds })
    }
}
