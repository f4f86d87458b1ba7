//! Statements about access for disabled people.

use serde_json::Value;

use super::super::lenient::{ShapedMembers, id_text, member, take_member};
use super::annotations::term;
use super::{PublisherVocabulary, attribute, rename};

/// Turns the named features of a place into statements about access, and those with a code into annotations as well.
pub(in crate::source::dialects) fn access_statements(
    shaping: &mut ShapedMembers<'_>,
    vocabulary: &PublisherVocabulary,
) {
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
