//! The library's words about a query: async-graphql has neither codes nor types for its errors, so that each is known by
//! how it begins, and the names it is about stand in quotes. A test holds each of them.

use super::asked::WrittenQuery;
use super::book::{SchemaBook, instead, listed, named, near};
use super::values;

/// How the library begins what it says of a value.
const OF_VALUES: [&str; 4] = [
    "Invalid value for argument ",
    "Invalid default value for argument",
    "Failed to parse \"",
    "Expected input type \"",
];

/// How it begins what it says of names.
const OF_NAMES: [&str; 10] = [
    "Unknown field \"",
    "Unknown argument \"",
    "Unknown type \"",
    "Unknown fragment: \"",
    "Unknown directive \"",
    "Unknown operation named \"",
    "Operation name required",
    "Variable \"",
    "Field \"",
    "Fragment \"",
];

/// What other systems call the arguments of lists, and what they are here.
const ELSEWHERE: [(&str, &str); 12] = [
    ("limit", "first"),
    ("take", "first"),
    ("count", "first"),
    ("pageSize", "first"),
    ("perPage", "first"),
    ("skip", "after"),
    ("offset", "after"),
    ("page", "after"),
    ("cursor", "after"),
    ("where", "filter"),
    ("sort", "orderBy"),
    ("order", "orderBy"),
];

/// Returns whether a message is one of the library's that there is something to say to.
pub(super) fn are_the_librarys(message: &str) -> bool {
    is_of_a_value(message) || OF_NAMES.iter().any(|start| message.starts_with(start))
}

/// Returns whether a message is about a value.
pub(super) fn is_of_a_value(message: &str) -> bool {
    OF_VALUES.iter().any(|start| message.starts_with(start))
}

/// Returns whether a message may hold what a client sent.
pub(super) fn may_quote_a_value(message: &str) -> bool {
    message.starts_with("Expected input type \"") || message.contains("enumeration type")
}

/// What to say instead of a message about names. `None` if the library's own words will do.
pub(super) fn lesson(book: &SchemaBook, asked: &WrittenQuery<'_>, message: &str) -> Option<String> {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    let [first, others @ ..] = quoted.as_slice() else { return of_operations(asked, message) };
    let start = OF_NAMES.iter().find(|start| message.starts_with(**start))?;
    match (*start, others) {
        ("Unknown field \"", [of, ..]) => Some(unknown_field(book, first, of)),
        ("Unknown argument \"", [field, of, ..]) => Some(unknown_argument(book, first, field, of)),
        ("Unknown argument \"", [directive]) => {
            Some(format!("`@{directive}` has no argument `{first}`; it takes `if`"))
        }
        ("Unknown type \"", _) => Some(unknown_type(book, first)),
        ("Unknown fragment: \"", _) => {
            let known: Vec<&str> = asked.document.fragments.keys().map(AsRef::as_ref).collect();
            Some(format!("there is no fragment `{first}`{}", instead(first, known.iter().copied())))
        }
        ("Unknown directive \"", _) => Some(format!(
            "there is no directive `@{first}`{}",
            instead(first, ["include", "skip"].into_iter())
        )),
        ("Unknown operation named \"", _) => {
            let known: Vec<&str> = asked.operations().filter_map(|(name, _)| name).collect();
            Some(format!("there is no operation `{first}`{}", instead(first, known.iter().copied())))
        }
        ("Variable \"", _) => of_variable(asked, message, first),
        ("Field \"", _) => of_field(book, message, first, others),
        _ => None,
    }
}

fn of_operations(asked: &WrittenQuery<'_>, message: &str) -> Option<String> {
    let known: Vec<&str> = asked.operations().filter_map(|(name, _)| name).collect();
    let known = message.starts_with("Operation name required").then(|| listed(known.into_iter()))??;
    Some(format!("the document has several operations: say in `operationName` which of {known} to execute"))
}

fn unknown_field(book: &SchemaBook, name: &str, of: &str) -> String {
    let known: Vec<&str> = book.fields(of).map(|field| field.name.node.as_str()).collect();
    // What is meant may be a field of the records that a page holds.
    let holder = book.fields(of).find(|field| book.field(named(&field.ty.node), name).is_some());
    let advice = match holder.map(|field| field.name.node.as_str()) {
        Some(_) if known.contains(&"nodes") && holds(book, of, "nodes", name) => {
            format!("; did you mean `nodes {{ {name} }}`?")
        }
        Some(holder) if near(name, known.iter().copied()).is_none() && of != "Query" => {
            format!("; did you mean `{holder} {{ {name} }}`?")
        }
        _ => instead(name, known.iter().copied()),
    };
    format!("`{of}` has no field `{name}`{advice}")
}

fn holds(book: &SchemaBook, of: &str, field: &str, name: &str) -> bool {
    book.field(of, field).is_some_and(|field| book.field(named(&field.ty.node), name).is_some())
}

fn unknown_argument(book: &SchemaBook, name: &str, field: &str, of: &str) -> String {
    let arguments = book.field(of, field).map(|field| field.arguments.as_slice()).unwrap_or_default();
    let known: Vec<&str> = arguments.iter().map(|argument| argument.node.name.node.as_str()).collect();
    let elsewhere = ELSEWHERE.iter().find(|(is, _)| is.eq_ignore_ascii_case(name)).map(|(_, here)| *here);
    // What is meant may be a condition of the filter.
    let holder = arguments
        .iter()
        .find(|argument| book.members(named(&argument.node.ty.node)).any(|member| member.name.node == name));
    let advice = match (elsewhere.filter(|here| known.contains(here)), holder) {
        (Some(here), _) => format!("; did you mean `{here}`?"),
        (None, Some(holder)) => format!("; did you mean `{}: {{ {name}: … }}`?", holder.node.name.node),
        (None, None) if known.is_empty() => "; it takes none".to_owned(),
        (None, None) => instead(name, known.iter().copied()),
    };
    format!("`{of}.{field}` has no argument `{name}`{advice}")
}

fn unknown_type(book: &SchemaBook, name: &str) -> String {
    let advice = near(name, book.types()).map(|near| format!("; did you mean {near}?"));
    let advice = advice.unwrap_or_else(|| "; `/schema.graphql` has them all".to_owned());
    format!("there is no type `{name}`{advice}")
}

fn of_variable(asked: &WrittenQuery<'_>, message: &str, first: &str) -> Option<String> {
    let name = first.strip_prefix('$').filter(|_| message.contains(" is not defined"))?;
    let operations = asked.operations().flat_map(|(_, operation)| &operation.variable_definitions);
    let declared: Vec<String> =
        operations.map(|definition| format!("${}", definition.node.name.node)).collect();
    let advice = match near(first, declared.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean {near}?"),
        None => format!("; declare it, as in `query(${name}: …) {{ … }}`"),
    };
    Some(format!("variable `${name}` is not declared{advice}"))
}

fn of_field(book: &SchemaBook, message: &str, field: &str, others: &[&str]) -> Option<String> {
    match others {
        [argument, of] if message.ends_with("is required but not provided") => {
            let arguments = &book.field(of, field)?.arguments;
            let argument = &arguments.iter().find(|known| known.node.name.node == *argument)?.node;
            let form = values::form(book, &argument.ty.node);
            Some(format!("`{of}.{field}` needs the argument `{}`: {form}", argument.name.node))
        }
        [of] if message.ends_with("must have a selection of subfields") => {
            let first = listed(book.fields(of).map(|field| field.name.node.as_str()))?;
            Some(format!("say what you want of `{field}`, as in `{field} {{ … }}`: it has {first}"))
        }
        [of] if message.contains("must not have a selection") => {
            Some(format!("`{field}` is a value of type `{of}` and has no fields: leave out its `{{ … }}`"))
        }
        _ => None,
    }
}
