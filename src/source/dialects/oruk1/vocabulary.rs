//! Vocabularies, which 1.0 knows only by name, and rows of terms.

use serde_json::{Map, Value, json};

use super::super::hsds3::concept::{self, vocabulary_id};
use super::super::hsds3::taxonomy;
use crate::model::{IssueCode, RecordIssue, Taxonomy, TaxonomyTerm};
use crate::source::dialect::ReadingContext;

/// The most names in a list of vocabularies. A longer list is something else.
const MOST_NAMES: usize = 10_000;

/// Returns the names in a bare list as rows. Returns `None` if the body is anything else.
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

/// Reads a vocabulary from its name, or from a row with a name.
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

/// Reads a term from its own row.
pub(super) fn read_term(row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm> {
    let mut term = concept::read(row, reading, None)?;
    term.provenance.issues.retain(|issue| !is_of_id(issue));
    Some(term)
}

// Only 3.0 requires UUIDs here. In 1.0, terms have codes and vocabularies have no ids.
fn is_of_id(issue: &RecordIssue) -> bool {
    issue.code == IssueCode::NonStandardFormat && issue.path == "id"
}

fn named(members: &mut Map<String, Value>, name: &str) {
    members.entry("id").or_insert_with(|| json!(vocabulary_id(name)));
    members.entry("name").or_insert_with(|| json!(name));
}
