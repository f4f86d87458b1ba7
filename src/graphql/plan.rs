//! Plans: the fields to read of each object for one operation, with selections merged, conditions decided, and each
//! field identified by a number.
//!
//! A plan is made once for a document and each combination of values of its `@skip` and `@include` conditions.
//! Arguments are read for each request, because they may contain variables.

mod arguments;
mod compile;
mod source_tokens;

use std::sync::atomic::AtomicUsize;
use std::sync::{LazyLock, OnceLock};

use crate::federation::{WantedFacts, WantedOfOrganizations};
use crate::model::{Shape, UnsaidFields};

pub(super) use arguments::GivenArgument;
pub(super) use compile::{FieldNumbers, PlanMaker};
pub(super) use source_tokens::SourceTokens;

/// The number of `__typename` in every type.
pub(crate) const TYPENAME: usize = usize::MAX;
/// The number of the root's introspection fields: `__schema` and `__type`.
pub(crate) const INTROSPECTION: usize = usize::MAX - 1;

/// The fields selected of one object type, in the order in which they are written.
#[derive(Debug, Default)]
pub(crate) struct SelectedFields {
    pub(super) type_name: String,
    pub(super) fields: Box<[FieldPlan]>,
    /// The size of the last response in bytes, for the root only.
    pub(super) bytes: AtomicUsize,
    /// The shape of renderings with this selection, created on first use.
    pub(super) shape: OnceLock<Shape>,
}

/// A selected field, merged from all its occurrences in the document.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    /// The name in the schema.
    pub(super) name: Box<str>,
    /// The name in the response: the alias, if there is one.
    pub(super) response_name: Box<str>,
    /// The response name as it is written after another member: `,"name":`.
    pub(super) member: Box<[u8]>,
    pub(super) number: usize,
    /// In the order of declaration.
    pub(super) arguments: Box<[GivenArgument]>,
    pub(super) within: PlanSelection,
    /// The indices of the document's tokens at which it begins.
    pub(super) tokens: Box<[usize]>,
    /// What the field needs of services, computed on first use.
    pub(super) of_services: OnceLock<WantedFacts>,
    /// What the field needs of organisations, computed on first use.
    pub(super) of_organizations: OnceLock<WantedOfOrganizations>,
    /// What the field needs of taxonomy terms, computed on first use.
    pub(super) of_terms: OnceLock<UnsaidFields>,
}

/// What is selected of a field's values.
#[derive(Debug)]
pub(super) enum PlanSelection {
    /// Nothing: the values are scalars or enums.
    Values,
    /// Of values that are all of one type.
    Object(SelectedFields),
    /// The selection for each possible object type.
    Abstract(Box<[SelectedFields]>),
}

/// The empty selection.
static NOTHING: LazyLock<SelectedFields> = LazyLock::new(SelectedFields::default);

impl SelectedFields {
    /// Returns the shape of renderings with this selection.
    pub(crate) fn shape(&self) -> Shape {
        *self.shape.get_or_init(Shape::unique)
    }
}

impl FieldPlan {
    /// Returns the field's index among the fields of its type.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Returns the selection for values of this object type.
    pub(crate) fn selected(&self, type_name: &str) -> &SelectedFields {
        match &self.within {
            PlanSelection::Object(selected) => selected,
            PlanSelection::Abstract(each) => {
                each.iter().find(|selected| selected.type_name == type_name).unwrap_or(&*NOTHING)
            }
            PlanSelection::Values => &NOTHING,
        }
    }

    /// Returns the selected subfields with this name, for all possible types.
    pub(crate) fn fields<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p FieldPlan> {
        self.all_fields().filter(move |field| *field.name == *name)
    }

    /// Returns all selected subfields, for all possible types.
    pub(crate) fn all_fields(&self) -> impl Iterator<Item = &FieldPlan> {
        let each = match &self.within {
            PlanSelection::Object(selected) => std::slice::from_ref(selected),
            PlanSelection::Abstract(each) => each,
            PlanSelection::Values => &[],
        };
        each.iter().flat_map(|selected| &selected.fields)
    }

    /// Returns whether a subfield with this name is selected.
    pub(crate) fn selects(&self, name: &str) -> bool {
        self.fields(name).next().is_some()
    }
}
