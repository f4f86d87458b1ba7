//! What is wrong with a value: where in the argument it stands, and what would be right there.

use async_graphql::parser::types::{BaseType, Type, TypeKind};
use async_graphql::{Name, Pos, Value};
use async_graphql_value::Value as Given;

use super::asked::{WrittenArgument, WrittenQuery};
use super::book::{SchemaBook, instead, listed, named, shown};
use crate::graphql::scalars::ScalarForm;

/// Where a value stands.
#[derive(Clone)]
struct ValuePlace<'a> {
    /// E.g. `filter.open.from`.
    path: String,
    /// The variable that it came by.
    variable: Option<&'a str>,
}

/// What is wrong with the argument, or the default of a variable, at one of these places. `None` if nothing is there,
/// or nothing wrong.
pub(super) fn lesson(book: &SchemaBook, asked: &WrittenQuery<'_>, places: &[Pos]) -> Option<String> {
    if let Some(WrittenArgument { name, of, given }) = asked.argument_at(book, places) {
        return fault(book, asked, of, given, &ValuePlace { path: name.to_owned(), variable: None });
    }
    let (name, of, default) = asked.default_at(places)?;
    fault(book, asked, of, &default, &ValuePlace { path: format!("${name}"), variable: None })
}

fn fault(
    book: &SchemaBook,
    asked: &WrittenQuery<'_>,
    of: &Type,
    given: &Given,
    place: &ValuePlace<'_>,
) -> Option<String> {
    match (given, &of.base) {
        (Given::Variable(name), _) => {
            let value = asked.variable(name)?.into_value();
            let place = ValuePlace { path: place.path.clone(), variable: Some(name) };
            fault(book, asked, of, &value, &place)
        }
        (Given::Null, _) if of.nullable => None,
        (Given::Null, _) => Some(format!("{place} must not be null: it is {}", form(book, of))),
        (Given::List(items), BaseType::List(within)) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| fault(book, asked, within, item, &place.at(&format!("[{at}]")))),
        (given, BaseType::List(within)) => fault(book, asked, within, given, place),
        (given, BaseType::Named(name)) => fault_of_named(book, asked, name, given, place),
    }
}

fn fault_of_named(
    book: &SchemaBook,
    asked: &WrittenQuery<'_>,
    of: &str,
    given: &Given,
    place: &ValuePlace<'_>,
) -> Option<String> {
    match book.kind(of) {
        Some(TypeKind::Enum(_)) => fault_of_enum(book, of, given, place),
        Some(TypeKind::InputObject(_)) => match given {
            Given::Object(members) => {
                let members: Vec<(&Name, &Given)> = members.iter().collect();
                fault_of_object(book, asked, of, &members, place)
            }
            _ => Some(format!("{place} must be {}", form_of_object(book, of))),
        },
        _ => {
            let form = ScalarForm::named(of)?;
            // Only a variable within a scalar cannot be read, and none may stand there.
            let fits = given.clone().into_const().is_some_and(|value: Value| form.fits(&value));
            (!fits).then(|| format!("{place} must be {form}"))
        }
    }
}

fn fault_of_enum(book: &SchemaBook, of: &str, given: &Given, place: &ValuePlace<'_>) -> Option<String> {
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
    asked: &WrittenQuery<'_>,
    of: &str,
    given: &[(&Name, &Given)],
    place: &ValuePlace<'_>,
) -> Option<String> {
    let member = |name: &str| book.members(of).find(|member| member.name.node == name);
    let of_given = given.iter().find_map(|(name, value)| match member(name) {
        Some(member) => fault(book, asked, &member.ty.node, value, &place.at(&format!(".{name}"))),
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

fn unknown_member(book: &SchemaBook, of: &str, name: &str, place: &ValuePlace<'_>) -> String {
    let known: Vec<&str> = book.members(of).map(|member| member.name.node.as_str()).collect();
    let Some(name) = shown(name) else {
        let known = listed(known.iter().copied()).unwrap_or_default();
        return format!("{place} has a member that `{of}` does not know; known here: {known}");
    };
    // What is meant may stand one level further down.
    let holds = |within: &str| book.members(within).any(|member| member.name.node == name);
    let within =
        book.members(of).find(|member| named(&member.ty.node) != of && holds(named(&member.ty.node)));
    let advice = match within.map(|member| &member.name.node) {
        Some(holder) if super::book::near(name, known.iter().copied()).is_none() => {
            format!("; did you mean `{holder}: {{ {name}: … }}`?")
        }
        _ => instead(name, known.iter().copied()),
    };
    format!("{place} has no `{name}`: `{of}` does not know it{advice}")
}

/// How a value of a type is written.
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
    format!("an object `{{ … }}` with any of {members}")
}

impl ValuePlace<'_> {
    fn at(&self, further: &str) -> Self {
        Self { path: format!("{}{further}", self.path), variable: self.variable }
    }
}

impl std::fmt::Display for ValuePlace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.path)?;
        self.variable.map_or(Ok(()), |name| write!(f, " (given by `${name}`)"))
    }
}
