//! The schemas of responses. Those of records list the members that the UK profile requires or names; the standard, and
//! our records, have more.

use serde_json::{Map, Value, json};

use crate::model::RecordKind;

/// A member of a record: its name, its type, and whether it is always there.
type SchemaMember = (&'static str, MemberType, bool);

#[derive(Clone, Copy)]
enum MemberType {
    Id,
    Text,
    Uri,
    Number,
    Date,
    DateTime,
    Status,
    Place,
    One(&'static str),
    Many(&'static str),
    Objects,
}

use MemberType::{Date, DateTime, Id, Many, Number, Objects, One, Place, Status, Text, Uri};

const SERVICE: &[SchemaMember] = &[
    ("id", Id, true),
    ("organization_id", Id, false),
    ("organization", One("Organization"), false),
    ("name", Text, true),
    ("alternate_name", Text, false),
    ("description", Text, false),
    ("url", Uri, false),
    ("email", Text, false),
    ("status", Status, true),
    ("application_process", Text, false),
    ("fees_description", Text, false),
    ("eligibility_description", Text, false),
    ("minimum_age", Number, false),
    ("maximum_age", Number, false),
    ("alert", Text, false),
    ("assured_date", Date, false),
    ("last_modified", DateTime, false),
    ("phones", Objects, false),
    ("contacts", Objects, false),
    ("schedules", Objects, false),
    ("service_areas", Objects, false),
    ("service_at_locations", Many("ServiceAtLocation"), false),
    ("languages", Objects, false),
    ("funding", Objects, false),
    ("cost_options", Objects, false),
    ("attributes", Objects, false),
    ("gateway", One("Gateway"), false),
];
const ORGANIZATION: &[SchemaMember] = &[
    ("id", Id, true),
    ("name", Text, true),
    ("description", Text, true),
    ("email", Text, false),
    ("website", Uri, false),
    ("uri", Uri, false),
    ("logo", Uri, false),
    ("parent_organization_id", Id, false),
    ("organization_identifiers", Objects, false),
    ("contacts", Objects, false),
    ("phones", Objects, false),
    ("locations", Many("Location"), false),
    ("attributes", Objects, false),
    ("gateway", One("Gateway"), false),
];
const LOCATION: &[SchemaMember] = &[
    ("id", Id, true),
    ("location_type", Place, true),
    ("name", Text, false),
    ("description", Text, false),
    ("latitude", Number, false),
    ("longitude", Number, false),
    ("external_identifier", Text, false),
    ("external_identifier_type", Text, false),
    ("addresses", Objects, false),
    ("accessibility", Objects, false),
    ("schedules", Objects, false),
    ("attributes", Objects, false),
    ("gateway", One("Gateway"), false),
];
const SERVICE_AT_LOCATION: &[SchemaMember] = &[
    ("id", Id, true),
    ("service_id", Id, false),
    ("location_id", Id, false),
    ("location", One("Location"), false),
    ("service", One("Service"), false),
    ("description", Text, false),
    ("schedules", Objects, false),
    ("gateway", One("Gateway"), false),
];
const TAXONOMY: &[SchemaMember] = &[
    ("id", Id, true),
    ("name", Text, true),
    ("description", Text, true),
    ("uri", Uri, false),
    ("version", Text, false),
    ("taxonomy_terms", Many("TaxonomyTerm"), false),
    ("gateway", One("Gateway"), false),
];
const TAXONOMY_TERM: &[SchemaMember] = &[
    ("id", Id, true),
    ("name", Text, true),
    ("description", Text, true),
    ("code", Text, false),
    ("parent_id", Id, false),
    ("taxonomy", Text, false),
    ("taxonomy_id", Id, false),
    ("term_uri", Uri, false),
    ("gateway", One("Gateway"), false),
];

/// Returns all schemas by name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    for kind in RecordKind::ALL {
        all.insert(kind.type_name().to_owned(), record(members(kind)));
    }
    let others = [
        ("Page", page()),
        ("Gateway", gateway()),
        ("Source", source()),
        ("Root", root()),
        ("Errors", errors()),
        ("GraphQlRequest", graphql_request()),
    ];
    all.extend(others.map(|(name, schema)| (name.to_owned(), schema)));
    all.into()
}

/// Returns a reference to a schema.
pub(super) fn schema_of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Returns the schema of a page of records.
pub(super) fn page_of(name: &str) -> Value {
    let contents = json!({ "type": "array", "items": schema_of(name) });
    json!({ "allOf": [schema_of("Page"), { "type": "object", "properties": { "contents": contents } }] })
}

fn members(kind: RecordKind) -> &'static [SchemaMember] {
    match kind {
        RecordKind::Service => SERVICE,
        RecordKind::Organization => ORGANIZATION,
        RecordKind::Location => LOCATION,
        RecordKind::ServiceAtLocation => SERVICE_AT_LOCATION,
        RecordKind::Taxonomy => TAXONOMY,
        RecordKind::TaxonomyTerm => TAXONOMY_TERM,
    }
}

fn record(members: &[SchemaMember]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, kind, _)| ((*name).to_owned(), value(*kind))).collect();
    let required: Vec<&str> =
        members.iter().filter(|(.., required)| *required).map(|(name, ..)| *name).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn value(kind: MemberType) -> Value {
    match kind {
        MemberType::Id => json!({ "type": "string", "format": "uuid" }),
        MemberType::Text => json!({ "type": "string" }),
        MemberType::Uri => json!({ "type": "string", "format": "uri" }),
        MemberType::Number => json!({ "type": "number" }),
        MemberType::Date => json!({ "type": "string", "format": "date" }),
        MemberType::DateTime => json!({ "type": "string", "format": "date-time" }),
        MemberType::Status => json!({ "enum": ["active", "inactive", "defunct", "temporarily closed"] }),
        MemberType::Place => json!({ "enum": ["physical", "postal", "virtual"] }),
        MemberType::One(name) => schema_of(name),
        MemberType::Many(name) => json!({ "type": "array", "items": schema_of(name) }),
        MemberType::Objects => json!({ "type": "array", "items": { "type": "object" } }),
    }
}

fn page() -> Value {
    let whole = json!({ "type": "integer", "minimum": 0 });
    let truth = json!({ "type": "boolean" });
    let names =
        ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"];
    json!({
        "type": "object",
        "required": names,
        "properties": {
            "total_items": whole, "total_pages": whole, "page_number": whole, "size": whole,
            "first_page": truth, "last_page": truth, "empty": truth, "contents": { "type": "array" },
        },
    })
}

fn gateway() -> Value {
    json!({
        "type": "object",
        "description": "What the standard has no member for.",
        "properties": {
            "id": { "type": "string", "description": "The record's `id` in the graph." },
            "source": schema_of("Source"),
            "upstream_id": { "type": "string", "description": "The record's id in the first publisher's feed." },
            "upstream_url": { "type": "string", "description": "Its address there." },
            "assumed": {
                "type": "array", "items": { "type": "string" },
                "description": "Members that the standard requires and the publisher did not state.",
            },
            "as_published": { "type": "object", "description": "Values that are not of the standard's form." },
            "extra": { "type": "object", "description": "Members unknown to the standard, by their paths." },
        },
    })
}

fn source() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "description": "The first publisher of a record.",
        "required": ["name"],
        "properties": {
            "name": text, "publisher": text, "homepage": text, "feed": text, "attribution": text,
            "licence": {
                "type": "object", "required": ["name"],
                "properties": { "name": text, "url": text, "spdx_id": text },
            },
        },
    })
}

fn root() -> Value {
    let text = json!({ "type": "string" });
    let left_out = json!({
        "type": "array",
        "items": {
            "type": "object", "required": ["key", "name", "reason"],
            "properties": { "key": text, "name": text, "reason": text },
        },
    });
    json!({
        "type": "object",
        "required": ["version", "profile", "openapi_url", "gateway"],
        "properties": {
            "version": text, "profile": { "type": "string", "format": "uri" },
            "openapi_url": { "type": "string", "format": "uri" },
            "gateway": {
                "type": "object",
                "required": ["sources", "left_out"],
                "properties": {
                    "sources": { "type": "array", "items": schema_of("Source") },
                    "left_out": left_out,
                },
            },
        },
    })
}

fn errors() -> Value {
    let text = json!({ "type": "string" });
    let extensions = json!({
        "type": "object", "required": ["code"],
        "properties": {
            "code": text,
            "argument": { "type": "string", "description": "The parameter at fault." },
        },
    });
    let error = json!({
        "type": "object", "required": ["message", "extensions"],
        "properties": { "message": text, "extensions": extensions },
    });
    json!({
        "type": "object", "required": ["errors"],
        "properties": { "errors": { "type": "array", "minItems": 1, "items": error } },
    })
}

fn graphql_request() -> Value {
    json!({
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": { "type": "string" },
            "operationName": { "type": ["string", "null"] },
            "variables": { "type": ["object", "null"] },
            "extensions": { "type": ["object", "null"] },
        },
    })
}
