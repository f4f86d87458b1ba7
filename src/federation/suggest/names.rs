//! Names with what they stand for, in the order in which they are suggested.

use std::collections::HashMap;
use std::sync::Arc;

use super::SuggestedKind;
use super::choose::{NameShelf, NameTable};
use crate::model::{NameBeginnings, RecordId, folded_name};

/// The distinct names of records of one kind.
#[derive(Debug, Default)]
pub(super) struct NameList {
    beginnings: NameBeginnings,
    named: Vec<NamedRecords>,
}

#[derive(Debug)]
struct NamedRecords {
    text: Box<str>,
    records: Box<[RecordId]>,
    services: u32,
}

/// Collects names. Names that differ only in case, accents and punctuation count as one.
#[derive(Debug, Default)]
pub(super) struct GatheredNames(HashMap<String, (Box<str>, Vec<RecordId>, u32)>);

impl GatheredNames {
    pub(super) fn add(&mut self, name: &str, record: RecordId, services: u32) {
        let folded = folded_name(name);
        if folded.is_empty() || name == "(unnamed)" {
            return;
        }
        let gathered = self.0.entry(folded).or_insert_with(|| (name.trim().into(), Vec::new(), 0));
        gathered.1.push(record);
        gathered.2 = gathered.2.saturating_add(services);
    }

    /// Collects records by their names. `services` returns the number of services of a record.
    pub(super) fn counted<'n>(
        names: impl Iterator<Item = (&'n RecordId, &'n str)>,
        services: impl Fn(&RecordId) -> Option<u32>,
    ) -> Self {
        let mut gathered = Self::default();
        names.for_each(|(id, name)| gathered.add(name, id.clone(), services(id).unwrap_or(0)));
        gathered
    }

    pub(super) fn into_names(self) -> NameList {
        let mut all: Vec<(String, NamedRecords)> = self
            .0
            .into_iter()
            .map(|(folded, (text, records, services))| {
                (folded, NamedRecords { text, records: records.into(), services })
            })
            .collect();
        all.sort_unstable_by(|(a, of_a), (b, of_b)| of_b.services.cmp(&of_a.services).then_with(|| a.cmp(b)));
        let beginnings = NameBeginnings::of(all.iter().map(|(folded, _)| folded.as_str()));
        NameList { beginnings, named: all.into_iter().map(|(_, named)| named).collect() }
    }
}

impl NameTable for NameList {
    fn beginnings(&self) -> &NameBeginnings {
        &self.beginnings
    }

    fn services(&self, number: usize) -> Option<usize> {
        self.named.get(number).map(|named| named.services as usize)
    }

    fn text(&self, number: usize) -> Option<String> {
        self.named.get(number).map(|named| named.text.to_string())
    }

    fn records(&self, number: usize) -> Vec<RecordId> {
        self.named.get(number).map(|named| named.records.to_vec()).unwrap_or_default()
    }
}

/// A need or a place that is suggested whatever the sources contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedName {
    /// The name as it is shown.
    pub text: String,
    /// Whether it is a need or a place.
    pub kind: SuggestedKind,
    /// What to ask for: a phrase for `ask`, or the name of a place. Often the same as the text.
    pub ask: String,
    /// Names of the same kind with greater weights come first. For a place, this may be its population.
    pub weight: u32,
}

/// Needs and places, each kind in the order in which it is suggested.
#[derive(Debug, Default)]
pub(in crate::federation) struct FixedNames(Vec<(SuggestedKind, Arc<FixedTable>)>);

#[derive(Debug, Default)]
pub(super) struct FixedTable {
    beginnings: NameBeginnings,
    /// The text to show, and what to ask for.
    named: Vec<(Box<str>, Box<str>)>,
}

impl FixedNames {
    pub(super) fn of(names: impl IntoIterator<Item = FixedName>) -> Self {
        let mut by_kind: HashMap<SuggestedKind, Vec<FixedName>> = HashMap::new();
        names.into_iter().for_each(|name| by_kind.entry(name.kind).or_default().push(name));
        Self(by_kind.into_iter().map(|(kind, names)| (kind, Arc::new(FixedTable::of(names)))).collect())
    }

    pub(super) fn shelves(&self) -> Vec<NameShelf> {
        let table = |fixed: &Arc<FixedTable>| Arc::clone(fixed) as Arc<dyn NameTable>;
        self.0.iter().map(|(kind, fixed)| NameShelf { kind: *kind, table: table(fixed) }).collect()
    }
}

impl FixedTable {
    pub(super) fn of(names: Vec<FixedName>) -> Self {
        let mut names: Vec<(String, FixedName)> =
            names.into_iter().map(|name| (folded_name(&name.text), name)).collect();
        names.sort_by(|(a, of_a), (b, of_b)| of_b.weight.cmp(&of_a.weight).then_with(|| a.cmp(b)));
        let beginnings = NameBeginnings::of(names.iter().map(|(folded, _)| folded.as_str()));
        let named = names.into_iter().map(|(_, name)| (name.text.into(), name.ask.into()));
        Self { beginnings, named: named.collect() }
    }
}

impl NameTable for FixedTable {
    fn beginnings(&self) -> &NameBeginnings {
        &self.beginnings
    }

    fn services(&self, _: usize) -> Option<usize> {
        None
    }

    fn text(&self, number: usize) -> Option<String> {
        self.named.get(number).map(|(text, _)| text.to_string())
    }

    fn records(&self, _: usize) -> Vec<RecordId> {
        Vec::new()
    }

    fn ask(&self, number: usize) -> Option<String> {
        self.named.get(number).map(|(_, ask)| ask.to_string())
    }
}
