//! The records of HSDS 3 and its UK profile.

use super::MemberKind::{Code, Date, DateTime, Email, Many, Number, One, Text, Uri, Uuid};
use super::ObjectStandard;
use super::StandardScope::{All, Hsds, Hsds31};
use super::parts::{
    ACCESSIBILITY, ADDRESS, ATTRIBUTE, CONTACT, COST_OPTION, FUNDING, LANGUAGE, METADATA,
    ORGANIZATION_IDENTIFIER, PHONE, PROGRAM, REQUIRED_DOCUMENT, SCHEDULE, SERVICE_AREA, SERVICE_CAPACITY,
    URL,
};
use crate::model::RecordKind;

/// Returns the requirements for records of a kind.
pub(super) fn object(kind: RecordKind) -> &'static ObjectStandard {
    match kind {
        RecordKind::Service => &SERVICE,
        RecordKind::Organization => &ORGANIZATION,
        RecordKind::Location => &LOCATION,
        RecordKind::ServiceAtLocation => &SERVICE_AT_LOCATION,
        RecordKind::Taxonomy => &TAXONOMY,
        RecordKind::TaxonomyTerm => &TAXONOMY_TERM,
    }
}

pub(super) static ORGANIZATION: ObjectStandard = ObjectStandard {
    required: &["id", "name", "description"],
    members: &[
        (All, Uuid, &["id", "parent_organization_id"]),
        (All, Text, &["name", "description", "logo"]),
        (All, Email, &["email"]),
        (All, Uri, &["website", "uri"]),
        (All, Many(&ORGANIZATION_IDENTIFIER), &["organization_identifiers"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (All, Many(&SERVICE), &["services"]),
        (Hsds, Text, &["alternate_name", "tax_status", "tax_id", "legal_status"]),
        (Hsds, Number, &["year_incorporated"]),
        (Hsds, Many(&FUNDING), &["funding"]),
        (Hsds, Many(&CONTACT), &["contacts"]),
        (Hsds, Many(&PHONE), &["phones"]),
        (Hsds, Many(&LOCATION), &["locations"]),
        (Hsds, Many(&PROGRAM), &["programs"]),
        (Hsds, Many(&METADATA), &["metadata"]),
        (Hsds31, Many(&URL), &["additional_websites"]),
    ],
};

pub(super) static SERVICE: ObjectStandard = ObjectStandard {
    required: &["id", "name", "status"],
    members: &[
        (All, Uuid, &["id", "organization_id"]),
        (All, Text, &["name", "description", "fees", "accreditations", "alert"]),
        (All, Uri, &["url"]),
        (All, Email, &["email", "assurer_email"]),
        (All, Code(&["active", "inactive", "defunct", "temporarily closed"]), &["status"]),
        (All, Number, &["minimum_age", "maximum_age"]),
        (All, Date, &["assured_date"]),
        (All, DateTime, &["last_modified"]),
        (All, Many(&SCHEDULE), &["schedules"]),
        (All, Many(&SERVICE_AREA), &["service_areas"]),
        (All, Many(&SERVICE_AT_LOCATION), &["service_at_locations"]),
        (All, Many(&LANGUAGE), &["languages"]),
        (All, One(&ORGANIZATION), &["organization"]),
        (All, Many(&FUNDING), &["funding"]),
        (All, Many(&COST_OPTION), &["cost_options"]),
        (All, Many(&CONTACT), &["contacts"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Uuid, &["program_id"]),
        (
            Hsds,
            Text,
            &[
                "alternate_name",
                "interpretation_services",
                "application_process",
                "fees_description",
                "wait_time",
                "eligibility_description",
                "licenses",
            ],
        ),
        (Hsds, Many(&PHONE), &["phones"]),
        (Hsds, One(&PROGRAM), &["program"]),
        (Hsds, Many(&REQUIRED_DOCUMENT), &["required_documents"]),
        (Hsds, Many(&METADATA), &["metadata"]),
        (Hsds31, Many(&URL), &["additional_urls"]),
        (Hsds31, Many(&SERVICE_CAPACITY), &["capacities"]),
    ],
};

pub(super) static SERVICE_AT_LOCATION: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id", "location_id"]),
        (All, One(&LOCATION), &["location"]),
        (All, One(&SERVICE), &["service"]),
        (Hsds, Text, &["description"]),
        (Hsds, Many(&CONTACT), &["contacts"]),
        (Hsds, Many(&PHONE), &["phones"]),
        (Hsds, Many(&SCHEDULE), &["schedules"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
        (Hsds31, Many(&SERVICE_AREA), &["service_areas"]),
    ],
};

pub(super) static LOCATION: ObjectStandard = ObjectStandard {
    required: &["id", "location_type"],
    members: &[
        (All, Uuid, &["id"]),
        (All, Code(&["physical", "postal", "virtual"]), &["location_type"]),
        (All, Text, &["name", "description", "external_identifier", "external_identifier_type"]),
        (All, Number, &["latitude", "longitude"]),
        (All, Many(&ADDRESS), &["addresses"]),
        (All, Many(&ACCESSIBILITY), &["accessibility"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Uri, &["url"]),
        (Hsds, Uuid, &["organization_id"]),
        (Hsds, Text, &["alternate_name", "transportation"]),
        (Hsds, Many(&LANGUAGE), &["languages"]),
        (Hsds, Many(&CONTACT), &["contacts"]),
        (Hsds, Many(&PHONE), &["phones"]),
        (Hsds, Many(&SCHEDULE), &["schedules"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static TAXONOMY: ObjectStandard = ObjectStandard {
    required: &["id", "name", "description"],
    members: &[
        (All, Uuid, &["id"]),
        (All, Text, &["name", "description", "version"]),
        (All, Uri, &["uri"]),
        (All, Many(&TAXONOMY_TERM), &["taxonomy_terms"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static TAXONOMY_TERM: ObjectStandard = ObjectStandard {
    required: &["id", "name", "description"],
    members: &[
        (All, Uuid, &["id", "parent_id", "taxonomy_id"]),
        (All, Text, &["name", "description", "taxonomy", "term"]),
        (All, Uri, &["term_uri"]),
        (Hsds, Text, &["code", "language"]),
        (Hsds, One(&TAXONOMY), &["taxonomy_detail"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};
