//! Reads one table into its section, reporting unknown keys.

use std::collections::BTreeMap;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FoundValue, ProblemReport};
use crate::config::kind::ValueKind;
use crate::config::problem::{KeyConflict, ValueRefusal};
use crate::config::section::{ConfigSection, SectionVisitor};

/// Reads a table over the values in `section`.
pub(in crate::config) fn read_table<S: ConfigSection>(
    report: &mut ProblemReport<'_>,
    found: &FoundValue<'_>,
    section: &mut S,
) {
    let DeValue::Table(table) = found.value else {
        report.expected(found, "a table");
        return;
    };
    let mut reader = TableReader { report, found, table, known: Vec::new(), believed: Vec::new() };
    section.keys(&mut reader);
    reader.refuse_unknown(S::MAY_BE_SECRET);
    for conflict in section.settle() {
        reader.refuse_conflict(conflict);
    }
}

struct TableReader<'r, 'e, 'a> {
    report: &'r mut ProblemReport<'e>,
    found: &'r FoundValue<'a>,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
    /// The keys that were written and accepted.
    believed: Vec<&'static str>,
}

impl<'a> TableReader<'_, '_, 'a> {
    fn find(&self, name: &str) -> Option<FoundValue<'a>> {
        member(self.table, name).map(|value| self.found.member(name, value))
    }

    fn read<T>(&mut self, name: &'static str, found: &FoundValue<'_>, kind: &ValueKind<T>) -> Option<T> {
        let value = kind.read(self.report, found)?;
        self.believed.push(name);
        Some(value)
    }

    fn refuse_unknown(&mut self, may_be_secret: bool) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let refusal = ValueRefusal::unknown("key", name, &self.known);
            let (path, refusal) = match may_be_secret {
                true => (
                    self.found.key.clone(),
                    ValueRefusal { message: "has an unknown key".to_owned(), ..refusal },
                ),
                false => (self.found.path(name), refusal),
            };
            self.report.unknown(path, key.span(), refusal);
        }
    }

    fn refuse_conflict(&mut self, conflict: KeyConflict) {
        let [name, other] = conflict.keys;
        if let Some(found) = self.find(name)
            && self.believed.contains(&name)
            && self.believed.contains(&other)
        {
            self.report.refuse(&found, conflict.refusal);
        }
    }

    fn refuse_repeats(&mut self, items: &[FoundValue<'a>], unique: &str) {
        let mut first: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for item in items {
            let DeValue::Table(table) = item.value else { continue };
            let Some(found) = member(table, unique).map(|value| item.member(unique, value)) else { continue };
            let Some(text) = self.report.peek(&found) else { continue };
            match first.get(&text) {
                Some((owner, line)) => {
                    let message = format!("is already the {unique} of {owner} (line {line})");
                    self.report
                        .refuse(&found, ValueRefusal::new(message).remedy("give each a different one"));
                }
                None => {
                    first.insert(text, (item.key.clone(), self.report.line(&found.span)));
                }
            }
        }
    }
}

impl SectionVisitor for TableReader<'_, '_, '_> {
    fn key<T>(&mut self, name: &'static str, _about: &str, kind: ValueKind<T>, slot: &mut T) {
        self.known.push(name);
        if let Some(found) = self.find(name)
            && let Some(value) = self.read(name, &found, &kind)
        {
            kind.put(slot, value);
        }
    }

    fn required<T>(&mut self, name: &'static str, _about: &str, kind: ValueKind<T>, slot: &mut Option<T>) {
        self.known.push(name);
        match self.find(name) {
            Some(found) => *slot = self.read(name, &found, &kind),
            None => self.report.missing(self.found, name),
        }
    }

    fn section<S: ConfigSection>(&mut self, name: &'static str, section: &mut S) {
        self.known.push(name);
        if let Some(found) = self.find(name) {
            read_table(self.report, &found, section);
        }
    }

    fn each<S: ConfigSection + Clone>(
        &mut self,
        name: &'static str,
        unique: &'static str,
        template: &S,
        slot: &mut Vec<S>,
    ) {
        self.known.push(name);
        let Some(found) = self.find(name) else { return };
        let DeValue::Array(array) = found.value else {
            self.report.expected(&found, &format!("tables, each under `[[{name}]]`"));
            return;
        };
        let items: Vec<_> = array.iter().enumerate().map(|(index, item)| found.item(index, item)).collect();
        for item in &items {
            let mut section = template.clone();
            read_table(self.report, item, &mut section);
            slot.push(section);
        }
        self.refuse_repeats(&items, unique);
    }
}

fn member<'a>(table: &'a DeTable<'a>, name: &str) -> Option<&'a Spanned<DeValue<'a>>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}
