//! The names in the schema: its types and their members.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use crate::model::near_names;

/// The types of the schema, by name.
pub(super) struct SchemaBook(HashMap<String, TypeDefinition>);

/// The most suggestions for a name.
const MOST_NEAR: usize = 3;
/// The most names listed if there are no suggestions.
const MOST_LISTED: usize = 30;
/// The longest name that is shown. Longer ones are other text in the place of a name.
const LONGEST_NAME: usize = 60;

impl SchemaBook {
    /// Reads the types from a schema document.
    pub(super) fn read(sdl: &str) -> Self {
        // A test checks that the committed schema equals this document, so it parses. Without it there are no
        // suggestions.
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

    /// Returns the names of all types.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the fields of a type.
    pub(super) fn fields(&self, of: &str) -> impl Iterator<Item = &FieldDefinition> {
        let fields: &[Positioned<FieldDefinition>] = match self.kind(of) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        };
        fields.iter().map(|field| &field.node)
    }

    /// Returns a field of a type.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&FieldDefinition> {
        self.fields(of).find(|field| field.name.node == name)
    }

    /// Returns the members of an input object.
    pub(super) fn members(&self, of: &str) -> impl Iterator<Item = &InputValueDefinition> {
        let members: &[Positioned<InputValueDefinition>] = match self.kind(of) {
            Some(TypeKind::InputObject(input)) => &input.fields,
            _ => &[],
        };
        members.iter().map(|member| &member.node)
    }

    /// Returns whether exactly one member of an input object must be given.
    pub(super) fn takes_one(&self, of: &str) -> bool {
        let directives = self.0.get(of).map(|of| of.directives.as_slice()).unwrap_or_default();
        directives.iter().any(|directive| directive.node.name.node == "oneOf")
    }

    /// Returns the values of an enum.
    pub(super) fn words(&self, of: &str) -> impl Iterator<Item = &str> {
        let words = match self.kind(of) {
            Some(TypeKind::Enum(words)) => words.values.as_slice(),
            _ => &[],
        };
        words.iter().map(|word| word.node.value.node.as_str())
    }
}

/// Returns the named type, without list and non-null wrappers.
pub(super) fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(within) => named(within),
    }
}

/// Returns advice for an unknown name: suggestions, or a list of all names.
pub(super) fn instead<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    match near(name, known.clone()) {
        Some(near) => format!("; did you mean {near}?"),
        None => listed(known).map(|all| format!("; use one of {all}")).unwrap_or_default(),
    }
}

/// Returns the names that resemble one, as `a` or `b`.
pub(super) fn near<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let near: Vec<String> =
        near_names(name, known, MOST_NEAR).iter().map(|name| format!("`{name}`")).collect();
    match near.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [first @ .., last] => Some(format!("{} or {last}", first.join(", "))),
    }
}

/// Returns the names as a list, shortened if there are many. Returns `None` if there are none.
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

/// Returns a name if it may be shown. What is not a name may be private text.
pub(super) fn shown(name: &str) -> Option<&str> {
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    (is_name && !name.is_empty() && name.len() <= LONGEST_NAME).then_some(name)
}
