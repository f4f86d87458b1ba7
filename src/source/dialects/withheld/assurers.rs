//! Who checked a record: a person's name or address, which the operator may leave out.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use serde_json::{Map, Value};

use super::super::lenient::{is_nothing, is_spelling};
use super::Withheld;
use super::names::{self, is_assurance, is_assurers_name, names_assurer, says_who};
use super::walk::Path;

const IS_ASSURER: &str = "says who checked the record, and is left out";
const HAS_ADDRESS: &str = "held the address of whoever checked the record, which is left out";

/// What stands in the place of an address within a text.
const IN_ITS_PLACE: &str = "[withheld]";
/// Members that name another member, whose value stands beside them.
const NAMING: [&str; 6] = ["field_name", "field", "property", "key", "label", "name"];
/// Members that hold the value of the member that is named beside them.
const NAMED: [&str; 10] = [
    "value",
    "values",
    "previous_value",
    "replacement_value",
    "old_value",
    "new_value",
    "previous",
    "replacement",
    "content",
    "text",
];
/// How else the sign in an address is written.
const AT_SIGNS: [&str; 4] = ["%40", "&#64;", "&#x40;", "&commat;"];

/// Takes out who checked the record, at every depth, then their addresses wherever else they occur.
pub(super) fn withhold(row: &mut Map<String, Value>, withheld: &mut Vec<Withheld>) {
    let mut addresses = BTreeSet::new();
    take_out(row, false, &mut Path::default(), &mut addresses, withheld);
    if let Some(addresses) = Addresses::of(&addresses) {
        addresses.clear_object(row, "service", &mut Path::default(), withheld);
        withheld.iter_mut().for_each(|one| addresses.clear_path(&mut one.path));
    }
}

fn take_out(
    members: &mut Map<String, Value>,
    is_of_assurance: bool,
    path: &mut Path,
    addresses: &mut BTreeSet<String>,
    withheld: &mut Vec<Withheld>,
) {
    let names_one = members
        .iter()
        .any(|(name, value)| value.as_str().is_some_and(is_assurers_name) && names::is_any(name, &NAMING));
    members.retain(|name, value| {
        path.at(name, |path| {
            let names_value = names_one && names::is_any(name, &NAMED);
            if names_assurer(name) || names_value || (is_of_assurance && says_who(name)) {
                collect(value, addresses);
                // Most feeds have the member, and many say nothing in it.
                if !is_nothing(value) {
                    withheld.push(Withheld { path: path.text(), message: IS_ASSURER });
                }
                return false;
            }
            take_out_of(value, is_assurance(name), path, addresses, withheld);
            true
        })
    });
}

fn take_out_of(
    value: &mut Value,
    is_of_assurance: bool,
    path: &mut Path,
    addresses: &mut BTreeSet<String>,
    withheld: &mut Vec<Withheld>,
) {
    match value {
        Value::Object(members) => take_out(members, is_of_assurance, path, addresses, withheld),
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                path.at_element(index, |path| {
                    take_out_of(element, is_of_assurance, path, addresses, withheld);
                });
            }
        }
        _ => {}
    }
}

/// Adds the addresses in a value, in small letters.
fn collect(value: &Value, addresses: &mut BTreeSet<String>) {
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

/// Addresses to be looked for.
struct Addresses(AhoCorasick);

impl Addresses {
    fn of(addresses: &BTreeSet<String>) -> Option<Self> {
        let spellings = addresses.iter().flat_map(|address| {
            let others = AT_SIGNS.iter().map(|sign| address.replace('@', sign));
            others.chain([address.clone()])
        });
        let spellings: Vec<String> = spellings.collect();
        if spellings.is_empty() {
            return None;
        }
        AhoCorasickBuilder::new().ascii_case_insensitive(true).build(spellings).ok().map(Self)
    }

    // The names of members on the way may hold one, too.
    fn clear_path(&self, path: &mut String) {
        if self.0.is_match(path.as_str()) {
            *path = self.0.replace_all(path, &vec![IN_ITS_PLACE; self.0.patterns_len()]);
        }
    }

    /// Takes the addresses out of an object, which stands in the member `within`.
    fn clear_object(
        &self,
        members: &mut Map<String, Value>,
        within: &str,
        path: &mut Path,
        withheld: &mut Vec<Withheld>,
    ) {
        members.retain(|name, value| {
            if self.0.is_match(name) {
                withheld.push(Withheld { path: path.text(), message: HAS_ADDRESS });
                return false;
            }
            path.at(name, |path| {
                self.is_published(within, name, value) || self.clear(value, name, path, withheld)
            })
        });
    }

    // Whether nothing but an address is left of a value: it goes.
    fn clear(&self, value: &mut Value, name: &str, path: &mut Path, withheld: &mut Vec<Withheld>) -> bool {
        match value {
            Value::String(text) if self.0.is_match(text.as_str()) => {
                withheld.push(Withheld { path: path.text(), message: HAS_ADDRESS });
                let left = self.0.replace_all(text, &vec![IN_ITS_PLACE; self.0.patterns_len()]);
                let stays = left.trim() != IN_ITS_PLACE;
                *text = left;
                stays
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
                self.0.find(text).is_some_and(|found| found.range() == (0..text.len()))
            })
    }
}
