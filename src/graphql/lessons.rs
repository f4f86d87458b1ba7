//! Turns errors in documents and variables into messages that say what to write instead, with suggestions for names,
//! and the form of values with an example.

mod book;
mod fields;
mod values;
mod variables;
mod words;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::diagnostic::Diagnostic;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::{DiagnosticData, DiagnosticList};
use async_graphql::{Pos, ServerError, Variables};

use super::ErrorCode;
use book::SchemaBook;

/// The most errors shown for one request.
const MOST_TOLD: usize = 20;

/// The schema, as needed to explain errors.
pub(super) struct SchemaLessons(SchemaBook);

impl SchemaLessons {
    /// Reads the schema.
    pub(super) fn new(sdl: &str) -> Self {
        Self(SchemaBook::read(sdl))
    }

    /// Returns what is wrong with a document: what validation has found, and errors in values and in the types of
    /// variables, which only this module checks completely.
    pub(super) fn of_document(
        &self,
        document: &ExecutableDocument,
        found: Option<&DiagnosticList>,
    ) -> Vec<ServerError> {
        let mut of_values = values::faults(&self.0, document);
        of_values.extend(variables::faults(&self.0, document));
        let found = found.into_iter().flat_map(DiagnosticList::iter);
        // Messages about values are replaced by our own.
        let found =
            found.filter(|found| of_values.is_empty() || !words::is_of_a_value(&found.error.to_string()));
        let told = found.map(|found| self.told(document, &found));
        let mut told: Vec<ServerError> = told.take(MOST_TOLD).collect();
        told.extend(of_values);
        told.truncate(MOST_TOLD);
        told
    }

    /// Returns what is wrong with the variables given for an operation.
    pub(super) fn of_variables(&self, operation: &Operation, given: &Variables) -> Vec<ServerError> {
        values::faults_of_variables(&self.0, operation, given)
    }

    /// Returns the error to show if it is not clear which operation to execute.
    pub(super) fn of_operations(document: &ExecutableDocument, asked: Option<&str>) -> ServerError {
        let known: Vec<&str> = document.operations.named.keys().map(|name| name.as_str()).collect();
        let message = match asked {
            Some(name) => match book::shown(name) {
                Some(name) => {
                    format!("there is no operation `{name}`{}", book::instead(name, known.iter().copied()))
                }
                None => "the document has no operation with the name in `operationName`".to_owned(),
            },
            None => match book::listed(known.into_iter()) {
                Some(known) => {
                    format!("the document has several operations: set `operationName` to one of {known}")
                }
                None => "the document has no operation".to_owned(),
            },
        };
        ErrorCode::GraphqlValidationFailed.error(message)
    }

    fn told(&self, document: &ExecutableDocument, found: &Diagnostic<'_, DiagnosticData>) -> ServerError {
        let said = found.error.to_string();
        let place =
            found.line_column_range().map(|range| Pos { line: range.start.line, column: range.start.column });
        let field = place.and_then(|place| fields::at(document, place));
        let message = words::lesson(&self.0, document, &said, field.as_ref()).unwrap_or(said);
        let mut error = ErrorCode::GraphqlValidationFailed.error(message);
        error.locations = place.into_iter().collect();
        error
    }
}

#[cfg(test)]
mod tests;
