//! What varieties call otherwise than the standard: the laws of the demonstration hold whatever that is.

use serde_json::Value;

use crate::demo::FeedVariety;
use crate::demo::publisher::FeedCollection;

/// The path of a variety's services.
pub(super) fn services_of(variety: FeedVariety) -> &'static str {
    variety.publisher().paths(FeedCollection::Services).list.expect("services are listed")
}

/// A record with the standard's names in place of a variety's own.
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
