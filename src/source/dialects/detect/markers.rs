//! What speaks for which dialect, and how much.

use serde_json::Value;
use uuid::Uuid;

use super::Seen;
use crate::model::Dialect::{
    self, ConnectToSupport, Hsds3, LocalgovDrupal, Oruk1, Oruk3, Outpost, Placecube1, Southampton,
};
use crate::model::Postcode;

/// Something that answers may show.
pub(super) struct Marker {
    /// How much it speaks for which dialects.
    pub points: &'static [(Dialect, u32)],
    /// It, in words.
    pub reason: &'static str,
    /// Whether it is there.
    pub holds: fn(&Seen) -> bool,
}

const OF_1: &[(Dialect, u32)] = &[
    (Oruk1, 3),
    (Placecube1, 3),
    (Outpost, 3),
    (LocalgovDrupal, 3),
    (ConnectToSupport, 3),
    (Southampton, 3),
];

#[rustfmt::skip] // One line a marker.
pub(super) const MARKERS: &[Marker] = &[
    Marker { points: &[(Hsds3, 3), (Oruk3, 3)], reason: "the page has the envelope of 3", holds: |seen| in_envelope(seen, &["contents", "total_items"]) },
    Marker { points: &[(Hsds3, 5), (Oruk3, 3)], reason: "the page has the envelope of international 3.1 servers", holds: |seen| seen.envelope.contains_key("data") && in_envelope(seen, &["links", "current_page"]) },
    Marker { points: &[(Hsds3, 2), (Oruk3, 2)], reason: "records have members of 3", holds: |seen| has_any(seen, &["taxonomy_term", "location_type", "website", "organization_identifiers", "schedules"]) },
    Marker { points: &[(Oruk3, 3)], reason: "records have members that only the UK added", holds: has_uk_additions },
    Marker { points: &[(Oruk3, 3)], reason: "records of 3 have members of a UK publishing system", holds: |seen| !is_1(seen) && has_vendor(seen, "pc_") },
    Marker { points: &[(Oruk3, 2)], reason: "the profile is the UK's", holds: |seen| seen.root_text("profile").contains("uk") },
    Marker { points: &[(Oruk3, 1)], reason: "the version names the UK", holds: |seen| seen.root_text("version").contains("uk") },
    Marker { points: &[(Hsds3, 2), (Oruk3, 1)], reason: "the version is 3, and the envelope is no dialect's", holds: |seen| !has_known_envelope(seen) && is_version_3(&seen.root_text("version")) },
    Marker { points: &[(Oruk3, 1)], reason: "postcodes are the UK's", holds: |seen| seen.any_text("postal_code", |text| Postcode::parse(text).is_ok()) },
    Marker { points: &[(Hsds3, 2)], reason: "addresses are in the United States", holds: |seen| seen.any_text("country", |text| matches!(text, "US" | "USA")) },
    Marker { points: &[(Hsds3, 2)], reason: "the version is one the UK has no profile of", holds: |seen| is_later_than_the_uks(&seen.root_text("version")) },
    Marker { points: &[(Hsds3, 2)], reason: "records have members that came with 3.1", holds: |seen| !is_1(seen) && has_any(seen, &["additional_urls", "additional_websites", "capacities"]) },
    Marker { points: &[(Hsds3, 1)], reason: "the profile is the international one", holds: |seen| seen.root_text("profile").contains("docs.openreferral.org") },
    Marker { points: OF_1, reason: "the page has the envelope of 1", holds: is_1 },
    Marker { points: &[(Oruk1, 1), (Placecube1, 1), (LocalgovDrupal, 1), (ConnectToSupport, 1), (Southampton, 1)], reason: "records name their organization as 1 does", holds: |seen| is_1(seen) && has_any(seen, &["organization"]) },
    Marker { points: &[(Oruk1, 3), (Placecube1, 3), (LocalgovDrupal, 3)], reason: "records have members of 1", holds: |seen| has_any(seen, &["service_taxonomys", "service_taxonomies", "physical_addresses", "deliverable_type", "attending_access"]) },
    Marker { points: &[(Oruk1, 1)], reason: "identifiers are UUIDs and nothing is a publisher's own", holds: |seen| !in_envelope(seen, &["contents", "data"]) && is_plain(seen) },
    Marker { points: &[(Placecube1, 6)], reason: "records of 1 have Placecube's members", holds: |seen| is_1(seen) && has_vendor(seen, "pc_") },
    Marker { points: &[(Placecube1, 3)], reason: "exceptions are called as Placecube calls them", holds: |seen| seen.has("holidayScheduleCollection") },
    Marker { points: &[(ConnectToSupport, 6)], reason: "the envelope is in lower case", holds: |seen| in_envelope(seen, &["totalelements", "totalpages"]) },
    Marker { points: &[(ConnectToSupport, 4)], reason: "collections are named in lower case", holds: |seen| seen.names.iter().any(|name| name.ends_with("collection") && !name.contains('_')) },
    Marker { points: &[(LocalgovDrupal, 5)], reason: "identifiers are two UUIDs in one", holds: |seen| seen.any_text("id", is_composite) },
    Marker { points: &[(LocalgovDrupal, 4)], reason: "texts come with their format", holds: |seen| seen.any(|members| members.contains_key("value") && members.contains_key("format")) },
    Marker { points: &[(LocalgovDrupal, 3)], reason: "the number of pages is a float", holds: |seen| seen.envelope.get("totalPages").is_some_and(Value::is_f64) },
    Marker { points: &[(LocalgovDrupal, 2)], reason: "empty lists stand for values", holds: |seen| seen.any(|members| ["url", "description", "organization"].iter().any(|name| members.get(*name).is_some_and(Value::is_array))) },
    Marker { points: &[(Outpost, 1)], reason: "identifiers are numbers", holds: |seen| seen.records.iter().any(|record| record.get("id").is_some_and(Value::is_number)) },
    Marker { points: &[(Outpost, 2)], reason: "records say organisation", holds: |seen| seen.has("organisation") },
    Marker { points: &[(Outpost, 3)], reason: "records have Outpost's members", holds: |seen| has_any(seen, &["mask_exact_address", "target_directories", "send_needs", "age_band_all", "suitabilities"]) },
    Marker { points: &[(Southampton, 6)], reason: "records have Southampton's members", holds: |seen| has_any(seen, &["hide_address", "school_pickups", "extra_section_heading", "schedule_description"]) },
    Marker { points: &[(Southampton, 2)], reason: "records have the inspectors' members", holds: |seen| has_vendor(seen, "ofsted_") || has_vendor(seen, "cqc_") },
];

fn in_envelope(seen: &Seen, names: &[&str]) -> bool {
    names.iter().any(|name| seen.envelope.contains_key(*name))
}

fn is_1(seen: &Seen) -> bool {
    let counts = in_envelope(seen, &["totalElements", "totalelements", "totalPages", "totalpages"]);
    seen.envelope.contains_key("content") || counts
}

fn has_known_envelope(seen: &Seen) -> bool {
    is_1(seen) || in_envelope(seen, &["contents", "total_items", "current_page"])
}

fn has_any(seen: &Seen, names: &[&str]) -> bool {
    names.iter().any(|name| seen.has(name))
}

fn has_vendor(seen: &Seen, prefix: &str) -> bool {
    seen.names.iter().any(|name| name.starts_with(prefix))
}

// The UK's four, which are texts or lists there; an accessibility is a list elsewhere.
fn has_uk_additions(seen: &Seen) -> bool {
    !is_1(seen)
        && (seen.any_text("accessibility", |_| true)
            || seen.any_text("service_area", |_| true)
            || seen.any_text("term", |_| true)
            || seen.has("taxonomy_terms"))
}

// `3.1`, `3.1.1`, `HSDS-3.2`; the UK's profile is of 3.0.
fn is_later_than_the_uks(version: &str) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let later = numbers.next() == Some("3") && numbers.next().is_some_and(|minor| minor != "0");
    later && !version.contains("uk")
}

fn is_version_3(version: &str) -> bool {
    version.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty()) == Some("3")
}

fn is_composite(id: &str) -> bool {
    let is_uuid = |half: Option<&str>| half.is_some_and(|half| Uuid::try_parse(half).is_ok());
    id.len() == 73 && is_uuid(id.get(..36)) && is_uuid(id.get(37..))
}

// One broken record must not decide what all the others speak.
fn is_plain(seen: &Seen) -> bool {
    let is_uuid = |record: &&Value| {
        record.get("id").and_then(Value::as_str).is_some_and(|id| Uuid::try_parse(id).is_ok())
    };
    seen.records.iter().filter(|record| is_uuid(record)).count() * 2 > seen.records.len()
}
