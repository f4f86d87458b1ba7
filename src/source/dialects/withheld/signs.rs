//! Finds out in one pass whether a record contains anything private.

use serde_json::{Map, Value};

use super::flags::{self, PrivacyFlag};
use super::names;
use super::texts::may_hold_private;
use crate::source::kept_back::KeptBack;

/// The signs of private content in a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PrivacySigns {
    /// Contacts that must not be shown.
    pub(super) people: bool,
    /// Places that must not be shown, or only roughly.
    pub(super) places: bool,
    /// People who checked a record.
    pub(super) assurers: bool,
    /// Texts that may contain any of these.
    pub(super) texts: bool,
    /// The number of values: members and elements at any depth.
    values: usize,
}

impl PrivacySigns {
    /// Scans a record at every depth.
    pub(super) fn of(record: &Map<String, Value>, omits_assurers: bool) -> Self {
        let mut signs = Self::default();
        signs.look(record, omits_assurers);
        signs
    }

    /// Adds what is known about the source. If anything in it is private, any record may mention that.
    pub(super) fn with(mut self, known: &KeptBack) -> Self {
        if !known.is_empty() {
            (self.people, self.places) = (true, true);
        }
        self
    }

    /// Returns whether any record in the row may hide or mask its place.
    pub(crate) fn may_hide_places(&self) -> bool {
        self.places
    }

    /// Returns the number of values in the row: members and elements at any depth.
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
            // A personal place is hidden, too.
            Some(PrivacyFlag::Personal | PrivacyFlag::Private) => (self.people, self.places) = (true, true),
            Some(PrivacyFlag::HideAddress | PrivacyFlag::MaskExactAddress) => self.places = true,
            None => {}
        }
    }
}

// For example `"date_assured": "2026-01-02 by somebody@curator.example"`.
fn holds_address(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('@') || text.contains("%40"),
        Value::Array(elements) => elements.iter().any(holds_address),
        _ => false,
    }
}

/// The longest text that may be the name of a flag or assurer, in bytes.
const LONGEST_NAME: usize = 40;
