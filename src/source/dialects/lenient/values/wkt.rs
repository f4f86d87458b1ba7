//! Well-known text, which geographers and databases write instead of GeoJSON.

use std::str::FromStr as _;

use geo::{Coord, Geometry, LineString, Polygon};
use serde_json::{Value, json};
use wkt::Wkt;

/// The deepest nesting of brackets that is read, because the parser is recursive.
const DEEPEST: usize = 16;

/// Converts well-known text to GeoJSON. Returns `None` if the text is something else, or is empty.
pub(in crate::source::dialects::lenient) fn geojson_of(text: &str) -> Option<Value> {
    let geometry: Geometry = Wkt::from_str(bare(text)?).ok()?.try_into().ok()?;
    written(&geometry)
}

/// Returns whether a text begins like well-known text.
pub(in crate::source::dialects::lenient) fn looks_like_wkt(text: &str) -> bool {
    bare(text).is_some()
}

const KINDS: [&str; 7] =
    ["POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

// Removes the coordinate system that some feeds put first. It has always been the usual one.
fn bare(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = match text.split_once(';') {
        Some((system, text)) if system.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("SRID=")) => {
            text.trim()
        }
        _ => text,
    };
    let begins = |kind: &str| text.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    let opened = text.bytes().scan(0_usize, |depth, byte| {
        *depth = match byte {
            b'(' => *depth + 1,
            b')' => depth.saturating_sub(1),
            _ => *depth,
        };
        Some(*depth)
    });
    let is_read = text.contains('(') && opened.max().is_some_and(|depth| depth <= DEEPEST);
    (is_read && KINDS.into_iter().any(begins)).then_some(text)
}

fn written(geometry: &Geometry) -> Option<Value> {
    let of = |kind: &str, coordinates: Value| Some(json!({"type": kind, "coordinates": coordinates}));
    match geometry {
        Geometry::Point(point) => of("Point", position(&point.0)),
        Geometry::MultiPoint(points) => {
            of("MultiPoint", points.iter().map(|point| position(&point.0)).collect())
        }
        Geometry::LineString(line) => of("LineString", positions(line)),
        Geometry::MultiLineString(lines) => of("MultiLineString", lines.iter().map(positions).collect()),
        Geometry::Polygon(polygon) => of("Polygon", rings(polygon)),
        Geometry::MultiPolygon(polygons) => of("MultiPolygon", polygons.iter().map(rings).collect()),
        Geometry::GeometryCollection(within) => {
            let within: Option<Vec<Value>> = within.iter().map(written).collect();
            Some(json!({"type": "GeometryCollection", "geometries": within?}))
        }
        _ => None,
    }
}

fn rings(polygon: &Polygon) -> Value {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}

fn positions(line: &LineString) -> Value {
    line.coords().map(position).collect()
}

fn position(at: &Coord) -> Value {
    json!([at.x, at.y])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_99_shapes_in_well_known_text() {
        let ring = json!([[0.0, 51.0], [1.0, 51.5], [1.0, 52.0], [0.0, 51.0]]);
        for text in [
            "POLYGON ((0 51, 1 51.5, 1 52, 0 51))",
            "polygon((0 51,1 51.5,1 52,0 51))",
            "SRID=4326;POLYGON((0 51,1 51.5,1 52,0 51))",
            "POLYGON Z ((0 51 5, 1 51.5 5, 1 52 5, 0 51 5))",
            "POLYGON((0 51,1 51.5,1 52))",
        ] {
            assert_eq!(geojson_of(text), Some(json!({"type": "Polygon", "coordinates": [ring]})), "{text}");
        }
        assert_eq!(
            geojson_of("multipolygon(((0 51,1 51.5,1 52,0 51)))"),
            Some(json!({"type": "MultiPolygon", "coordinates": [[ring]]}))
        );
        assert_eq!(
            geojson_of("POINT (-2.5 51.5)"),
            Some(json!({"type": "Point", "coordinates": [-2.5, 51.5]}))
        );
        let both =
            geojson_of("GEOMETRYCOLLECTION(POINT(-2.5 51.5), POLYGON((0 51,1 51.5,1 52,0 51)))").unwrap();
        assert_eq!(both["geometries"].as_array().unwrap().len(), 2);
        let deep = format!("POLYGON{}", "(".repeat(5000));
        for text in [
            "",
            "Elmshire",
            "POLYGON",
            "POLYGON((a b))",
            "POLYGON((0 51)",
            "Polygon Road (east)",
            "POLYGON EMPTY",
            &deep,
        ] {
            assert_eq!(geojson_of(text), None, "{text}");
        }
    }
}
