//! Removes who checked a record: a person's name or address, which the operator may leave out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::lenient::{is_nothing, truth};
use super::WithheldItem;
use super::addresses::{AddressSearch, collect};
use super::names::{self, is_assurance, is_assurers_name, names_assurer, says_who};
use super::private::own_name;
use super::walk::ObjectPath;
use crate::model::RecordKind;

pub(super) const IS_ASSURER: &str = "says who checked the record, and was left out";
pub(super) const HAS_ADDRESS: &str =
    "contained the address of whoever checked the record, which was left out";

/// The members that are kept of an object about the person who checked the record, besides those that say what it is.
const KEPT: [&str; 13] = [
    "id",
    "link_entity",
    "link_id",
    "link_type",
    "resource_id",
    "resource_type",
    "last_action_date",
    "last_action_type",
    "taxonomy_term_id",
    "taxonomy_term",
    "term",
    "taxonomy",
    "date",
];

/// Removes who checked the record, at every depth, and their addresses wherever else they occur.
pub(super) fn withhold(kind: RecordKind, row: &mut Map<String, Value>, withheld: &mut Vec<WithheldItem>) {
    let mut taking = Taking { addresses: BTreeSet::new(), withheld };
    taking.search_object(own_name(kind), row, &mut ObjectPath::default());
    let Taking { addresses, withheld } = taking;
    if let Some(addresses) = AddressSearch::of(&addresses, HAS_ADDRESS) {
        addresses.clear_row(own_name(kind), row, withheld);
    }
}

struct Taking<'w> {
    addresses: BTreeSet<String>,
    withheld: &'w mut Vec<WithheldItem>,
}

impl Taking<'_> {
    fn search_object(&mut self, within: &str, members: &mut Map<String, Value>, path: &mut ObjectPath) {
        // A record's name says nothing about its other members.
        let is_about_one = !names::is_record(within) && names_one(members);
        let is_of_assurance = is_assurance(within);
        members.retain(|name, value| {
            path.at(name, |path| {
                let goes = names_assurer(name)
                    || (is_of_assurance && says_who(name))
                    || (is_about_one && !is_kept_of_one(name, value))
                    || says_who_assured(name, value);
                if goes {
                    collect(value, &mut self.addresses);
                    // Most feeds have the member, and often leave it empty.
                    if !is_nothing(value) {
                        self.withheld.push(WithheldItem { path: path.text(), message: IS_ASSURER });
                    }
                    return false;
                }
                self.search_value(name, value, path);
                true
            })
        });
    }

    fn search_value(&mut self, name: &str, value: &mut Value, path: &mut ObjectPath) {
        match value {
            Value::Object(members) => self.search_object(name, members, path),
            Value::Array(elements) => {
                let mut index = 0;
                elements.retain_mut(|element| {
                    let goes = says_who_assured(name, element);
                    path.at_element(index, |path| match goes {
                        true => {
                            collect(element, &mut self.addresses);
                            self.withheld.push(WithheldItem { path: path.text(), message: IS_ASSURER });
                        }
                        false => self.search_value(name, element, path),
                    });
                    index += 1;
                    !goes
                });
            }
            _ => {}
        }
    }
}

/// Returns whether an object names a member about the person who checked the record, or has a term that does, as
/// entries of `metadata`, attributes and links do, or is a person in that role.
fn names_one(members: &Map<String, Value>) -> bool {
    members.iter().any(|(name, value)| match value {
        Value::String(text) => names::is_naming(name) && is_assurers_name(text),
        Value::Object(term) => names::is_term(name) && names_one(term),
        _ => false,
    })
}

fn is_kept_of_one(name: &str, value: &Value) -> bool {
    let is_named = names::is_naming(name) && value.as_str().is_some_and(is_assurers_name);
    is_named || names::is_any(name, &KEPT)
}

/// Returns whether a text about assurance says who: `"assured": "somebody@curator.example"`. A date or a Boolean may
/// stay. In a member that is only about assurance, any other text is taken for a name.
fn says_who_assured(name: &str, value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let is_who = || {
        let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
        names::is_any(name, &["assured", "pc_assured"])
            && !has_digits
            && truth(value).is_none()
            && !is_nothing(value)
    };
    names::speaks_of_assurance(name) && (text.contains('@') || text.contains("%40") || is_who())
}
