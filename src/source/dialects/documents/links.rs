//! Labelled links, and the page about a local offer.

use serde_json::{Value, json};

use super::super::lenient::{MovedObject, ShapedMembers, id_text, member};

/// Moves a service's links to where HSDS 3.1 has them. The rest of a local offer has no place in the standard and
/// stays.
pub(in crate::source::dialects) fn links(shaping: &mut ShapedMembers<'_>) {
    for MovedObject { from, members } in shaping.take_objects("links") {
        shaping.push("additional_urls", Value::Object(members), Some(&from));
    }
    let offer = shaping.peek("local_offer").and_then(|offer| member(offer.as_object()?, "link"));
    if let Some(url) = offer.cloned() {
        let id = shaping.peek("id").and_then(id_text).map(|id| format!("{id}/local_offer"));
        let link = json!({"id": id, "label": "Local offer", "url": url});
        shaping.push("additional_urls", link, Some("local_offer"));
    }
}
