//! Detects a feed's dialect from its responses. The version that its root document declares counts for little.

#[cfg(test)]
mod tests;

mod directory;
mod markers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::description::{DialectDescription, TieRule};
use super::descriptions;
use super::lenient::{json_of, rows_of};
use crate::model::Dialect;
use crate::source::patience::ReadingPatience;

pub(in crate::source) use markers::DialectMarker;
pub(in crate::source::dialects) use markers::{
    ENVELOPE_OF_1, ENVELOPE_OF_3, ENVELOPE_OF_A_FRAMEWORK, MEMBERS_OF_1, MEMBERS_OF_3, ORGANIZATION_OF_1,
    VERSION_3,
};

/// The responses that detection looks at.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct DetectionAnswers<'a> {
    /// A page of services.
    pub page: &'a [u8],
    /// The detail page of a service, if there is one.
    pub detail: Option<&'a [u8]>,
    /// The root document, if there is one.
    pub root: Option<&'a [u8]>,
    /// Says when to give up.
    pub patience: &'a ReadingPatience,
}

/// The result of detection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) struct DialectDetection {
    /// The dialect. `None` if no dialect stands out.
    pub dialect: Option<Dialect>,
    /// The signs of that dialect, or what was seen at all.
    pub reasons: Vec<&'static str>,
    /// Whether the page lists something other than services.
    pub is_foreign: bool,
}

impl DialectDetection {
    fn nothing() -> Self {
        Self { dialect: None, reasons: Vec::new(), is_foreign: false }
    }
}

/// The least weight for a dialect to be detected. Less may be chance.
const ENOUGH: u32 = 3;

/// Weighs the responses.
pub(in crate::source) fn detect(answers: &DetectionAnswers<'_>) -> DialectDetection {
    let Some(seen) = SeenAnswers::of(answers) else { return DialectDetection::nothing() };
    if directory::is_foreign(&seen) {
        return DialectDetection {
            reasons: directory::known(&seen),
            is_foreign: true,
            ..DialectDetection::nothing()
        };
    }
    let weighed: Vec<_> =
        descriptions().map(|(dialect, of)| WeighedDialect::of(dialect, of, &seen)).collect();
    let heaviest = weighed.iter().map(|one| one.weight).max().filter(|weight| *weight >= ENOUGH);
    let winners: Vec<_> = weighed.iter().filter(|one| Some(one.weight) == heaviest).collect();
    let dialect = match winners.as_slice() {
        [one] => Some(one.dialect),
        several => after_a_tie(several, seen.records.is_empty()),
    };
    let of_chosen = weighed.iter().filter(|one| dialect.is_none_or(|dialect| one.dialect == dialect));
    let mut reasons = Vec::new();
    for reason in of_chosen.flat_map(|one| &one.reasons) {
        if !reasons.contains(reason) {
            reasons.push(*reason);
        }
    }
    DialectDetection { dialect, reasons, is_foreign: false }
}

/// A dialect with its weight.
struct WeighedDialect {
    dialect: Dialect,
    tie: TieRule,
    weight: u32,
    reasons: Vec<&'static str>,
}

impl WeighedDialect {
    fn of(dialect: Dialect, description: &DialectDescription, seen: &SeenAnswers) -> Self {
        let held = || description.markers.iter().filter(|marker| (marker.holds)(seen));
        Self {
            dialect,
            tie: description.tie,
            weight: held().map(|marker| marker.points).sum(),
            reasons: held().map(|marker| marker.reason).collect(),
        }
    }
}

/// Returns the dialect among several of the same weight. A page without records decides for hardly any.
fn after_a_tie(winners: &[&WeighedDialect], is_empty: bool) -> Option<Dialect> {
    let is_chosen = |winner: &&&WeighedDialect| match winner.tie {
        TieRule::Chosen => true,
        TieRule::ChosenByRecords => !is_empty,
        TieRule::LeftTo(_) | TieRule::Open => false,
    };
    if let Some(chosen) = winners.iter().find(is_chosen) {
        return Some(chosen.dialect);
    }
    let TieRule::LeftTo(other) = winners.first()?.tie else { return None };
    let is_left_by_all = winners.iter().all(|winner| winner.tie == TieRule::LeftTo(other));
    (is_left_by_all && !is_empty).then_some(other)
}

/// The parsed responses.
pub(in crate::source) struct SeenAnswers {
    /// The page's own members. Empty for a bare list.
    envelope: BTreeMap<String, Value>,
    /// The records: rows, and the detail page.
    records: Vec<Value>,
    /// How many of the records are rows of the page.
    rows: usize,
    /// The names of members at any depth of the records.
    names: BTreeSet<String>,
    /// The root document, or `null` if there is none.
    root: Value,
}

impl SeenAnswers {
    fn of(answers: &DetectionAnswers<'_>) -> Option<Self> {
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
