//! What is private by id, according to the row itself and to other pages of its feed.

use serde_json::{Map, Value, json};

use super::super::lenient::{id_text, member};
use super::flags::{self, HIDDEN, MASKED, PERSONAL, PrivacyFlag, is_hidden_place, is_masked_place, is_set};
use super::names;
use super::people::is_private_contact;
use super::whereabouts::says_where;
use crate::model::RecordKind;
use crate::source::kept_back::{KeptBack, PrivacyLevel, PrivateKind, StatedPrivacy};

pub(super) struct PrivateRow<'k> {
    stated: StatedPrivacy,
    known: &'k KeptBack,
}

impl<'k> PrivateRow<'k> {
    /// Collects what a row says, and what is known about its source.
    pub(super) fn of(kind: RecordKind, row: &Map<String, Value>, known: &'k KeptBack) -> Self {
        Self { stated: stated(kind, row), known }
    }

    /// Returns whether this id is private.
    pub(super) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        self.stated.says(class, said, id) || self.known.says(class, said, id)
    }
}

/// Returns the name of the member in which a record of this kind would be nested.
pub(super) fn own_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Location => "location",
        RecordKind::Organization => "organization",
        RecordKind::ServiceAtLocation => "service_at_location",
        RecordKind::Service | RecordKind::Taxonomy | RecordKind::TaxonomyTerm => "service",
    }
}

/// Adds to a row the flags that other pages set for its services and organisations.
pub(super) fn imprint(kind: RecordKind, row: &mut Map<String, Value>, known: &KeptBack) {
    imprint_on(own_name(kind), row, known);
}

fn imprint_on(name: &str, members: &mut Map<String, Value>, known: &KeptBack) {
    if let (Some(class), Some(id)) = (class_of(name), member(members, "id").and_then(id_text)) {
        for (said, flag) in [
            (PrivacyLevel::Personal, PERSONAL),
            (PrivacyLevel::Hidden, HIDDEN),
            (PrivacyLevel::Masked, MASKED),
        ] {
            if known.says(class, said, &id) {
                members.insert(flag.to_owned(), json!(true));
            }
        }
    }
    for (name, value) in members.iter_mut() {
        each_object(value, &mut |object| imprint_on(name, object, known));
    }
}

/// Calls `change` for each object in a value, through any number of nested lists.
pub(super) fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => change(members),
        Value::Array(elements) => elements.iter_mut().for_each(|element| each_object(element, change)),
        _ => {}
    }
}

fn class_of(name: &str) -> Option<PrivateKind> {
    match name {
        name if names::nests_service(name) => Some(PrivateKind::Service),
        name if names::nests_organization(name) => Some(PrivateKind::Organization),
        _ => None,
    }
}

/// Returns what a row says is private.
pub(super) fn stated(kind: RecordKind, row: &Map<String, Value>) -> StatedPrivacy {
    let mut stating = Stating::default();
    stating.look(own_name(kind), row, RowSurroundings::default());
    stating.0
}

#[derive(Default)]
struct Stating(StatedPrivacy);

/// What the enclosing objects say about everything in them.
#[derive(Clone, Copy, Default)]
struct RowSurroundings {
    is_hidden: bool,
    is_masked: bool,
    is_personal: bool,
}

impl Stating {
    fn look(&mut self, name: &str, members: &Map<String, Value>, around: RowSurroundings) {
        let id = member(members, "id").and_then(id_text);
        let within = match names::is_place(name) {
            true => self.place(members, id.as_deref(), around),
            false => self.other(name, members, id.as_deref(), around),
        };
        for (name, value) in members {
            self.look_in(name, value, within);
        }
    }

    fn look_in(&mut self, name: &str, value: &Value, around: RowSurroundings) {
        match value {
            Value::Object(members) => self.look(name, members, around),
            Value::Array(elements) => elements.iter().for_each(|element| self.look_in(name, element, around)),
            _ => {}
        }
    }

    fn place(
        &mut self,
        members: &Map<String, Value>,
        id: Option<&str>,
        around: RowSurroundings,
    ) -> RowSurroundings {
        let is_hidden = around.is_hidden || is_hidden_place(members);
        let is_masked = around.is_masked || is_masked_place(members);
        if let Some(id) = id {
            self.add_if(is_hidden, PrivateKind::Place, PrivacyLevel::Hidden, id);
            self.add_if(is_masked, PrivateKind::Place, PrivacyLevel::Masked, id);
        }
        RowSurroundings { is_hidden, is_masked, ..around }
    }

    fn other(
        &mut self,
        name: &str,
        members: &Map<String, Value>,
        id: Option<&str>,
        around: RowSurroundings,
    ) -> RowSurroundings {
        let is_record = names::is_record(name);
        let within = RowSurroundings {
            is_hidden: around.is_hidden || is_set(members, PrivacyFlag::HideAddress),
            is_masked: around.is_masked || is_set(members, PrivacyFlag::MaskExactAddress),
            is_personal: around.is_personal || (is_record && is_set(members, PrivacyFlag::Personal)),
        };
        let is_private = !is_record && is_private_contact(name, members);
        if let Some(id) = id {
            let is_contact = is_private || (around.is_personal && names::is_contact(name));
            self.add_if(
                is_contact && !names::is_phone(name),
                PrivateKind::Contact,
                PrivacyLevel::Personal,
                id,
            );
            let is_phone = names::is_phone(name) && (is_private || around.is_personal);
            self.add_if(is_phone, PrivateKind::Phone, PrivacyLevel::Personal, id);
            if let Some(class) = class_of(name) {
                self.add_if(is_set(members, PrivacyFlag::Personal), class, PrivacyLevel::Personal, id);
                self.add_if(is_set(members, PrivacyFlag::HideAddress), class, PrivacyLevel::Hidden, id);
                self.add_if(is_set(members, PrivacyFlag::MaskExactAddress), class, PrivacyLevel::Masked, id);
            }
        }
        RowSurroundings { is_personal: within.is_personal || is_private, ..within }
    }

    fn add_if(&mut self, is_said: bool, class: PrivateKind, said: PrivacyLevel, id: &str) {
        if is_said {
            self.0.add(class, said, id);
        }
    }
}

/// Returns whether an object that is not a record says that its position is private.
pub(super) fn is_hidden(name: &str, members: &Map<String, Value>) -> bool {
    let says = |flag| is_set(members, flag);
    says(PrivacyFlag::HideAddress)
        || (names::is_place(name) && is_hidden_place(members))
        || (!names::is_record(name)
            && says_where(name)
            && (says(PrivacyFlag::Personal) || says(PrivacyFlag::Private)))
}

/// Returns whether an object says that its exact position is private.
pub(super) fn is_masked(name: &str, members: &Map<String, Value>) -> bool {
    is_set(members, PrivacyFlag::MaskExactAddress)
        || (names::is_place(name) && flags::is_masked_place(members))
}
