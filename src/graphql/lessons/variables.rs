//! Checks the types of variables within objects and lists, where the validator compares only their names.
//!
//! The rule is `VariablesInAllowedPosition` of the specification.

use std::collections::HashMap;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node;
use apollo_compiler::ast::Value as Written;
use apollo_compiler::executable::{Operation, VariableDefinition};
use async_graphql::parser::types::{BaseType, InputValueDefinition, Type};
use async_graphql::{Pos, ServerError};

use super::book::{SchemaBook, named};
use super::fields::{self, SelectedField};
use crate::graphql::ErrorCode;

/// Where a value is written.
#[derive(Clone, Copy)]
struct ValueSite<'a> {
    of: &'a Type,
    /// Whether something is given in its place if a variable is absent.
    has_default: bool,
    /// Whether it is the member of an object that takes exactly one, which must not be null.
    is_only_member: bool,
}

/// The variables of an operation, with their types.
type DeclaredVariables<'d> = HashMap<&'d str, (&'d VariableDefinition, Type)>;

/// Returns what is wrong with variables within the values of a document.
pub(super) fn faults(book: &SchemaBook, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut faults = Vec::new();
    for operation in document.operations.iter().filter(|operation| !operation.variables.is_empty()) {
        let declared = declared(operation);
        fields::visit_operation(document, operation, &mut |SelectedField { of, field }| {
            let Some(defined) = book.field(of, &field.name) else { return };
            for argument in &field.arguments {
                let defined = defined.arguments.iter().find(|known| known.node.name.node == *argument.name);
                // A variable that is the whole argument has been checked by the validator.
                if let (Some(defined), false) = (defined, matches!(*argument.value, Written::Variable(_))) {
                    let check = VariableCheck { book, document, declared: &declared };
                    check.value(&argument.value, ValueSite::of(&defined.node), &mut faults);
                }
            }
        });
    }
    faults
}

fn declared(operation: &Operation) -> DeclaredVariables<'_> {
    let each = operation.variables.iter().filter_map(|definition| {
        Some((definition.name.as_str(), (&**definition, Type::new(&definition.ty.to_string())?)))
    });
    each.collect()
}

struct VariableCheck<'a> {
    book: &'a SchemaBook,
    document: &'a ExecutableDocument,
    declared: &'a DeclaredVariables<'a>,
}

impl VariableCheck<'_> {
    fn value(&self, written: &Node<Written>, site: ValueSite<'_>, faults: &mut Vec<ServerError>) {
        match (&**written, &site.of.base) {
            (Written::Variable(name), _) => faults.extend(self.fault_of(name, written, site)),
            (Written::List(items), BaseType::List(of)) => {
                items.iter().for_each(|item| self.value(item, ValueSite::within(of), faults));
            }
            // A single value stands for a list of it.
            (Written::Object(_), BaseType::List(of)) => self.value(written, ValueSite::within(of), faults),
            (Written::Object(members), BaseType::Named(of)) => {
                for (name, value) in members {
                    let member = self.book.members(of).find(|member| member.name.node == **name);
                    let is_only_member = self.book.takes_one(of);
                    if let Some(member) = member {
                        self.value(value, ValueSite { is_only_member, ..ValueSite::of(member) }, faults);
                    }
                }
            }
            _ => {}
        }
    }

    fn fault_of(&self, name: &str, written: &Node<Written>, site: ValueSite<'_>) -> Option<ServerError> {
        let (definition, declared) = self.declared.get(name)?;
        let has_default = site.has_default
            || definition.default_value.as_ref().is_some_and(|default| !matches!(**default, Written::Null));
        let expected = Type {
            base: site.of.base.clone(),
            nullable: site.of.nullable || (declared.nullable && has_default),
        };
        let message = match (fits(declared, &expected), site.is_only_member && declared.nullable) {
            (true, false) => return None,
            (true, true) => format!("`${name}` must not be null here: declare it as `{declared}!`"),
            (false, _) => format!("`${name}` is declared as `{declared}`, but stands for `{}`", site.of),
        };
        let mut error = ErrorCode::GraphqlValidationFailed.error(message);
        let place = written.location().and_then(|span| span.line_column(&self.document.sources));
        error.locations =
            place.map(|place| Pos { line: place.line, column: place.column }).into_iter().collect();
        Some(error)
    }
}

/// Returns whether every value of a type is one of another type: `AreTypesCompatible` in the specification.
fn fits(declared: &Type, expected: &Type) -> bool {
    if declared.nullable && !expected.nullable {
        return false;
    }
    match (&declared.base, &expected.base) {
        (BaseType::List(declared), BaseType::List(expected)) => fits(declared, expected),
        (BaseType::Named(_), BaseType::Named(_)) => named(declared) == named(expected),
        _ => false,
    }
}

impl<'a> ValueSite<'a> {
    fn of(defined: &'a InputValueDefinition) -> Self {
        let has_default = defined.default_value.is_some();
        Self { of: &defined.ty.node, has_default, is_only_member: false }
    }

    /// An item of a list.
    fn within(of: &'a Type) -> Self {
        Self { of, has_default: false, is_only_member: false }
    }
}
