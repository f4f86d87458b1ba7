//! Documents weighed as far as their text alone determines the weight. The part that depends on variables is computed
//! for each request, without reading the document again.

use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, OperationDefinition};
use async_graphql::Variables;

use super::prices;
use super::request_arguments::RequestArguments;
use super::tariff::{CountedTimes, FieldRate};
use super::weight::SelectionWeight;
use crate::graphql::GraphSettings;

/// A document with the weights of its selections.
#[derive(Default)]
pub(in crate::graphql) struct WeighedDocument {
    /// Fragments that depend on variables, each after the fragments that it spreads.
    pub(super) fragments: Vec<WeighedSelection>,
    pub(super) operations: Vec<(Node<OperationDefinition>, WeighedSelection)>,
}

/// The weight of a set of selections.
#[derive(Default)]
pub(super) struct WeighedSelection {
    /// The part that is the same for every request.
    pub(super) fixed: SelectionWeight,
    pub(super) varying: Vec<VaryingSelection>,
    /// Whether the set is not empty, so that it counts as a level of nesting.
    pub(super) is_level: bool,
    /// The number of directives on what contains the selections.
    pub(super) directives: usize,
}

/// A selection whose weight depends on variables.
pub(super) enum VaryingSelection {
    Field(Box<WeighedField>),
    Inline(WeighedSelection),
    /// A fragment, by its index in the document, and the number of directives on its spread.
    Spread(usize, usize),
}

/// A field whose weight, or that of its subfields, depends on variables.
pub(super) struct WeighedField {
    pub(super) field: Node<Field>,
    pub(super) rate: Option<Arc<FieldRate>>,
    pub(super) is_value: bool,
    pub(super) within: WeighedSelection,
}

impl WeighedDocument {
    /// Returns the weight of each operation for one request.
    pub(super) fn weights(
        &self,
        variables: &Variables,
        settings: &GraphSettings,
    ) -> impl Iterator<Item = SelectionWeight> {
        self.operations.iter().map(move |(operation, selected)| {
            let arguments = RequestArguments { declared: &operation.variables, variables, settings };
            let mut fragments = Vec::with_capacity(self.fragments.len());
            for fragment in &self.fragments {
                let weight = fragment.weight(&arguments, &fragments);
                fragments.push(weight);
            }
            selected.weight(&arguments, &fragments).with_values_counted()
        })
    }
}

impl WeighedSelection {
    /// Returns the weight for one request, given the weights of fragments.
    pub(super) fn weight(
        &self,
        arguments: &RequestArguments<'_>,
        fragments: &[SelectionWeight],
    ) -> SelectionWeight {
        let add =
            |total: SelectionWeight, part: &VaryingSelection| total.beside(part.weight(arguments, fragments));
        self.as_level(self.varying.iter().fold(self.fixed, add))
    }

    /// Returns the weight if it is the same for every request. Returns `None` if it depends on variables.
    pub(super) fn fixed_weight(&self) -> Option<SelectionWeight> {
        self.varying.is_empty().then(|| self.as_level(self.fixed))
    }

    /// Adds nested selections.
    pub(super) fn add(&mut self, within: Self) {
        match within.fixed_weight() {
            Some(weight) => self.fixed = self.fixed.beside(weight),
            None => self.varying.push(VaryingSelection::Inline(within)),
        }
    }

    fn as_level(&self, total: SelectionWeight) -> SelectionWeight {
        SelectionWeight {
            nesting: total.nesting + usize::from(self.is_level),
            directives: total.directives.saturating_add(self.directives),
            ..total
        }
    }
}

impl VaryingSelection {
    fn weight(&self, arguments: &RequestArguments<'_>, fragments: &[SelectionWeight]) -> SelectionWeight {
        match self {
            Self::Field(field) => {
                let within = field.within.weight(arguments, fragments);
                of_field(&field.field, field.rate.as_deref(), field.is_value, within, arguments)
            }
            Self::Inline(within) => within.weight(arguments, fragments),
            Self::Spread(place, directives) => {
                let within = fragments.get(*place).copied().unwrap_or_default();
                SelectionWeight { directives: within.directives.saturating_add(*directives), ..within }
            }
        }
    }
}

/// Returns the weight of a field, given the weight of its subfields.
pub(super) fn of_field(
    field: &Field,
    rate: Option<&FieldRate>,
    is_value: bool,
    within: SelectionWeight,
    arguments: &RequestArguments<'_>,
) -> SelectionWeight {
    let within = within.with_values_counted();
    let (cost, cost_by_row) = match rate {
        Some(rate) => cost(field, rate, within, arguments),
        None => (within.total_cost(), 0),
    };
    let own = SelectionWeight {
        depth: within.depth + 1,
        root_fields: 1,
        aliases: within.aliases.saturating_add(usize::from(field.alias.is_some())),
        introspects: within.introspects || matches!(field.name.as_str(), "__schema" | "__type"),
        values: usize::from(is_value),
        cost,
        cost_by_row,
        ..within
    };
    own.with_directives(&field.directives)
}

/// Returns the cost of a field, and its cost for each row of the page that contains it.
fn cost(
    field: &Field,
    rate: &FieldRate,
    within: SelectionWeight,
    arguments: &RequestArguments<'_>,
) -> (usize, usize) {
    let rows = || rate.page.map_or(1, |page| arguments.page_size(field, page));
    let leaf = field.selection_set.is_empty();
    let each = if leaf { 0 } else { rate.price.each };
    let each = each.saturating_add(within.cost);
    let read = if leaf && rate.price == prices::READ { 0 } else { rate.price.once };
    let once = read.saturating_add(arguments.cost(field, rate));
    let times = match rate.times {
        CountedTimes::Once => {
            let by_row = within.cost_by_row.saturating_mul(rows());
            return (once.saturating_add(within.cost).saturating_add(by_row), 0);
        }
        CountedTimes::Rows => return (once, each.saturating_add(within.cost_by_row)),
        CountedTimes::OwnPage => rows(),
        CountedTimes::Assumed(size) => size,
        CountedTimes::Listed(argument, assumed) => arguments.listed(field, argument).unwrap_or(assumed),
    };
    (once.saturating_add(each.saturating_add(within.cost_by_row).saturating_mul(times)), 0)
}
