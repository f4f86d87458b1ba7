//! What is checked before async-graphql sees a request: size, shape, and that every required variable is there.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::parser::{self, parse_query};
use async_graphql::{Request, ServerError, Value, Variables};

use super::limits::Tariff;
use super::order::Order;
use super::{ErrorCode, GraphSettings, limits};
use crate::model::near_names;

/// A request that may be executed.
pub(super) struct Admitted {
    /// The order that the members of its answer have.
    pub(super) order: Order,
    /// What it costs, in points; if its document holds several operations, what the dearest of them does.
    pub(super) cost: usize,
}

/// Parses the request's document, once, and refuses what is over a limit.
pub(super) fn admit(
    request: &mut Request,
    settings: &GraphSettings,
    tariff: &Tariff,
) -> Result<Admitted, Box<ServerError>> {
    limits::check_text(&request.query, settings)?;
    let document = parse_query(&request.query).map_err(|error| parse_failure(&error))?;
    let cost = limits::check_document(&document, &request.variables, settings, tariff)?;
    // Where no operation is selected, validation says what is wrong with the name.
    let mut order = Order::default();
    if let Some(operation) = selected(&document, request.operation_name.as_deref()) {
        check_variables(operation, &request.variables)?;
        order = Order::of(&document, operation);
    }
    request.set_parsed_query(document);
    Ok(Admitted { order, cost })
}

fn parse_failure(failure: &parser::Error) -> ServerError {
    let code = match failure {
        parser::Error::RecursionLimitExceeded => ErrorCode::QueryTooDeep,
        _ => ErrorCode::GraphqlParseFailed,
    };
    let mut error = code.error(failure.to_string());
    error.locations = failure.positions().collect();
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
        let declared = |given: &str| {
            let mut definitions = operation.variable_definitions.iter();
            definitions.any(|definition| definition.node.name.node == given)
        };
        let undeclared = given.keys().map(AsRef::as_ref).filter(|given| !declared(given));
        let meant = near_names(name, undeclared, 1);
        let meant =
            meant.first().map(|other| format!("; `{other}` was, did you mean that?")).unwrap_or_default();
        let message = format!("variable `${name}` of type `{kind}` is required and was not given{meant}");
        Err(Box::new(ErrorCode::BadUserInput.error(message)))
    })
}
