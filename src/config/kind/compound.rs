//! Lists, maps and tables of other kinds.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use toml::de::DeValue;

use super::{ValueKind, report_refusal};
use crate::config::problem::ValueRefusal;
use crate::config::reader::{FoundValue, ProblemReport, read_table};
use crate::config::schema::object;
use crate::config::section::ConfigSection;

/// A list, reporting every refused item.
pub(in crate::config) fn list<T: 'static>(item: ValueKind<T>) -> ValueKind<Vec<T>> {
    let (read, write, schema) = (item.read, item.write, item.schema);
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
        let DeValue::Array(array) = found.value else {
            report.expected(found, "a list");
            return None;
        };
        let items = array.iter().enumerate().map(|(index, item)| read(report, &found.item(index, item)));
        // Collect all items first: stopping early would hide the problems of later items.
        let items: Vec<Option<T>> = items.collect();
        items.into_iter().collect()
    };
    let write = move |items: &Vec<T>| Some(Json::Array(items.iter().filter_map(&write).collect()));
    ValueKind::new(json!({ "type": "array", "items": schema }), read, write)
}

/// A table of names and values, merged with the existing ones: `[defaults]` may have some, a source others.
///
/// `names` lists the names for editors; `name` parses one like a value.
pub(in crate::config) fn map<T: 'static>(
    names: &[&str],
    name: impl Fn(&str) -> Result<String, ValueRefusal> + 'static,
    value: ValueKind<T>,
) -> ValueKind<BTreeMap<String, T>> {
    let schema = map_schema(names, &value.schema);
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
        let DeValue::Table(table) = found.value else {
            report.expected(found, "a table");
            return None;
        };
        let before = report.count();
        let mut entries = BTreeMap::new();
        for (key, member) in table.iter() {
            let written = key.get_ref().as_ref();
            let read = (value.read)(report, &found.member(written, member));
            let believed = name(written).and_then(|name| match entries.contains_key(&name) {
                true => Err(ValueRefusal::new("is given twice")),
                false => Ok(name),
            });
            match (believed, read) {
                (Err(refusal), _) => report.refuse_key(found.path(written), key.span(), refusal),
                (Ok(name), Some(value)) => drop(entries.insert(name, value)),
                (Ok(_), None) => {}
            }
        }
        (report.count() == before).then_some(entries)
    };
    ValueKind::new(schema, read, |entries| entries.is_empty().then(|| json!({})))
        .putting(|slot, entries| slot.extend(entries))
}

/// A table with its own keys, converted as a whole.
pub(in crate::config) fn table<S: ConfigSection + Default, T: 'static>(
    believe: impl Fn(S) -> Result<T, ValueRefusal> + 'static,
) -> ValueKind<T> {
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
        let before = report.count();
        let mut section = S::default();
        read_table(report, found, &mut section);
        if report.count() > before {
            return None;
        }
        let result = believe(section);
        report_refusal(report, found, result)
    };
    ValueKind::new(object(&mut S::default()), read, |_| None)
}

fn map_schema(names: &[&str], value: &Json) -> Json {
    if names.is_empty() {
        return json!({ "type": "object", "additionalProperties": value });
    }
    let properties: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
