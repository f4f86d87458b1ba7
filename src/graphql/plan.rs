//! What is read of each object for one operation: its selections merged, its conditions decided, and every field known by
//! its number.
//!
//! A plan is made once for a document and for what its `@skip` and `@include` come to; arguments are read anew for each
//! request, since they may hold variables.

mod arguments;
mod compile;
mod source_tokens;

use std::sync::atomic::AtomicUsize;
use std::sync::{LazyLock, OnceLock};

use crate::federation::WantedOfOrganizations;
use crate::model::Shape;

pub(super) use arguments::GivenArgument;
pub(super) use compile::{FieldNumbers, PlanMaker};
pub(super) use source_tokens::SourceTokens;

/// The number of `__typename` in every object.
pub(crate) const TYPENAME: usize = usize::MAX;
/// The number of what only the root has beyond the schema's fields: `__schema` and `__type`.
pub(crate) const INTROSPECTION: usize = usize::MAX - 1;

/// What is selected of the objects of one type, in the order in which it is written.
#[derive(Debug, Default)]
pub(crate) struct SelectedFields {
    pub(super) type_name: String,
    pub(super) fields: Box<[FieldPlan]>,
    /// How many bytes were written of it the last time, if it is the root.
    pub(super) bytes: AtomicUsize,
    /// What is written of an object, once that was asked.
    pub(super) shape: OnceLock<Shape>,
}

/// A field that is selected, wherever in the document that is said.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    /// Its name in the schema.
    pub(super) name: Box<str>,
    /// Its name in the answer: the alias, if there is one.
    pub(super) response_name: Box<str>,
    /// The latter as it is written after another member: `,"name":`.
    pub(super) member: Box<[u8]>,
    pub(super) number: usize,
    /// In the order in which they are declared.
    pub(super) arguments: Box<[GivenArgument]>,
    pub(super) within: PlanSelection,
    /// The tokens of the document that it begins at.
    pub(super) tokens: Box<[usize]>,
    /// What it wants of organisations, once that was asked.
    pub(super) of_organizations: OnceLock<WantedOfOrganizations>,
}

/// What is selected of a field's values.
#[derive(Debug)]
pub(super) enum PlanSelection {
    /// Nothing: they are scalars or enums.
    Values,
    /// Of values that are all of one type.
    Object(SelectedFields),
    /// Of values of several types, for each of these.
    Abstract(Box<[SelectedFields]>),
}

/// What is selected where nothing is.
static NOTHING: LazyLock<SelectedFields> = LazyLock::new(SelectedFields::default);

impl SelectedFields {
    /// Returns what is written of an object that nothing but these fields are read of.
    pub(crate) fn shape(&self) -> Shape {
        *self.shape.get_or_init(Shape::unique)
    }
}

impl FieldPlan {
    /// Returns which of its type's fields it is, by their order in the schema.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Returns what is selected of a value that is an object of this type.
    pub(crate) fn selected(&self, type_name: &str) -> &SelectedFields {
        match &self.within {
            PlanSelection::Object(selected) => selected,
            PlanSelection::Abstract(each) => {
                each.iter().find(|selected| selected.type_name == type_name).unwrap_or(&*NOTHING)
            }
            PlanSelection::Values => &NOTHING,
        }
    }

    /// Returns the fields of this name that are selected of its values, whatever their type is.
    pub(crate) fn fields<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p FieldPlan> {
        self.all_fields().filter(move |field| *field.name == *name)
    }

    /// Returns all fields that are selected of its values, whatever their type is.
    pub(crate) fn all_fields(&self) -> impl Iterator<Item = &FieldPlan> {
        let each = match &self.within {
            PlanSelection::Object(selected) => std::slice::from_ref(selected),
            PlanSelection::Abstract(each) => each,
            PlanSelection::Values => &[],
        };
        each.iter().flat_map(|selected| &selected.fields)
    }

    /// Returns whether a field of this name is selected of its values.
    pub(crate) fn selects(&self, name: &str) -> bool {
        self.fields(name).next().is_some()
    }
}
