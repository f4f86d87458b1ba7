//! Areas that services cover.

use std::sync::Arc;

use super::super::lenient::{ObjectMembers, PartKind, extent};
use super::part::parts;
use crate::model::{NestedMember, RecordPart, ServiceArea};

/// Areas, with the names of their members.
pub(in crate::source::dialects) const AREAS: PartKind = PartKind {
    type_name: "ServiceArea",
    member: Some(NestedMember::ServiceAreas),
    names: &["service_areas"],
    bare: "name",
    key: "service_area_id",
};

pub(in crate::source::dialects) fn service_areas(members: &mut ObjectMembers<'_>) -> Vec<Arc<ServiceArea>> {
    parts(members, &AREAS, area)
}

pub(in crate::source::dialects) fn area(m: &mut ObjectMembers<'_>, part: RecordPart) -> ServiceArea {
    let extent_type = m.plain_line(&["extent_type"]);
    let (extent, geojson) = extent(m, &["extent"], extent_type.as_deref());
    ServiceArea {
        part,
        name: m.name(&["name", "service_area"]),
        description: m.prose(&["description"]),
        extent,
        extent_type,
        uri: m.uri_text(&["uri"]),
        geojson,
    }
}
