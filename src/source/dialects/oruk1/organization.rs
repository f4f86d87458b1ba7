//! Organisations and their registration numbers.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::hsds3::organization as standard;
use super::super::hsds3::part::parts;
use super::super::lenient::{ObjectMembers, PartKind, RecordHead, read_record};
use super::NESTED;
use super::people::{contacts, phones};
use crate::model::{Organization, OrganizationIdentifier, RecordKind, RecordPart};
use crate::source::dialect::ReadingContext;

const IDENTIFIERS: PartKind = PartKind {
    names: &["identifiers", "identifier", "identifier_collection", "organization_identifiers"],
    ..standard::IDENTIFIERS
};

/// Words in the names of registers, and the registers' codes on org-id.guide.
const REGISTERS: [(&str, &str); 8] = [
    ("ccni", "GB-NIC"),
    ("charity commission for northern ireland", "GB-NIC"),
    ("charity commission of northern ireland", "GB-NIC"),
    ("oscr", "GB-SC"),
    ("scottish charity regulator", "GB-SC"),
    ("charity commission", "GB-CHC"),
    ("charity number", "GB-CHC"),
    ("companies house", "GB-COH"),
];

pub(super) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Organization> {
    let kind = RecordKind::Organization;
    let assured = std::cell::Cell::new(None);
    let mut organization = read_record(row, kind, "organization_id", reading, outer, |m, head| {
        assured.set(m.date(&["assured_date"]));
        organization(m, head)
    })?;
    let assured: Option<NaiveDate> = assured.into_inner();
    organization.provenance.assured_date = organization.provenance.assured_date.or(assured);
    Some(organization)
}

fn organization(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Organization {
    put_year(m);
    let identifiers = parts(m, &IDENTIFIERS, identifier);
    let (contacts, phones) = (contacts(m), phones(m));
    // The name of this member in 1.0.
    let website = if m.peek("website").is_none() { m.url(&["url"]) } else { None };
    let mut organization = standard::organization(m, head, &NESTED);
    organization.website = organization.website.take().or(website);
    organization.identifiers.splice(..0, identifiers);
    organization.contacts.splice(..0, contacts);
    organization.phones.splice(..0, phones);
    organization
}

// In 1.0 this is a date, but only the year is meant.
fn put_year(m: &mut ObjectMembers<'_>) {
    let sent = m.peek("year_incorporated").and_then(Value::as_str).map(str::trim);
    let year = sent.and_then(|sent| sent.get(..4)?.parse::<i32>().ok());
    if let Some(year) = year {
        let key = m.spelled(&["year_incorporated"]);
        let sent = m.value(&["year_incorporated"]);
        // The day and the month have no place in 3.0.
        sent.filter(|sent| *sent != json!(year.to_string())).into_iter().for_each(|sent| m.keep(&key, sent));
        m.put("year_incorporated", json!(year));
    }
}

fn identifier(m: &mut ObjectMembers<'_>, part: RecordPart) -> OrganizationIdentifier {
    let is_told = m.peek("identifier_scheme").is_some() && m.peek("identifier_type").is_some();
    let register = if is_told { None } else { m.line(&["register"]) };
    let register = register.or_else(|| if is_told { None } else { m.line(&["identification_body"]) });
    if let Some(register) = register {
        let folded = register.to_lowercase();
        let code = REGISTERS.iter().find(|(words, _)| folded.contains(words)).map(|(_, code)| *code);
        if m.peek("identifier_scheme").is_none() {
            m.put("identifier_scheme", json!(code.unwrap_or(&register)));
        }
        if m.peek("identifier_type").is_none() {
            m.put("identifier_type", json!(register));
        }
    }
    standard::identifier(m, part)
}
