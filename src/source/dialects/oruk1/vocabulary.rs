//! Vocabularies, which 1.0 knows by their names alone, and rows of terms.

use serde_json::{Map, Value, json};

use super::super::hsds3::concept::{self, vocabulary_id};
use super::super::hsds3::taxonomy;
use crate::model::{IssueCode, RecordIssue, Taxonomy, TaxonomyTerm};
use crate::source::dialect::ReadingContext;

/// A list of more names than these is no list of vocabularies.
const MOST_NAMES: usize = 10_000;

/// The names in a bare list, as rows; none where the body is anything else.
pub(super) fn names(body: &[u8]) -> Option<Vec<Value>> {
    let start = body.trim_ascii_start();
    if !start.strip_prefix(b"[")?.trim_ascii_start().starts_with(b"\"") {
        return None;
    }
    let names: Vec<String> =
        serde_json::from_slice(start).ok().filter(|names: &Vec<_>| names.len() <= MOST_NAMES)?;
    let row = |name: String| (!name.trim().is_empty()).then(|| json!({"vocabulary": name}));
    Some(names.into_iter().filter_map(row).collect())
}

/// Reads a vocabulary out of its name, or out of a row that has one.
pub(super) fn read(row: Value, reading: &ReadingContext<'_>) -> Option<Taxonomy> {
    let Value::Object(mut members) = row else { return None };
    if let Some(name) = members.get("vocabulary").and_then(Value::as_str).map(ToOwned::to_owned) {
        members.remove("vocabulary");
        named(&mut members, &name);
    }
    let mut taxonomy = taxonomy::read(Value::Object(members), reading, None)?;
    taxonomy.provenance.issues.retain(|issue| !is_of_id(issue));
    Some(taxonomy)
}

/// Reads a term that has a row of its own.
pub(super) fn read_term(row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm> {
    let mut term = concept::read(row, reading, None)?;
    term.provenance.issues.retain(|issue| !is_of_id(issue));
    Some(term)
}

// Only 3.0 wants UUIDs here: terms have codes, and vocabularies have nothing.
fn is_of_id(issue: &RecordIssue) -> bool {
    issue.code == IssueCode::NonStandardFormat && issue.path == "id"
}

fn named(members: &mut Map<String, Value>, name: &str) {
    members.entry("id").or_insert_with(|| json!(vocabulary_id(name)));
    members.entry("name").or_insert_with(|| json!(name));
}
