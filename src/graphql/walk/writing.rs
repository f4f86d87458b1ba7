//! Writes values as JSON.

use serde::Serialize;

use super::OutputWalk;
use crate::graphql::plan::FieldPlan;

impl OutputWalk<'_> {
    /// Writes null.
    pub(crate) fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes a JSON string, escaping as needed.
    pub(crate) fn text(&mut self, text: &str) {
        self.json(text);
    }

    /// Writes a name as a JSON string. Names need no escaping.
    pub(crate) fn name(&mut self, name: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'"');
    }

    /// Writes a value whose text needs no escaping as a JSON string: only digits, letters, hyphens and colons.
    pub(crate) fn printed(&mut self, value: &impl std::fmt::Display) {
        use std::io::Write as _;
        self.out.push(b'"');
        // Writing to memory does not fail.
        let _ = write!(self.out, "{value}");
        self.out.push(b'"');
    }

    /// Writes a text that is JSON already.
    pub(crate) fn written(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Writes any value. Writes null if it has no JSON form, such as an infinite number.
    pub(crate) fn json(&mut self, value: &(impl Serialize + ?Sized)) {
        let start = self.out.len();
        if serde_json::to_writer(&mut self.out, value).is_err() {
            self.out.truncate(start);
            self.null();
        }
    }

    /// Begins a member of an object.
    pub(super) fn member(&mut self, field: &FieldPlan, is_first: bool) {
        self.out.extend_from_slice(field.member.get(usize::from(is_first)..).unwrap_or_default());
    }
}
