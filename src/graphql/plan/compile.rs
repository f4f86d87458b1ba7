//! Creates plans: collects the fields of each possible object type, as section 6.3.2 of the GraphQL specification
//! describes.

use std::collections::HashMap;
use std::sync::OnceLock;

use apollo_compiler::ast::Value as Written;
use apollo_compiler::executable::{DirectiveList, Field, Operation, Selection as Selected, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{MetaType, Registry};

use super::{FieldPlan, GivenArgument, INTROSPECTION, PlanSelection, SelectedFields, SourceTokens, TYPENAME};
use crate::graphql::output::FieldOutput as _;
use crate::graphql::query::Query;

/// The numbers of the fields of each object type. They select the code that writes the field.
pub(in crate::graphql) struct FieldNumbers(HashMap<String, HashMap<String, usize>>);

impl FieldNumbers {
    /// Numbers the fields of every object type in the order of declaration.
    pub(in crate::graphql) fn new() -> Self {
        let mut registry = Registry::default();
        Query::register(&mut registry);
        crate::graphql::introspection::register(&mut registry);
        let objects = registry.types.into_iter().filter_map(|(name, of)| match of {
            MetaType::Object { fields, .. } => {
                Some((name, fields.into_keys().enumerate().map(|(number, field)| (field, number)).collect()))
            }
            _ => None,
        });
        Self(objects.collect())
    }

    fn of(&self, type_name: &str, field: &str) -> usize {
        let numbered = self.0.get(type_name).and_then(|fields| fields.get(field));
        numbered.copied().unwrap_or(INTROSPECTION)
    }
}

/// Creates the plan of one operation.
pub(in crate::graphql) struct PlanMaker<'a> {
    pub(in crate::graphql) schema: &'a Schema,
    pub(in crate::graphql) numbers: &'a FieldNumbers,
    pub(in crate::graphql) document: &'a ExecutableDocument,
    /// Returns whether the variable of a condition is true.
    pub(in crate::graphql) conditions: &'a dyn Fn(&str) -> bool,
    pub(in crate::graphql) tokens: &'a SourceTokens,
}

/// The fields of one type, by response name.
type Collected<'a> = IndexMap<&'a Name, Vec<&'a Node<Field>>>;

impl<'a> PlanMaker<'a> {
    /// Returns the selection of an operation's root.
    pub(in crate::graphql) fn plan(&self, operation: &'a Operation) -> SelectedFields {
        self.selected(operation.object_type(), &[&operation.selection_set])
    }

    fn selected(&self, of: &Name, sets: &[&'a SelectionSet]) -> SelectedFields {
        let (mut collected, mut spread) = (IndexMap::new(), Vec::new());
        for set in sets {
            self.collect(of, set, &mut spread, &mut collected);
        }
        let fields = collected.iter().map(|(name, fields)| self.field(of, name, fields));
        SelectedFields { type_name: of.to_string(), fields: fields.collect(), ..SelectedFields::default() }
    }

    fn collect(
        &self,
        of: &Name,
        set: &'a SelectionSet,
        spread: &mut Vec<&'a Name>,
        collected: &mut Collected<'a>,
    ) {
        for selection in set.selections.iter().filter(|selection| self.is_included(selection.directives())) {
            match selection {
                Selected::Field(field) => collected.entry(field.response_key()).or_default().push(field),
                Selected::InlineFragment(inline) => {
                    if inline.type_condition.as_ref().is_none_or(|on| self.applies(on, of)) {
                        self.collect(of, &inline.selection_set, spread, collected);
                    }
                }
                Selected::FragmentSpread(named) => {
                    let Some(fragment) = self.document.fragments.get(&named.fragment_name) else { continue };
                    if !spread.contains(&&named.fragment_name) {
                        spread.push(&named.fragment_name);
                        if self.applies(fragment.type_condition(), of) {
                            self.collect(of, &fragment.selection_set, spread, collected);
                        }
                    }
                }
            }
        }
    }

    fn is_included(&self, directives: &DirectiveList) -> bool {
        directives.iter().all(|directive| {
            let condition = directive.specified_argument_by_name("if");
            let is_true = condition.is_some_and(|condition| match &**condition {
                Written::Boolean(is) => *is,
                Written::Variable(name) => (self.conditions)(name),
                _ => false,
            });
            match directive.name.as_str() {
                "skip" => !is_true,
                "include" => is_true,
                _ => true,
            }
        })
    }

    /// Returns whether a type condition applies to an object type.
    fn applies(&self, on: &Name, object: &Name) -> bool {
        on == object || self.schema.is_subtype(on, object)
    }

    fn field(&self, of: &Name, response_name: &str, fields: &[&'a Node<Field>]) -> FieldPlan {
        let Some(first) = fields.first().filter(|first| first.name != "__typename") else {
            return FieldPlan::of_name("__typename", response_name, TYPENAME);
        };
        let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
        let tokens = fields.iter().filter_map(|field| self.tokens.number(field.location()?.offset()));
        let arguments = first.definition.arguments.iter().map(|argument| {
            let given = first.specified_argument_by_name(&argument.name);
            given.map_or(GivenArgument::Absent, |given| GivenArgument::of(given, self.tokens))
        });
        FieldPlan {
            arguments: arguments.collect(),
            within: self.within(first.definition.ty.inner_named_type(), &sets),
            tokens: tokens.collect(),
            ..FieldPlan::of_name(&first.name, response_name, self.numbers.of(of, &first.name))
        }
    }

    fn within(&self, of: &Name, sets: &[&'a SelectionSet]) -> PlanSelection {
        match self.schema.types.get(of) {
            Some(ExtendedType::Object(_)) => PlanSelection::Object(self.selected(of, sets)),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                let types = self.schema.types.iter();
                let objects = types.filter(|(name, is)| is.is_object() && self.applies(of, name));
                PlanSelection::Abstract(objects.map(|(name, _)| self.selected(name, sets)).collect())
            }
            _ => PlanSelection::Values,
        }
    }
}

impl FieldPlan {
    /// Creates a field without subfields or arguments.
    pub(in crate::graphql) fn of_name(name: &str, response_name: &str, number: usize) -> Self {
        Self {
            name: name.into(),
            response_name: response_name.into(),
            member: format!(",\"{response_name}\":").into_bytes().into(),
            number,
            arguments: Box::default(),
            within: PlanSelection::Values,
            tokens: Box::default(),
            of_organizations: OnceLock::new(),
            of_terms: OnceLock::new(),
            of_services: OnceLock::new(),
        }
    }
}
