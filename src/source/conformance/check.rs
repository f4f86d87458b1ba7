//! Checks a row, as it arrived, against a standard.

use serde_json::{Map, Value};

use super::formats;
use super::standard::{FeedStandard, MemberKind, ObjectStandard};
use crate::model::{IssueCode, IssueSeverity, RecordKind};
use crate::source::dialects::is_placeholder;

/// A departure from the standard. It never contains a value, only a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StandardFault {
    pub code: IssueCode,
    pub severity: IssueSeverity,
    pub message: &'static str,
}

/// The deepest nesting that is checked, so that a feed cannot make this program recurse without limit.
const MAX_DEPTH: usize = 12;

/// Members whose absence leaves users without something. Others can often be guessed or done without.
const VITAL: [&str; 5] = ["name", "number", "identifier", "url", "status"];

/// Reports every departure in a record's row, with its path in the row without indices.
pub(super) fn row(
    standard: FeedStandard,
    kind: RecordKind,
    row: &Value,
    note: &mut dyn FnMut(&str, StandardFault),
) {
    check(standard, kind, row, false, note);
}

/// Like [`row`], but `null` and empty texts count as values.
pub(super) fn row_as_it_stands(
    standard: FeedStandard,
    kind: RecordKind,
    row: &Value,
    note: &mut dyn FnMut(&str, StandardFault),
) {
    check(standard, kind, row, true, note);
}

fn check(
    standard: FeedStandard,
    kind: RecordKind,
    row: &Value,
    as_it_stands: bool,
    note: &mut dyn FnMut(&str, StandardFault),
) {
    if let (Some(object), Value::Object(members)) = (standard.object(kind), row) {
        RecordCheck { standard, path: String::new(), depth: 0, as_it_stands, note }.object(object, members);
    }
}

struct RecordCheck<'a> {
    standard: FeedStandard,
    path: String,
    depth: usize,
    /// Whether `null` and empty texts count as values.
    as_it_stands: bool,
    note: &'a mut dyn FnMut(&str, StandardFault),
}

impl RecordCheck<'_> {
    fn object(&mut self, object: &'static ObjectStandard, members: &Map<String, Value>) {
        if self.depth > MAX_DEPTH {
            return;
        }
        for name in object.required {
            if !self.has(members, name) {
                self.at(name, |check| check.missing(name));
            }
        }
        for (name, value) in members {
            let is_value = self.as_it_stands || !says_nothing(value);
            if let Some(kind) = object.kind(name, self.standard).filter(|_| is_value) {
                self.at(name, |check| check.value(kind, name, value));
            }
        }
    }

    // Objects have few members, so comparing each name is faster than hashing.
    fn has(&self, members: &Map<String, Value>, name: &str) -> bool {
        members.iter().any(|(own, value)| match self.as_it_stands {
            true => own == name,
            false => self.standard.is_name(name, own) && !says_nothing(value),
        })
    }

    /// Runs a check one member further down.
    fn at(&mut self, member: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(member);
        check(self);
        self.path.truncate(length);
    }

    fn missing(&mut self, name: &str) {
        let at_root = self.depth == 0;
        let (code, severity) = match name {
            "id" if !at_root => (IssueCode::MissingId, IssueSeverity::Info),
            _ if at_root || VITAL.contains(&name) => (IssueCode::MissingRequired, IssueSeverity::Error),
            _ => (IssueCode::MissingRequired, IssueSeverity::Warning),
        };
        self.fault(code, severity, "is required by the standard but missing");
    }

    fn value(&mut self, kind: MemberKind, name: &str, value: &Value) {
        match (kind, value) {
            (MemberKind::One(object), Value::Object(members)) => self.inside(object, members),
            (MemberKind::Many(object), Value::Array(elements)) => {
                self.path.push_str("[]");
                let as_it_stands = self.as_it_stands;
                for element in elements.iter().filter(|element| as_it_stands || !says_nothing(element)) {
                    match element {
                        Value::Object(members) => self.inside(object, members),
                        _ => self.wrong_type("is not an object"),
                    }
                }
            }
            (MemberKind::One(_), _) => self.wrong_type("is not an object"),
            (MemberKind::Many(_), _) => self.wrong_type("is not a list"),
            (MemberKind::Number, Value::Number(_)) | (MemberKind::Truth, Value::Bool(_)) => {}
            (MemberKind::Number, _) => self.wrong_type("is not a number"),
            (MemberKind::Truth, _) => self.wrong_type("is neither true nor false"),
            (kind, Value::String(text)) => self.text(kind, name, text),
            _ => self.wrong_type("is not a string"),
        }
    }

    fn text(&mut self, kind: MemberKind, name: &str, text: &str) {
        let (is_right, message) = match kind {
            MemberKind::Code(words) if !words.contains(&text) => {
                let message = "is not one of the standard's values";
                return self.fault(IssueCode::OutsideCodelist, IssueSeverity::Warning, message);
            }
            // Any id works as long as it never changes, but the standard requires UUIDs.
            MemberKind::Uuid if !formats::is_uuid(text) => {
                let severity = if self.depth == 0 && name == "id" {
                    IssueSeverity::Warning
                } else {
                    IssueSeverity::Info
                };
                return self.fault(IssueCode::NonStandardFormat, severity, "is not a UUID");
            }
            MemberKind::Email => (formats::is_email(text), "is not an email address"),
            MemberKind::Uri => (formats::is_uri(text), "is not a URI"),
            // The published schemas state these formats only for tables, and do not check JSON for them.
            MemberKind::Date | MemberKind::Time if self.as_it_stands => (true, ""),
            MemberKind::Date => (formats::is_date(text), "is not a date in the form 2026-01-31"),
            MemberKind::DateTime => (formats::is_date_time(text), "is not an RFC 3339 date and time"),
            MemberKind::Time => (formats::is_time(text), "is not a time in the form 09:30"),
            MemberKind::Text
            | MemberKind::Uuid
            | MemberKind::Code(_)
            | MemberKind::Number
            | MemberKind::Truth
            | MemberKind::One(_)
            | MemberKind::Many(_) => (true, ""),
        };
        if !is_right {
            self.fault(IssueCode::NonStandardFormat, IssueSeverity::Warning, message);
        }
    }

    fn inside(&mut self, object: &'static ObjectStandard, members: &Map<String, Value>) {
        self.depth += 1;
        self.object(object, members);
        self.depth -= 1;
    }

    fn wrong_type(&mut self, message: &'static str) {
        self.fault(IssueCode::WrongType, IssueSeverity::Warning, message);
    }

    fn fault(&mut self, code: IssueCode, severity: IssueSeverity, message: &'static str) {
        (self.note)(&self.path, StandardFault { code, severity, message });
    }
}

/// Returns whether a value is empty or a placeholder. The dialects define what is a placeholder.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text_says_nothing(text),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn text_says_nothing(text: &str) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    // A fast path: nearly all texts are longer than any placeholder, and have no blanks around them.
    let says_something =
        text.len() > "undefined".len() && is_word(text.as_bytes().first()) && is_word(text.as_bytes().last());
    !says_something && is_placeholder(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(standard: FeedStandard, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        row(standard, RecordKind::Service, value, &mut |path, fault| {
            faults.push(format!("{path} {} {:?}", fault.code.as_str(), fault.severity));
        });
        faults.sort();
        faults
    }

    #[test]
    fn what_stands_for_nothing_is_nothing_to_the_standard_too() {
        for text in ["", " - ", "None", "Null", "n/a", "undefined", " undefined "] {
            assert!(is_placeholder(text) && text_says_nothing(text), "{text:?}");
        }
        assert!(!text_says_nothing("undefined length") && !text_says_nothing("nothing"));
    }

    #[test]
    fn a_row_that_keeps_to_the_standard_has_no_faults() {
        let row = json!({
            "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f", "name": "Lunch club", "status": "active",
            "url": "https://elm.example/lunch", "email": "desk@elm.example", "minimum_age": 50,
            "assured_date": "2026-01-31", "last_modified": "2026-01-31T10:00:00Z", "description": null,
            "phones": [], "x_own": { "any": "thing" },
            "schedules": [{
                "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5a", "freq": "WEEKLY", "byday": "MO,TU",
                "opens_at": "09:30", "closes_at": "12:00:00Z", "valid_from": "2026-01-01",
            }],
        });
        for standard in [FeedStandard::Oruk3, FeedStandard::Hsds30, FeedStandard::Hsds31] {
            assert_eq!(faults(standard, &row), Vec::<String>::new());
        }
    }

    #[test]
    fn every_kind_of_departure_is_named_with_its_path_and_what_it_costs() {
        let row = json!({
            "id": "17", "status": "open", "email": "desk", "minimum_age": "50", "url": "elm.example",
            "assured_date": "31/01/2026", "organization": [], "attributes": {},
            "contacts": [{ "id": 4, "phones": [{ "id": "x" }, "0117 496 0000"] }],
            "languages": "Welsh",
            "schedules": [{ "id": "a", "opens_at": "9.30am", "freq": "DAILY" }],
        });
        let found = faults(FeedStandard::Hsds31, &row);
        assert_eq!(
            found,
            [
                "assured_date NON_STANDARD_FORMAT Warning",
                "contacts[].id WRONG_TYPE Warning",
                "contacts[].phones[] WRONG_TYPE Warning",
                "contacts[].phones[].id NON_STANDARD_FORMAT Info",
                "contacts[].phones[].number MISSING_REQUIRED Error",
                "email NON_STANDARD_FORMAT Warning",
                "id NON_STANDARD_FORMAT Warning",
                "languages WRONG_TYPE Warning",
                "minimum_age WRONG_TYPE Warning",
                "name MISSING_REQUIRED Error",
                "schedules[].freq OUTSIDE_CODELIST Warning",
                "schedules[].id NON_STANDARD_FORMAT Info",
                "schedules[].opens_at NON_STANDARD_FORMAT Warning",
                "status OUTSIDE_CODELIST Warning",
                "url NON_STANDARD_FORMAT Warning",
            ]
        );
    }

    #[test]
    fn dates_and_times_of_day_are_not_held_to_a_form_where_only_the_published_schemas_count() {
        let row = json!({
            "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f", "name": "Lunch club", "status": "active",
            "organization": { "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5a", "name": "Elm", "description": "A trust" },
            "assured_date": "02/03/2026", "last_modified": "2026-03-02 09:30",
            "schedules": [{ "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5b", "opens_at": "9am", "valid_from": "2 March" }],
        });
        let mut found = Vec::new();
        row_as_it_stands(FeedStandard::Oruk3, RecordKind::Service, &row, &mut |path, _| {
            found.push(path.to_owned())
        });
        assert_eq!(found, ["last_modified"]);
    }

    #[test]
    fn version_1_is_held_to_its_own_names_however_they_are_written() {
        let row = json!({
            "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f", "NAME": "Lunch club",
            "regular_schedules": [{ "id": "1", "opens_at": "10:00", "closes_at": "noon" }],
            "Eligibilitys": [{ "id": "1", "minimumage": 5, "maximum_age": "-1" }],
        });
        assert_eq!(
            faults(FeedStandard::Oruk1, &row),
            [
                "Eligibilitys[].maximum_age WRONG_TYPE Warning",
                "regular_schedules[].closes_at NON_STANDARD_FORMAT Warning",
            ]
        );
    }

    #[test]
    fn nesting_without_end_is_not_followed() {
        let mut row = json!({ "id": "x" });
        for _ in 0..100 {
            row = json!({ "id": "x", "organization": { "id": "o", "services": [row] } });
        }
        assert!(faults(FeedStandard::Oruk3, &row).len() < 100);
    }
}
