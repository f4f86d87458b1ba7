//! The JSON Schema of the configuration, from the same sections that the reader walks.

use serde_json::{Map, Value as Json, json};

use super::kind::ValueKind;
use super::section::{ConfigSection, SectionVisitor};

/// Returns the JSON Schema of a document with the defaults in `section`.
pub(super) fn document<S: ConfigSection>(mut section: S) -> Json {
    // TOML editors understand draft 7.
    let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": "oruk-gateway" });
    if let (Json::Object(schema), Json::Object(table)) = (&mut schema, object(&mut section)) {
        schema.extend(table);
    }
    schema
}

/// Returns the JSON Schema of a table.
pub(super) fn object<S: ConfigSection>(section: &mut S) -> Json {
    let mut writer = SchemaWriter::default();
    section.keys(&mut writer);
    json!({
        "type": "object",
        "description": prose(S::ABOUT),
        "additionalProperties": false,
        "properties": writer.properties,
        "required": writer.required,
    })
}

#[derive(Default)]
struct SchemaWriter {
    properties: Map<String, Json>,
    required: Vec<&'static str>,
}

impl SchemaWriter {
    fn property(&mut self, name: &str, about: &str, mut schema: Json, default: Option<Json>) {
        if let Json::Object(schema) = &mut schema {
            schema.insert("description".into(), prose(about).into());
            schema.extend(default.map(|default| ("default".into(), default)));
        }
        self.properties.insert(name.to_owned(), schema);
    }
}

impl SectionVisitor for SchemaWriter {
    fn key<T>(&mut self, name: &'static str, about: &str, kind: ValueKind<T>, slot: &mut T) {
        self.property(name, about, kind.schema().clone(), kind.write(slot));
    }

    fn required<T>(&mut self, name: &'static str, about: &str, kind: ValueKind<T>, _slot: &mut Option<T>) {
        self.property(name, about, kind.schema().clone(), None);
        self.required.push(name);
    }

    fn section<S: ConfigSection>(&mut self, name: &'static str, section: &mut S) {
        self.properties.insert(name.to_owned(), object(section));
    }

    fn each<S: ConfigSection + Clone>(
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

/// Joins a doc comment into one line.
fn prose(about: &str) -> String {
    about.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}
