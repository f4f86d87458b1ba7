//! The kinds of record a feed lists, and how each is read.

use serde_json::Value;

use super::dialect::{DialectReader, Reading};
use crate::model::{
    Location, Organization, Record, RecordIssue, RecordKind, Service, ServiceAtLocation, Taxonomy,
    TaxonomyTerm,
};

/// A record that is read from an answer's row.
pub(crate) trait FromRow: Record + Clone + Send + Sync + Sized + 'static {
    /// Its kind.
    const KIND: RecordKind;

    /// Reads it as a dialect does.
    fn from_row(dialect: &dyn DialectReader, row: Value, reading: &Reading<'_>) -> Option<Self>;

    /// Takes out who checked the record.
    fn withhold_assurer(&mut self) {}

    /// What its dialect noted in it and in the records inside it, each with where in its row that is.
    fn issues(&self) -> Vec<(&'static str, &[RecordIssue])> {
        vec![("", &self.provenance().issues)]
    }
}

macro_rules! from_row {
    ($($type:ident: $read:ident $(, $withhold:ident, $issues:ident)?;)+) => {$(
        impl FromRow for $type {
            const KIND: RecordKind = RecordKind::$type;

            fn from_row(dialect: &dyn DialectReader, row: Value, reading: &Reading<'_>) -> Option<Self> {
                dialect.$read(row, reading)
            }
            $(
                fn withhold_assurer(&mut self) {
                    $withhold(self);
                }

                fn issues(&self) -> Vec<(&'static str, &[RecordIssue])> {
                    $issues(self)
                }
            )?
        }
    )+};
}

from_row! {
    Service: read_service, withhold_assurer_of_service, issues_of_service;
    Organization: read_organization;
    Location: read_location;
    ServiceAtLocation: read_service_at_location;
    Taxonomy: read_taxonomy;
    TaxonomyTerm: read_taxonomy_term;
}

// Who it was also hides in members the standard does not know: the address under whatever name, and a plain name
// under those that vendors have for it.
fn withhold_assurer_of_service(service: &mut Service) {
    let email = service.assurer_email.take();
    service.provenance.assurer_email = None;
    service.extra.retain(|path, _| !names_assurer(path));
    let issues = &mut service.provenance.issues;
    for issue in issues.iter_mut().filter(|issue| names_assurer(&issue.path)) {
        issue.original = None;
    }
    let originals = issues.iter_mut().filter_map(|issue| issue.original.as_mut());
    for value in service.extra.values_mut().chain(originals) {
        withhold(value, email.as_deref());
    }
}

// The last step of a path counts.
fn names_assurer(path: &str) -> bool {
    const NAMES: [&str; 5] = ["assuredby", "assurer", "assureremail", "assurername", "assuredbyemail"];
    let name = path.rsplit('.').next().unwrap_or(path);
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    NAMES.iter().any(|known| letters.eq_ignore_ascii_case(known))
}

fn issues_of_service(service: &Service) -> Vec<(&'static str, &[RecordIssue])> {
    let mut noted: Vec<(&'static str, &[RecordIssue])> = vec![("", &service.provenance.issues)];
    if let Some(organization) = &service.organization {
        noted.push(("organization", &organization.provenance.issues));
    }
    for place in &service.service_at_locations {
        noted.push(("service_at_locations[]", &place.provenance.issues));
        if let Some(location) = &place.location {
            noted.push(("service_at_locations[].location", &location.provenance.issues));
        }
    }
    for term in service.attributes.iter().filter_map(|attribute| attribute.taxonomy_term.as_ref()) {
        noted.push(("attributes[].taxonomy_term", &term.provenance.issues));
    }
    noted
}

fn withhold(value: &mut Value, email: Option<&str>) {
    match value {
        Value::String(own) if email.is_some_and(|email| own.contains(email)) => *value = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(|item| withhold(item, email)),
        Value::Object(members) => {
            members.retain(|name, _| !names_assurer(name));
            members.values_mut().for_each(|member| withhold(member, email));
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The path of a kind's endpoint below a feed's base address, as the standard names it; also the name of its
/// override in the configuration.
pub(crate) fn endpoint_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Service => "services",
        RecordKind::Organization => "organizations",
        RecordKind::Location => "locations",
        RecordKind::ServiceAtLocation => "service_at_locations",
        RecordKind::Taxonomy => "taxonomies",
        RecordKind::TaxonomyTerm => "taxonomy_terms",
    }
}

/// Where the standard has the endpoint of a kind: it has none of locations.
pub(crate) fn standard_endpoint(kind: RecordKind) -> Option<&'static str> {
    (kind != RecordKind::Location).then(|| endpoint_name(kind))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::super::dialect::{Depth, RecordUrl};
    use super::super::dialects;
    use super::super::patience::Patience;
    use super::*;
    use crate::model::{Dialect, SourceKey};

    #[derive(Debug)]
    struct Nowhere;

    impl RecordUrl for Nowhere {
        fn record_url(&self, _: RecordKind, _: &str) -> Option<url::Url> {
            None
        }
    }

    fn withheld(row: Value) -> Value {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let source = SourceKey::parse("elmshire").unwrap();
        let reading = Reading {
            source: &source,
            record_url: &Nowhere,
            fetched_at: at,
            fresh_until: at,
            depth: Depth::Detail,
            shape: None,
            max_id_length: 512,
            patience: &Patience::default(),
        };
        let reader = dialects::reader(Dialect::Placecube1).unwrap();
        let mut service = reader.read_service(row, &reading).unwrap();
        service.withhold_assurer();
        json!(service)
    }

    #[test]
    fn quirk_71_who_checked_a_record_leaves_no_trace_whether_named_or_by_address() {
        for by in ["Sample Person", "sample.person@curator.example"] {
            let vendor = json!({"assured_by": by, "date_created": "2020-06-05", "note": "kept"});
            let row = json!({"id": "1", "name": "Tea", "pc_metadata": vendor, "Assurer-Name": by,
                "review": {"by": "sample.person@curator.example"}});
            let service = withheld(row);
            let text = service.to_string().to_lowercase();
            assert!(!text.contains("sample person"), "{text}");
            assert_eq!(text.contains("sample.person"), by == "Sample Person", "{text}");
            assert_eq!(service["extra"]["pc_metadata"]["note"], "kept");
        }
    }
}
