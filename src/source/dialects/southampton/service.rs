//! Services: the members that Southampton has beyond ORUK 1.0.

use serde_json::{Value, json};

use super::super::documents::{PublisherVocabulary, annotate_flag, annotate_list, links};
use super::super::lenient::{ShapedMembers, id_text, truth};
use super::vocabulary;
use crate::model::IssueCode;

const LISTS: [(&str, PublisherVocabulary); 2] = [
    ("special_needs", vocabulary("special_need", "Southampton special needs")),
    ("school_pickups", vocabulary("school_pickup", "Southampton school pick-ups")),
];
const ENTITLEMENT: PublisherVocabulary =
    vocabulary("funding_entitlement", "Southampton funding entitlements");
const ENTITLED: &str = "eligible_for";
// The registers of services, and the members with a number in them.
const REGISTERS: [(&str, &str); 2] = [("ofsted_", "Ofsted"), ("cqc_", "CQC")];
const NUMBERS: [(&str, &str); 4] =
    [("urn", "URN"), ("provider_id", "provider"), ("location_id", "location"), ("id", "id")];

/// Brings a service to the shape of ORUK 1.0.
pub(super) fn shape(shaping: &mut ShapedMembers<'_>) {
    for (list, vocabulary) in &LISTS {
        annotate_list(shaping, "service", list, vocabulary);
    }
    entitlements(shaping);
    referral(shaping);
    registrations(shaping);
    opening_in_words(shaping);
    links(shaping);
}

// ORUK 1.0 has both members under other names.
fn referral(shaping: &mut ShapedMembers<'_>) {
    if shaping.peek("application_process").is_none()
        && let Some((key, notes)) = shaping.take("referral_notes")
    {
        shaping.moved(&key, "application_process");
        shaping.put("application_process", notes);
    }
    let is_needed = shaping.peek("needs_referral").and_then(truth) == Some(true);
    if is_needed
        && shaping.peek("attending_access").is_none()
        && let Some((key, _)) = shaping.take("needs_referral")
    {
        shaping.moved(&key, "attending_access");
        shaping.put("attending_access", "referral".into());
    }
}

fn entitlements(shaping: &mut ShapedMembers<'_>) {
    let flags: Vec<String> =
        shaping.members().keys().filter(|key| key.starts_with(ENTITLED)).cloned().collect();
    for flag in flags {
        let id = flag.trim_start_matches(ENTITLED).trim_matches('_');
        annotate_flag(shaping, &flag, id, &id.replace('_', " "), &ENTITLEMENT);
    }
}

// Writes the registration numbers as text. Results of inspections stay where they are: a rating without its report
// would mislead.
fn registrations(shaping: &mut ShapedMembers<'_>) {
    let mut lines: Vec<String> = Vec::new();
    for (prefix, register) in REGISTERS {
        for (member, name) in NUMBERS {
            let number = shaping.peek(&format!("{prefix}{member}")).and_then(id_text);
            lines.extend(number.map(|number| format!("{register} {name}: {number}")));
        }
    }
    if lines.is_empty() {
        return;
    }
    let said = shaping.take("accreditations").and_then(|(key, said)| {
        let text = id_text(&said);
        if text.is_none() {
            shaping.note(IssueCode::Unreadable, &key, "is not a string");
        }
        text
    });
    let lines: Vec<String> = said.into_iter().chain(lines).collect();
    shaping.put("accreditations", lines.join("; ").into());
}

// Beside readable hours the text would be a second schedule. Alone, it is all there is.
fn opening_in_words(shaping: &mut ShapedMembers<'_>) {
    if ["regular_schedules", "schedules"].iter().any(|name| shaping.peek(name).is_some()) {
        return;
    }
    let Some((key, words)) = shaping.take("schedule_description") else { return };
    let id = shaping.peek("id").and_then(id_text).map(|id| format!("{id}/{key}"));
    shaping.moved(&key, "schedules[0].description");
    shaping.push("schedules", json!({"id": id, "description": Value::clone(&words)}), Some(&key));
}
