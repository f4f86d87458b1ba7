//! Open Referral UK 1.0 as Placecube's older service writes it, with its own members whose names start with `pc_`.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Value, json};

use super::detect::{DialectMarker, ENVELOPE_OF_1, MEMBERS_OF_1, ORGANIZATION_OF_1};
use super::hsds3::service as standard;
use super::lenient::{ObjectMembers, RecordHead, id_text, instant_of};
use super::oruk1::{self, CodeList, CodeWord, Oruk1Reader, coded};
use super::{DeclaredStandard, DialectDescription, PageNames, PageParameters, TieRule};
use crate::model::{Attribute, Dialect, IssueCode, Service};
use crate::source::conformance::FeedStandard;
use crate::source::dialect::ReadingContext;

/// Placecube's 1.0.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::One(FeedStandard::Oruk1),
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    endpoints: oruk1::ENDPOINTS,
    markers: &[
        ENVELOPE_OF_1,
        ORGANIZATION_OF_1,
        MEMBERS_OF_1,
        DialectMarker {
            points: 6,
            reason: "records of 1 have Placecube's members",
            holds: |seen| seen.is_of_1() && seen.has_vendor("pc_"),
        },
        DialectMarker {
            points: 3,
            reason: "exceptions are called as Placecube calls them",
            holds: |seen| seen.has("holidayScheduleCollection"),
        },
    ],
    telling: &["holiday_schedule_collection"],
    tie: TieRule::LeftTo(Dialect::Oruk1),
    begins_unsure: false,
    makers: &["placecube"],
    reader: &READER,
    lists_state_facts: false,
};

/// Reads Placecube's 1.0.
pub(super) const READER: Oruk1Reader = Oruk1Reader { service: read };

const AUDIENCE: CodeList =
    CodeList { link_type: "intended_audience", vocabulary: "Placecube target audience", listed: &[] };

fn read(row: Value, reading: &ReadingContext<'_>, outer: Option<&ObjectMembers<'_>>) -> Option<Service> {
    standard::read_as(row, reading, outer, service)
}

fn service(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Service {
    let audience = audience(m);
    if m.peek("application_process").is_none()
        && let Some(access) = m.prose(&["pc_attendingAccess_additionalInfo"])
    {
        m.put("application_process", json!(access));
    }
    let history = VendorDates::take(m);
    let mut service = oruk1::service(m, head);
    service.attributes.extend(audience);
    service.last_modified = service.last_modified.or(history.modified);
    service
}

fn audience(m: &mut ObjectMembers<'_>) -> Vec<Arc<Attribute>> {
    let rows = match m.peek("pc_targetAudience") {
        Some(Value::Array(rows)) => rows.as_slice(),
        Some(_) => return Vec::new(),
        None => &[],
    };
    let read = |(index, row)| audience_of(m, index, row);
    let attributes: Vec<_> = rows.iter().enumerate().filter_map(read).collect();
    let is_told = |row: &Value| {
        row.as_object().is_some_and(|row| row.keys().all(|key| key == "id" || key == "audienceType"))
    };
    if attributes.len() == rows.len() && rows.iter().all(is_told) {
        m.value(&["pc_targetAudience"]);
    }
    attributes
}

fn audience_of(m: &ObjectMembers<'_>, index: usize, row: &Value) -> Option<Arc<Attribute>> {
    let text = row.get("audienceType")?.as_str().map(str::trim).filter(|text| !text.is_empty())?;
    let sent = row.get("id").filter(|id| !id.is_null());
    let id = sent.and_then(id_text);
    if id.is_none() && sent.is_some_and(|id| !id.is_string()) {
        let path = format!("pc_targetAudience[{index}].id");
        m.note(IssueCode::Unreadable, &path, "is neither a string nor a number", sent.cloned());
    }
    coded(m, AUDIENCE, &CodeWord { text, id: id.as_deref() })
}

/// When the record was changed, according to the vendor's own metadata.
struct VendorDates {
    modified: Option<chrono::DateTime<chrono::Utc>>,
}

impl VendorDates {
    // The metadata stays in the extra as well, because the standard has no member for the time of creation.
    fn take(m: &mut ObjectMembers<'_>) -> Self {
        let vendor = m.peek("pc_metadata").cloned().unwrap_or_default();
        let assured = vendor.get("date_assured").filter(|_| m.peek("assured_date").is_none()).cloned();
        // A name is not an email address.
        let assurer = vendor.get("assured_by").filter(|by| by.as_str().is_some_and(|by| by.contains('@')));
        let assurer = assurer.filter(|_| m.peek("assurer_email").is_none()).cloned();
        for (name, value) in [("assured_date", assured), ("assurer_email", assurer)] {
            if let Some(value) = value {
                m.put(name, value);
            }
        }
        Self { modified: vendor.get("date_modified").and_then(instant_of) }
    }
}
