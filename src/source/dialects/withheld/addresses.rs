//! Removes the email addresses of people who are left out from the rest of the record.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use serde_json::{Map, Value};
use url::Url;

use super::super::lenient::is_spelling;
use super::WithheldItem;
use super::names;
use super::private::own_name;
use super::walk::ObjectPath;
use crate::model::RecordKind;

/// The text that replaces an address within a longer text.
const IN_ITS_PLACE: &str = "[withheld]";
/// Other spellings of the at sign.
const AT_SIGNS: [&str; 6] = ["%40", "%2540", "&#64;", "&#x40;", "&commat;", "\\u0040"];

/// Adds the addresses in a value, in lower case.
pub(super) fn collect(value: &Value, addresses: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let ends = |c: char| c.is_whitespace() || "<>()[]{},;:\"'|".contains(c);
            let words = text.split(ends).map(|word| word.trim_matches('.').to_ascii_lowercase());
            addresses.extend(words.filter(|word| {
                word.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
            }));
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, addresses)),
        Value::Object(members) => members.values().for_each(|member| collect(member, addresses)),
        _ => {}
    }
}

/// Removes the addresses of people who have become private from the rest of a record, by the rules for rows. With
/// `keeps_members`, a text that is nothing but an address is replaced; otherwise its member is removed.
pub(in crate::source) fn clear_addresses(
    kind: RecordKind,
    record: &mut Map<String, Value>,
    people: &[Value],
    keeps_members: bool,
) {
    let mut addresses = BTreeSet::new();
    people.iter().for_each(|person| collect(person, &mut addresses));
    if let Some(addresses) = AddressSearch::of(&addresses, "") {
        let addresses = AddressSearch { keeps_members, ..addresses };
        addresses.clear_row(own_name(kind), record, &mut Vec::new());
    }
}

/// The addresses to search for, and the message for the note.
pub(super) struct AddressSearch {
    search: AhoCorasick,
    message: &'static str,
    keeps_members: bool,
}

impl AddressSearch {
    /// Prepares the search. Returns `None` if there are no addresses.
    pub(super) fn of(addresses: &BTreeSet<String>, message: &'static str) -> Option<Self> {
        let spellings = addresses.iter().flat_map(|address| {
            let others = AT_SIGNS.iter().map(|sign| address.replace('@', sign));
            others.chain([address.clone()])
        });
        let spellings: Vec<String> = spellings.collect();
        if spellings.is_empty() {
            return None;
        }
        let search = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(spellings).ok()?;
        Some(Self { search, message, keeps_members: false })
    }

    /// Removes the addresses from a row, and from the paths in its notes.
    pub(super) fn clear_row(
        &self,
        own: &str,
        row: &mut Map<String, Value>,
        withheld: &mut Vec<WithheldItem>,
    ) {
        self.clear_object(row, own, &mut ObjectPath::default(), withheld);
        withheld.iter_mut().for_each(|one| self.clear_path(&mut one.path));
    }

    // Names of members in a path may contain an address, too.
    fn clear_path(&self, path: &mut String) {
        if self.search.is_match(path.as_str()) {
            *path = self.search.replace_all(path, &vec![IN_ITS_PLACE; self.search.patterns_len()]);
        }
    }

    /// Removes the addresses from an object in the member `within`.
    fn clear_object(
        &self,
        members: &mut Map<String, Value>,
        within: &str,
        path: &mut ObjectPath,
        withheld: &mut Vec<WithheldItem>,
    ) {
        members.retain(|name, value| {
            if self.search.is_match(name) {
                withheld.push(WithheldItem { path: path.text(), message: self.message });
                return false;
            }
            path.at(name, |path| {
                self.is_published(within, name, value) || self.clear(value, name, path, withheld)
            })
        });
    }

    // Returns whether the value is nothing but an address, so that its member has to go.
    fn clear(
        &self,
        value: &mut Value,
        name: &str,
        path: &mut ObjectPath,
        withheld: &mut Vec<WithheldItem>,
    ) -> bool {
        match value {
            Value::String(text) if self.search.is_match(text.as_str()) => {
                withheld.push(WithheldItem { path: path.text(), message: self.message });
                let left = self.search.replace_all(text, &vec![IN_ITS_PLACE; self.search.patterns_len()]);
                let is_left =
                    left.trim() != IN_ITS_PLACE && (Url::parse(text).is_err() || Url::parse(&left).is_ok());
                *text = left;
                is_left || self.keeps_members
            }
            Value::Array(elements) => {
                let mut index = 0;
                elements.retain_mut(|element| {
                    let stays = path.at_element(index, |path| self.clear(element, name, path, withheld));
                    index += 1;
                    stays
                });
                true
            }
            Value::Object(members) => {
                self.clear_object(members, name, path, withheld);
                true
            }
            _ => true,
        }
    }

    // An address that is published as the contact of a service or organisation stays there.
    fn is_published(&self, within: &str, name: &str, value: &Value) -> bool {
        is_spelling(name, "email")
            && (names::is_record(within) || names::is_contact(within))
            && value.as_str().is_some_and(|text| {
                let text = text.trim();
                self.search.find(text).is_some_and(|found| found.range() == (0..text.len()))
            })
    }
}
