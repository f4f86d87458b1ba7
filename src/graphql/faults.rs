//! Gives every error of async-graphql's own a code from the closed list, and masks what is nobody's business.

use async_graphql::{Response, ServerError};

use super::ErrorCode;

/// What clients are told of a fault of the gateway itself.
pub(super) const MASKED: &str =
    "something went wrong in the gateway; the log knows more under this request's id";

/// Sees to it that every error of a response has a code.
pub(super) fn classify(response: &mut Response) {
    response.errors.iter_mut().filter(|error| !has_code(error)).for_each(give_code);
}

fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

fn give_code(error: &mut ServerError) {
    let code = match error.path.is_empty() {
        true => code_before_execution(&error.message),
        false => code_in_execution(&error.message),
    };
    if code == ErrorCode::InternalServerError {
        tracing::error!(cause = error.message, "an operation failed");
        error.message = MASKED.to_owned();
    }
    code.mark(&mut error.extensions);
}

// Known by its words: async-graphql has neither codes nor types for its errors. A test holds each of them.
fn code_before_execution(message: &str) -> ErrorCode {
    if message.starts_with("The recursion depth of the query") {
        ErrorCode::QueryTooDeep
    } else {
        ErrorCode::GraphqlValidationFailed
    }
}

// A value that passed validation and could not be read all the same, e.g. a number too large for `Int`.
fn code_in_execution(message: &str) -> ErrorCode {
    let of_input = ["Failed to parse \"", "Expected input type \""];
    if of_input.iter().any(|start| message.starts_with(start)) {
        ErrorCode::BadUserInput
    } else {
        ErrorCode::InternalServerError
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    #[test]
    fn an_unexpected_error_is_masked() {
        let mut error = ServerError::new("connection to 10.0.0.1 refused", None);
        error.path = vec![PathSegment::Field("services".to_owned())];
        let mut response = Response::from_errors(vec![error]);
        classify(&mut response);
        let told = serde_json::to_string(&response).unwrap();
        assert!(told.contains("INTERNAL_SERVER_ERROR") && !told.contains("10.0.0.1"), "{told}");
    }
}
