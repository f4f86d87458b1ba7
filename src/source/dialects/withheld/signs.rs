//! Whether there is anything private in a record at all, found in one pass over the names of its members.

use serde_json::{Map, Value};

use super::names::{self, Flag};

/// What a record has that is private, or that makes something private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// Contacts that are not to be shown.
    pub people: bool,
    /// Places that are not to be known, or not exactly.
    pub places: bool,
    /// Who checked a record.
    pub assurers: bool,
}

impl Signs {
    /// Looks through a record, at every depth.
    pub(super) fn of(record: &Map<String, Value>, omits_assurers: bool) -> Self {
        let mut signs = Self::default();
        signs.look(record, omits_assurers);
        signs
    }

    fn look(&mut self, members: &Map<String, Value>, omits_assurers: bool) {
        for (name, value) in members {
            match names::flag(name) {
                // A place that is personal is hidden, too.
                Some(Flag::Personal) if names::says_yes(value) => (self.people, self.places) = (true, true),
                Some(Flag::Personal) => {}
                Some(Flag::HideAddress | Flag::MaskExactAddress) => self.places |= names::says_yes(value),
                None => {}
            }
            self.assurers |= omits_assurers
                && (names::names_assurer(name)
                    || names::is_assurance(name)
                    || value.as_str().is_some_and(names::is_assurers_name));
            self.look_into(value, omits_assurers);
        }
    }

    fn look_into(&mut self, value: &Value, omits_assurers: bool) {
        match value {
            Value::Object(members) => self.look(members, omits_assurers),
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.look_into(element, omits_assurers));
            }
            _ => {}
        }
    }
}
