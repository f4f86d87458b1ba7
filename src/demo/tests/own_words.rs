//! Translates the names that varieties use instead of the standard's, so that tests can treat all varieties alike.

use serde_json::Value;

use crate::demo::FeedVariety;
use crate::demo::publisher::FeedCollection;

/// Returns the path segment of a variety's list of services.
pub(super) fn services_of(variety: FeedVariety) -> &'static str {
    variety.publisher().paths(FeedCollection::Services).list.expect("services are listed")
}

/// Returns a record in which the variety's own member names are replaced by those of the standard.
pub(super) fn in_standard_words(variety: FeedVariety, record: Value) -> Value {
    let publisher = variety.publisher();
    let words: Vec<_> =
        publisher.own_words().iter().copied().chain([(publisher.id_member(), "id")]).collect();
    renamed(record, &words)
}

fn renamed(value: Value, words: &[(&str, &str)]) -> Value {
    let standard = |name: String| match words.iter().find(|(own, _)| *own == name) {
        Some((_, standard)) => (*standard).to_owned(),
        None => name,
    };
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (standard(name), renamed(value, words))).collect()
        }
        Value::Array(elements) => elements.into_iter().map(|element| renamed(element, words)).collect(),
        other => other,
    }
}
