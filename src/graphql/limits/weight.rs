//! What an operation weighs, with its fragments spread out.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::MAX_NESTING;
use crate::graphql::types::{DEFAULT_CHANGES, DEFAULT_OCCURRENCES, DEFAULT_ROWS, MAX_OCCURRENCES, MAX_ROWS};
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
    /// Cost of what is there once.
    cost: usize,
    /// Cost of what is there for every record of a page: `nodes`, `edges` and `rows`.
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
            cost: self.cost.saturating_add(other.cost),
            cost_by_row: self.cost_by_row.saturating_add(other.cost_by_row),
        }
    }

    fn with_directives(self, directives: &[Positioned<Directive>]) -> Self {
        Self { directives: self.directives.saturating_add(directives.len()), ..self }
    }
}

/// Weighs one operation.
pub(super) struct Weigher<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    settings: &'a GraphSettings,
    /// None while a fragment is being weighed.
    fragments: HashMap<&'a str, Option<Weight>>,
}

/// What a count that is made anew costs, beside a field that is only read.
const COUNTING: usize = 10;

type Weighed = Result<Weight, Box<ServerError>>;

impl<'a> Weigher<'a> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
        settings: &'a GraphSettings,
    ) -> Self {
        Self { document, operation, variables, settings, fragments: HashMap::new() }
    }

    pub(super) fn weigh(&mut self) -> Weighed {
        let operation = self.operation;
        let definitions = operation.variable_definitions.iter();
        let own = definitions.map(|variable| variable.node.directives.len()).sum::<usize>();
        let weight = self.selection_set(&operation.selection_set.node, 0)?;
        let weight = weight.with_directives(&operation.directives);
        Ok(Weight { directives: weight.directives.saturating_add(own), ..weight })
    }

    // `level` only keeps this very recursion in bounds; a fragment weighed before adds its own nesting.
    fn selection_set(&mut self, set: &'a SelectionSet, level: usize) -> Weighed {
        if level > MAX_NESTING {
            let message = format!("the query nests selections deeper than {MAX_NESTING} levels");
            return Err(Box::new(ErrorCode::QueryTooDeep.error(message)));
        }
        if set.items.is_empty() {
            return Ok(Weight::default());
        }
        let mut total = Weight::default();
        for selection in &set.items {
            total = total.beside(self.selection(&selection.node, level)?);
        }
        Ok(Weight { nesting: total.nesting + 1, ..total })
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Weighed {
        match selection {
            Selection::Field(field) => {
                let within = self.selection_set(&field.node.selection_set.node, level + 1)?;
                Ok(self.field(&field.node, within))
            }
            Selection::InlineFragment(inline) => {
                let within = self.selection_set(&inline.node.selection_set.node, level + 1)?;
                Ok(within.with_directives(&inline.node.directives))
            }
            Selection::FragmentSpread(spread) => {
                let within = self.fragment(&spread.node.fragment_name.node, level + 1)?;
                Ok(within.with_directives(&spread.node.directives))
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
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Weight::default()) };
        self.fragments.insert(name, None);
        let weight = self.selection_set(&fragment.node.selection_set.node, level)?;
        let weight = weight.with_directives(&fragment.node.directives);
        self.fragments.insert(name, Some(weight));
        Ok(weight)
    }

    fn field(&self, field: &Field, within: Weight) -> Weight {
        let name = field.name.node.as_str();
        let rows = within.cost_by_row.saturating_mul(self.page_size(field));
        let once = if name == "serviceCount" { COUNTING } else { 1 };
        let cost = once.saturating_add(within.cost.saturating_mul(self.times(field))).saturating_add(rows);
        let by_row = matches!(name, "nodes" | "edges" | "rows");
        let own = Weight {
            depth: within.depth + 1,
            root_fields: 1,
            aliases: within.aliases.saturating_add(usize::from(field.alias.is_some())),
            introspects: within.introspects || matches!(name, "__schema" | "__type"),
            cost: if by_row { 0 } else { cost },
            cost_by_row: if by_row { cost } else { 0 },
            ..within
        };
        own.with_directives(&field.directives)
    }

    // A page over the largest size is refused by its own field, in better words than these could be.
    fn page_size(&self, field: &Field) -> usize {
        let asked = ["first", "last"].into_iter().find_map(|name| self.number(field, name));
        let (default, most) = match field.name.node.as_str() {
            "serviceStatistics" => (DEFAULT_ROWS.unsigned_abs() as usize, MAX_ROWS.unsigned_abs() as usize),
            "changes" => (DEFAULT_CHANGES, self.settings.max_page_size.max(DEFAULT_CHANGES)),
            _ => (self.settings.default_page_size, self.settings.max_page_size),
        };
        asked.unwrap_or(default).min(most)
    }

    // How often what is within is there, where it is no page of a connection.
    fn times(&self, field: &Field) -> usize {
        if field.name.node.as_str() == "occurrences" {
            let most = MAX_OCCURRENCES.unsigned_abs() as usize;
            let asked = self.number(field, "first");
            return asked.unwrap_or(DEFAULT_OCCURRENCES.unsigned_abs() as usize).min(most);
        }
        match self.argument(field, "ids") {
            Some(Value::List(ids)) => ids.len(),
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
        let given = field.get_argument(name)?.node.clone();
        given.into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let definitions = &self.operation.variable_definitions;
        let definition = definitions.iter().find(|definition| definition.node.name.node == name)?;
        self.variables.get(name).or_else(|| definition.node.default_value()).cloned()
    }
}
