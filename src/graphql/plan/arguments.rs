//! Arguments as a query gives them: constants, variables, and values that hold variables.

use apollo_compiler::Node;
use apollo_compiler::ast::Value as Written;
use async_graphql::{Name, Value};

use super::SourceTokens;
use crate::graphql::variables::CoercedVariables;
use crate::graphql::written_value::constant;

/// The value that a query gives for an argument.
#[derive(Debug)]
pub(crate) enum GivenArgument {
    /// None.
    Absent,
    /// A value that may hold variables.
    Made(ArgumentTemplate),
}

/// A value that is completed for each request.
#[derive(Debug)]
pub(crate) enum ArgumentTemplate {
    Constant(Value),
    Variable(Name),
    List(Vec<ArgumentTemplate>),
    Object(Vec<(Name, ArgumentTemplate)>),
}

impl GivenArgument {
    /// Reads a value from a query.
    pub(super) fn of(written: &Node<Written>, tokens: &SourceTokens) -> Self {
        Self::Made(ArgumentTemplate::of(written, tokens))
    }

    /// Returns whether the value is the same for every request.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self, Self::Absent | Self::Made(ArgumentTemplate::Constant(_)))
    }

    /// Returns the value for a request. Returns `None` if none is given, or if it is a variable without a value.
    pub(crate) fn value(&self, variables: &CoercedVariables) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Made(template) => template.value(variables),
        }
    }
}

impl ArgumentTemplate {
    fn of(written: &Node<Written>, tokens: &SourceTokens) -> Self {
        match &**written {
            Written::Variable(name) => Self::Variable(Name::new(name)),
            Written::String(text) => {
                let variable = written.location().and_then(|place| tokens.variable(place.offset()));
                variable.map_or_else(|| Self::Constant(Value::from(text.as_str())), Self::Variable)
            }
            Written::List(items) => {
                Self::List(items.iter().map(|item| Self::of(item, tokens)).collect()).settled()
            }
            Written::Object(members) => {
                let members = members.iter().map(|(name, value)| (Name::new(name), Self::of(value, tokens)));
                Self::Object(members.collect()).settled()
            }
            scalar => Self::Constant(constant(scalar).unwrap_or_default()),
        }
    }

    /// Turns a list or object without variables into a constant.
    fn settled(self) -> Self {
        let is_constant = |template: &Self| matches!(template, Self::Constant(_));
        let settles = match &self {
            Self::List(items) => items.iter().all(is_constant),
            Self::Object(members) => members.iter().all(|(_, value)| is_constant(value)),
            Self::Constant(_) | Self::Variable(_) => false,
        };
        if settles {
            Self::Constant(self.value(&CoercedVariables::default()).unwrap_or_default())
        } else {
            self
        }
    }

    fn value(&self, variables: &CoercedVariables) -> Option<Value> {
        match self {
            Self::Constant(value) => Some(value.clone()),
            Self::Variable(name) => variables.get(name).cloned(),
            // A missing variable is null in a list; in an object, its member is omitted.
            Self::List(items) => {
                let items = items.iter().map(|item| item.value(variables).unwrap_or_default());
                Some(Value::List(items.collect()))
            }
            Self::Object(members) => {
                let given =
                    members.iter().filter_map(|(name, of)| Some((name.clone(), of.value(variables)?)));
                Some(Value::Object(given.collect()))
            }
        }
    }
}
