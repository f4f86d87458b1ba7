//! Explains what is wrong with a value: its path in the argument, and what is allowed there.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Value as Written;
use apollo_compiler::executable::{Operation, VariableDefinition};
use apollo_compiler::parser::{SourceMap, SourceSpan};
use async_graphql::parser::types::{BaseType, Type, TypeKind};
use async_graphql::{Name, Pos, ServerError, Value, Variables};
use async_graphql_value::Value as Given;

use super::book::{SchemaBook, instead, listed, named, shown};
use super::fields::{self, SelectedField};
use crate::graphql::ErrorCode;
use crate::graphql::scalars::ScalarForm;
use crate::graphql::written_value::constant;

/// The path of a value, e.g. `filter.open.from`.
#[derive(Clone)]
struct ValuePlace(String);

/// Returns what is wrong with the arguments of a document and the defaults of its variables. Variables are checked when
/// they are given.
pub(super) fn faults(book: &SchemaBook, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut faults = Vec::new();
    let definitions = document.operations.iter().flat_map(|operation| &operation.variables);
    faults.extend(definitions.filter_map(|definition| fault_of_default(book, definition, &document.sources)));
    fields::visit(document, &mut |SelectedField { of, field }| {
        let Some(defined) = book.field(of, &field.name) else { return };
        for argument in &field.arguments {
            let defined = defined.arguments.iter().find(|defined| defined.node.name.node == *argument.name);
            let Some(defined) = defined else { continue };
            let place = ValuePlace(argument.name.to_string());
            if let Some(message) = fault_of_written(book, &defined.node.ty.node, &argument.value, &place) {
                faults.push(refusal(message, argument.location(), &document.sources));
            }
        }
    });
    faults
}

/// Returns what is wrong with the variables given for an operation.
pub(super) fn faults_of_variables(
    book: &SchemaBook,
    operation: &Operation,
    given: &Variables,
) -> Vec<ServerError> {
    let faults = operation.variables.iter().filter_map(|definition| {
        let (value, of) = (given.get(definition.name.as_str())?, type_of(definition)?);
        fault(book, &of, &value.clone().into_value(), &ValuePlace(format!("${}", definition.name)))
    });
    faults.map(|message| ErrorCode::GraphqlValidationFailed.error(message)).collect()
}

fn fault_of_default(
    book: &SchemaBook,
    definition: &VariableDefinition,
    sources: &SourceMap,
) -> Option<ServerError> {
    let (default, of) = (definition.default_value.as_ref()?, type_of(definition)?);
    let message = fault_of_written(book, &of, default, &ValuePlace(format!("${}", definition.name)))?;
    Some(refusal(message, default.location(), sources))
}

fn type_of(definition: &VariableDefinition) -> Option<Type> {
    Type::new(&definition.ty.to_string())
}

fn refusal(message: String, place: Option<SourceSpan>, sources: &SourceMap) -> ServerError {
    let place = place.and_then(|place| place.line_column(sources));
    let mut error = ErrorCode::GraphqlValidationFailed.error(message);
    error.locations = place.map(|place| Pos { line: place.line, column: place.column }).into_iter().collect();
    error
}

fn fault_of_written(book: &SchemaBook, of: &Type, written: &Written, place: &ValuePlace) -> Option<String> {
    repeated(written, place).or_else(|| fault(book, of, &given(written), place))
}

/// Returns the error for an object with a duplicate member, which the parsed value no longer shows.
fn repeated(written: &Written, place: &ValuePlace) -> Option<String> {
    match written {
        Written::List(items) => {
            items.iter().enumerate().find_map(|(at, item)| repeated(item, &place.at(&format!("[{at}]"))))
        }
        Written::Object(members) => members.iter().enumerate().find_map(|(at, (name, value))| {
            let is_again = members.iter().take(at).any(|(earlier, _)| earlier == name);
            let again = is_again.then(|| format!("{place} has `{name}` twice"));
            again.or_else(|| repeated(value, &place.at(&format!(".{name}"))))
        }),
        _ => None,
    }
}

/// Converts a value in a document, keeping its variables.
fn given(written: &Written) -> Given {
    match written {
        Written::Variable(name) => Given::Variable(Name::new(name)),
        Written::List(items) => Given::List(items.iter().map(|item| given(item)).collect()),
        Written::Object(members) => {
            Given::Object(members.iter().map(|(name, value)| (Name::new(name), given(value))).collect())
        }
        scalar => constant(scalar).unwrap_or_default().into_value(),
    }
}

fn fault(book: &SchemaBook, of: &Type, given: &Given, place: &ValuePlace) -> Option<String> {
    match (given, &of.base) {
        (Given::Variable(_), _) => None,
        (Given::Null, _) if of.nullable => None,
        (Given::Null, _) => Some(format!("{place} must not be null: give {}", form(book, of))),
        (Given::List(items), BaseType::List(within)) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| fault(book, within, item, &place.at(&format!("[{at}]")))),
        (given, BaseType::List(within)) => fault(book, within, given, place),
        (given, BaseType::Named(name)) => fault_of_named(book, name, given, place),
    }
}

fn fault_of_named(book: &SchemaBook, of: &str, given: &Given, place: &ValuePlace) -> Option<String> {
    match book.kind(of) {
        Some(TypeKind::Enum(_)) => fault_of_enum(book, of, given, place),
        Some(TypeKind::InputObject(_)) => match given {
            Given::Object(members) => {
                let members: Vec<(&Name, &Given)> = members.iter().collect();
                fault_of_object(book, of, &members, place)
            }
            _ => Some(format!("{place} must be {}", form_of_object(book, of))),
        },
        _ => {
            let form = ScalarForm::named(of)?;
            // Reading fails only if there is a variable inside the scalar, which is not allowed.
            let fits = given.clone().into_const().is_some_and(|value: Value| form.fits(&value));
            (!fits).then(|| format!("{place} must be {form}"))
        }
    }
}

fn fault_of_enum(book: &SchemaBook, of: &str, given: &Given, place: &ValuePlace) -> Option<String> {
    let word = match given {
        Given::Enum(word) => word.as_str(),
        Given::String(word) => word.as_str(),
        _ => return Some(format!("{place} must be {}", form_of_enum(book, of))),
    };
    if book.words(of).any(|known| known == word) {
        return None;
    }
    let words: Vec<&str> = book.words(of).collect();
    Some(match shown(word) {
        Some(word) => format!("{place} cannot be `{word}`{}", instead(word, words.iter().copied())),
        None => format!("{place} must be {}", form_of_enum(book, of)),
    })
}

fn fault_of_object(
    book: &SchemaBook,
    of: &str,
    given: &[(&Name, &Given)],
    place: &ValuePlace,
) -> Option<String> {
    let member = |name: &str| book.members(of).find(|member| member.name.node == name);
    let of_given = given.iter().find_map(|(name, value)| match member(name) {
        Some(member) => fault(book, &member.ty.node, value, &place.at(&format!(".{name}"))),
        None => Some(unknown_member(book, of, name, place)),
    });
    if of_given.is_some() {
        return of_given;
    }
    if book.takes_one(of) {
        let is_null = |value: &Given| matches!(value, Given::Null);
        let is_one = given.len() == 1 && !given.iter().any(|(_, value)| is_null(value));
        return (!is_one).then(|| format!("{place} must be {}", form_of_object(book, of)));
    }
    let mut members = book.members(of);
    let lacking = members.find(|member| {
        let is_given = given.iter().any(|(name, _)| **name == member.name.node);
        !is_given && !member.ty.node.nullable && member.default_value.is_none()
    })?;
    Some(format!("{place} needs `{}`: {}", lacking.name.node, form(book, &lacking.ty.node)))
}

fn unknown_member(book: &SchemaBook, of: &str, name: &str, place: &ValuePlace) -> String {
    let known: Vec<&str> = book.members(of).map(|member| member.name.node.as_str()).collect();
    let Some(name) = shown(name) else {
        let known = listed(known.iter().copied()).unwrap_or_default();
        return format!("{place} has a field that `{of}` does not have; use one of {known}");
    };
    // The name may be one level deeper.
    let holds = |within: &str| book.members(within).any(|member| member.name.node == name);
    let within =
        book.members(of).find(|member| named(&member.ty.node) != of && holds(named(&member.ty.node)));
    let advice = match within.map(|member| &member.name.node) {
        Some(holder) if super::book::near(name, known.iter().copied()).is_none() => {
            format!("; did you mean `{holder}: {{ {name}: … }}`?")
        }
        _ => instead(name, known.iter().copied()),
    };
    format!("{place} has no field `{name}` (type `{of}`){advice}")
}

/// Describes how to write a value of a type.
pub(super) fn form(book: &SchemaBook, of: &Type) -> String {
    let name = named(of);
    let one = match book.kind(name) {
        Some(TypeKind::Enum(_)) => form_of_enum(book, name),
        Some(TypeKind::InputObject(_)) => form_of_object(book, name),
        _ => ScalarForm::named(name).map_or_else(|| format!("a `{name}`"), ToString::to_string),
    };
    match of.base {
        BaseType::List(_) => format!("a list, each entry {one}"),
        BaseType::Named(_) => one,
    }
}

fn form_of_enum(book: &SchemaBook, of: &str) -> String {
    format!("one of {}", listed(book.words(of)).unwrap_or_default())
}

fn form_of_object(book: &SchemaBook, of: &str) -> String {
    let members = listed(book.members(of).map(|member| member.name.node.as_str())).unwrap_or_default();
    if book.takes_one(of) {
        return format!("an object `{{ … }}` with exactly one of {members}");
    }
    format!("an object `{{ … }}` with fields from {members}")
}

impl ValuePlace {
    fn at(&self, further: &str) -> Self {
        Self(format!("{}{further}", self.0))
    }
}

impl std::fmt::Display for ValuePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
