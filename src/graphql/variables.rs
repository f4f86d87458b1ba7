//! The variables of a request, read as the operation declares them.

use std::collections::HashMap;

use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::{Name, ServerError, Value, Variables};

use super::ErrorCode;
use super::lessons::Lessons;
use crate::model::near_names;

/// Variables by their names, defaults included. One that was not given and has no default is not there.
#[derive(Debug, Default)]
pub(crate) struct CoercedVariables(HashMap<Name, Value>);

impl CoercedVariables {
    /// Reads what a request gives for one operation.
    ///
    /// # Errors
    /// If one is missing, or has another form than its type.
    pub(super) fn read(
        schema: &Valid<Schema>,
        document: &ExecutableDocument,
        operation: &Operation,
        given: &Variables,
        lessons: &Lessons,
    ) -> Result<Self, Vec<ServerError>> {
        if operation.variables.is_empty() {
            return Ok(Self::default());
        }
        check_required(operation, given)?;
        let faults = lessons.of_variables(operation, given);
        if !faults.is_empty() {
            return Err(faults);
        }
        let coerced = coerce_variable_values(schema, operation, &json(given));
        let coerced = coerced.map_err(|error| {
            let told = error.to_graphql_error(&document.sources);
            vec![ErrorCode::GraphqlValidationFailed.error(told.message)]
        })?;
        let values = coerced.iter().map(|(name, value)| {
            let value = serde_json::to_value(value).ok().and_then(|value| Value::from_json(value).ok());
            (Name::new(name.as_str()), value.unwrap_or_default())
        });
        Ok(Self(values.collect()))
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether a variable is true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Boolean(true)))
    }
}

fn json(given: &Variables) -> JsonMap {
    serde_json::to_value(given).and_then(serde_json::from_value).unwrap_or_default()
}

fn check_required(operation: &Operation, given: &Variables) -> Result<(), Vec<ServerError>> {
    let value = |name: &str| given.get(name);
    let missing = operation.variables.iter().find(|definition| {
        let is_absent = match value(&definition.name) {
            None => definition.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        definition.ty.is_non_null() && is_absent
    });
    let Some(definition) = missing else { return Ok(()) };
    let (name, of) = (&definition.name, &definition.ty);
    let is_declared = |given: &str| operation.variables.iter().any(|declared| declared.name == given);
    let undeclared = given.keys().map(AsRef::as_ref).filter(|given| !is_declared(given));
    let meant = near_names(name, undeclared, 1);
    let meant = meant
        .first()
        .map(|other| format!("; `{other}` was given instead, did you mean that?"))
        .unwrap_or_default();
    let message = format!("variable `${name}` of type `{of}` is required but was not given{meant}");
    Err(vec![ErrorCode::BadUserInput.error(message)])
}
