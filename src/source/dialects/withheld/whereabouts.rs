//! The names of members that say where something is.

use super::names::{has_part, is_any};

// Members that say where something is, in any record. Areas are not among them: they say whom it is for.
pub(super) const WHEREABOUTS: [&str; 36] = [
    "address",
    "addresses",
    "address1",
    "address2",
    "address3",
    "address4",
    "address_line_1",
    "address_line_2",
    "coordinates",
    "distance_away",
    "distance_away_is_service_area",
    "easting",
    "external_identifier",
    "geo",
    "geometry",
    "google_place_id",
    "lat",
    "latitude",
    "lng",
    "lon",
    "longitude",
    "map_url",
    "northing",
    "physical_address",
    "physical_addresses",
    "physical_address_collection",
    "point",
    "postal_address",
    "postal_addresses",
    "postal_address_collection",
    "postal_code",
    "postcode",
    "street",
    "street_address",
    "uprn",
    "what3words",
];

/// What an area says about itself: whom something is for, not where it is.
const OF_AREAS: [&str; 12] = [
    "area", "city", "county", "country", "district", "extent", "geojson", "geometry", "region", "town",
    "uri", "ward",
];

/// Returns whether a member says where something is, by a known name or by one that a vendor made from the same words.
pub(in crate::source) fn says_where(name: &str) -> bool {
    const PARTS: [&str; 22] = [
        "address",
        "addressline",
        "coord",
        "directions",
        "easting",
        "geoloc",
        "googlemap",
        "housename",
        "housenumber",
        "latlng",
        "latlong",
        "locationname",
        "locationtext",
        "maplink",
        "mapurl",
        "northing",
        "pluscode",
        "postcode",
        "postalcode",
        "street",
        "transportation",
        "venue",
    ];
    const NAMES: [&str; 9] =
        ["city", "county", "distance", "map", "site", "town", "where", "zip", "zip_code"];
    const OTHERS: [&str; 3] = ["email", "web", "ipaddress"];
    is_any(name, &WHEREABOUTS) || is_any(name, &NAMES) || (has_part(name, &PARTS) && !has_part(name, &OTHERS))
}

/// Returns whether a member has areas that are served.
pub(super) fn is_areas(name: &str) -> bool {
    is_any(name, &["service_areas", "service_area", "service_area_collection", "areas_served"])
}

/// Returns whether a member of an area says whom something is for, rather than where it is.
pub(super) fn is_of_area(name: &str) -> bool {
    is_any(name, &OF_AREAS)
}
