//! The polygons of GeoJSON.
//!
//! Not read with the `geojson` crate, which panics if a position has only one number.

use geo::{Coord, LineString, Polygon};
use serde::Deserialize as _;
use serde_json::Value;

/// Collects every polygon in a GeoJSON object. Returns `None` if the object or one of them is malformed. Skips points
/// and lines, which enclose nothing.
pub(super) fn gather(value: &Value, polygons: &mut Vec<Polygon>) -> Option<()> {
    let member = |name: &str| value.get(name);
    let each = |members: Option<&Value>, polygons: &mut Vec<Polygon>| {
        members?.as_array()?.iter().try_for_each(|member| gather(member, polygons))
    };
    match member("type")?.as_str()? {
        "FeatureCollection" => each(member("features"), polygons),
        "GeometryCollection" => each(member("geometries"), polygons),
        "Feature" => match member("geometry") {
            None | Some(Value::Null) => Some(()),
            Some(geometry) => gather(geometry, polygons),
        },
        "Polygon" => {
            polygons.push(polygon(member("coordinates")?)?);
            Some(())
        }
        "MultiPolygon" => {
            let all = member("coordinates")?.as_array()?;
            all.iter().try_for_each(|rings| {
                polygons.push(polygon(rings)?);
                Some(())
            })
        }
        "Point" | "MultiPoint" | "LineString" | "MultiLineString" => Some(()),
        _ => None,
    }
}

// The outer ring comes first, then the holes. An open ring is closed.
fn polygon(rings: &Value) -> Option<Polygon> {
    let mut rings = rings.as_array()?.iter().map(ring);
    let outer = rings.next()??;
    Some(Polygon::new(outer, rings.collect::<Option<_>>()?))
}

fn ring(positions: &Value) -> Option<LineString> {
    positions.as_array()?.iter().map(position).collect()
}

// A third number is the height.
fn position(numbers: &Value) -> Option<Coord> {
    match Vec::<f64>::deserialize(numbers).ok()?.as_slice() {
        [x, y, ..] => Some(Coord { x: *x, y: *y }),
        _ => None,
    }
}
