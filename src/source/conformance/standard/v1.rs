//! The records of Open Referral UK 1.0, with the names that publishers use.

use super::MemberKind::{Code, Date, Email, Many, Number, One, Text, Time, Truth, Uri, Uuid};
use super::ObjectStandard;
use super::StandardScope::All;
use crate::model::RecordKind;

/// Returns the requirements for records of a kind. Returns `None` for kinds that 1.0 does not have.
pub(super) fn object(kind: RecordKind) -> Option<&'static ObjectStandard> {
    match kind {
        RecordKind::Service => Some(&SERVICE),
        RecordKind::Organization => Some(&ORGANIZATION),
        RecordKind::Location => Some(&LOCATION),
        RecordKind::ServiceAtLocation => Some(&SERVICE_AT_LOCATION),
        // A taxonomy in 1.0 is a term. A vocabulary is only a name.
        RecordKind::TaxonomyTerm => Some(&TAXONOMY),
        RecordKind::Taxonomy => None,
    }
}

static SERVICE: ObjectStandard = ObjectStandard {
    required: &["id", "name"],
    members: &[
        (All, Uuid, &["id"]),
        (All, Text, &["organization_id", "name", "alternate_name", "description", "application_process"]),
        (All, Text, &["interpretation_services", "wait_time", "fees", "accreditations", "licenses"]),
        (All, Uri, &["url"]),
        (All, Email, &["email"]),
        (All, Code(&["active", "inactive", "defunct", "temporarily closed"]), &["status"]),
        (All, Code(DELIVERABLES), &["deliverable_type"]),
        (All, Code(&["phone", "online", "venue", "home visit"]), &["attending_type"]),
        (All, Code(&["referral", "appointment", "membership", "drop-in"]), &["attending_access"]),
        (All, Date, &["assured_date"]),
        (All, One(&ORGANIZATION), &["organization"]),
        (All, Many(&CONTACT), &["contacts"]),
        (All, Many(&SERVICE_AREA), &["service_areas"]),
        (All, Many(&FUNDING), &["fundings"]),
        (All, Many(&REGULAR_SCHEDULE), &["regular_schedules"]),
        (All, Many(&HOLIDAY_SCHEDULE), &["holiday_schedules"]),
        (All, Many(&ELIGIBILITY), &["eligibilitys", "eligibilities"]),
        (All, Many(&SERVICE_TAXONOMY), &["service_taxonomys", "service_taxonomies"]),
        (All, Many(&SERVICE_AT_LOCATION), &["service_at_locations"]),
        (All, Many(&COST_OPTION), &["cost_options"]),
        (All, Many(&REVIEW), &["reviews"]),
        (All, Many(&LANGUAGE), &["languages"]),
    ],
};

const DELIVERABLES: &[&str] = &[
    "Advice",
    "Assessment",
    "Counselling",
    "Equipment",
    "Financial Support",
    "Information",
    "Permission",
    "Training",
];

static ORGANIZATION: ObjectStandard = ObjectStandard {
    required: &["id", "name", "description"],
    members: &[
        (All, Uuid, &["id"]),
        (All, Text, &["name", "alternate_name", "description", "logo", "legal_status", "tax_id"]),
        (All, Email, &["email"]),
        (All, Uri, &["url", "uri"]),
    ],
};

static SERVICE_TAXONOMY: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[(All, Text, &["id", "service_id", "taxonomy_id"]), (All, One(&TAXONOMY), &["taxonomy"])],
};

static TAXONOMY: ObjectStandard = ObjectStandard {
    required: &["id", "name"],
    members: &[(All, Text, &["id", "name", "parent_id", "parent_name", "vocabulary"])],
};

static SERVICE_AT_LOCATION: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Text, &["id", "service_id", "location_id", "description"]),
        (All, One(&LOCATION), &["location"]),
        (All, Many(&REGULAR_SCHEDULE), &["regular_schedule"]),
        (All, Many(&HOLIDAY_SCHEDULE), &["holidayScheduleCollection", "holiday_schedules"]),
    ],
};

static LOCATION: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id"]),
        (All, Text, &["organization_id", "name", "alternate_name", "description", "transportation"]),
        (All, Number, &["latitude", "longitude"]),
        (All, Many(&ADDRESS), &["physical_addresses", "postal_addresses"]),
        (All, Many(&ACCESSIBILITY), &["accessibility_for_disabilities"]),
    ],
};

static ADDRESS: ObjectStandard = ObjectStandard {
    required: &["id", "city", "state_province", "postal_code", "country"],
    members: &[
        (All, Text, &["id", "location_id", "attention", "address_1", "city", "region", "state_province"]),
        (All, Text, &["postal_code", "country", "uprn"]),
    ],
};

static ACCESSIBILITY: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[(All, Text, &["id", "location_id", "accessibility", "details"])],
};

static CONTACT: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Text, &["id", "service_id", "organization_id", "name", "title", "department"]),
        (All, Email, &["email"]),
        (All, Many(&PHONE), &["phones"]),
    ],
};

static PHONE: ObjectStandard = ObjectStandard {
    required: &["id", "number"],
    members: &[
        (All, Text, &["id", "contact_id", "number", "language", "description", "department"]),
        (All, Number, &["extension"]),
        (All, Code(&["text", "voice", "fax", "cell", "video", "pager", "textphone"]), &["type"]),
    ],
};

static REGULAR_SCHEDULE: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Text, &["id", "service_id", "service_at_location_id", "byday", "description"]),
        (All, Time, &["opens_at", "closes_at"]),
        (All, Date, &["valid_from", "valid_to", "dtstart"]),
        (All, Code(&["WEEKLY", "MONTHLY"]), &["freq"]),
        (All, Number, &["interval", "bymonthday"]),
    ],
};

static HOLIDAY_SCHEDULE: ObjectStandard = ObjectStandard {
    required: &["id", "closed", "start_date", "end_date"],
    members: &[
        (All, Text, &["id", "service_id", "service_at_location_id"]),
        (All, Truth, &["closed"]),
        (All, Time, &["opens_at", "closes_at"]),
        (All, Date, &["start_date", "end_date"]),
    ],
};

static ELIGIBILITY: ObjectStandard = ObjectStandard {
    required: &["id", "minimum_age", "maximum_age"],
    members: &[
        (All, Text, &["id", "service_id", "gender"]),
        (All, Code(AUDIENCES), &["eligibility"]),
        (All, Number, &["minimum_age", "maximum_age"]),
    ],
};

const AUDIENCES: &[&str] = &[
    "adult",
    "child",
    "teen",
    "family",
    "female",
    "male",
    "Transgender",
    "Transgender - M to F",
    "Transgender - F to M",
];

static SERVICE_AREA: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Text, &["id", "service_id", "service_area", "name", "description"]),
        (All, Uri, &["uri"]),
    ],
};

static COST_OPTION: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Text, &["id", "service_id", "option", "amount_description"]),
        (All, Number, &["amount"]),
        (All, Date, &["valid_from", "valid_to"]),
    ],
};

static FUNDING: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[(All, Text, &["id", "service_id", "organization_id", "source"])],
};

static LANGUAGE: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[(All, Text, &["id", "service_id", "location_id", "language"])],
};

static REVIEW: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[(All, Text, &["id", "title", "description", "score"]), (All, Date, &["date"])],
};
