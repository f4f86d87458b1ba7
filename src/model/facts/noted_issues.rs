//! The issues of a service's record and of the records nested in it, in the form that filters use.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{IssueCode, IssueSeverity, RecordIssue, Service};

/// A condition on issues: one issue must meet all that is given. If nothing is given, any issue does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// The kind of issue.
    pub code: Option<IssueCode>,
    /// The severity.
    pub severity: Option<IssueSeverity>,
    /// The path of the member, or of one that contains it.
    pub path: Option<IssuePath>,
}

/// A path in the feed's own JSON, without positions in lists and in lower case: `schedules[0].byday`,
/// `schedules[].byday` and `schedules.byday` are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssuePath(Box<str>);

/// The issues of one service, sorted and without duplicates. Services often have the same issues, which are then held
/// once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NotedIssues(Arc<[NotedIssue]>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct NotedIssue {
    code: IssueCode,
    path: IssuePath,
}

impl IssueFilter {
    /// Returns the kinds of issue that can meet the condition.
    pub fn codes(&self) -> impl Iterator<Item = IssueCode> {
        let is_meant = |code: &IssueCode| {
            self.code.is_none_or(|wanted| wanted == *code)
                && self.severity.is_none_or(|severity| severity == code.severity())
        };
        IssueCode::ALL.into_iter().filter(is_meant)
    }

    /// Returns whether any of these issues meets the condition. `place` is the path of their record.
    pub fn is_any_of<'i>(&self, place: &str, issues: impl IntoIterator<Item = &'i RecordIssue>) -> bool {
        issues.into_iter().any(|issue| self.is_of(issue.code, || IssuePath::within(place, issue)))
    }

    fn is_of(&self, code: IssueCode, path: impl FnOnce() -> IssuePath) -> bool {
        self.code.is_none_or(|wanted| wanted == code)
            && self.severity.is_none_or(|severity| severity == code.severity())
            && self.path.as_ref().is_none_or(|wanted| wanted.holds(&path()))
    }
}

impl IssuePath {
    /// Reads a path.
    pub fn read(text: &str) -> Self {
        let mut path = String::with_capacity(text.len());
        for step in text.trim().split('.') {
            if !path.is_empty() {
                path.push('.');
            }
            // Brackets contain a position.
            path.push_str(step.split_once('[').map_or(step, |(name, _)| name));
        }
        path.make_ascii_lowercase();
        Self(path.into())
    }

    /// Returns the path of an issue of the record at `place`. A missing id is noted on the part, so `id` is added to
    /// its path.
    fn within(place: &str, issue: &RecordIssue) -> Self {
        let ends_in_id = issue.path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("id"));
        let id = (issue.code == IssueCode::MissingId && !ends_in_id).then_some("id");
        let steps = [place, issue.path.as_str(), id.unwrap_or_default()];
        let steps: Vec<&str> = steps.into_iter().filter(|step| !step.is_empty()).collect();
        Self::read(&steps.join("."))
    }

    /// Returns whether `other` is this path or lies within it. `*` matches any single step.
    fn holds(&self, other: &Self) -> bool {
        let mut steps = other.0.split('.');
        self.0.split('.').all(|wanted| steps.next().is_some_and(|step| wanted == "*" || wanted == step))
    }
}

impl NotedIssues {
    /// Collects the issues of a service.
    pub fn of(service: &Service) -> Self {
        let each = service.issues_within();
        let mut noted: Vec<NotedIssue> = each
            .iter()
            .flat_map(|(place, issues)| {
                issues
                    .iter()
                    .map(|issue| NotedIssue { code: issue.code, path: IssuePath::within(place, issue) })
            })
            .collect();
        noted.sort_unstable();
        noted.dedup();
        Self(noted.into())
    }

    /// Returns whether any issue meets the condition.
    pub fn matches(&self, asked: &IssueFilter) -> bool {
        self.0.iter().any(|noted| asked.is_of(noted.code, || noted.path.clone()))
    }

    /// Returns the kinds of these issues, possibly with duplicates.
    pub(in crate::model) fn codes(&self) -> impl Iterator<Item = IssueCode> {
        self.0.iter().map(|noted| noted.code)
    }
}

impl Service {
    /// Returns the issues of the record and of those nested in it, each with the path of its record.
    pub fn issues_within(&self) -> Vec<(&'static str, &[RecordIssue])> {
        let mut noted: Vec<(&'static str, &[RecordIssue])> = vec![("", &self.provenance.issues)];
        if let Some(organization) = &self.organization {
            noted.push(("organization", &organization.provenance.issues));
        }
        for place in &self.service_at_locations {
            noted.push(("service_at_locations[]", &place.provenance.issues));
            if let Some(location) = &place.location {
                noted.push(("service_at_locations[].location", &location.provenance.issues));
            }
        }
        for term in self.attributes.iter().filter_map(|attribute| attribute.taxonomy_term.as_ref()) {
            noted.push(("attributes[].taxonomy_term", &term.provenance.issues));
        }
        noted
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::sample;

    #[test]
    fn an_issue_is_found_by_kind_by_gravity_and_by_where_it_is() {
        let issue = |code: &str, path: &str| json!({ "code": code, "path": path, "message": "m" });
        let issues = [issue("UNREADABLE", "schedules[3].byday"), issue("MISSING_ID", "contacts[0]")];
        let mut service = sample::service(&json!({}));
        service.provenance.issues = serde_json::from_value(json!(issues)).unwrap();
        let noted = NotedIssues::of(&service);
        let asked = |code, severity, path: &str| IssueFilter {
            code,
            severity,
            path: (!path.is_empty()).then(|| IssuePath::read(path)),
        };
        let (error, warning) = (Some(IssueSeverity::Error), Some(IssueSeverity::Warning));
        for (asked, expected) in [
            (asked(None, None, ""), true),
            (asked(Some(IssueCode::Unreadable), None, ""), true),
            (asked(Some(IssueCode::Conflict), None, ""), false),
            (asked(None, error, "schedules"), true),
            (asked(None, error, "schedules[].byday"), true),
            (asked(None, None, "Schedules[7].byday"), true),
            (asked(None, None, "schedules[].by"), false),
            (asked(None, None, "*.byday"), true),
            (asked(None, warning, ""), false),
            (asked(None, None, "contacts[].id"), true),
            (asked(None, error, "contacts"), false),
        ] {
            assert_eq!(noted.matches(&asked), expected, "{asked:?}");
            let may_be = noted.codes().any(|code| asked.codes().any(|meant| meant == code));
            assert!(may_be || !expected, "{asked:?} names no kind that is there");
        }
        assert!(!NotedIssues::default().matches(&IssueFilter::default()));
    }
}
