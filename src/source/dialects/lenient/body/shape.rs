//! Brings a record from a publisher's own shape to the standard's, before its members are read.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::model::{IssueCode, RecordIssue, RecordKind};
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::notes::RecordNotes;
use crate::source::dialects::lenient::members::object::{ObjectMembers, is_nothing};

/// What a dialect does to a record's members before they are read, wherever the record is nested.
pub(crate) type MemberShaper = fn(RecordKind, &mut ShapedMembers<'_>);

/// The members of one record while they are being moved.
pub(crate) struct ShapedMembers<'r> {
    members: &'r mut Map<String, Value>,
    notes: &'r RefCell<RecordNotes>,
    outer: Option<&'r ObjectMembers<'r>>,
}

impl<'r> ShapedMembers<'r> {
    pub(in crate::source::dialects::lenient) fn new(
        members: &'r mut Map<String, Value>,
        notes: &'r RefCell<RecordNotes>,
        outer: Option<&'r ObjectMembers<'r>>,
    ) -> Self {
        Self { members, notes, outer }
    }

    pub(in crate::source::dialects) fn members(&mut self) -> &mut Map<String, Value> {
        self.members
    }

    /// Returns the id of the nearest enclosing record that foreign keys call `key`.
    pub(in crate::source::dialects) fn owner(&self, key: &str) -> Option<&str> {
        let outer = self.outer?;
        let owner = outer.owner(key)?;
        outer.reading().terms.note_outward();
        Some(owner)
    }

    /// Returns the value of a member under any spelling of its name. Returns `None` if it is empty.
    pub(in crate::source::dialects) fn peek(&self, name: &str) -> Option<&Value> {
        member(self.members, name)
    }

    /// Takes a member out. Returns the feed's own spelling and the value. Returns `None` if it is empty.
    pub(in crate::source::dialects) fn take(&mut self, name: &str) -> Option<(String, Value)> {
        take_member(self.members, name)
    }

    /// Takes the objects out of a list, and leaves its other elements.
    pub(in crate::source::dialects) fn take_objects(&mut self, name: &str) -> Vec<MovedObject> {
        let Some((key, value)) = self.take(name) else { return Vec::new() };
        let elements = match value {
            Value::Array(elements) => elements,
            one => vec![one],
        };
        let mut objects = Vec::with_capacity(elements.len());
        let mut rest = Vec::new();
        for (index, element) in elements.into_iter().enumerate() {
            match element {
                Value::Object(members) => {
                    objects.push(MovedObject { from: format!("{key}[{index}]"), members })
                }
                element if is_nothing(&element) => {}
                element => rest.push(element),
            }
        }
        if !rest.is_empty() {
            self.put(&key, Value::Array(rest));
        }
        objects
    }

    /// Puts a member where the standard has it.
    pub(in crate::source::dialects) fn put(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
    }

    /// Adds an element to a list of the standard's. `from` is the element's path in the feed, if it has one.
    pub(in crate::source::dialects) fn push(&mut self, list: &str, value: Value, from: Option<&str>) {
        let mut elements = match self.take(list) {
            Some((_, Value::Array(elements))) => elements,
            Some((_, one)) => vec![one],
            None => Vec::new(),
        };
        if let Some(from) = from {
            self.moved(from, &format!("{list}[{}]", elements.len()));
        }
        elements.push(value);
        self.put(list, Value::Array(elements));
    }

    /// Calls `change` for the objects in a list that stays in place, with their paths.
    pub(in crate::source::dialects) fn each(
        &mut self,
        list: &str,
        mut change: impl FnMut(&str, &mut Map<String, Value>, &Self),
    ) {
        let Some((key, mut value)) = self.take(list) else { return };
        let elements = value.as_array_mut().into_iter().flatten().enumerate();
        for (index, element) in elements {
            if let Some(members) = element.as_object_mut() {
                change(&format!("{key}[{index}]"), members, self);
            }
        }
        self.put(&key, value);
    }

    /// Remembers that what is read at `to` is at `from` in the feed's own JSON.
    pub(in crate::source::dialects) fn moved(&self, from: &str, to: &str) {
        self.notes.borrow_mut().moved(from.to_owned(), to.to_owned());
    }

    /// Adds an issue at a path of the feed's own JSON.
    pub(in crate::source::dialects) fn note(&self, code: IssueCode, path: &str, message: &str) {
        let (path, message) = (path.to_owned(), message.to_owned());
        self.notes.borrow_mut().issues.push(RecordIssue { code, path, message, original: None });
    }

    /// Adds an issue that quotes what was sent.
    pub(in crate::source::dialects) fn note_with(
        &self,
        code: IssueCode,
        path: &str,
        message: &str,
        original: Value,
    ) {
        let (path, message, original) = (path.to_owned(), message.to_owned(), Some(original));
        self.notes.borrow_mut().issues.push(RecordIssue { code, path, message, original });
    }
}

/// An object taken out of a list.
pub(in crate::source::dialects) struct MovedObject {
    /// The path in the feed's own JSON.
    pub from: String,
    pub members: Map<String, Value>,
}

/// Returns the value of a member under any spelling of its name. Returns `None` if it is empty.
pub(in crate::source::dialects) fn member<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> Option<&'m Value> {
    let found = members.iter().find(|(key, value)| same_name(key, name) && !is_nothing(value));
    found.map(|(_, value)| value)
}

/// Takes a member out. Returns its spelling and value. Returns `None` if it is empty.
pub(in crate::source::dialects) fn take_member(
    members: &mut Map<String, Value>,
    name: &str,
) -> Option<(String, Value)> {
    members.retain(|key, value| !is_nothing(value) || !same_name(key, name));
    let key = members.keys().find(|key| same_name(key, name)).cloned()?;
    members.remove_entry(&key)
}

/// Returns whether two keys are spellings of one name.
pub(in crate::source::dialects) fn is_spelling(key: &str, name: &str) -> bool {
    same_name(key, name)
}
