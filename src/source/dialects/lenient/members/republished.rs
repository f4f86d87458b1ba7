//! The member `gateway` of records that another gateway publishes, with what the standard has no member for.
//!
//! It mirrors `writers::oruk`, and counts only if the record itself says that it comes from a gateway.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::object::ObjectMembers;
use crate::model::{NodeId, RecordOrigin};
use crate::writers::oruk::GATEWAY;

/// Takes out who first published a record. Returns `None` if the record does not come from a gateway.
pub(super) fn take_origin(record: &mut Map<String, Value>) -> Option<Arc<RecordOrigin>> {
    let gateway = record.get(GATEWAY)?;
    let is_id = |id: &Value| id.as_str().is_some_and(|id| NodeId::parse(id).is_ok());
    gateway.get("id").filter(|id| is_id(id))?;
    let first: RecordOrigin = serde_json::from_value(gateway.get("source")?.clone()).ok()?;
    let Some(Value::Object(gateway)) = record.get_mut(GATEWAY) else { return None };
    let text = |value: Option<Value>| value?.as_str().map(str::to_owned);
    let record_id = text(gateway.remove("upstream_id"));
    let record_url = text(gateway.remove("upstream_url")).and_then(|url| url.parse().ok());
    gateway.remove("id");
    gateway.remove("source");
    Some(Arc::new(RecordOrigin { record_id, record_url, ..first }))
}

/// Takes the member `gateway` out of an object, restores what the publisher sent, and removes what the other gateway
/// added.
pub(super) fn take_aside(object: &mut Map<String, Value>) -> Map<String, Value> {
    let Some(Value::Object(mut gateway)) = object.remove(GATEWAY) else { return Map::new() };
    if let Some(Value::Array(assumed)) = gateway.remove("assumed") {
        assumed.iter().filter_map(Value::as_str).for_each(|name| drop(object.remove(name)));
    }
    if let Some(Value::Object(as_published)) = gateway.remove("as_published") {
        for (name, value) in as_published {
            object.entry(name).or_insert(value);
        }
    }
    gateway
}

impl ObjectMembers<'_> {
    /// Returns who first published the record. Returns `None` if the record does not come from a gateway.
    pub(super) fn origin(&self) -> Option<&Arc<RecordOrigin>> {
        self.origin.as_ref()
    }

    /// Returns whether the record comes from a gateway. It has been read before, so nothing in it is guessed.
    pub(in crate::source::dialects) fn is_republished(&self) -> bool {
        self.origin.is_some()
    }

    /// Takes a value that another gateway published outside the standard. Returns `None` if it is missing or
    /// unreadable.
    pub(in crate::source::dialects) fn aside<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        serde_json::from_value(self.aside.remove(name)?).ok()
    }
}
