//! Words of the standard's closed lists.

use serde_json::json;

use crate::model::{IssueCode, LocationType, ServiceStatus, UnknownCode};
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};

/// Takes a service's status. Returns the unknown status if it is missing.
pub(in crate::source::dialects) fn service_status(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> ServiceStatus {
    let standard = ["active", "inactive", "defunct", "temporarily closed"];
    word(members, names, &standard, ServiceStatus::parse).unwrap_or_else(|| {
        members.note_missing(names.first().copied().unwrap_or_default());
        ServiceStatus::Unknown
    })
}

/// Takes the kind of a location or address. Returns `None` if it is missing.
pub(in crate::source::dialects) fn location_type(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<LocationType> {
    word(members, names, &["physical", "postal", "virtual"], LocationType::parse)
}

fn word<T: Default>(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    standard: &[&str],
    parse: impl Fn(&str) -> Result<T, UnknownCode>,
) -> Option<T> {
    let TakenMember { key, value } = members.plain_scalar(names)?;
    let text = value.as_str().map(ToOwned::to_owned).unwrap_or_else(|| value.to_string());
    match parse(&text) {
        Ok(known) if standard.contains(&text.as_str()) => Some(known),
        Ok(known) => {
            members.note(
                IssueCode::Repaired,
                &key,
                "is spelt differently from the standard",
                Some(json!(text)),
            );
            Some(known)
        }
        Err(unknown) => {
            members.note(IssueCode::OutsideCodelist, &key, unknown.to_string(), Some(value));
            Some(T::default())
        }
    }
}
