//! What an object belongs to, according to nesting and to foreign keys.

use serde_json::Value;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::object::{ObjectMembers, ObjectStep, is_nothing};
use crate::source::dialects::lenient::values::texts;
use crate::source::dialects::withheld::contacts_named;

// Members that say what a part belongs to, which nesting says already.
const FOREIGN_KEYS: [&str; 11] = [
    "service_id",
    "organization_id",
    "location_id",
    "service_at_location_id",
    "contact_id",
    "phone_id",
    "service_area_id",
    "cost_option_id",
    "eligibility_id",
    LINK_ID,
    RESOURCE_ID,
];
const LINK_ID: &str = "link_id";
const RESOURCE_ID: &str = "resource_id";

impl ObjectMembers<'_> {
    /// Remembers that everything nested here belongs to the record `id`, which foreign keys call `key`.
    pub(in crate::source::dialects) fn own(&mut self, key: &'static str, id: impl Into<String>) {
        self.owners.push((key, id.into()));
    }

    /// Returns the id of the nearest enclosing record that foreign keys call `key`.
    pub(in crate::source::dialects) fn owner(&self, key: &str) -> Option<&str> {
        let own = self.owners.iter().rev().find(|(name, _)| *name == key).map(|(_, id)| id.as_str());
        own.or_else(|| self.outward(|outer| outer.owner(key)))
    }

    /// Returns the id of the nearest enclosing object that has one.
    pub(in crate::source::dialects::lenient) fn nearest_owner(&self) -> Option<&str> {
        self.owners.first().map(|(_, id)| id.as_str()).or_else(|| self.outer?.nearest_owner())
    }

    /// Returns the id of the contact that this object belongs to, unless it is nested in that contact.
    pub(in crate::source::dialects) fn of_contact(&self) -> Option<Box<str>> {
        let named = contacts_named(|name| self.peek(name).and_then(texts::id_text)).next()?;
        (self.owner("contact_id") != Some(&*named)).then(|| named.into())
    }

    /// Returns whether an unread member is a foreign key that is empty or repeats the nesting. Adds an issue if it
    /// contradicts the nesting.
    pub(in crate::source::dialects::lenient) fn repeats_owner(&self, key: &str, value: &Value) -> bool {
        let Some(name) = FOREIGN_KEYS.into_iter().find(|name| same_name(key, name)) else { return false };
        let owner = match name {
            // These two refer to whatever the object belongs to.
            LINK_ID | RESOURCE_ID => self.outer_owner(),
            _ => self.owner(name),
        };
        let Some(given) = texts::id_text(value) else { return is_nothing(value) };
        match owner {
            Some(owner) if owner != given => {
                self.note(
                    IssueCode::Conflict,
                    key,
                    "refers to a different record from the one around it",
                    Some(value.clone()),
                );
                false
            }
            owner => owner.is_some(),
        }
    }

    fn outer_owner(&self) -> Option<&str> {
        self.outward(ObjectMembers::nearest_owner)
    }

    // From a record, the search leaves the record.
    fn outward<'m>(&'m self, find: impl FnOnce(&'m Self) -> Option<&'m str>) -> Option<&'m str> {
        let found = find(self.outer?)?;
        if matches!(self.step, ObjectStep::Record) {
            self.reading().terms.note_outward();
        }
        Some(found)
    }
}
