//! The JSON Schema of the configuration, for editors, drawn from the same sections the reader walks.

use serde_json::{Map, Value as Json, json};

use super::kind::Kind;
use super::section::{Keys, Section};

/// The JSON Schema of a whole document whose defaults `section` holds.
pub(super) fn document<S: Section>(mut section: S) -> Json {
    let mut schema = object(&mut section);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "oruk-gateway".into();
    schema
}

/// The JSON Schema of a table.
pub(super) fn object<S: Section>(section: &mut S) -> Json {
    let mut writer = SchemaWriter::default();
    section.keys(&mut writer);
    let mut schema = json!({
        "type": "object",
        "description": prose(S::ABOUT),
        "additionalProperties": false,
        "properties": writer.properties,
    });
    if !writer.required.is_empty() {
        schema["required"] = writer.required.into();
    }
    schema
}

#[derive(Default)]
struct SchemaWriter {
    properties: Map<String, Json>,
    required: Vec<&'static str>,
}

impl SchemaWriter {
    fn property(&mut self, name: &str, about: &str, mut schema: Json, default: Option<Json>) {
        schema["description"] = prose(about).into();
        if let Some(default) = default {
            schema["default"] = default;
        }
        self.properties.insert(name.to_owned(), schema);
    }
}

impl Keys for SchemaWriter {
    fn key<T>(&mut self, name: &'static str, about: &str, kind: Kind<T>, slot: &mut T) {
        self.property(name, about, kind.schema().clone(), kind.write(slot));
    }

    fn required<T>(&mut self, name: &'static str, about: &str, kind: Kind<T>, _slot: &mut Option<T>) {
        self.property(name, about, kind.schema().clone(), None);
        self.required.push(name);
    }

    fn section<S: Section>(&mut self, name: &'static str, section: &mut S) {
        self.properties.insert(name.to_owned(), object(section));
    }

    fn each<S: Section + Clone>(
        &mut self,
        name: &'static str,
        _unique: &'static str,
        template: &S,
        _slot: &mut Vec<S>,
    ) {
        let items = object(&mut template.clone());
        self.property(name, S::ABOUT, json!({ "type": "array", "items": items }), None);
    }
}

/// A doc comment as a sentence or two on one line.
fn prose(about: &str) -> String {
    about.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}
