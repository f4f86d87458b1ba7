//! Weights of selections: depth, counts and cost, and how weights are added.

use apollo_compiler::ast::DirectiveList;

use super::prices;

/// The weight of a selection. Counts saturate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SelectionWeight {
    pub(super) depth: usize,
    pub(super) nesting: usize,
    pub(super) root_fields: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
    pub(super) introspects: bool,
    /// The number of plain values of the object itself. They cost nothing until they are counted together.
    pub(super) values: usize,
    /// The cost of what occurs once.
    pub(super) cost: usize,
    /// The cost of what occurs for every row of the page that an enclosing field bounds.
    pub(super) cost_by_row: usize,
}

impl SelectionWeight {
    pub(super) fn total_cost(&self) -> usize {
        self.cost.saturating_add(self.cost_by_row)
    }

    pub(super) fn beside(self, other: Self) -> Self {
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

    /// Converts the plain values of one object into points.
    pub(super) fn with_values_counted(self) -> Self {
        let points = self.values.div_ceil(prices::VALUES_FOR_A_POINT);
        Self { values: 0, cost: self.cost.saturating_add(points), ..self }
    }

    pub(super) fn with_directives(self, directives: &DirectiveList) -> Self {
        Self { directives: self.directives.saturating_add(directives.len()), ..self }
    }
}
