//! Finds the fields of a document, with their parent types.

use std::collections::HashSet;

use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node};
use async_graphql::Pos;

/// A selected field, and the name of its parent type.
#[derive(Clone, Copy)]
pub(super) struct SelectedField<'a> {
    pub(super) of: &'a str,
    pub(super) field: &'a Node<Field>,
}

/// Visits every field of a document, once for each time it is written.
pub(super) fn visit<'a>(document: &'a ExecutableDocument, seen: &mut impl FnMut(SelectedField<'a>)) {
    for operation in document.operations.iter() {
        visit_set(&operation.selection_set, &mut |_| {}, seen);
    }
    for fragment in document.fragments.values() {
        visit_set(&fragment.selection_set, &mut |_| {}, seen);
    }
}

/// Visits every field that an operation selects, those of a fragment once.
pub(super) fn visit_operation<'a>(
    document: &'a ExecutableDocument,
    operation: &'a Operation,
    seen: &mut impl FnMut(SelectedField<'a>),
) {
    let mut spread: Vec<&'a Name> = Vec::new();
    let mut known = HashSet::new();
    visit_set(&operation.selection_set, &mut |name| spread.push(name), seen);
    while let Some(name) = spread.pop() {
        if known.insert(name)
            && let Some(fragment) = document.fragments.get(name)
        {
            visit_set(&fragment.selection_set, &mut |name| spread.push(name), seen);
        }
    }
}

/// Returns the field that is written at a position, if there is one.
pub(super) fn at(document: &ExecutableDocument, place: Pos) -> Option<SelectedField<'_>> {
    let mut found = None;
    visit(document, &mut |selected| {
        let begins = selected.field.location().and_then(|span| span.line_column(&document.sources));
        if begins.is_some_and(|begins| (begins.line, begins.column) == (place.line, place.column)) {
            found = Some(selected);
        }
    });
    found
}

// The recursion is bounded, because documents nested deeper than the limit have been refused.
fn visit_set<'a>(
    set: &'a SelectionSet,
    spread: &mut impl FnMut(&'a Name),
    seen: &mut impl FnMut(SelectedField<'a>),
) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                seen(SelectedField { of: &set.ty, field });
                visit_set(&field.selection_set, spread, seen);
            }
            Selection::InlineFragment(inline) => visit_set(&inline.selection_set, spread, seen),
            Selection::FragmentSpread(fragment) => spread(&fragment.fragment_name),
        }
    }
}
