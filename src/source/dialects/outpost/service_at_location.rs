//! Services at locations, which older releases do not have.

use super::super::lenient::{Shaping, id_text, member};
use crate::model::IssueCode;

/// Gives a service at a location that has no id one made of its service's and its location's: it stays the same
/// for as long as both do, whatever else is said of them.
pub(super) fn identify(shaping: &mut Shaping<'_>) {
    if shaping.peek("id").is_some() {
        return;
    }
    let nested = |name: &str| id_text(member(shaping.peek(name)?.as_object()?, "id")?);
    let given = |name: &str| shaping.peek(name).and_then(id_text);
    let around = |name: &str| shaping.owner(name).map(ToOwned::to_owned);
    let service = nested("service").or_else(|| around("service_id")).or_else(|| given("service_id"));
    let location = nested("location").or_else(|| around("location_id")).or_else(|| given("location_id"));
    let (Some(service), Some(location)) = (service, location) else { return };
    shaping.put("id", format!("{service}-{location}").into());
    let message = "is not there; it was made of its service's and location's";
    shaping.note(IssueCode::MissingId, "id", message);
}
