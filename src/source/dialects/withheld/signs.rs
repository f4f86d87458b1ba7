//! Whether there is anything private in a record at all, found in one pass over its members.

use serde_json::{Map, Value};

use super::flags::{self, PrivacyFlag};
use super::names;
use super::texts::may_hold_private;
use crate::source::kept_back::KeptBack;

/// What a record has that is private, or that makes something private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PrivacySigns {
    /// Contacts that are not to be shown.
    pub(super) people: bool,
    /// Places that are not to be known, or not exactly.
    pub(super) places: bool,
    /// Who checked a record.
    pub(super) assurers: bool,
    /// Texts that may hold any of these.
    pub(super) texts: bool,
    /// How many values there are, members and elements at any depth.
    values: usize,
}

impl PrivacySigns {
    /// Looks through a record, at every depth.
    pub(super) fn of(record: &Map<String, Value>, omits_assurers: bool) -> Self {
        let mut signs = Self::default();
        signs.look(record, omits_assurers);
        signs
    }

    /// The same for a source of which something is known to be private: any record may speak of it.
    pub(super) fn with(mut self, known: &KeptBack) -> Self {
        if !known.is_empty() {
            (self.people, self.places) = (true, true);
        }
        self
    }

    /// Whether any record in the row may say that its place is not to be known, or not exactly.
    pub(crate) fn may_hide_places(&self) -> bool {
        self.places
    }

    /// How many values there are in the row, members and elements at any depth.
    pub(crate) fn values(&self) -> usize {
        self.values
    }

    fn look(&mut self, members: &Map<String, Value>, omits_assurers: bool) {
        self.values += members.len();
        for (name, value) in members {
            self.note(flags::set_by(name, value));
            self.assurers |= omits_assurers
                && names::speaks_of_assurance(name)
                && (names::names_assurer(name) || names::is_assurance(name) || holds_address(value));
            self.look_into(value, omits_assurers);
        }
    }

    fn look_into(&mut self, value: &Value, omits_assurers: bool) {
        match value {
            Value::Object(members) => self.look(members, omits_assurers),
            Value::Array(elements) => {
                self.values += elements.len();
                elements.iter().for_each(|element| self.look_into(element, omits_assurers));
            }
            Value::String(text) => {
                // An annotation may be a flag.
                if text.len() <= LONGEST_NAME {
                    self.note(flags::flag(text));
                    self.assurers |= omits_assurers && names::is_assurers_name(text);
                }
                self.texts = self.texts || may_hold_private(text, omits_assurers);
            }
            _ => {}
        }
    }

    fn note(&mut self, flag: Option<PrivacyFlag>) {
        match flag {
            // A place that is personal is hidden, too.
            Some(PrivacyFlag::Personal | PrivacyFlag::Private) => (self.people, self.places) = (true, true),
            Some(PrivacyFlag::HideAddress | PrivacyFlag::MaskExactAddress) => self.places = true,
            None => {}
        }
    }
}

// `"date_assured": "2026-01-02 by somebody@curator.example"`.
fn holds_address(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('@') || text.contains("%40"),
        Value::Array(elements) => elements.iter().any(holds_address),
        _ => false,
    }
}

/// Longer texts are no names of flags or of assurers.
const LONGEST_NAME: usize = 40;
