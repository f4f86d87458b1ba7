//! The names of the schema: what types there are, and what is in each.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use crate::model::near_names;

/// The types of the schema by their names.
pub(super) struct SchemaBook(HashMap<String, TypeDefinition>);

/// The most names that are suggested for one.
const MOST_NEAR: usize = 3;
/// The most names that are listed where none is near.
const MOST_LISTED: usize = 30;
/// Longer names are not shown: they are texts in the place of a name.
const LONGEST_NAME: usize = 60;

impl SchemaBook {
    /// The types of a schema's document.
    pub(super) fn read(sdl: &str) -> Self {
        // The committed schema is held to be this document, so that it parses; without it nothing is suggested.
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) => Some((of.node.name.node.to_string(), of.node)),
            _ => None,
        });
        Self(types.collect())
    }

    pub(super) fn kind(&self, name: &str) -> Option<&TypeKind> {
        self.0.get(name).map(|of| &of.kind)
    }

    /// The names of all types.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The fields that can be selected of a type.
    pub(super) fn fields(&self, of: &str) -> impl Iterator<Item = &FieldDefinition> {
        let fields: &[Positioned<FieldDefinition>] = match self.kind(of) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        };
        fields.iter().map(|field| &field.node)
    }

    /// A field that can be selected of a type.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&FieldDefinition> {
        self.fields(of).find(|field| field.name.node == name)
    }

    /// The members of an input object.
    pub(super) fn members(&self, of: &str) -> impl Iterator<Item = &InputValueDefinition> {
        let members: &[Positioned<InputValueDefinition>] = match self.kind(of) {
            Some(TypeKind::InputObject(input)) => &input.fields,
            _ => &[],
        };
        members.iter().map(|member| &member.node)
    }

    /// Whether exactly one member of an input object has to be given.
    pub(super) fn takes_one(&self, of: &str) -> bool {
        let directives = self.0.get(of).map(|of| of.directives.as_slice()).unwrap_or_default();
        directives.iter().any(|directive| directive.node.name.node == "oneOf")
    }

    /// The words of an enum.
    pub(super) fn words(&self, of: &str) -> impl Iterator<Item = &str> {
        let words = match self.kind(of) {
            Some(TypeKind::Enum(words)) => words.values.as_slice(),
            _ => &[],
        };
        words.iter().map(|word| word.node.value.node.as_str())
    }
}

/// The type of a value, without list and null.
pub(super) fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(within) => named(within),
    }
}

/// What to write in place of a name: those that are near it, or all.
pub(super) fn instead<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    match near(name, known.clone()) {
        Some(near) => format!("; did you mean {near}?"),
        None => listed(known).map(|all| format!("; use one of {all}")).unwrap_or_default(),
    }
}

/// The names near one, as `a` or `b`.
pub(super) fn near<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let near: Vec<String> =
        near_names(name, known, MOST_NEAR).iter().map(|name| format!("`{name}`")).collect();
    match near.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [first @ .., last] => Some(format!("{} or {last}", first.join(", "))),
    }
}

/// The names as a list, cut where they are many. `None` if there are none.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(MOST_LISTED);
    let shown = names.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join(", ");
    match (names.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(shown),
        (false, more) => Some(format!("{shown} and {more} more")),
    }
}

/// A name as it may be shown: what is no name may be anybody's text.
pub(super) fn shown(name: &str) -> Option<&str> {
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    (is_name && !name.is_empty() && name.len() <= LONGEST_NAME).then_some(name)
}
