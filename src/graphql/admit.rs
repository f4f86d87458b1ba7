//! What is checked before async-graphql sees a request: size, shape, and that every required variable is there.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::{Request, ServerError, Value, Variables};

use super::{ErrorCode, GraphSettings, limits};

/// Parses the request's document, once, and refuses what is over a limit.
pub(super) fn admit(request: &mut Request, settings: &GraphSettings) -> Result<(), Box<ServerError>> {
    limits::check_text(&request.query, settings)?;
    let variables = request.variables.clone();
    let operation_name = request.operation_name.clone();
    let document = request.parsed_query().map_err(parse_failure)?;
    limits::check_document(document, &variables, settings)?;
    match selected(document, operation_name.as_deref()) {
        Some(operation) => check_variables(operation, &variables),
        // Validation says what is wrong with the name.
        None => Ok(()),
    }
}

fn parse_failure(mut error: ServerError) -> ServerError {
    let too_deep = error.message == "recursion limit exceeded.";
    let code = if too_deep { ErrorCode::QueryTooDeep } else { ErrorCode::GraphqlParseFailed };
    code.mark(&mut error.extensions);
    error
}

fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name).map(|op| &op.node),
        (DocumentOperations::Multiple(operations), None) => {
            operations.values().next().filter(|_| operations.len() == 1).map(|op| &op.node)
        }
    }
}

fn check_variables(operation: &OperationDefinition, given: &Variables) -> Result<(), Box<ServerError>> {
    let missing =
        operation.variable_definitions.iter().map(|definition| &definition.node).find(|definition| {
            let value = given.get(&definition.name.node);
            let absent = value.is_none() && definition.default_value.is_none();
            !definition.var_type.node.nullable && (absent || value == Some(&Value::Null))
        });
    missing.map_or(Ok(()), |definition| {
        let (name, kind) = (&definition.name.node, &definition.var_type.node);
        let message = format!("variable `${name}` of type `{kind}` is required and was not given");
        Err(Box::new(ErrorCode::BadUserInput.error(message)))
    })
}
