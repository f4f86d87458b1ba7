//! Organisations, their registration numbers and programmes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::lenient::{ObjectMembers, PartKind, RecordHead, read_record};
use super::attribute::attributes;
use super::cost::funding;
use super::nested::{NESTED, NestedReaders};
use super::part::{one_part, parts, reference};
use super::people::{contacts, links, phones};
use super::taxonomy::metadata;
use crate::model::{
    IssueCode, NestedMember, OrderKey, Organization, OrganizationIdentifier, Program, RecordKind, RecordPart,
    canonical_id,
};
use crate::source::dialect::ReadingContext;

/// Registration numbers, with the names of their members.
pub(in crate::source::dialects) const IDENTIFIERS: PartKind = PartKind {
    type_name: "OrganizationIdentifier",
    member: Some(NestedMember::Identifiers),
    names: &["organization_identifiers", "identifiers"],
    bare: "identifier",
    key: "organization_identifier_id",
};
const PROGRAMS: PartKind = PartKind {
    type_name: "Program",
    member: Some(NestedMember::Programs),
    names: &["programs"],
    bare: "name",
    key: "program_id",
};
const PROGRAM: PartKind = PartKind { member: Some(NestedMember::Program), names: &["program"], ..PROGRAMS };

pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Organization> {
    read_record(row, RecordKind::Organization, "organization_id", reading, outer, |m, head| {
        organization(m, head, &NESTED)
    })
}

/// Takes the members of an organisation.
pub(in crate::source::dialects) fn organization(
    m: &mut ObjectMembers<'_>,
    head: &RecordHead<'_>,
    nested: &NestedReaders,
) -> Organization {
    let name = m.required_name(&["name"]);
    Organization {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        name,
        alternate_name: m.name(&["alternate_name"]),
        description: m.rich(&["description"]),
        email: m.email(&["email"]),
        website: m.url(&["website", "url"]),
        additional_websites: links(m, &["additional_websites"]),
        legal_status: m.line(&["legal_status"]),
        year_incorporated: m.year(&["year_incorporated"]),
        tax_status: m.line(&["tax_status"]),
        tax_id: m.register_number(&["tax_id"]),
        logo: m.url(&["logo"]),
        uri: m.line(&["uri"]),
        parent_organization_id: reference(m, &["parent_organization_id"], RecordKind::Organization, None),
        identifiers: parts(m, &IDENTIFIERS, identifier),
        funding: funding(m),
        contacts: contacts(m),
        phones: phones(m),
        locations: m.list(Some(NestedMember::Locations), &["locations"], "name", |outer, _, object| {
            (nested.location)(Value::Object(object), outer.reading(), Some(outer))
        }),
        services: m.list(
            Some(NestedMember::Services),
            &["services", "service_collection"],
            "",
            |outer, _, object| (nested.service)(Value::Object(object), outer.reading(), Some(outer)),
        ),
        programs: parts(m, &PROGRAMS, program),
        attributes: attributes(m),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

/// Takes the programme that a service belongs to.
pub(in crate::source::dialects) fn program_of_service(
    members: &mut ObjectMembers<'_>,
) -> Option<Arc<Program>> {
    members.nest_reference("program", "program_id");
    one_part(members, &PROGRAM, program)
}

fn program(m: &mut ObjectMembers<'_>, part: RecordPart) -> Program {
    Program {
        part,
        name: m.name(&["name"]),
        alternate_name: m.name(&["alternate_name"]),
        description: m.prose(&["description"]),
    }
}

/// Reads one registration number.
pub(in crate::source::dialects) fn identifier(
    m: &mut ObjectMembers<'_>,
    part: RecordPart,
) -> OrganizationIdentifier {
    let key = m.spelled(&["identifier_scheme"]);
    let scheme = m.code(&["identifier_scheme"]).map(|scheme| known_scheme(m, &key, scheme));
    let identifier_type = m.line(&["identifier_type"]);
    if identifier_type.is_none() {
        m.note_missing("identifier_type");
    }
    let identifier_type = identifier_type.or_else(|| Some(scheme_name(scheme.as_deref()?).to_owned()));
    let key = m.spelled(&["identifier"]);
    let value = m.register_number(&["identifier"]).map(|value| padded(m, &key, scheme.as_deref(), value));
    OrganizationIdentifier { part, scheme, identifier_type, value }
}

// Companies House numbers have eight characters, but spreadsheets drop leading zeros.
fn padded(m: &ObjectMembers<'_>, key: &str, scheme: Option<&str>, value: String) -> String {
    let number = canonical_id(&value);
    let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = number.len() - digits.len();
    let is_short = scheme == Some("GB-COH")
        && matches!(letters, 0 | 2)
        && (1..8 - letters).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte != b'0');
    if !is_short {
        return value;
    }
    let whole =
        format!("{}{digits:0>width$}", number.get(..letters).unwrap_or_default(), width = 8 - letters);
    m.note(
        IssueCode::Repaired,
        key,
        "lost its leading zeros; company numbers have eight characters",
        Some(json!(value)),
    );
    whole
}

// Codes from other lists for registers that org-id.guide lists.
fn known_scheme(m: &ObjectMembers<'_>, key: &str, scheme: String) -> String {
    let known = match scheme.to_ascii_uppercase().as_str() {
        "UK-CHTY" | "CHC" => "GB-CHC",
        "COH" | "UK-COH" => "GB-COH",
        _ => return scheme,
    };
    m.note(IssueCode::Repaired, key, format!("is read as `{known}`"), Some(json!(scheme)));
    known.to_owned()
}

fn scheme_name(scheme: &str) -> &str {
    match scheme {
        "GB-CHC" => "Charity number (England and Wales)",
        "GB-COH" => "Company number",
        "GB-SC" => "Charity number (Scotland)",
        "GB-NIC" => "Charity number (Northern Ireland)",
        other => other,
    }
}
