//! Weighs a document once, with its fragments expanded.

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, Selection};
use async_graphql::{ServerError, Variables};

use super::request_arguments::{RequestArguments, is_varying};
use super::tariff::FieldTariff;
use super::weighed::{VaryingSelection, WeighedDocument, WeighedField, WeighedSelection, of_field};
use super::weight::SelectionWeight;
use super::{MAX_NESTING, prices};
use crate::graphql::{ErrorCode, GraphSettings};

/// Weighs the operations of one document.
pub(super) struct SelectionWeigher<'a> {
    document: &'a Document,
    settings: &'a GraphSettings,
    tariff: &'a FieldTariff,
    fragments: HashMap<&'a str, FragmentState>,
    weighed: WeighedDocument,
}

/// What is known about a fragment.
#[derive(Clone, Copy)]
enum FragmentState {
    /// It is being weighed. Meeting it again means that it contains itself.
    UnderWay,
    Fixed(SelectionWeight),
    /// It depends on variables. Contains its index among the fragments that do.
    Varying(usize),
}

/// The root type of operations. Validation rejects operations other than queries.
const ROOT: &str = "Query";

type Weighed<T> = Result<T, Box<ServerError>>;

impl<'a> SelectionWeigher<'a> {
    pub(super) fn new(document: &'a Document, settings: &'a GraphSettings, tariff: &'a FieldTariff) -> Self {
        let (fragments, weighed) = (HashMap::new(), WeighedDocument::default());
        Self { document, settings, tariff, fragments, weighed }
    }

    /// Weighs all operations of the document.
    ///
    /// # Errors
    /// Returns an error if fragments spread themselves, or if selections are nested too deeply.
    pub(super) fn weigh(mut self) -> Weighed<WeighedDocument> {
        let document = self.document;
        for operation in document.definitions.iter().filter_map(Definition::as_operation_definition) {
            let own = operation.variables.iter().map(|variable| variable.directives.len()).sum::<usize>();
            let mut selected = self.selection_set(&operation.selection_set, ROOT, 0)?;
            selected.directives += own.saturating_add(operation.directives.len());
            self.weighed.operations.push((operation.clone(), selected));
        }
        Ok(self.weighed)
    }

    // `level` only bounds this recursion. A fragment that was weighed before adds its own nesting.
    fn selection_set(
        &mut self,
        set: &'a [Selection],
        of: &'a str,
        level: usize,
    ) -> Weighed<WeighedSelection> {
        if level > MAX_NESTING {
            let message = format!("the query nests selections deeper than {MAX_NESTING} levels");
            return Err(Box::new(ErrorCode::QueryTooDeep.error(message)));
        }
        let mut total = WeighedSelection { is_level: !set.is_empty(), ..WeighedSelection::default() };
        for selection in set {
            self.add(selection, of, level, &mut total)?;
        }
        Ok(total)
    }

    // Selections on several types count for each of them, because any may occur.
    fn add(
        &mut self,
        selection: &'a Selection,
        of: &'a str,
        level: usize,
        total: &mut WeighedSelection,
    ) -> Weighed<()> {
        match selection {
            Selection::Field(field) => self.add_field(field, of, level, total)?,
            Selection::InlineFragment(inline) => {
                let of = inline.type_condition.as_ref().map_or(of, |on| on.as_str());
                let mut within = self.selection_set(&inline.selection_set, of, level + 1)?;
                within.directives += inline.directives.len();
                total.add(within);
            }
            Selection::FragmentSpread(spread) => {
                let directives = &spread.directives;
                match self.fragment(&spread.fragment_name, level + 1)? {
                    FragmentState::Fixed(weight) => {
                        total.fixed = total.fixed.beside(weight.with_directives(directives));
                    }
                    FragmentState::Varying(place) => {
                        total.varying.push(VaryingSelection::Spread(place, directives.len()));
                    }
                    FragmentState::UnderWay => {
                        let message = format!("fragment `{}` spreads itself", spread.fragment_name);
                        return Err(Box::new(ErrorCode::GraphqlValidationFailed.error(message)));
                    }
                }
            }
        }
        Ok(())
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Weighed<FragmentState> {
        if let Some(state) = self.fragments.get(name) {
            return Ok(*state);
        }
        // Validation reports missing fragments.
        let Some(fragment) = fragment(self.document, name) else {
            return Ok(FragmentState::Fixed(SelectionWeight::default()));
        };
        self.fragments.insert(name, FragmentState::UnderWay);
        let mut weighed = self.selection_set(&fragment.selection_set, &fragment.type_condition, level)?;
        weighed.directives += fragment.directives.len();
        let state = match weighed.fixed_weight() {
            Some(weight) => FragmentState::Fixed(weight),
            None => {
                self.weighed.fragments.push(weighed);
                FragmentState::Varying(self.weighed.fragments.len() - 1)
            }
        };
        self.fragments.insert(name, state);
        Ok(state)
    }

    fn add_field(
        &mut self,
        field: &'a Node<Field>,
        parent: &str,
        level: usize,
        total: &mut WeighedSelection,
    ) -> Weighed<()> {
        let name = field.name.as_str();
        let tariff = self.tariff;
        let rate = tariff.rate(parent, name);
        let of = rate.map_or(introspected(name), |rate| rate.of.as_str());
        let within = self.selection_set(&field.selection_set, of, level + 1)?;
        let is_value = field.selection_set.is_empty()
            && rate.map_or(!parent.starts_with("__"), |rate| rate.price == prices::READ);
        let is_fixed = !rate.is_some_and(|rate| is_varying(field, rate));
        match within.fixed_weight().filter(|_| is_fixed) {
            Some(within) => {
                let (declared, variables, settings) = (&[], &Variables::default(), self.settings);
                let arguments = RequestArguments { declared, variables, settings };
                let own = of_field(field, rate.map(AsRef::as_ref), is_value, within, &arguments);
                total.fixed = total.fixed.beside(own);
            }
            None => {
                let weighed = WeighedField { field: field.clone(), rate: rate.cloned(), is_value, within };
                total.varying.push(VaryingSelection::Field(Box::new(weighed)));
            }
        }
        Ok(())
    }
}

fn fragment<'a>(document: &'a Document, name: &str) -> Option<&'a Node<FragmentDefinition>> {
    let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
    fragments.into_iter().find(|fragment| fragment.name == name)
}

/// Returns the type of the introspection fields that every schema has.
fn introspected(name: &str) -> &'static str {
    match name {
        "__schema" => "__Schema",
        "__type" => "__Type",
        _ => "",
    }
}
