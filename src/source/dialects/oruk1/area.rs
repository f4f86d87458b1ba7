//! Areas that services cover.

use std::sync::Arc;

use serde_json::Value;

use super::super::hsds3::area::{AREAS, area};
use super::super::hsds3::part::parts;
use super::super::lenient::{ObjectMembers, PartKind};
use crate::model::{RecordPart, ServiceArea};

const SERVED: PartKind = PartKind { names: &["service_areas", "service_area_collection"], ..AREAS };

/// The URL prefix of the areas of national statistics.
const STATISTICAL_GEOGRAPHY: &str = "http://statistics.data.gov.uk/id/statistical-geography/";

pub(super) fn service_areas(m: &mut ObjectMembers<'_>) -> Vec<Arc<ServiceArea>> {
    parts(m, &SERVED, served)
}

fn served(m: &mut ObjectMembers<'_>, part: RecordPart) -> ServiceArea {
    let has_no_uri = m.peek("uri").is_none();
    let code = m.peek("identifier").and_then(Value::as_str).filter(|code| has_no_uri && is_statistical(code));
    let uri = code.map(|code| format!("{STATISTICAL_GEOGRAPHY}{}", code.trim()));
    if uri.is_some() {
        m.value(&["identifier"]);
    }
    let mut area = area(m, part);
    area.uri = area.uri.or(uri);
    if area.extent_type.is_none() {
        area.extent_type = area.extent.as_deref().map(|extent| kind_of(extent, area.geojson.is_some()));
    }
    area
}

// For example `E06000060`: a letter for the country, and eight digits.
fn is_statistical(code: &str) -> bool {
    let code = code.trim();
    let digits = code.strip_prefix(['E', 'K', 'N', 'S', 'W']);
    digits.is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

// 1.0 does not state the format of an extent.
fn kind_of(extent: &str, is_geojson: bool) -> String {
    let start = extent.trim_start();
    let is_kml = start.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("<kml"));
    // Well-known text is read like GeoJSON, but it is not GeoJSON.
    let is_json = start.starts_with(['{', '"']);
    let kind = match (is_geojson && is_json, is_kml) {
        (true, _) => "geojson",
        (false, true) => "kml",
        (false, false) => "text",
    };
    kind.to_owned()
}

#[cfg(test)]
mod tests {
    use super::is_statistical;

    #[test]
    fn codes_of_the_national_statistics() {
        assert!(is_statistical("E06000060") && is_statistical(" W06000015"));
        assert!(!is_statistical("E0600006") && !is_statistical("BS") && !is_statistical("X06000060"));
    }
}
