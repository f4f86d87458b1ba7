//! Reads one JSON object, member by member.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{CarriedMembers, IssueCode, RecordOrigin, SourceKey};
use crate::source::dialect::ReadingContext;
use crate::source::dialects::lenient::members::names::{FoldedName, same_name};
use crate::source::dialects::lenient::members::notes::RecordNotes;
use crate::source::dialects::lenient::members::republished;
use crate::source::dialects::lenient::values::texts;

/// The members of one object. Reading a member takes it out. [`ObjectMembers::close`] gives the remaining ones to the
/// record.
pub(in crate::source::dialects) struct ObjectMembers<'r> {
    entries: Vec<Option<(String, Value)>>,
    /// The folded names of the entries, because every name that is read is compared with all of them.
    folded: Vec<FoldedName>,
    pub(in crate::source::dialects::lenient) outer: Option<&'r ObjectMembers<'r>>,
    pub(in crate::source::dialects::lenient) step: ObjectStep<'r>,
    notes: &'r RefCell<RecordNotes>,
    /// The number of values that could not be read.
    failed: Cell<usize>,
    reading: &'r ReadingContext<'r>,
    pub(in crate::source::dialects::lenient) owners: Vec<(&'static str, String)>,
    pub(in crate::source::dialects::lenient) carried: CarriedMembers,
    pub(in crate::source::dialects::lenient) depth: u8,
    /// Who first published the record, if the feed is that of another gateway.
    pub(in crate::source::dialects::lenient) origin: Option<Arc<RecordOrigin>>,
    /// What that gateway published outside the standard.
    pub(in crate::source::dialects::lenient) aside: Map<String, Value>,
}

/// How an object is reached from the enclosing one.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) enum ObjectStep<'r> {
    /// It is a record, so its paths start here.
    Record,
    /// Through a member.
    Member(&'r str),
    /// Through an element of a list.
    Element(&'r str, usize),
}

/// What the value of a member should be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::source::dialects::lenient) enum ExpectedMember {
    /// A text, number or Boolean.
    Scalar,
    /// A list or object.
    Nested,
}

/// A member with its spelling in the feed and a value that is not empty.
pub(in crate::source::dialects::lenient) struct TakenMember<V = Value> {
    pub key: String,
    pub value: V,
}

// Other spellings that the standards use or used. All others are reported.
const DOCUMENTED: [&str; 22] = [
    "accessibilityfordisabilities",
    "accessibilities",
    "eligibilitys",
    "eligibilities",
    "fundings",
    "language",
    "linktaxonomies",
    "physicaladdresses",
    "postaladdresses",
    "regularschedule",
    "regularschedules",
    "servicearea",
    "servicetaxonomies",
    "servicetaxonomys",
    "term",
    "accessibility",
    "holidayschedules",
    "startdate",
    "enddate",
    "taxonomys",
    "taxonomyid",
    "taxonomydetail",
];

impl<'r> ObjectMembers<'r> {
    /// Starts reading a record. `outer` is the object that it is nested in.
    pub(in crate::source::dialects::lenient) fn of_record(
        members: Map<String, Value>,
        notes: &'r RefCell<RecordNotes>,
        reading: &'r ReadingContext<'r>,
        outer: Option<&'r ObjectMembers<'r>>,
        origin: Option<Arc<RecordOrigin>>,
    ) -> Self {
        let depth = outer.map_or(0, |outer| outer.depth + 1);
        Self::new(members, ObjectStep::Record, outer, notes, reading, depth, origin)
    }

    /// Starts reading a part of the record that `outer` belongs to.
    pub(in crate::source::dialects) fn of_part(
        members: Map<String, Value>,
        outer: &'r ObjectMembers<'r>,
        step: ObjectStep<'r>,
    ) -> Self {
        let origin = outer.origin.clone();
        Self::new(members, step, Some(outer), outer.notes, outer.reading, outer.depth + 1, origin)
    }

    fn new(
        mut members: Map<String, Value>,
        step: ObjectStep<'r>,
        outer: Option<&'r ObjectMembers<'r>>,
        notes: &'r RefCell<RecordNotes>,
        reading: &'r ReadingContext<'r>,
        depth: u8,
        origin: Option<Arc<RecordOrigin>>,
    ) -> Self {
        let aside = match &origin {
            Some(_) => republished::take_aside(&mut members),
            None => Map::new(),
        };
        let folded = members.keys().map(|key| FoldedName::of(key)).collect();
        let entries = members.into_iter().map(Some).collect();
        Self {
            entries,
            folded,
            outer,
            step,
            notes,
            failed: Cell::new(0),
            reading,
            owners: Vec::new(),
            carried: CarriedMembers::default(),
            depth,
            origin,
            aside,
        }
    }

    pub(in crate::source::dialects) fn reading(&self) -> &'r ReadingContext<'r> {
        self.reading
    }

    pub(in crate::source::dialects) fn source(&self) -> &'r SourceKey {
        self.reading.source
    }

    /// Returns a member's value without taking it, under any spelling of its name.
    pub(in crate::source::dialects) fn peek(&self, name: &str) -> Option<&Value> {
        self.spellings(name).next().map(|(_, value)| value).filter(|value| !is_nothing(value))
    }

    /// Returns the feed's spelling of the first of these names that it uses, or else the standard's.
    pub(in crate::source::dialects) fn spelled(&self, names: &[&str]) -> String {
        let found = names.iter().find_map(|name| self.spellings(name).find(|(_, value)| !is_nothing(value)));
        let standard = names.first().copied().unwrap_or_default();
        found.map_or(standard, |(key, _)| key).to_owned()
    }

    /// Adds an issue about the member that the feed spells `key`.
    pub(in crate::source::dialects) fn note(
        &self,
        code: IssueCode,
        key: &str,
        message: impl Into<String>,
        original: Option<Value>,
    ) {
        if matches!(code, IssueCode::Unreadable | IssueCode::OutsideCodelist | IssueCode::OutOfRange) {
            self.failed.set(self.failed.get() + 1);
        }
        self.notes.borrow_mut().issue(code, self.path_to(key), message.into(), original);
    }

    /// Reads something. Also returns whether any of it could not be read, so that it is unknown rather than missing.
    pub(in crate::source::dialects) fn tried<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.failed.get();
        let read = read(self);
        (read, self.failed.get() > before)
    }

    /// Adds an issue about a missing member that the standard requires.
    pub(in crate::source::dialects) fn note_missing(&self, name: &str) {
        self.note(IssueCode::MissingRequired, name, "is required by the standard but missing", None);
    }

    /// Adds a value that has no other place to the record's `extra`.
    pub(in crate::source::dialects) fn keep(&self, key: &str, value: Value) {
        self.notes.borrow_mut().keep(self.path_to(key), value);
    }

    /// Takes a value of any type.
    pub(in crate::source::dialects) fn value(&mut self, names: &[&str]) -> Option<Value> {
        self.take(names, ExpectedMember::Nested).map(|taken| taken.value)
    }

    /// Adds a member, as if the feed had sent it.
    pub(in crate::source::dialects) fn put(&mut self, name: &str, value: Value) {
        self.folded.push(FoldedName::of(name));
        self.entries.push(Some((name.to_owned(), value)));
    }

    /// Returns the remaining members as text. It is equal for equal members.
    pub(in crate::source::dialects::lenient) fn content(&self) -> String {
        // Names and values always serialise.
        serde_json::to_string(&self.entries.iter().flatten().collect::<Vec<_>>()).unwrap_or_default()
    }

    pub(in crate::source::dialects::lenient) fn ordinal(&self, seed: &str) -> usize {
        self.notes.borrow_mut().ordinal(seed)
    }

    /// Takes the first of these names, the standard's own first, that has a value. Others are taken as well if they are
    /// empty or have the same value.
    pub(in crate::source::dialects::lenient) fn take(
        &mut self,
        names: &[&str],
        expected: ExpectedMember,
    ) -> Option<TakenMember> {
        let mut taken: Option<TakenMember> = None;
        let mut placeholders = Vec::new();
        let mut spelling = [MemberMatch::Exact, MemberMatch::Folded].as_slice();
        for name in names {
            let folded = FoldedName::of(name);
            if self.folded.contains(&folded) {
                for how in spelling {
                    self.take_spelled(name, folded, *how, &mut taken, &mut placeholders);
                }
            }
            // The standard's exact spelling takes precedence over its variants. For other names, spelling does not
            // matter.
            spelling = &[MemberMatch::Folded];
        }
        placeholders.into_iter().for_each(|placeholder| self.note_placeholder(placeholder, expected));
        if let (Some(taken), Some(name)) = (&taken, names.first()) {
            self.note_spelling(&taken.key, name);
        }
        taken
    }

    fn take_spelled(
        &mut self,
        name: &str,
        folded: FoldedName,
        how: MemberMatch,
        taken: &mut Option<TakenMember>,
        placeholders: &mut Vec<TakenMember>,
    ) {
        let entries = self.folded.iter().zip(&mut self.entries);
        for (_, entry) in entries.filter(|(own, _)| **own == folded) {
            let Some((key, value)) = entry.take_if(|(key, _)| how.matches(key, name)) else { continue };
            if is_nothing(&value) {
                if !value.is_null() {
                    placeholders.push(TakenMember { key, value });
                }
            } else if let Some(first) = &taken {
                if first.value != value {
                    *entry = Some((key, value));
                }
            } else {
                *taken = Some(TakenMember { key, value });
            }
        }
    }

    /// Gives the remaining members to the record's `extra`, under their paths.
    pub(in crate::source::dialects) fn close(&mut self) {
        for entry in std::mem::take(&mut self.entries) {
            let Some((key, value)) = entry else { continue };
            if !self.repeats_owner(&key, &value) {
                self.keep(&key, value);
            }
        }
    }

    // Returns the remaining members that are spellings of a name.
    fn spellings(&self, name: &str) -> impl Iterator<Item = (&str, &Value)> {
        let folded = FoldedName::of(name);
        let entries = self.folded.iter().zip(&self.entries).filter(move |(own, _)| **own == folded);
        entries
            .filter_map(|(_, entry)| entry.as_ref())
            .filter(move |(key, _)| same_name(key, name))
            .map(|(key, value)| (key.as_str(), value))
    }

    fn note_placeholder(&self, TakenMember { key, value }: TakenMember, expected: ExpectedMember) {
        if value.is_string() {
            self.note(IssueCode::PlaceholderValue, &key, "is a placeholder for no value", Some(value));
        } else if expected == ExpectedMember::Scalar {
            self.note(
                IssueCode::WrongType,
                &key,
                "is an empty list or object, not a single value",
                Some(value),
            );
        }
    }

    fn note_spelling(&self, key: &str, name: &str) {
        let documented = || DOCUMENTED.iter().any(|known| same_name(key, known));
        if key != name && !documented() {
            self.note(IssueCode::MisspelledMember, key, format!("is read as `{name}`"), None);
        }
    }

    pub(in crate::source::dialects::lenient) fn path_to(&self, key: &str) -> String {
        let mut path = self.path();
        if !path.is_empty() && !key.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        path
    }

    fn path(&self) -> String {
        let around = || self.outer.map(ObjectMembers::path).unwrap_or_default();
        match self.step {
            ObjectStep::Record => String::new(),
            ObjectStep::Member(key) => joined(around(), key),
            ObjectStep::Element(..) => joined(around(), &self.step.to_string()),
        }
    }
}

impl fmt::Display for ObjectStep<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record => Ok(()),
            Self::Member(key) => f.write_str(key),
            Self::Element(key, index) => write!(f, "{key}[{index}]"),
        }
    }
}

fn joined(mut path: String, key: &str) -> String {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
    path
}

#[derive(Clone, Copy)]
enum MemberMatch {
    Exact,
    Folded,
}

impl MemberMatch {
    fn matches(self, key: &str, name: &str) -> bool {
        match self {
            Self::Exact => key == name,
            Self::Folded => same_name(key, name),
        }
    }
}

/// Returns whether a value is empty, in any of the ways in which feeds write that.
pub(in crate::source::dialects) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => texts::is_placeholder(text),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
