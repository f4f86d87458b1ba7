//! Evaluates the arguments of a field for one request: the size of a page, and the number of values in a filter.

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, Value as Written, VariableDefinition};
use async_graphql::{Value, Variables};

use super::prices;
use super::tariff::{FieldRate, PageBounds};
use crate::graphql::GraphSettings;
use crate::graphql::written_value::constant;

/// The arguments that affect the cost of any field that has them.
const DECISIVE: [&str; 3] = ["first", "last", "format"];

/// Reads arguments with the variables of one request.
pub(super) struct RequestArguments<'a> {
    /// The variables that the operation declares.
    pub(super) declared: &'a [Node<VariableDefinition>],
    pub(super) variables: &'a Variables,
    pub(super) settings: &'a GraphSettings,
}

/// Returns whether the cost of a field may differ between requests, because an argument that affects it contains a
/// variable.
pub(super) fn is_varying(field: &Field, rate: &FieldRate) -> bool {
    let is_priced = |name: &str| {
        rate.price.by_value > 0 || DECISIVE.contains(&name) || rate.times.listing_argument() == Some(name)
    };
    field.arguments.iter().any(|argument| is_priced(&argument.name) && has_variable(&argument.value))
}

fn has_variable(value: &Written) -> bool {
    match value {
        Written::Variable(_) => true,
        Written::List(items) => items.iter().any(|item| has_variable(item)),
        Written::Object(members) => members.iter().any(|(_, member)| has_variable(member)),
        _ => false,
    }
}

impl RequestArguments<'_> {
    /// Returns the most rows that a page can have.
    // A page above the limit is rejected by the field itself, with a better message.
    pub(super) fn page_size(&self, field: &Field, page: PageBounds) -> usize {
        let asked = ["first", "last"].into_iter().find_map(|name| self.number(field, name));
        let rows = asked.or(page.default).unwrap_or(self.settings.default_page_size);
        match (page.most, page.default) {
            (Some(most), _) => rows.min(most.max(self.settings.max_page_size)),
            (None, Some(_)) => rows,
            (None, None) => rows.min(self.settings.max_page_size),
        }
    }

    /// Returns the number of values in a list argument. Returns `None` if the argument is not given as a list.
    pub(super) fn listed(&self, field: &Field, name: &str) -> Option<usize> {
        match self.argument(field, name)? {
            Value::List(values) => Some(values.len()),
            _ => None,
        }
    }

    /// Returns what the arguments add to the cost of a field.
    pub(super) fn cost(&self, field: &Field, rate: &FieldRate) -> usize {
        let is_html = match self.argument(field, "format") {
            Some(Value::Enum(format)) => format == "HTML",
            Some(Value::String(format)) => format == "HTML",
            _ => false,
        };
        let written = if is_html { prices::HTML } else { 0 };
        if rate.price.by_value == 0 {
            return written;
        }
        let values = field.arguments.iter().map(|argument| self.values(&argument.value));
        written
            .saturating_add(values.fold(0_usize, usize::saturating_add).saturating_mul(rate.price.by_value))
    }

    /// Returns how many scalar values an argument contains.
    fn values(&self, given: &Written) -> usize {
        match given {
            Written::Variable(name) => self.variable(name).map_or(0, |value| constants(&value)),
            Written::List(items) => items.iter().map(|item| self.values(item)).sum(),
            Written::Object(members) => members.iter().map(|(_, member)| self.values(member)).sum(),
            Written::Null => 0,
            _ => 1,
        }
    }

    fn number(&self, field: &Field, name: &str) -> Option<usize> {
        match self.argument(field, name)? {
            Value::Number(number) => number.as_u64().and_then(|size| usize::try_from(size).ok()),
            _ => None,
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let given = &field.arguments.iter().find(|argument| argument.name == name)?.value;
        match &**given {
            Written::Variable(variable) => self.variable(variable),
            written => constant(written),
        }
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let definition = self.declared.iter().find(|definition| definition.name == name)?;
        let given = self.variables.get(name).cloned();
        given.or_else(|| definition.default_value.as_deref().and_then(constant))
    }
}

fn constants(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(constants).sum(),
        Value::Object(members) => members.values().map(constants).sum(),
        Value::Null => 0,
        _ => 1,
    }
}
