//! The variables of a request, coerced to the types that the operation declares.

use std::collections::HashMap;

use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::{Name, ServerError, Value, Variables};

use super::ErrorCode;
use super::lessons::SchemaLessons;
use crate::model::near_names;

/// Variables by name, including defaults. Variables without a value and without a default are absent.
#[derive(Debug, Default)]
pub(crate) struct CoercedVariables(HashMap<Name, Value>);

impl CoercedVariables {
    /// Reads the variables of a request for one operation.
    ///
    /// # Errors
    /// Returns an error for each variable that is missing or does not fit its type.
    pub(super) fn read(
        schema: &Valid<Schema>,
        document: &ExecutableDocument,
        operation: &Operation,
        given: &Variables,
        lessons: &SchemaLessons,
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
        let values = coerced.iter().map(|(name, value)| (Name::new(name.as_str()), of_json(value)));
        Ok(Self(values.collect()))
    }

    /// Adds the values of strings from the request's text.
    pub(super) fn with(mut self, values: impl Iterator<Item = (Name, Value)>) -> Self {
        self.0.extend(values);
        self
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns whether a variable is true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Boolean(true)))
    }
}

fn json(given: &Variables) -> JsonMap {
    given.iter().map(|(name, value)| (name.as_str().into(), to_json(value))).collect()
}

/// Converts a value for the validator.
fn to_json(value: &Value) -> JsonValue {
    match value {
        // A JSON body contains no binary values.
        Value::Null | Value::Binary(_) => JsonValue::Null,
        Value::Boolean(value) => (*value).into(),
        Value::Number(number) => JsonValue::Number(number.clone()),
        Value::String(text) => text.as_str().into(),
        Value::Enum(name) => name.as_str().into(),
        Value::List(items) => JsonValue::Array(items.iter().map(to_json).collect()),
        Value::Object(members) => JsonValue::Object(
            members.iter().map(|(name, member)| (name.as_str().into(), to_json(member))).collect(),
        ),
    }
}

fn of_json(value: &JsonValue) -> Value {
    match value {
        JsonValue::Null => Value::Null,
        JsonValue::Bool(value) => Value::Boolean(*value),
        JsonValue::Number(number) => Value::Number(number.clone()),
        JsonValue::String(text) => Value::String(text.as_str().to_owned()),
        JsonValue::Array(items) => Value::List(items.iter().map(of_json).collect()),
        JsonValue::Object(members) => Value::Object(
            members.iter().map(|(name, member)| (Name::new(name.as_str()), of_json(member))).collect(),
        ),
    }
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
