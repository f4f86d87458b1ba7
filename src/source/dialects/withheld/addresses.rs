//! E-mail addresses of people who are left out: they go wherever else in a record they stand.

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

/// What stands in the place of an address within a text.
const IN_ITS_PLACE: &str = "[withheld]";
/// How else the sign in an address is written.
const AT_SIGNS: [&str; 6] = ["%40", "%2540", "&#64;", "&#x40;", "&commat;", "\\u0040"];

/// Adds the addresses in a value, in small letters.
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

/// Takes the addresses of people who have become private out of the rest of a record, by the rules for rows. With
/// `keeps_members`, a text that was nothing but an address says that it was one; otherwise its member goes.
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

/// Addresses to be looked for, and why.
pub(super) struct AddressSearch {
    search: AhoCorasick,
    message: &'static str,
    keeps_members: bool,
}

impl AddressSearch {
    /// Looks for these. Returns `None` if there are none.
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

    /// Takes the addresses out of a row, and out of what is said of it, wherever they stand.
    pub(super) fn clear_row(
        &self,
        own: &str,
        row: &mut Map<String, Value>,
        withheld: &mut Vec<WithheldItem>,
    ) {
        self.clear_object(row, own, &mut ObjectPath::default(), withheld);
        withheld.iter_mut().for_each(|one| self.clear_path(&mut one.path));
    }

    // The names of members on the way may hold one, too.
    fn clear_path(&self, path: &mut String) {
        if self.search.is_match(path.as_str()) {
            *path = self.search.replace_all(path, &vec![IN_ITS_PLACE; self.search.patterns_len()]);
        }
    }

    /// Takes the addresses out of an object, which stands in the member `within`.
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

    // Whether nothing but an address is left of a value: it goes.
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

    // An address that is published for the public to write to stays where it is published for that.
    fn is_published(&self, within: &str, name: &str, value: &Value) -> bool {
        is_spelling(name, "email")
            && (names::is_record(within) || names::is_contact(within))
            && value.as_str().is_some_and(|text| {
                let text = text.trim();
                self.search.find(text).is_some_and(|found| found.range() == (0..text.len()))
            })
    }
}
