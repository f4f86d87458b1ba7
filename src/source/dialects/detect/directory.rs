//! Decides whether a page lists services at all, because shops and blogs use the same envelopes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::SeenAnswers;
use crate::source::dialects::descriptions;

/// Members of the standards, at any depth, that hardly anything but a directory of services has. Dialects add more.
const TELLING: [&str; 40] = [
    "accreditations",
    "alternate_name",
    "application_process",
    "assured_date",
    "assurer_email",
    "attending_access",
    "attending_type",
    "byday",
    "cost_option",
    "cost_options",
    "deliverable_type",
    "eligibilities",
    "eligibility_description",
    "eligibilitys",
    "holiday_schedules",
    "interpretation_services",
    "is_at_location",
    "location_type",
    "maximum_age",
    "minimum_age",
    "opens_at",
    "organisation",
    "organisation_id",
    "organization",
    "organization_id",
    "physical_addresses",
    "postal_addresses",
    "regular_schedule",
    "regular_schedules",
    "required_documents",
    "schedules",
    "service_area",
    "service_areas",
    "service_at_locations",
    "service_id",
    "service_taxonomies",
    "service_taxonomys",
    "taxonomy_detail",
    "taxonomy_term",
    "taxonomy_terms",
];

/// Members of services that other things have as well.
const COMMON: [&str; 40] = [
    "accessibilities",
    "address",
    "addresses",
    "alert",
    "attributes",
    "audiences",
    "capacities",
    "contact",
    "contacts",
    "costs",
    "created_at",
    "description",
    "email",
    "facebook",
    "fees",
    "fees_description",
    "free",
    "funding",
    "fundings",
    "id",
    "languages",
    "last_modified",
    "licenses",
    "links",
    "location",
    "locations",
    "meta",
    "name",
    "phone",
    "phones",
    "program",
    "reviews",
    "status",
    "summary",
    "taxonomies",
    "type",
    "updated_at",
    "url",
    "wait_time",
    "website",
];

/// Members that services never have: those of goods, posts and accounts.
const FOREIGN: [&str; 22] = [
    "author",
    "barcode",
    "brand",
    "cart",
    "currency",
    "discount",
    "ean",
    "gtin",
    "in_stock",
    "invoice",
    "isbn",
    "password",
    "price",
    "product",
    "product_id",
    "published_at",
    "quantity",
    "salary",
    "sku",
    "stock",
    "user_id",
    "username",
];

/// Returns whether the rows of a page are not services. A page without rows may list anything.
pub(super) fn is_foreign(seen: &SeenAnswers) -> bool {
    if seen.rows == 0 {
        return false;
    }
    let names: BTreeSet<String> = seen.names.iter().map(|name| folded(name)).collect();
    let telling = descriptions().flat_map(|(_, dialect)| dialect.telling);
    if has_any(&names, &TELLING) || telling.into_iter().any(|name| names.contains(&folded(name))) {
        return false;
    }
    let own = own_names(seen);
    let common = own.iter().filter(|name| COMMON.iter().any(|known| folded(known) == **name)).count();
    // In a directory, at least two thirds of the members are the standard's.
    has_any(&own, &FOREIGN) || common * 3 < own.len() * 2
}

/// Returns which of the rows' members the standard knows.
pub(super) fn known(seen: &SeenAnswers) -> Vec<&'static str> {
    let own = own_names(seen);
    COMMON.into_iter().filter(|name| own.contains(&folded(name))).collect()
}

// JSON:API puts the row's own members into `attributes`.
fn own_names(seen: &SeenAnswers) -> BTreeSet<String> {
    let rows = seen.records.iter().filter_map(Value::as_object);
    let members = rows.flat_map(|row| match row.get("attributes") {
        Some(Value::Object(attributes)) => attributes.keys().chain(row.keys()).collect::<Vec<_>>(),
        _ => row.keys().collect(),
    });
    members.map(|name| folded(name)).collect()
}

fn has_any(names: &BTreeSet<String>, known: &[&str]) -> bool {
    known.iter().any(|known| names.contains(&folded(known)))
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{DetectionAnswers, detect};
    use super::*;
    use crate::source::patience::ReadingPatience;

    fn is_refused(page: &Value) -> bool {
        let page = page.to_string();
        let patience = ReadingPatience::default();
        let found = detect(&DetectionAnswers {
            page: page.as_bytes(),
            detail: None,
            root: None,
            patience: &patience,
        });
        found.dialect.is_none() && found.is_foreign
    }

    #[test]
    fn what_lists_no_services_is_refused() {
        for row in [
            json!({"sku": "A1", "price": 5}),
            json!({"id": 1, "name": "Mug", "description": "x", "price": 5, "status": "active", "url": "u"}),
            json!({"userId": 1, "id": 1, "title": "a", "body": "b"}),
            json!({"id": 1, "first_name": "a", "last_name": "b", "avatar": "c", "email": "d"}),
        ] {
            for page in [
                json!({"data": [row], "links": {}, "current_page": 1}),
                json!({"contents": [row], "total_items": 1}),
                json!({"content": [row], "totalElements": 1}),
            ] {
                assert!(is_refused(&page), "{page}");
            }
        }
    }

    #[test]
    fn sparse_services_are_services() {
        for row in [
            json!({"id": "1", "name": "Tea"}),
            json!({"id": "1", "name": "Tea", "description": "x", "status": "active", "pc_flag": 1}),
            json!({"id": "1", "organization_id": "o", "price": 5, "sku": 7}),
        ] {
            assert!(!is_refused(&json!({"contents": [row], "total_items": 1})), "{row}");
        }
    }
}
