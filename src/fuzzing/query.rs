//! Queries that are valid by the schema, drawn from it by any bytes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::slice::Iter;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition};
use serde_json::Value;

/// The deepest a query nests: the limit itself is for another target.
const DEEPEST: usize = 14;
/// Values of arguments, by their types.
const VALUES: [(&str, &[&str]); 9] = [
    ("Int", &["1", "3", "20", "50", "100", "1000"]),
    ("Int!", &["3", "10"]),
    ("DateTime!", &["\"2026-04-01T00:00:00Z\""]),
    ("String!", &["\"elm\"", "\"1\""]),
    ("Postcode!", &["\"BS3 4AA\""]),
    ("TextFormat", &["HTML", "RAW"]),
    ("[ServiceDimension!]!", &["[SOURCE, DAY]", "[ORGANIZATION, TAXONOMY_TERM]", "[STATUS]"]),
    ("ServiceFilter", &["{ text: \"group\" }", "{ or: [{ age: 30 }, { text: \"help\" }] }", "{}"]),
    ("TaxonomyTermFilter", &["{ rootOnly: true }"]),
];

/// What can be asked for.
pub(super) struct QueryMenu {
    types: HashMap<String, Vec<MenuField>>,
    /// Ids, by the root field that takes one.
    ids: BTreeMap<String, Vec<String>>,
}

struct MenuField {
    name: String,
    /// The type of what is within, without list and null.
    of: String,
    /// Names and types.
    arguments: Vec<(String, String)>,
}

impl QueryMenu {
    /// Of a schema's document and of an answer that holds ids below the names of the fields that take them.
    pub(super) fn new(sdl: &str, answer: &Value) -> Self {
        let definitions = parse_schema(sdl).map_or(Vec::new(), |document| document.definitions);
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) => Some(of.node),
            _ => None,
        });
        let fields = types.filter_map(|of| match of.kind {
            TypeKind::Object(object) => Some((of.name.node.to_string(), object.fields)),
            TypeKind::Interface(interface) => Some((of.name.node.to_string(), interface.fields)),
            _ => None,
        });
        let types = fields
            .map(|(name, fields)| (name, fields.iter().map(|field| MenuField::of(&field.node)).collect()));
        Self { types: types.collect(), ids: ids_below_names(answer) }
    }
}

impl MenuField {
    fn of(field: &FieldDefinition) -> Self {
        let argument = |name: &str, of: &Type| (name.to_owned(), of.to_string());
        let arguments =
            field.arguments.iter().map(|given| argument(&given.node.name.node, &given.node.ty.node));
        Self { name: field.name.node.to_string(), of: named(&field.ty.node), arguments: arguments.collect() }
    }
}

fn named(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(within) => named(within),
    }
}

fn ids_below_names(answer: &Value) -> BTreeMap<String, Vec<String>> {
    let Value::Object(members) = answer else { return BTreeMap::new() };
    let below = |value: &Value| {
        let mut ids = Vec::new();
        collect_ids(value, &mut ids);
        ids
    };
    members.iter().map(|(name, value)| (name.to_string(), below(value))).collect()
}

fn collect_ids(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get("id") {
                ids.push(format!("\"{id}\""));
            }
            members.values().for_each(|member| collect_ids(member, ids));
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect_ids(element, ids)),
        _ => {}
    }
}

/// Writes a query. Each byte decides one thing; what is left open once they are used up is as plain as it can be.
pub(super) fn written_by(menu: &QueryMenu, choices: &[u8]) -> String {
    QueryWriter { menu, choices: choices.iter(), aliases: 0 }.selection("Query", 0)
}

struct QueryWriter<'a> {
    menu: &'a QueryMenu,
    choices: Iter<'a, u8>,
    aliases: usize,
}

impl<'a> QueryWriter<'a> {
    fn below(&mut self, most: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % most.max(1))
    }

    fn one_of<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let at = self.below(from.len());
        from.get(at)
    }

    /// Writes what is asked of a type: nothing, if it has no fields.
    fn selection(&mut self, of: &str, depth: usize) -> String {
        let menu: &'a QueryMenu = self.menu;
        let Some(fields) = menu.types.get(of) else { return String::new() };
        if depth >= DEEPEST {
            return "{ __typename }".to_owned();
        }
        let (mut text, mut written) = ("{ __typename".to_owned(), HashSet::new());
        for _ in 0..=self.below(4) {
            let Some(field) = self.one_of(fields) else { break };
            let Some(arguments) = self.arguments(field) else { continue };
            let within = self.selection(&field.of, depth + 1);
            text.push(' ');
            if !written.insert(&field.name) {
                self.aliases += 1;
                text.push_str(&format!("a{}: ", self.aliases));
            }
            text.extend([&*field.name, &*arguments, &*within]);
        }
        text + " }"
    }

    /// Writes a field's arguments. Returns `None` if there is no value for one that must be given.
    fn arguments(&mut self, field: &MenuField) -> Option<String> {
        let mut given = Vec::new();
        for (name, of) in &field.arguments {
            let is_required = of.ends_with('!');
            if !is_required && self.below(3) != 1 {
                continue;
            }
            match self.value(&field.name, name, of) {
                Some(value) => given.push(format!("{name}: {value}")),
                None if is_required => return None,
                None => {}
            }
        }
        Some(if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) })
    }

    fn value(&mut self, field: &str, argument: &str, of: &str) -> Option<String> {
        let menu: &'a QueryMenu = self.menu;
        match (argument, of) {
            ("to", _) => Some("\"2027-04-01T00:00:00Z\"".to_owned()),
            (_, "ID!") => self.one_of(menu.ids.get(field).or_else(|| menu.ids.get("service"))?).cloned(),
            (_, "[ID!]!") => {
                let all: Vec<&str> = menu.ids.values().flatten().map(String::as_str).collect();
                Some(format!("[{}]", all.get(..self.below(all.len())).unwrap_or_default().join(" ")))
            }
            _ => {
                let (_, values) = VALUES.iter().find(|(known, _)| *known == of)?;
                self.one_of(values).map(|value| (*value).to_owned())
            }
        }
    }
}
