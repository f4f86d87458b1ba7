//! Areas in well-known text, which some feeds of 1.0 send.

use std::fmt::Write as _;

use serde_json::{Value, json};

type Ring = Vec<[f64; 2]>;

/// The area that a text describes, as GeoJSON; none where it is no polygon and no list of polygons.
pub(super) fn geojson_of(text: &str) -> Option<Value> {
    let text = text.trim().to_ascii_uppercase();
    if let Some(rings) = text.strip_prefix("MULTIPOLYGON") {
        let polygons: Vec<Vec<Ring>> = serde_json::from_str(&brackets(rings)?).ok()?;
        return Some(json!({"type": "MultiPolygon", "coordinates": polygons}));
    }
    let rings: Vec<Ring> = serde_json::from_str(&brackets(text.strip_prefix("POLYGON")?)?).ok()?;
    Some(json!({"type": "Polygon", "coordinates": rings}))
}

// `((0 51, 1 51))` as `[[[0,51],[1,51]]]`.
fn brackets(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(['(', ')', ',']) {
        let (point, mark) = match piece.strip_suffix(['(', ')', ',']) {
            Some(point) => (point, piece.get(point.len()..)?),
            None => (piece, ""),
        };
        let mut numbers = point.split_whitespace().map(str::parse::<f64>);
        if let Some(x) = numbers.next() {
            let (x, y) = (x.ok()?, numbers.next()?.ok()?);
            // Writing to a string cannot fail.
            let _ = write!(json, "[{x},{y}]");
        }
        json.push_str(match mark {
            "(" => "[",
            ")" => "]",
            mark => mark,
        });
    }
    Some(json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::geojson_of;

    #[test]
    fn polygons_are_read() {
        let ring = json!([[0.0, 51.0], [1.0, 51.5], [1.0, 52.0], [0.0, 51.0]]);
        assert_eq!(
            geojson_of("POLYGON ((0 51, 1 51.5, 1 52, 0 51))"),
            Some(json!({"type": "Polygon", "coordinates": [ring]}))
        );
        assert_eq!(
            geojson_of("multipolygon(((0 51,1 51.5,1 52,0 51)))"),
            Some(json!({"type": "MultiPolygon", "coordinates": [[ring]]}))
        );
        for text in
            ["", "Elmshire", "POLYGON", "POLYGON((a b))", "POLYGON((0 51)", "POINT(0 51)", "POLYGON((1))"]
        {
            assert_eq!(geojson_of(text), None, "{text}");
        }
    }
}
