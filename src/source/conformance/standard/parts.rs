//! The parts of records in HSDS 3 and its UK profile.

use super::MemberKind::{Code, Date, DateTime, Email, Many, Number, One, Text, Time, Uri, Uuid};
use super::ObjectStandard;
use super::StandardScope::{All, Hsds, Hsds31};
use super::records::TAXONOMY_TERM;

pub(super) static ORGANIZATION_IDENTIFIER: ObjectStandard = ObjectStandard {
    required: &["id", "identifier_type", "identifier"],
    members: &[
        (All, Uuid, &["id", "organization_id"]),
        (All, Text, &["identifier_scheme", "identifier_type", "identifier"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static PROGRAM: ObjectStandard = ObjectStandard {
    required: &["id", "name", "description"],
    members: &[
        (Hsds, Uuid, &["id", "organization_id"]),
        (Hsds, Text, &["name", "alternate_name", "description"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static ADDRESS: ObjectStandard = ObjectStandard {
    required: &["id", "address_1", "city", "state_province", "postal_code", "country", "address_type"],
    members: &[
        (All, Uuid, &["id", "location_id"]),
        (
            All,
            Text,
            &["attention", "address_1", "city", "region", "state_province", "postal_code", "country"],
        ),
        (All, Code(&["physical", "postal", "virtual"]), &["address_type"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Text, &["address_2"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static ACCESSIBILITY: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "location_id"]),
        (All, Text, &["description", "details", "accessibility"]),
        (All, Uri, &["url"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static CONTACT: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id"]),
        (All, Text, &["name", "title"]),
        (All, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Uuid, &["organization_id", "service_at_location_id", "location_id"]),
        (Hsds, Text, &["department"]),
        (Hsds, Email, &["email"]),
        (Hsds, Many(&PHONE), &["phones"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static PHONE: ObjectStandard = ObjectStandard {
    required: &["id", "number"],
    members: &[
        (All, Uuid, &["id", "contact_id"]),
        (All, Text, &["number", "description"]),
        (All, Many(&LANGUAGE), &["languages"]),
        (Hsds, Uuid, &["location_id", "service_id", "organization_id", "service_at_location_id"]),
        (Hsds, Number, &["extension"]),
        (Hsds, Text, &["type"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static SCHEDULE: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id", "service_at_location_id"]),
        (All, Date, &["valid_from", "valid_to", "dtstart"]),
        (All, Code(&["WEEKLY", "MONTHLY"]), &["freq"]),
        (All, Number, &["interval"]),
        (All, Text, &["byday", "bymonthday", "description", "attending_type", "notes"]),
        (All, Time, &["opens_at", "closes_at"]),
        (All, Uri, &["schedule_link"]),
        (Hsds, Uuid, &["location_id"]),
        (Hsds, Number, &["timezone", "count"]),
        (Hsds, Date, &["until"]),
        (Hsds, Code(&["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), &["wkst"]),
        (Hsds, Text, &["byweekno", "byyearday"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static SERVICE_AREA: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id"]),
        (All, Text, &["name", "extent", "extent_type", "uri", "service_area"]),
        (Hsds, Text, &["description"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
        (Hsds31, Uuid, &["service_at_location_id"]),
    ],
};

pub(super) static COST_OPTION: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id"]),
        (All, Date, &["valid_from", "valid_to"]),
        (All, Text, &["option", "amount_description"]),
        (All, Number, &["amount"]),
        (Hsds, Text, &["currency"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static FUNDING: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id"]),
        (All, Text, &["source"]),
        (Hsds, Uuid, &["organization_id"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static LANGUAGE: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "service_id", "phone_id"]),
        (Hsds, Uuid, &["location_id"]),
        (Hsds, Text, &["name", "code", "note"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static REQUIRED_DOCUMENT: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (Hsds, Uuid, &["id", "service_id"]),
        (Hsds, Text, &["document"]),
        (Hsds, Uri, &["uri"]),
        (Hsds, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static ATTRIBUTE: ObjectStandard = ObjectStandard {
    required: &["id"],
    members: &[
        (All, Uuid, &["id", "link_id", "taxonomy_term_id"]),
        (All, Text, &["link_type"]),
        (All, One(&TAXONOMY_TERM), &["taxonomy_term"]),
        (Hsds, Text, &["link_entity", "value"]),
        (Hsds, Many(&METADATA), &["metadata"]),
        (Hsds31, Text, &["label"]),
    ],
};

pub(super) static SERVICE_CAPACITY: ObjectStandard = ObjectStandard {
    required: &["id", "unit", "available", "updated"],
    members: &[
        (Hsds31, Uuid, &["id", "service_id", "unit_id"]),
        (Hsds31, One(&UNIT), &["unit"]),
        (Hsds31, Number, &["available", "maximum"]),
        (Hsds31, Text, &["description"]),
        (Hsds31, DateTime, &["updated"]),
        (Hsds31, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds31, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static UNIT: ObjectStandard = ObjectStandard {
    required: &["id", "name"],
    members: &[
        (Hsds31, Uuid, &["id"]),
        (Hsds31, Text, &["name", "scheme", "identifier"]),
        (Hsds31, Uri, &["uri"]),
        (Hsds31, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds31, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static URL: ObjectStandard = ObjectStandard {
    required: &["id", "url"],
    members: &[
        (Hsds31, Uuid, &["id", "organization_id", "service_id"]),
        (Hsds31, Text, &["label"]),
        (Hsds31, Uri, &["url"]),
        (Hsds31, Many(&ATTRIBUTE), &["attributes"]),
        (Hsds31, Many(&METADATA), &["metadata"]),
    ],
};

pub(super) static METADATA: ObjectStandard = ObjectStandard {
    required: &[
        "id",
        "last_action_date",
        "last_action_type",
        "field_name",
        "previous_value",
        "replacement_value",
        "updated_by",
    ],
    members: &[
        (Hsds, Uuid, &["id", "resource_id"]),
        (
            Hsds,
            Text,
            &[
                "resource_type",
                "last_action_type",
                "field_name",
                "previous_value",
                "replacement_value",
                "updated_by",
            ],
        ),
        (Hsds, Date, &["last_action_date"]),
    ],
};
