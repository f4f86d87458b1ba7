//! Translates the validator's messages. Its errors have no public types, so they are recognised by how their text
//! begins, and the names in it are in backquotes. A test covers each of them.

use apollo_compiler::ExecutableDocument;

use super::book::{SchemaBook, instead, listed, named, near};
use super::fields::SelectedField;
use super::values;

/// How the validator's messages about values begin.
const OF_VALUES: [&str; 7] = [
    "expected value of type ",
    "value `",
    "field `",
    "the required field `",
    "the value `",
    "int cannot represent",
    "float cannot represent",
];

/// The names of list arguments in other APIs, and the name here.
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

/// Returns whether a message is about a value.
pub(super) fn is_of_a_value(message: &str) -> bool {
    OF_VALUES.iter().any(|start| message.starts_with(start))
}

/// Returns what to show instead of a message about names. Returns `None` if the validator's message is good enough.
pub(super) fn lesson(
    book: &SchemaBook,
    document: &ExecutableDocument,
    message: &str,
    field: Option<&SelectedField<'_>>,
) -> Option<String> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let starts = |start: &str| message.starts_with(start);
    match names.as_slice() {
        [of, name] if starts("type `") => Some(unknown_field(book, name, of)),
        [name, coordinate] if starts("the argument `") => unknown_argument_of(book, name, coordinate),
        [name] if starts("cannot find type `") => Some(unknown_type(book, name)),
        [name, ..] if starts("type condition `") && message.ends_with("not a type defined in the schema") => {
            Some(unknown_type(book, name))
        }
        [name] if starts("cannot find fragment `") => {
            let known: Vec<&str> = document.fragments.keys().map(|name| name.as_str()).collect();
            Some(format!("there is no fragment `{name}`{}", instead(name, known.iter().copied())))
        }
        [name] if starts("cannot find directive `") => {
            let name = name.trim_start_matches('@');
            let advice = instead(name, ["include", "skip"].into_iter());
            Some(format!("there is no directive `@{name}`{advice}"))
        }
        [name] if starts("variable `$") && message.ends_with("is not defined") => {
            Some(undeclared_variable(document, name))
        }
        [coordinate] if starts("the required argument `") => missing_argument(book, coordinate),
        [of] if starts("field selection of ") => {
            Some(format!("a `{of}` has no fields: remove its `{{ … }}`"))
        }
        [] if message.ends_with("must have a subselection set") => missing_selection(book, field?),
        _ => None,
    }
}

fn unknown_field(book: &SchemaBook, name: &str, of: &str) -> String {
    let known: Vec<&str> = book.fields(of).map(|field| field.name.node.as_str()).collect();
    // The name may be a field of the records on a page.
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
    // The name may be a condition of the filter.
    let holder = arguments
        .iter()
        .find(|argument| book.members(named(&argument.node.ty.node)).any(|member| member.name.node == name));
    let advice = match (elsewhere.filter(|here| known.contains(here)), holder) {
        (Some(here), _) => format!("; did you mean `{here}`?"),
        (None, Some(holder)) => format!("; did you mean `{}: {{ {name}: … }}`?", holder.node.name.node),
        (None, None) if known.is_empty() => "; it takes no arguments".to_owned(),
        (None, None) => instead(name, known.iter().copied()),
    };
    format!("`{of}.{field}` has no argument `{name}`{advice}")
}

fn unknown_type(book: &SchemaBook, name: &str) -> String {
    let advice = near(name, book.types()).map(|near| format!("; did you mean {near}?"));
    let advice = advice.unwrap_or_else(|| "; `/schema.graphql` lists all types".to_owned());
    format!("there is no type `{name}`{advice}")
}

fn unknown_argument_of(book: &SchemaBook, name: &str, coordinate: &str) -> Option<String> {
    if coordinate.starts_with('@') {
        let directive = coordinate.split('(').next()?;
        return Some(format!("`{directive}` has no argument `{name}`; it takes `if`"));
    }
    let (of, field) = coordinate.split('(').next()?.split_once('.')?;
    Some(unknown_argument(book, name, field, of))
}

fn missing_argument(book: &SchemaBook, coordinate: &str) -> Option<String> {
    let (of_field, argument) = coordinate.trim_end_matches([')', ':']).split_once('(')?;
    let Some((of, field)) = of_field.split_once('.') else {
        return Some(format!("`{of_field}` needs the argument `{argument}`"));
    };
    let arguments = &book.field(of, field)?.arguments;
    let defined = &arguments.iter().find(|known| known.node.name.node == argument)?.node;
    let form = values::form(book, &defined.ty.node);
    Some(format!("`{of}.{field}` needs the argument `{argument}`: {form}"))
}

fn undeclared_variable(document: &ExecutableDocument, name: &str) -> String {
    let variables = document.operations.iter().flat_map(|operation| &operation.variables);
    let declared: Vec<String> = variables.map(|variable| format!("${}", variable.name)).collect();
    let advice = match near(name, declared.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean {near}?"),
        None => format!("; declare it, as in `query({name}: …) {{ … }}`"),
    };
    format!("variable `{name}` is not declared{advice}")
}

fn missing_selection(book: &SchemaBook, selected: &SelectedField<'_>) -> Option<String> {
    let (name, of) = (&selected.field.name, selected.field.definition.ty.inner_named_type());
    let fields = listed(book.fields(of).map(|field| field.name.node.as_str()))?;
    Some(format!("select fields of `{name}`, as in `{name} {{ … }}`: it has {fields}"))
}
