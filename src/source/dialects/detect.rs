//! Which dialect a feed speaks, by what it answers; what its root document says of its version counts for little.

#[cfg(test)]
mod tests;

mod directory;
mod markers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lenient::{json_of, rows_of};
use crate::model::Dialect;
use crate::source::patience::Patience;
use markers::MARKERS;

/// What a feed answered.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Answers<'a> {
    /// A page of services.
    pub page: &'a [u8],
    /// A service's own answer, where there is one.
    pub detail: Option<&'a [u8]>,
    /// The root document, where there is one.
    pub root: Option<&'a [u8]>,
    /// Whether to go on looking.
    pub patience: &'a Patience,
}

/// What the answers speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) struct Detection {
    /// The dialect; none where nothing speaks for one above the others.
    pub dialect: Option<Dialect>,
    /// What spoke for it, or what was seen at all.
    pub reasons: Vec<&'static str>,
    /// Whether the page lists something else than services.
    pub is_foreign: bool,
}

impl Detection {
    fn nothing() -> Self {
        Self { dialect: None, reasons: Vec::new(), is_foreign: false }
    }
}

/// If several dialects have the same weight it is the first of these that is among them: what shows nothing of the UK's is
/// the international standard, and what shows nothing of a publishing system's is the standard of 1.0.
const PLAIN: [Dialect; 2] = [Dialect::Hsds3, Dialect::Oruk1];
/// The dialects of 1.0. Where these alone have the same weight, their records are read as the standard has them.
const OF_1: [Dialect; 6] = [
    Dialect::Oruk1,
    Dialect::Placecube1,
    Dialect::Outpost,
    Dialect::LocalgovDrupal,
    Dialect::ConnectToSupport,
    Dialect::Southampton,
];

/// The least that speaks for any dialect: less may be chance.
const ENOUGH: u32 = 3;

/// Weighs the answers.
pub(in crate::source) fn detect(answers: &Answers<'_>) -> Detection {
    let Some(seen) = Seen::of(answers) else { return Detection::nothing() };
    if directory::is_foreign(&seen) {
        return Detection { reasons: directory::known(&seen), is_foreign: true, ..Detection::nothing() };
    }
    let held: Vec<_> = MARKERS.iter().filter(|marker| (marker.holds)(&seen)).collect();
    let mut weights: BTreeMap<&'static str, (u32, Dialect)> = BTreeMap::new();
    for (dialect, points) in held.iter().flat_map(|marker| marker.points) {
        weights.entry(dialect.as_str()).or_insert((0, *dialect)).0 += points;
    }
    let heaviest = weights.values().map(|(weight, _)| *weight).max().filter(|weight| *weight >= ENOUGH);
    let winners: Vec<Dialect> = weights
        .values()
        .filter(|(weight, _)| Some(*weight) == heaviest)
        .map(|(_, dialect)| *dialect)
        .collect();
    let dialect = match winners.as_slice() {
        [] => None,
        [one] => Some(*one),
        // An empty page speaks for nobody.
        several if seen.records.is_empty() => several.contains(&Dialect::Hsds3).then_some(Dialect::Hsds3),
        several => {
            let are_of_1 = || several.iter().all(|one| OF_1.contains(one)).then_some(Dialect::Oruk1);
            PLAIN.into_iter().find(|plain| several.contains(plain)).or_else(are_of_1)
        }
    };
    let speaks = |marker: &&&markers::Marker| {
        dialect.is_none_or(|dialect| marker.points.iter().any(|(own, _)| *own == dialect))
    };
    let reasons = held.iter().filter(speaks).map(|marker| marker.reason).collect();
    Detection { dialect, reasons, is_foreign: false }
}

/// The answers, read once.
pub(super) struct Seen {
    /// The page's own members; nothing for a bare list.
    pub envelope: BTreeMap<String, Value>,
    /// The records' own members, rows and the detail together.
    pub records: Vec<Value>,
    /// How many of the records are the page's rows.
    pub rows: usize,
    /// Names of members at any depth of the records.
    pub names: BTreeSet<String>,
    /// The root document; null where there is none.
    pub root: Value,
}

impl Seen {
    fn of(answers: &Answers<'_>) -> Option<Self> {
        let page =
            json_of(answers.page, answers.patience).filter(|page| page.is_object() || page.is_array())?;
        let (envelope, mut records) = rows_of(page);
        let envelope = envelope.into_iter().collect();
        let rows = records.len();
        records.extend(answers.detail.and_then(|detail| json_of(detail, answers.patience)));
        let mut names = BTreeSet::new();
        records.iter().for_each(|record| collect_names(record, &mut names));
        let root = answers.root.and_then(|root| json_of(root, answers.patience)).unwrap_or_default();
        Some(Self { envelope, records, rows, names, root })
    }

    /// Whether a record has a member of this name, spelled like this, at any depth.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether any object in the records, at any depth, is such.
    pub(super) fn any(&self, test: impl Fn(&serde_json::Map<String, Value>) -> bool) -> bool {
        let mut stack: Vec<&Value> = self.records.iter().collect();
        while let Some(value) = stack.pop() {
            match value {
                Value::Object(members) if test(members) => return true,
                Value::Object(members) => stack.extend(members.values()),
                Value::Array(elements) => stack.extend(elements),
                _ => {}
            }
        }
        false
    }

    /// Whether the text of this name, in any object of the records, is such.
    pub(super) fn any_text(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.any(|members| members.get(name).and_then(Value::as_str).is_some_and(&test))
    }

    /// A text of the root document, in lower case.
    pub(super) fn root_text(&self, name: &str) -> String {
        self.root.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase()
    }
}

fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            names.insert(name.clone());
            collect_names(value, names);
        }),
        Value::Array(elements) => elements.iter().for_each(|element| collect_names(element, names)),
        _ => {}
    }
}
