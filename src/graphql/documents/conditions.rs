//! Finds the variables that decide which parts of an operation are included.

use apollo_compiler::ast::Value as Written;
use apollo_compiler::executable::{DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};

/// Returns the variables in the conditions of an operation.
pub(super) fn conditions<'a>(document: &'a ExecutableDocument, operation: &'a Operation) -> Vec<&'a Name> {
    let mut found = Vec::new();
    let mut spread = Vec::new();
    collect(document, &operation.selection_set, &mut spread, &mut found);
    found
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    spread: &mut Vec<&'a str>,
    found: &mut Vec<&'a Name>,
) {
    for selection in &set.selections {
        conditions_of(selection.directives(), found);
        match selection {
            Selection::Field(field) => collect(document, &field.selection_set, spread, found),
            Selection::InlineFragment(inline) => collect(document, &inline.selection_set, spread, found),
            Selection::FragmentSpread(named) => {
                let name = named.fragment_name.as_str();
                if let Some(fragment) = document.fragments.get(name).filter(|_| !spread.contains(&name)) {
                    spread.push(name);
                    collect(document, &fragment.selection_set, spread, found);
                }
            }
        }
    }
}

fn conditions_of<'a>(directives: &'a DirectiveList, found: &mut Vec<&'a Name>) {
    let given = directives.iter().filter_map(|directive| directive.specified_argument_by_name("if"));
    for given in given {
        if let Written::Variable(name) = &**given
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
}
