//! Nested objects: the parts of a record, and the records inside it.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{IssueCode, NestedMember, PartId};
use crate::source::dialects::lenient::members::object::{
    ExpectedMember, ObjectMembers, ObjectStep, TakenMember, is_nothing,
};
use crate::source::dialects::lenient::values::texts;

/// The deepest nesting that is read, so that a feed cannot make this program recurse without limit. Deeper objects stay
/// in `extra`, unread.
const MAX_DEPTH: u8 = 16;

/// A kind of part: its names, and the member that holds it.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct PartKind {
    /// The part's type in the graph, which becomes part of its id.
    pub type_name: &'static str,
    /// The nested member that a record with this part has, if it counts as one.
    pub member: Option<NestedMember>,
    /// The names of the member with these parts, the standard's own first.
    pub names: &'static [&'static str],
    /// The member that a plain text in place of the object stands for.
    pub bare: &'static str,
    /// The name of foreign keys that refer to the part.
    pub key: &'static str,
}

impl<'r> ObjectMembers<'r> {
    /// Returns the nested members found so far.
    pub(in crate::source::dialects) fn carried(&self) -> crate::model::CarriedMembers {
        self.carried
    }

    /// Takes a list of objects. A single object counts as a list of one. A plain text in place of an object becomes an
    /// object with the member `bare`, if that is not empty.
    pub(in crate::source::dialects) fn list<T>(
        &mut self,
        member: Option<NestedMember>,
        names: &[&str],
        bare: &str,
        mut read: impl for<'x> FnMut(&'x ObjectMembers<'x>, ObjectStep<'x>, Map<String, Value>) -> Option<T>,
    ) -> Vec<Arc<T>> {
        let Some(TakenMember { key, value }) = self.take_nested(names, member) else { return Vec::new() };
        let elements = match value {
            Value::Array(elements) => elements,
            other => {
                self.note(IssueCode::WrongType, &key, "is a single value, not a list", None);
                vec![other]
            }
        };
        let mut things = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            // The record will be discarded anyway, so its content does not matter.
            if self.reading().patience.is_over() {
                break;
            }
            let step = ObjectStep::Element(&key, index);
            let Some(object) = self.object(step, element, bare) else { continue };
            things.extend(read(self, step, object).map(Arc::new));
        }
        things
    }

    /// Takes an object, also from a list of one.
    pub(in crate::source::dialects) fn one<T>(
        &mut self,
        member: Option<NestedMember>,
        names: &[&str],
        bare: &str,
        read: impl for<'x> FnOnce(&'x ObjectMembers<'x>, ObjectStep<'x>, Map<String, Value>) -> Option<T>,
    ) -> Option<Arc<T>> {
        self.one_shared(member, names, bare, |outer, step, object| read(outer, step, object).map(Arc::new))
    }

    /// Takes an object that other records may share, also from a list of one.
    pub(in crate::source::dialects) fn one_shared<T>(
        &mut self,
        member: Option<NestedMember>,
        names: &[&str],
        bare: &str,
        read: impl for<'x> FnOnce(&'x ObjectMembers<'x>, ObjectStep<'x>, Map<String, Value>) -> Option<Arc<T>>,
    ) -> Option<Arc<T>> {
        let TakenMember { key, value } = self.take_nested(names, member)?;
        let value = match value {
            Value::Array(elements) => self.only(&key, elements)?,
            value => value,
        };
        let object = self.object(ObjectStep::Member(&key), value, bare)?;
        read(self, ObjectStep::Member(&key), object)
    }

    /// Returns the id of a part: its own, or one derived from its owner and content.
    pub(in crate::source::dialects) fn part_id(&mut self, kind: &PartKind) -> PartId {
        let source = self.source();
        if let Some(id) = self.id(&["id"]) {
            let part = PartId::given(kind.type_name, source, &id);
            self.own(kind.key, id);
            return part;
        }
        let content = self.content();
        let owner = self.nearest_owner().unwrap_or_default().to_owned();
        let ordinal = self.ordinal(&format!("{}\n{owner}\n{content}", kind.type_name));
        self.note(IssueCode::MissingId, "", "has no id; one was derived from its content", None);
        let id = PartId::derived(kind.type_name, source, &owner, &content, ordinal);
        self.own(kind.key, id.as_str());
        id
    }

    /// Takes a key that refers to another record. The id of the record nested beside it takes precedence.
    pub(in crate::source::dialects) fn reference(
        &mut self,
        names: &[&str],
        nested: Option<&str>,
    ) -> Option<String> {
        let Some(TakenMember { key, value: given }) = self.keyed_id(names) else {
            return nested.map(ToOwned::to_owned);
        };
        match nested {
            Some(nested) if nested != given => {
                let original = Value::String(given);
                self.note(
                    IssueCode::Conflict,
                    &key,
                    "refers to a different record from the one nested beside it",
                    Some(original.clone()),
                );
                self.keep(&key, original);
                Some(nested.to_owned())
            }
            _ => Some(given),
        }
    }

    /// Puts a key into an object of its own, so that a record that is nested only by key is read like any other.
    pub(in crate::source::dialects) fn nest_reference(&mut self, name: &str, key: &str) {
        let nested_id = self.peek(name).and_then(|nested| texts::id_text(nested.get("id")?));
        let Some(id) = self.reference(&[key], nested_id.as_deref()) else { return };
        if self.peek(name).is_none() {
            self.put(name, Value::Object(Map::from_iter([("id".to_owned(), Value::String(id))])));
        }
    }

    fn take_nested(&mut self, names: &[&str], member: Option<NestedMember>) -> Option<TakenMember> {
        let taken = self.take(names, ExpectedMember::Nested)?;
        if self.depth >= MAX_DEPTH {
            self.note(IssueCode::Unreadable, &taken.key, "is nested too deeply to read", None);
            self.keep(&taken.key, taken.value);
            return None;
        }
        if let Some(member) = member.filter(|_| taken.value.is_array() || taken.value.is_object()) {
            self.carried = self.carried.with(member);
        }
        Some(taken)
    }

    fn only(&self, key: &str, elements: Vec<Value>) -> Option<Value> {
        let several = elements.len() > 1;
        let mut elements = elements.into_iter();
        let first = elements.next()?;
        self.note(IssueCode::WrongType, key, "is a list, not one object", None);
        if several {
            self.keep(key, elements.collect());
        }
        Some(first)
    }

    // Ignores empty values, and adds an issue for values that are not objects.
    fn object(&self, step: ObjectStep<'_>, value: Value, bare: &str) -> Option<Map<String, Value>> {
        match value {
            value if is_nothing(&value) => None,
            Value::Object(members) => members.values().any(|value| !value.is_null()).then_some(members),
            value @ (Value::String(_) | Value::Number(_)) if !bare.is_empty() => {
                self.note(
                    IssueCode::WrongType,
                    &step.to_string(),
                    format!("is not an object; it was read as its `{bare}`"),
                    Some(value.clone()),
                );
                Some(Map::from_iter([(bare.to_owned(), value)]))
            }
            value => {
                self.note_unreadable(&step.to_string(), "is not an object", value);
                None
            }
        }
    }
}
