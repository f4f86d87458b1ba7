//! The query as it was written: where its arguments stand, and what its variables are.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Pos, Value, Variables};
use async_graphql_value::Value as Given;

use super::QueryText;
use super::book::{SchemaBook, named};
use crate::graphql::limits::MAX_NESTING;

/// A query that the library has refused.
pub(super) struct WrittenQuery<'q> {
    pub(super) document: ExecutableDocument,
    pub(super) variables: &'q Variables,
    pub(super) operation: Option<&'q str>,
}

/// An argument as it is written, and what the schema says of it.
pub(super) struct WrittenArgument<'a> {
    pub(super) name: &'a str,
    pub(super) of: &'a Type,
    pub(super) given: &'a Given,
}

impl<'q> WrittenQuery<'q> {
    /// Reads the query again. `None` if it is none, which has been told already.
    pub(super) fn read(question: &'q QueryText) -> Option<Self> {
        let QueryText { text, variables, operation } = question;
        Some(Self { document: parse_query(text).ok()?, variables, operation: operation.as_deref() })
    }

    /// Every operation, with its name.
    pub(super) fn operations(&self) -> impl Iterator<Item = (Option<&str>, &OperationDefinition)> {
        self.document.operations.iter().map(|(name, operation)| (name.map(AsRef::as_ref), &operation.node))
    }

    /// The operation that was to be executed.
    fn selected(&self) -> Option<&OperationDefinition> {
        match (&self.document.operations, self.operation) {
            (DocumentOperations::Single(operation), _) => Some(&operation.node),
            (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|operation| &operation.node),
            (DocumentOperations::Multiple(all), None) => all.values().next().map(|operation| &operation.node),
        }
    }

    /// What a variable stands for. `None` if it was not given and has no default.
    pub(super) fn variable(&self, name: &str) -> Option<Value> {
        let definitions = self.selected()?.variable_definitions.iter();
        let mut definitions = definitions.filter(|definition| definition.node.name.node == name);
        let definition = definitions.next()?;
        self.variables.get(name).or_else(|| definition.node.default_value()).cloned()
    }

    /// The default of a variable that is defined at one of these places, with its name and type.
    pub(super) fn default_at(&self, places: &[Pos]) -> Option<(&str, &Type, Given)> {
        let definitions = self.operations().flat_map(|(_, operation)| &operation.variable_definitions);
        let mut at = definitions.filter(|definition| places.contains(&definition.pos));
        let definition = &at.next()?.node;
        let default = definition.default_value()?.clone().into_value();
        Some((definition.name.node.as_str(), &definition.var_type.node, default))
    }

    /// The argument that stands at one of these places.
    pub(super) fn argument_at<'a>(
        &'a self,
        book: &'a SchemaBook,
        places: &[Pos],
    ) -> Option<WrittenArgument<'a>> {
        let find = |set: &'a SelectionSet, of: &'a str| argument_within(book, set, of, places, 0);
        let in_operation =
            |(_, operation): (_, &'a OperationDefinition)| find(&operation.selection_set.node, "Query");
        self.operations().find_map(in_operation).or_else(|| {
            self.document.fragments.values().find_map(|fragment| {
                find(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node)
            })
        })
    }
}

fn argument_within<'a>(
    book: &'a SchemaBook,
    set: &'a SelectionSet,
    of: &'a str,
    places: &[Pos],
    level: usize,
) -> Option<WrittenArgument<'a>> {
    // Deeper ones are refused before anything else is said of them.
    if level > MAX_NESTING {
        return None;
    }
    set.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => {
            let defined = book.field(of, &field.node.name.node)?;
            argument_of(&field.node, &defined.arguments, places).or_else(|| {
                let within = &field.node.selection_set.node;
                argument_within(book, within, named(&defined.ty.node), places, level + 1)
            })
        }
        Selection::InlineFragment(inline) => {
            let of = inline.node.type_condition.as_ref().map_or(of, |on| on.node.on.node.as_str());
            argument_within(book, &inline.node.selection_set.node, of, places, level + 1)
        }
        Selection::FragmentSpread(_) => None,
    })
}

fn argument_of<'a>(
    field: &'a Field,
    defined: &'a [async_graphql::Positioned<async_graphql::parser::types::InputValueDefinition>],
    places: &[Pos],
) -> Option<WrittenArgument<'a>> {
    let is_there = |place: &Pos| places.contains(place);
    let (name, given) =
        field.arguments.iter().find(|(name, given)| is_there(&name.pos) || is_there(&given.pos))?;
    let of = defined.iter().find(|defined| defined.node.name.node == name.node)?;
    Some(WrittenArgument { name: &name.node, of: &of.node.ty.node, given: &given.node })
}
