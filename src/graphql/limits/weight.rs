//! What an operation weighs, with its fragments spread out.

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveList, Document, Field, FragmentDefinition, OperationDefinition, Selection,
    Value as Written,
};
use async_graphql::{ServerError, Value, Variables};

use super::tariff::{Page, Rate, Tariff, Times};
use super::{MAX_NESTING, prices};
use crate::graphql::written_value::constant;
use crate::graphql::{ErrorCode, GraphSettings};

/// What a selection weighs. Counts stop at the largest number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) depth: usize,
    pub(super) nesting: usize,
    pub(super) root_fields: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
    pub(super) introspects: bool,
    /// Plain values of the object itself, which cost nothing until they are counted together.
    values: usize,
    /// Cost of what is there once.
    cost: usize,
    /// Cost of what is there for every row of the page that a field above bounds.
    cost_by_row: usize,
}

impl Weight {
    pub(super) fn total_cost(&self) -> usize {
        self.cost.saturating_add(self.cost_by_row)
    }

    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            introspects: self.introspects || other.introspects,
            values: self.values.saturating_add(other.values),
            cost: self.cost.saturating_add(other.cost),
            cost_by_row: self.cost_by_row.saturating_add(other.cost_by_row),
        }
    }

    /// Turns the plain values of one object into points.
    fn with_values_counted(self) -> Self {
        let points = self.values.div_ceil(prices::VALUES_FOR_A_POINT);
        Self { values: 0, cost: self.cost.saturating_add(points), ..self }
    }

    fn with_directives(self, directives: &DirectiveList) -> Self {
        Self { directives: self.directives.saturating_add(directives.len()), ..self }
    }
}

/// Weighs one operation.
pub(super) struct Weigher<'a> {
    document: &'a Document,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    settings: &'a GraphSettings,
    tariff: &'a Tariff,
    /// `None` while a fragment is being weighed.
    fragments: HashMap<&'a str, Option<Weight>>,
}

/// The type that operations begin at. Others than queries are refused by validation.
const ROOT: &str = "Query";

type Weighed = Result<Weight, Box<ServerError>>;

impl<'a> Weigher<'a> {
    pub(super) fn new(
        document: &'a Document,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
        settings: &'a GraphSettings,
        tariff: &'a Tariff,
    ) -> Self {
        Self { document, operation, variables, settings, tariff, fragments: HashMap::new() }
    }

    pub(super) fn weigh(&mut self) -> Weighed {
        let operation = self.operation;
        let own = operation.variables.iter().map(|variable| variable.directives.len()).sum::<usize>();
        let weight = self.selection_set(&operation.selection_set, ROOT, 0)?.with_values_counted();
        let weight = weight.with_directives(&operation.directives);
        Ok(Weight { directives: weight.directives.saturating_add(own), ..weight })
    }

    // `level` only keeps this very recursion in bounds; a fragment weighed before adds its own nesting.
    fn selection_set(&mut self, set: &'a [Selection], of: &'a str, level: usize) -> Weighed {
        if level > MAX_NESTING {
            let message = format!("the query nests selections deeper than {MAX_NESTING} levels");
            return Err(Box::new(ErrorCode::QueryTooDeep.error(message)));
        }
        if set.is_empty() {
            return Ok(Weight::default());
        }
        let mut total = Weight::default();
        for selection in set {
            total = total.beside(self.selection(selection, of, level)?);
        }
        Ok(Weight { nesting: total.nesting + 1, ..total })
    }

    // What is selected of several types counts for each of them: any may be there.
    fn selection(&mut self, selection: &'a Selection, of: &'a str, level: usize) -> Weighed {
        match selection {
            Selection::Field(field) => self.field(field, of, level),
            Selection::InlineFragment(inline) => {
                let of = inline.type_condition.as_ref().map_or(of, |on| on.as_str());
                let within = self.selection_set(&inline.selection_set, of, level + 1)?;
                Ok(within.with_directives(&inline.directives))
            }
            Selection::FragmentSpread(spread) => {
                let within = self.fragment(&spread.fragment_name, level + 1)?;
                Ok(within.with_directives(&spread.directives))
            }
        }
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Weighed {
        match self.fragments.get(name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => {
                let message = format!("fragment `{name}` spreads itself");
                return Err(Box::new(ErrorCode::GraphqlValidationFailed.error(message)));
            }
            None => {}
        }
        // Validation tells of fragments that are not there.
        let Some(fragment) = fragment(self.document, name) else { return Ok(Weight::default()) };
        self.fragments.insert(name, None);
        let weight = self.selection_set(&fragment.selection_set, &fragment.type_condition, level)?;
        let weight = weight.with_directives(&fragment.directives);
        self.fragments.insert(name, Some(weight));
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field, parent: &str, level: usize) -> Weighed {
        let name = field.name.as_str();
        let rate = self.tariff.rate(parent, name);
        let of = rate.map_or(introspected(name), |rate| rate.of.as_str());
        let within = self.selection_set(&field.selection_set, of, level + 1)?.with_values_counted();
        let (cost, cost_by_row) = match rate {
            Some(rate) => self.cost(field, rate, within),
            None => (within.total_cost(), 0),
        };
        let is_value = field.selection_set.is_empty()
            && rate.map_or(!parent.starts_with("__"), |rate| rate.price == prices::READ);
        let own = Weight {
            depth: within.depth + 1,
            root_fields: 1,
            aliases: within.aliases.saturating_add(usize::from(field.alias.is_some())),
            introspects: within.introspects || matches!(name, "__schema" | "__type"),
            values: usize::from(is_value),
            cost,
            cost_by_row,
            ..within
        };
        Ok(own.with_directives(&field.directives))
    }

    /// What a field costs, and what it costs for each row of the page that it stands in.
    fn cost(&self, field: &'a Field, rate: &Rate, within: Weight) -> (usize, usize) {
        let rows = || rate.page.map_or(1, |page| self.page_size(field, page));
        let leaf = field.selection_set.is_empty();
        let each = if leaf { 0 } else { rate.price.each };
        let each = each.saturating_add(within.cost);
        let read = if leaf && rate.price == prices::READ { 0 } else { rate.price.once };
        let once = read.saturating_add(self.cost_of_arguments(field, rate));
        let times = match rate.times {
            Times::Once => {
                let by_row = within.cost_by_row.saturating_mul(rows());
                return (once.saturating_add(within.cost).saturating_add(by_row), 0);
            }
            Times::Rows => return (once, each.saturating_add(within.cost_by_row)),
            Times::OwnPage => rows(),
            Times::Assumed(size) => size,
            Times::Listed(argument, assumed) => match self.argument(field, argument) {
                Some(Value::List(values)) => values.len(),
                _ => assumed,
            },
        };
        (once.saturating_add(each.saturating_add(within.cost_by_row).saturating_mul(times)), 0)
    }

    fn cost_of_arguments(&self, field: &Field, rate: &Rate) -> usize {
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

    /// How many values an argument holds that are no lists or objects themselves.
    fn values(&self, given: &Written) -> usize {
        match given {
            Written::Variable(name) => self.variable(name).map_or(0, |value| constants(&value)),
            Written::List(items) => items.iter().map(|item| self.values(item)).sum(),
            Written::Object(members) => members.iter().map(|(_, member)| self.values(member)).sum(),
            Written::Null => 0,
            _ => 1,
        }
    }

    // A page over the largest size is refused by its own field, in better words than these could be.
    fn page_size(&self, field: &Field, page: Page) -> usize {
        let asked = ["first", "last"].into_iter().find_map(|name| self.number(field, name));
        let rows = asked.or(page.default).unwrap_or(self.settings.default_page_size);
        match (page.most, page.default) {
            (Some(most), _) => rows.min(most.max(self.settings.max_page_size)),
            (None, Some(_)) => rows,
            (None, None) => rows.min(self.settings.max_page_size),
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
        let definition = self.operation.variables.iter().find(|definition| definition.name == name)?;
        let given = self.variables.get(name).cloned();
        given.or_else(|| definition.default_value.as_deref().and_then(constant))
    }
}

fn fragment<'a>(document: &'a Document, name: &str) -> Option<&'a Node<FragmentDefinition>> {
    let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
    fragments.into_iter().find(|fragment| fragment.name == name)
}

fn constants(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(constants).sum(),
        Value::Object(members) => members.values().map(constants).sum(),
        Value::Null => 0,
        _ => 1,
    }
}

/// What the fields return that every schema has.
fn introspected(name: &str) -> &'static str {
    match name {
        "__schema" => "__Schema",
        "__type" => "__Type",
        _ => "",
    }
}
