//! The kinds of value that a key may have: how each is read, described in the schema, and written as a default.

mod choice;
mod compound;
mod measure;
mod number;
mod text;
mod web;

use serde_json::Value as Json;

pub(super) use choice::{NamedChoices, choice};
pub(super) use compound::{list, map, table};
pub(super) use measure::{duration, size};
pub(super) use number::{decimal, flag, whole, within};
pub(super) use text::{path, secret, text, word};
pub(super) use web::{
    address, endpoint, header_name, header_value, network, origin, parse_header_name, route, server_url, url,
};

use super::problem::ValueRefusal;
use super::reader::{FoundValue, ProblemReport};

type ValueReader<T> = Box<dyn Fn(&mut ProblemReport<'_>, &FoundValue<'_>) -> Option<T>>;
type ValueWriter<T> = Box<dyn Fn(&T) -> Option<Json>>;

/// The values that may be written for a key, and how they are converted.
pub(super) struct ValueKind<T> {
    read: ValueReader<T>,
    write: ValueWriter<T>,
    schema: Json,
    put: fn(&mut T, T),
}

impl<T: 'static> ValueKind<T> {
    /// Creates a kind read by `read`, which reports what it refuses.
    pub(super) fn new(
        schema: Json,
        read: impl Fn(&mut ProblemReport<'_>, &FoundValue<'_>) -> Option<T> + 'static,
        write: impl Fn(&T) -> Option<Json> + 'static,
    ) -> Self {
        Self { read: Box::new(read), write: Box::new(write), schema, put: |slot, value| *slot = value }
    }

    /// Creates a kind written as a string, whose variables are replaced before `parse`.
    pub(super) fn parsed(
        schema: Json,
        parse: impl Fn(&str) -> Result<T, ValueRefusal> + 'static,
        write: impl Fn(&T) -> Option<Json> + 'static,
    ) -> Self {
        let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
            let text = report.text(found)?;
            report_refusal(report, found, parse(&text))
        };
        Self::new(schema, read, write)
    }

    /// Merges written values with the existing ones instead of replacing them.
    pub(super) fn putting(self, put: fn(&mut T, T)) -> Self {
        Self { put, ..self }
    }

    /// Makes the key one that may be left out.
    pub(super) fn some(self) -> ValueKind<Option<T>> {
        let (read, write) = (self.read, self.write);
        ValueKind::new(
            self.schema,
            move |report, found| read(report, found).map(Some),
            move |value| value.as_ref().and_then(&write),
        )
    }

    /// Makes an empty string mean "none".
    pub(super) fn optional(self) -> ValueKind<Option<T>> {
        let schema = or_empty(self.schema.clone());
        let some = self.some();
        let (read, write) = (some.read, some.write);
        let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| match report.peek(found) {
            Some(text) if text.is_empty() => Some(None),
            _ => read(report, found),
        };
        ValueKind::new(
            schema,
            read,
            move |value| if value.is_none() { Some("".into()) } else { write(value) },
        )
    }
}

impl<T> ValueKind<T> {
    /// Reads a value, or reports what is wrong with it.
    pub(super) fn read(&self, report: &mut ProblemReport<'_>, found: &FoundValue<'_>) -> Option<T> {
        (self.read)(report, found)
    }

    /// Stores a value in its slot.
    pub(super) fn put(&self, slot: &mut T, value: T) {
        (self.put)(slot, value);
    }

    /// Returns its JSON Schema.
    pub(super) fn schema(&self) -> &Json {
        &self.schema
    }

    /// Returns how a value is written, if it may be shown.
    pub(super) fn write(&self, value: &T) -> Option<Json> {
        (self.write)(value)
    }
}

/// Returns accepted values, and reports refused ones.
fn report_refusal<T>(
    report: &mut ProblemReport<'_>,
    found: &FoundValue<'_>,
    result: Result<T, ValueRefusal>,
) -> Option<T> {
    result.map_err(|refusal| report.refuse(found, refusal)).ok()
}

/// A plain string may be empty already; any other kind also gets the empty string.
fn or_empty(schema: Json) -> Json {
    let plain = schema == serde_json::json!({ "type": "string" });
    if plain { schema } else { serde_json::json!({ "anyOf": [{ "const": "" }, schema] }) }
}
