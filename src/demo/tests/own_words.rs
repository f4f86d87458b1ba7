//! Translates the names that publishing systems use instead of the standard's, so that tests can treat all of them alike.

use serde_json::Value;

use crate::demo::community::InventedCommunity;
use crate::demo::publication::world;
use crate::demo::publisher::{FeedCollection, FeedPublisher};
use crate::demo::{DemoPlace, FeedVariety};

/// Returns the path of a system's list of services.
pub(super) fn services_of(publisher: &dyn FeedPublisher) -> &'static str {
    publisher.paths(FeedCollection::Services).list.expect("services are listed")
}

/// Returns the members of a page around its list, and the list's rows.
pub(super) fn around_rows(publisher: &dyn FeedPublisher, mut page: Value) -> (Value, Vec<Value>) {
    let path = format!("/{}", publisher.list_member().replace('.', "/"));
    let rows = page.pointer_mut(&path).and_then(Value::as_array_mut).map(std::mem::take);
    let rows = rows.unwrap_or_else(|| panic!("there is no list at {path}: {page}"));
    (page, rows)
}

/// Returns the id of a row as text.
pub(super) fn id_of(publisher: &dyn FeedPublisher, row: &Value) -> Option<String> {
    row.get(publisher.id_member()).map(|id| id.to_string().replace('"', ""))
}

/// Returns a record in which the system's own member names are replaced by those of the standard.
pub(super) fn in_standard_words(publisher: &dyn FeedPublisher, record: Value) -> Value {
    let words: Vec<_> =
        publisher.own_words().iter().copied().chain([(publisher.id_member(), "id")]).collect();
    renamed(record, &words)
}

/// Returns the single records of all services and their organisations, and the rows with nested lists, without a
/// server. Members are renamed to the names in the standard.
pub(super) fn written(variety: FeedVariety, place: &'static DemoPlace, services: usize) -> Vec<Value> {
    let publisher = variety.publisher();
    let community = InventedCommunity::invent(world(place, 0), services);
    let alone = community.services.iter().map(|service| publisher.service(service));
    let providers =
        community.services.iter().map(|service| publisher.organization(&service.record["organization"], &[]));
    let rows = community.services.iter().filter_map(|service| publisher.including_row(service));
    alone.chain(providers).chain(rows).map(|record| in_standard_words(publisher, record)).collect()
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
