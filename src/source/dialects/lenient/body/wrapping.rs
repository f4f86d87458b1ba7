//! Reads the text of a response as a value, from any wrapping: notations other than JSON, texts that contain JSON,
//! references, and lists written as objects.

use serde_json::{Map, Value};

use crate::source::dialects::lenient::body::mend::{MendKind, MendKinds, mend};
use crate::source::dialects::lenient::body::page_names::list_names;
use crate::source::dialects::lenient::body::references;
use crate::source::dialects::lenient::body::strict::{ParseRoom, ParsedJson, parse_in};
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::patience::ReadingPatience;

/// A value, and what had to be done to read it.
#[derive(Debug)]
pub(in crate::source::dialects::lenient) struct UnwrappedValue {
    /// The value.
    pub value: Value,
    /// The name of a member that some object has twice. `None` if there is no such object.
    pub twice: Option<String>,
    /// Whether elements of lists were left out.
    pub is_cut: bool,
    /// What was mended.
    pub mends: MendKinds,
}

/// How often JSON may be wrapped in a text.
const MOST_WRAPPED: u8 = 3;
/// Members with the whole response as a text, in cloud functions and web services.
const BODIES: [&str; 6] = ["body", "d", "result", "response", "payload", "json"];

/// Reads a text as JSON, mended if necessary.
///
/// # Errors
/// The error of strict reading, if mending does not help.
pub(in crate::source::dialects::lenient) fn unwrap(
    text: &str,
    patience: &ReadingPatience,
) -> Result<UnwrappedValue, serde_json::Error> {
    WrappingReader { room: ParseRoom::default(), patience }.unwrap(text, MOST_WRAPPED)
}

/// Returns whether a member of this name has objects, so that a text in it must be JSON. Descriptions and outlines may
/// be texts that only look like JSON.
pub(in crate::source::dialects::lenient) fn is_structured(name: &str) -> bool {
    STRUCTURED.iter().any(|structured| same_name(name, structured))
}

/// Members with objects or lists of objects.
const STRUCTURED: [&str; 44] = [
    "accessibility",
    "accessibilities",
    "accessibility_for_disabilities",
    "additional_urls",
    "additional_websites",
    "addresses",
    "attributes",
    "capacities",
    "contact",
    "contacts",
    "cost_options",
    "costs",
    "eligibilities",
    "eligibilitys",
    "funding",
    "fundings",
    "holiday_schedules",
    "languages",
    "link_taxonomies",
    "location",
    "locations",
    "metadata",
    "organisation",
    "organization",
    "organization_identifiers",
    "organizations",
    "phones",
    "physical_addresses",
    "postal_addresses",
    "program",
    "programs",
    "regular_schedule",
    "regular_schedules",
    "required_documents",
    "reviews",
    "schedules",
    "service",
    "service_areas",
    "service_at_locations",
    "service_taxonomies",
    "service_taxonomys",
    "services",
    "taxonomy_term",
    "taxonomy_terms",
];

// Converts an object with positions as names to a list. PHP writes lists with gaps like that.
fn numbered(members: Map<String, Value>) -> Result<Vec<Value>, Map<String, Value>> {
    let is_position = |name: &String| name.len() <= 9 && name.bytes().all(|byte| byte.is_ascii_digit());
    let is_list = !members.is_empty() && members.keys().all(is_position);
    if is_list { Ok(members.into_iter().map(|(_, value)| value).collect()) } else { Err(members) }
}

fn looks_like_json(text: &str) -> bool {
    matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'['))
}

fn holds_json(value: &Value) -> bool {
    value.as_str().is_some_and(looks_like_json)
}

/// Reads one response. All JSON in its texts shares one limit on memory.
struct WrappingReader<'p> {
    room: ParseRoom,
    patience: &'p ReadingPatience,
}

impl WrappingReader<'_> {
    fn unwrap(&self, text: &str, left: u8) -> Result<UnwrappedValue, serde_json::Error> {
        let (parsed, mends) = match parse_in(&self.room, text, self.patience) {
            Ok(parsed) => (parsed, MendKinds::default()),
            Err(error) => self.mended(text).ok_or(error)?,
        };
        let ParsedJson { mut value, twice, is_cut, has_references, has_wrappings, has_serialised } = parsed;
        let mut unwrapped = UnwrappedValue { value: Value::Null, twice, is_cut, mends };
        if has_serialised {
            unwrapped.mends.note(MendKind::Serialised);
        }
        if has_references {
            unwrapped.mends.note(MendKind::References);
            value = references::resolve(&value);
        }
        value = match value {
            Value::String(text) => self.in_text(&mut unwrapped, text, left),
            Value::Object(members) => self.in_object(&mut unwrapped, members, left),
            other => other,
        };
        if has_wrappings || has_references {
            self.in_parts(&mut unwrapped, "", &mut value);
        }
        Ok(UnwrappedValue { value, ..unwrapped })
    }

    fn mended(&self, text: &str) -> Option<(ParsedJson, MendKinds)> {
        let mended = mend(text, self.patience)?;
        let parsed = parse_in(&self.room, &mended.json, self.patience).ok()?;
        let is_record = |row: &Value| row.get("id").is_some_and(|id| id.is_string() || id.is_number());
        let are_records = parsed.value.as_array().is_some_and(|rows| rows.iter().all(is_record));
        // An error message followed by a page is not a list of records.
        (!mended.is_lines || are_records).then_some((parsed, mended.mends))
    }

    // Reads the JSON in a text. Returns the text if there is none.
    fn in_text(&self, whole: &mut UnwrappedValue, text: String, left: u8) -> Value {
        let is_wrapped = left > 0 && (looks_like_json(&text) || text.trim_start().starts_with('"'));
        let Some(inner) = is_wrapped.then(|| self.unwrap(&text, left - 1).ok()).flatten() else {
            return Value::String(text);
        };
        whole.mends.note(MendKind::InText);
        whole.mends.extend(inner.mends);
        whole.is_cut |= inner.is_cut;
        whole.twice = whole.twice.take().or(inner.twice);
        inner.value
    }

    fn in_object(&self, whole: &mut UnwrappedValue, members: Map<String, Value>, left: u8) -> Value {
        let mut members = match numbered(members) {
            Ok(rows) => {
                whole.mends.note(MendKind::ListAsObject);
                return Value::Array(rows);
            }
            Err(members) => members,
        };
        let is_list = |name: &String| list_names().any(|list| same_name(name, list));
        if !members.iter().any(|(name, value)| value.is_array() && is_list(name)) {
            for name in BODIES {
                if let Some(body) = members.get_mut(name).filter(|body| holds_json(body)) {
                    return self.within(whole, body.take(), left);
                }
            }
        }
        for (_, list) in members.iter_mut().filter(|(name, _)| is_list(name)) {
            *list = self.list(whole, list.take(), left);
        }
        Value::Object(members)
    }

    fn within(&self, whole: &mut UnwrappedValue, value: Value, left: u8) -> Value {
        match value {
            Value::String(text) => self.in_text(whole, text, left),
            other => other,
        }
    }

    // A list of records may be a text or an object, and each record may be a text.
    fn list(&self, whole: &mut UnwrappedValue, list: Value, left: u8) -> Value {
        match self.within(whole, list, left) {
            Value::Array(mut rows) => {
                for row in rows.iter_mut().filter(|row| holds_json(row)) {
                    *row = self.within(whole, row.take(), left);
                }
                Value::Array(rows)
            }
            Value::Object(members) => match keyed(members) {
                Ok(rows) => {
                    whole.mends.note(MendKind::ListAsObject);
                    Value::Array(rows)
                }
                Err(members) => Value::Object(members),
            },
            other => other,
        }
    }

    // Does the same for the parts of records, before they are searched for private data.
    fn in_parts(&self, whole: &mut UnwrappedValue, name: &str, value: &mut Value) {
        if self.patience.is_over() {
            return;
        }
        if is_structured(name) {
            *value = self.part(whole, value.take());
        }
        match value {
            Value::Array(elements) => {
                elements.iter_mut().for_each(|element| self.in_parts(whole, name, element));
            }
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, member)| self.in_parts(whole, name, member));
            }
            _ => {}
        }
    }

    fn part(&self, whole: &mut UnwrappedValue, value: Value) -> Value {
        let value = match value {
            Value::String(text) if looks_like_json(&text) => self.part_in_text(whole, text),
            other => other,
        };
        match value {
            Value::Object(members) => match numbered(members) {
                Ok(elements) => {
                    whole.mends.note(MendKind::ListAsObject);
                    Value::Array(elements)
                }
                Err(members) => Value::Object(members),
            },
            other => other,
        }
    }

    // If only part of the JSON can be read, it stays a text.
    fn part_in_text(&self, whole: &mut UnwrappedValue, text: String) -> Value {
        let inner = parse_in(&self.room, &text, self.patience).ok().filter(|inner| !inner.is_cut);
        match inner {
            Some(inner) => {
                whole.mends.note(MendKind::InText);
                inner.value
            }
            None => Value::String(text),
        }
    }
}

// Accepts records by position, or each by its own id.
fn keyed(members: Map<String, Value>) -> Result<Vec<Value>, Map<String, Value>> {
    if !members.values().all(Value::is_object) {
        return Err(members);
    }
    let is_own = |(name, row): (&String, &Value)| match row.get("id") {
        Some(Value::String(id)) => id == name,
        Some(Value::Number(id)) => id.to_string() == *name,
        _ => false,
    };
    if !members.is_empty() && members.iter().all(is_own) {
        return Ok(members.into_iter().map(|(_, row)| row).collect());
    }
    numbered(members)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unwrapped(text: &str) -> Value {
        unwrap(text, &ReadingPatience::default()).unwrap().value
    }

    #[test]
    fn quirk_115_json_in_a_text_is_read() {
        let page = json!({"contents": [{"id": "1", "note": "{\"kept\": 1}"}]});
        let text = page.to_string();
        for wrapped in [
            json!(text).to_string(),
            json!(json!(text).to_string()).to_string(),
            json!({"statusCode": 200, "body": text}).to_string(),
            json!({"contents": page["contents"].to_string()}).to_string(),
            json!({"contents": [page["contents"][0].to_string()]}).to_string(),
            json!(text.replace("}]", "},]")).to_string(),
        ] {
            assert_eq!(unwrapped(&wrapped), page, "{wrapped}");
        }
        assert_eq!(unwrapped(r#""a text""#), json!("a text"));
        assert_eq!(unwrapped(r#"{"body": "{}", "contents": []}"#), json!({"body": "{}", "contents": []}));
    }

    #[test]
    fn quirk_122_values_are_taken_out_of_the_wrappings_of_serialisers() {
        let page = json!({"contents": [{
            "_id": {"$oid": "64f0c2a19d8e7f6a5b4c3d2e"}, "minimum_age": {"$numberInt": "5"}, "email": {"@xsi:nil": "true"},
            "last_modified": {"$date": {"$numberLong": "1772443800000"}}, "description": {"#text": "Tea."},
        }]});
        let read = unwrap(&page.to_string(), &ReadingPatience::default()).unwrap();
        assert!(read.mends.has(MendKind::Serialised));
        assert_eq!(
            read.value,
            json!({"contents": [{
                "_id": "64f0c2a19d8e7f6a5b4c3d2e", "minimum_age": 5, "email": null,
                "last_modified": {"$date": 1_772_443_800_000_i64}, "description": "Tea.",
            }]})
        );
    }

    #[test]
    fn quirk_117_lists_written_as_objects_are_lists() {
        let rows = json!([{"id": "a"}, {"id": "b"}]);
        for list in [json!({"3": {"id": "a"}, "4": {"id": "b"}}), json!({"a": {"id": "a"}, "b": {"id": "b"}})]
        {
            assert_eq!(unwrapped(&json!({"contents": list}).to_string()), json!({"contents": rows}));
        }
        assert_eq!(unwrapped(r#"{"0": {"id": "a"}, "1": {"id": "b"}}"#), rows);
        let record = json!({"data": {"id": "a", "organization": {"id": "o"}}});
        assert_eq!(unwrapped(&record.to_string()), record);
    }

    #[test]
    fn parts_are_unwrapped_and_texts_that_only_look_like_json_are_not() {
        let page = json!({"contents": [{
            "phones": {"1": {"number": "1"}, "4": {"number": "2"}}, "contacts": "[{\"personal_data\": true}]",
            "organization": "{\"id\": \"o\", \"locations\": {\"0\": {\"id\": \"l\"}}}",
            "description": "[1]", "extent": "{\"type\": \"Point\"}", "opening": {"1": "Monday"},
        }]});
        let parts = json!({"contents": [{
            "phones": [{"number": "1"}, {"number": "2"}], "contacts": [{"personal_data": true}],
            "organization": {"id": "o", "locations": [{"id": "l"}]},
            "description": "[1]", "extent": "{\"type\": \"Point\"}", "opening": {"1": "Monday"},
        }]});
        assert_eq!(unwrapped(&page.to_string()), parts);
    }

    #[test]
    fn json_in_texts_takes_no_more_memory_than_json() {
        let text = format!("[{}{{}}]", "{},".repeat(20_000));
        let page = json!({"contents": vec![json!({"id": "a", "phones": text}); 40]}).to_string();
        let read = unwrap(&page, &ReadingPatience::default()).unwrap().value;
        let rows = read["contents"].as_array().unwrap();
        let lists = rows.iter().filter(|row| row["phones"].is_array()).count();
        assert!(rows.len() == 40 && (1..10).contains(&lists), "{lists}");
    }

    #[test]
    fn lines_that_are_no_records_are_no_page() {
        assert_eq!(unwrapped("{\"id\": 1}\n{\"id\": 2}"), json!([{"id": 1}, {"id": 2}]));
        assert!(unwrap("{\"error\": \"down\"}\n{\"contents\": []}", &ReadingPatience::default()).is_err());
    }
}
