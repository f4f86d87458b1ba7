//! Finds the fields of a document, with their parent types.

use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Node};
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
        visit_set(&operation.selection_set, seen);
    }
    for fragment in document.fragments.values() {
        visit_set(&fragment.selection_set, seen);
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
fn visit_set<'a>(set: &'a SelectionSet, seen: &mut impl FnMut(SelectedField<'a>)) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                seen(SelectedField { of: &set.ty, field });
                visit_set(&field.selection_set, seen);
            }
            Selection::InlineFragment(inline) => visit_set(&inline.selection_set, seen),
            Selection::FragmentSpread(_) => {}
        }
    }
}
