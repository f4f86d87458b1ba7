//! Objects inside objects: the parts of a record, and the records inside it.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{IssueCode, NestedMember, PartId};
use crate::source::dialects::lenient::members::object::{
    ExpectedMember, ObjectMembers, ObjectStep, TakenMember, is_nothing,
};
use crate::source::dialects::lenient::values::texts;

/// Deeper nesting is kept in `extra`, unread: a feed must not decide how deep this program recurses.
const MAX_DEPTH: u8 = 16;

/// A kind of part: where it hangs and what it is called.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct PartKind {
    /// Its type in the graph, which becomes part of its id.
    pub type_name: &'static str,
    /// What a record that has it is said to carry, if anything.
    pub member: Option<NestedMember>,
    /// Names of the member that holds it, the standard's own first.
    pub names: &'static [&'static str],
    /// The member that a bare text in its place stands for.
    pub bare: &'static str,
    /// What foreign keys that point at it are called.
    pub key: &'static str,
}

impl<'r> ObjectMembers<'r> {
    /// What the object came with so far.
    pub(in crate::source::dialects) fn carried(&self) -> crate::model::CarriedMembers {
        self.carried
    }

    /// Takes a list of objects. One object in its place is a list of one; a bare text in an object's place is
    /// an object with the member `bare`, if that has a name.
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
            // What nobody waits for is thrown away whole, so it does not matter what is in it.
            if self.reading().patience.is_over() {
                break;
            }
            let step = ObjectStep::Element(&key, index);
            let Some(object) = self.object(step, element, bare) else { continue };
            things.extend(read(self, step, object).map(Arc::new));
        }
        things
    }

    /// Takes one object; a list of one will do.
    pub(in crate::source::dialects) fn one<T>(
        &mut self,
        member: Option<NestedMember>,
        names: &[&str],
        bare: &str,
        read: impl for<'x> FnOnce(&'x ObjectMembers<'x>, ObjectStep<'x>, Map<String, Value>) -> Option<T>,
    ) -> Option<Arc<T>> {
        self.one_shared(member, names, bare, |outer, step, object| read(outer, step, object).map(Arc::new))
    }

    /// Takes one object that others may have, too; a list of one will do.
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

    /// The id of a part: its own, or one derived from its owner and content.
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

    /// Takes a key that names another record. The record nested beside it knows better what it is called.
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

    /// Puts a key into the object it names, so that one nested only by its key is read like any other.
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

    // Nothing at all is passed over in silence; a value that is no object is noted.
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
