//! What is refused, and what is not.

use serde_json::{Value, json};

use super::*;
use crate::catalogue::tests::{at, rich, service};
use crate::model::{IssueCode, RecordIssue};

fn row(name: &str, said: Value) -> Service {
    let mut row = Arc::unwrap_or_clone(service("a", name, at(60), said));
    row.provenance.shallow = true;
    row
}

fn page(name: &str, said: Value) -> Service {
    Arc::unwrap_or_clone(service("a", name, at(60), said))
}

#[test]
fn a_record_that_lost_its_name_is_worse_than_one_that_has_one() {
    let said = json!({ "description": { "raw": "x", "plain": "x" } });
    let (kept, nameless) = (page("Tea", said.clone()), page(NAMELESS, said));
    assert!(nameless.is_worse_than(&kept));
    assert!(!kept.is_worse_than(&nameless), "a name is better than none");
    assert!(!nameless.is_worse_than(&page(NAMELESS, json!({}))), "it never had one");
}

#[test]
fn a_record_that_lost_everything_is_worse_unless_it_is_said_to_have_changed() {
    let (kept, shell) = (rich("a", at(0)), page("Tea and talk", json!({})));
    assert!(shell.is_worse_than(&kept));
    let mut changed = page("Tea and talk", json!({}));
    changed.provenance.last_modified = Some(at(1));
    assert!(!changed.is_worse_than(&kept));
    assert!(!row("Tea and talk", json!({})).is_worse_than(&kept), "rows say less than pages");
    let shorter = page("Tea", json!({ "description": { "raw": "x", "plain": "x" } }));
    assert!(!shorter.is_worse_than(&kept), "a publisher may say less");
}

#[test]
fn junk_has_neither_id_nor_name() {
    let issue = RecordIssue {
        code: IssueCode::MissingId,
        path: "id".to_owned(),
        message: String::new(),
        original: None,
    };
    let with_issue = |name: &str, path: &str| {
        let mut record = row(name, json!({}));
        record.provenance.issues.push(RecordIssue { path: path.to_owned(), ..issue.clone() });
        record
    };
    assert!(with_issue(NAMELESS, "id").is_junk());
    assert!(!with_issue("Tea", "id").is_junk() && !with_issue(NAMELESS, "phones[0]").is_junk());
    assert!(!row(NAMELESS, json!({})).is_junk());
}
