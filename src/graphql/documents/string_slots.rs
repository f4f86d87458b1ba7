//! Finds the strings in a document that other texts may replace.

use std::collections::HashMap;

use apollo_compiler::ast::{Type, Value as Written};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

use crate::graphql::scalars::ScalarForm;

/// A string of a document.
pub(super) struct StringSlot {
    /// The position of its first byte.
    pub(super) at: usize,
    /// What every string in its place must be like.
    pub(super) form: &'static ScalarForm,
}

/// Returns the replaceable strings of a valid document, in order. Returns `None` if other strings could make the
/// document invalid, because fields with the same response name must have equal arguments.
pub(super) fn string_slots(schema: &Schema, document: &ExecutableDocument) -> Option<Vec<StringSlot>> {
    let mut finder = SlotFinder { schema, slots: Vec::new(), fields: HashMap::new() };
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    operations.chain(fragments).for_each(|set| finder.in_selections(set));
    let may_conflict = finder.fields.values().any(|named| named.count > 1 && named.has_strings);
    finder.slots.sort_unstable_by_key(|slot| slot.at);
    (!may_conflict).then_some(finder.slots)
}

struct SlotFinder<'s> {
    schema: &'s Schema,
    slots: Vec<StringSlot>,
    /// All fields of the document, by response name.
    fields: HashMap<Name, NamedFields>,
}

/// The fields with one response name.
#[derive(Default)]
struct NamedFields {
    count: usize,
    has_strings: bool,
}

impl SlotFinder<'_> {
    fn in_selections(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let before = self.slots.len();
                    self.in_arguments(field);
                    let has_strings = self.slots.len() > before;
                    let named = self.fields.entry(field.response_key().clone()).or_default();
                    named.count += 1;
                    named.has_strings |= has_strings;
                    self.in_selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.in_selections(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn in_arguments(&mut self, field: &Field) {
        for given in &field.arguments {
            if let Some(argument) = field.definition.argument_by_name(&given.name) {
                self.in_value(&given.value, &argument.ty);
            }
        }
    }

    fn in_value(&mut self, value: &Node<Written>, of: &Type) {
        match &**value {
            Written::String(_) => {
                let form = ScalarForm::named(of.inner_named_type());
                let slot = value.location().zip(form);
                self.slots.extend(slot.map(|(place, form)| StringSlot { at: place.offset(), form }));
            }
            Written::List(items) => {
                let within = if of.is_list() { of.item_type() } else { of };
                items.iter().for_each(|item| self.in_value(item, within));
            }
            Written::Object(members) => self.in_members(members, of.inner_named_type()),
            _ => {}
        }
    }

    fn in_members(&mut self, members: &[(Name, Node<Written>)], of: &Name) {
        let Some(of) = self.schema.get_input_object(of) else { return };
        for (name, value) in members {
            if let Some(member) = of.fields.get(name) {
                self.in_value(value, &member.ty);
            }
        }
    }
}
