//! The departures of one record: what its dialect noted, and what the rules of the standard add.

use std::collections::HashMap;

use serde_json::Value;

use super::check::{self, StandardFault};
use super::links::RowLinks;
use super::standard::FeedStandard;
use crate::model::{IssueCode, IssueSeverity, Record, RecordIssue, RecordKind};
use crate::source::dialects::mended_in;

/// The departures of one record, by kind and path.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct RecordDepartures(pub(super) Vec<RecordDeparture>, pub(super) RowLinks);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordDeparture {
    pub code: IssueCode,
    pub severity: IssueSeverity,
    pub path: String,
    pub message: &'static str,
    pub count: u32,
}

/// The most kinds of departure counted for one record.
const MOST_KINDS: usize = 500;

impl RecordDeparture {
    // For a page as a whole the path is empty, and several things may have been mended.
    fn is_same(&self, other: &Self) -> bool {
        self.code == other.code
            && self.path == other.path
            && (!self.path.is_empty() || self.message == other.message)
    }
}

/// Longer paths are cut, in bytes. No standard nests that deep.
const LONGEST_PATH: usize = 160;
/// The longest name of a member that is shown, in bytes.
const LONGEST_NAME: usize = 48;

impl RecordDepartures {
    /// Checks a row by the rules of the standard, before it is read.
    pub(in crate::source) fn by_rule(standard: Option<FeedStandard>, kind: RecordKind, row: &Value) -> Self {
        let mut found = Self::default();
        if let Some(standard) = standard {
            check::row(standard, kind, row, &mut |path, fault| found.add(presentable(path), fault));
        }
        found
    }

    /// Adds what a dialect noted in a record at `place` in the row. If both report the same member, only the dialect's
    /// note counts, because the dialect knows how it handled the value.
    pub(in crate::source) fn noted(&mut self, notes: &[(&str, &[RecordIssue])]) {
        // A fast path: most records have no departures.
        if notes.iter().all(|(_, issues)| issues.is_empty()) {
            return;
        }
        let mut by_dialect = Self::default();
        let mut at: HashMap<String, u32> = HashMap::new();
        for (place, issues) in notes {
            // Withholding something is the publisher's choice, not a departure.
            for issue in issues.iter().filter(|issue| issue.code != IssueCode::Withheld) {
                let path = presentable(&joined(place, &issue.path, issue.code));
                *at.entry(path.clone()).or_default() += 1;
                let message = mended_in(issue).unwrap_or_else(|| meaning(issue.code));
                let severity = issue.code.severity();
                by_dialect.add(path, StandardFault { code: issue.code, severity, message });
            }
        }
        for rule in &mut self.0 {
            let told = at.entry(rule.path.clone()).or_default();
            let same = rule.count.min(*told);
            *told -= same;
            rule.count -= same;
        }
        self.0.retain(|rule| rule.count > 0);
        for departure in by_dialect.0 {
            self.merge(departure);
        }
    }

    /// Notes which records a record refers to. Whether the feed has them is known only after the walk.
    pub(in crate::source) fn tied(&mut self, record: &dyn Record) {
        self.1 = RowLinks::of(record);
    }

    /// Adds a departure at a path of the feed's own.
    pub(super) fn add_at(&mut self, path: &str, fault: StandardFault) {
        self.add(presentable(path), fault);
    }

    fn add(&mut self, path: String, fault: StandardFault) {
        let StandardFault { code, severity, message } = fault;
        self.merge(RecordDeparture { code, severity, path, message, count: 1 });
    }

    fn merge(&mut self, one: RecordDeparture) {
        let is_full = self.0.len() >= MOST_KINDS;
        match self.0.iter_mut().find(|known| known.is_same(&one)) {
            Some(known) => {
                known.count += one.count;
                known.severity = known.severity.min(one.severity);
            }
            // One record may have as many kinds of departure as a whole feed.
            None if is_full => {}
            None => self.0.push(one),
        }
    }
}

// An issue about a missing id has the path of the part. The departure's path names the id itself.
fn joined(place: &str, path: &str, code: IssueCode) -> String {
    let mut whole = place.to_owned();
    for more in [path, if code == IssueCode::MissingId && !ends_in_id(path) { "id" } else { "" }] {
        if !whole.is_empty() && !more.is_empty() {
            whole.push('.');
        }
        whole.push_str(more);
    }
    whole
}

fn ends_in_id(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("id"))
}

/// Returns a path without indices, and without segments that may be values rather than names of members.
pub(super) fn presentable(path: &str) -> String {
    let mut shown = String::with_capacity(path.len());
    for part in path.split('.') {
        if shown.len() > LONGEST_PATH {
            break;
        }
        if !shown.is_empty() {
            shown.push('.');
        }
        let (name, index) = part.split_once('[').map_or((part, ""), |(name, _)| (name, "[]"));
        let is_name = name.len() <= LONGEST_NAME
            && name.contains(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '$'));
        shown.push_str(if is_name || name.is_empty() { name } else { "*" });
        shown.push_str(index);
    }
    shown
}

/// Returns what a kind of departure means, without quoting the feed.
pub(super) fn meaning(code: IssueCode) -> &'static str {
    match code {
        IssueCode::MissingRequired => "is required by the standard but missing",
        IssueCode::MissingId => "has no id; the gateway derives one from the content",
        IssueCode::DuplicateId => "the same id is used for different content",
        IssueCode::WrongType => "has a different type from the standard's, but could be read",
        IssueCode::Unreadable => "cannot be read",
        IssueCode::OutOfRange => "is not a possible value",
        IssueCode::PlaceholderValue => "is a placeholder for no value",
        IssueCode::OutsideCodelist => "is not one of the standard's values",
        IssueCode::Repaired => "does not follow the standard, and was repaired",
        IssueCode::NonStandardFormat => "is not in the standard's format",
        IssueCode::Conflict => "contradicts another member",
        IssueCode::MisspelledMember => "is a member whose name is spelt differently from the standard's",
        IssueCode::Mojibake => "was decoded with the wrong character set",
        IssueCode::UnsafeMarkup => "contains scripts or other markup that does not belong in text",
        IssueCode::Withheld => "is withheld by its publisher",
        IssueCode::DetailUnavailable => "the record's detail page could not be read",
        IssueCode::DanglingReference => "refers to a record that the feed does not have",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn issue(code: IssueCode, path: &str) -> RecordIssue {
        RecordIssue {
            code,
            path: path.into(),
            message: "says 0117 496 0000".into(),
            original: Some(json!("x")),
        }
    }

    #[test]
    fn what_both_see_counts_once_and_what_one_sees_counts_too() {
        let row = json!({ "id": "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f", "name": "A", "status": "active",
            "email": "desk", "phones": [{}, { "id": 1 }, { "id": 2 }], "contacts": [{ "id": "a" }, { "id": "b" }] });
        let mut found = RecordDepartures::by_rule(Some(FeedStandard::Hsds31), RecordKind::Service, &row);
        let own = [issue(IssueCode::Unreadable, "email"), issue(IssueCode::WrongType, "phones[1].id")];
        let organization = [issue(IssueCode::MissingId, "contacts[0]")];
        found.noted(&[("", &own), ("organization", &organization)]);
        let mut seen: Vec<_> =
            found.0.iter().map(|one| format!("{} {} {}", one.path, one.code.as_str(), one.count)).collect();
        seen.sort();
        assert_eq!(
            seen,
            [
                "contacts[].id NON_STANDARD_FORMAT 2",
                "email UNREADABLE 1",
                "organization.contacts[].id MISSING_ID 1",
                "phones[].id WRONG_TYPE 2",
                "phones[].number MISSING_REQUIRED 2",
            ]
        );
        assert!(found.0.iter().all(|one| !one.message.contains("0117")));
    }

    #[test]
    fn a_value_in_a_names_place_is_not_shown() {
        assert_eq!(presentable("a[3].b[12][4].c"), "a[].b[].c");
        assert_eq!(presentable("contacts.jane@elm.example.x y"), "contacts.*.example.*");
        assert_eq!(presentable("0117 496 0000.17"), "*.*");
    }
}
