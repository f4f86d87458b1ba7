//! Services at locations without an id, and what is said of access there.

use serde_json::Value;
use uuid::Uuid;

use super::super::lenient::{Shaping, id_text, member, take_member};
use super::annotations::term;
use super::{Vocabulary, attribute, rename};
use crate::model::IssueCode;

/// Gives a service at a location that has no id one derived from its service and its location: it stays the same
/// for as long as both do, whatever else is said of them.
pub(in crate::source::dialects) fn identify(shaping: &mut Shaping<'_>) {
    if shaping.peek("id").is_some() {
        return;
    }
    let nested = |name: &str| id_text(member(shaping.peek(name)?.as_object()?, "id")?);
    let given = |name: &str| shaping.peek(name).and_then(id_text);
    let around = |name: &str| shaping.owner(name).map(ToOwned::to_owned);
    let service = nested("service").or_else(|| around("service_id")).or_else(|| given("service_id"));
    let location = nested("location").or_else(|| around("location_id")).or_else(|| given("location_id"));
    let (Some(service), Some(location)) = (service, location) else { return };
    let seed = format!("ServiceAtLocation\n{service}\n{location}");
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, seed.as_bytes());
    shaping.put("id", Value::String(id.to_string()));
    let message = "is not there; an id was derived from those of the service and the location";
    shaping.note(IssueCode::MissingId, "id", message);
}

/// Reads the named features of a place as statements about access, and as annotations where they have a code.
pub(in crate::source::dialects) fn access_statements(shaping: &mut Shaping<'_>, vocabulary: &Vocabulary) {
    let features = shaping.peek("accessibilities").and_then(Value::as_array).cloned().unwrap_or_default();
    let coded = features.into_iter().filter_map(|feature| match feature {
        Value::Object(members) if member(&members, "slug").is_some() => term(members, vocabulary).ok(),
        _ => None,
    });
    for term in coded {
        let attribute = attribute(shaping, "location", vocabulary, term);
        shaping.push("attributes", attribute, None);
    }
    let place = shaping.peek("id").and_then(id_text);
    shaping.each("accessibilities", |path, members, shaping| {
        let slug = take_member(members, "slug").and_then(|(_, slug)| id_text(&slug));
        if let (None, Some(place), Some(slug)) = (member(members, "id"), &place, slug) {
            members.insert("id".to_owned(), format!("{place}/{slug}").into());
        }
        rename(shaping, path, members, "name", "description");
    });
}
