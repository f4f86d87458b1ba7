//! The issues of a service's record and of the records inside it, ready to be asked for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{IssueCode, IssueSeverity, RecordIssue, Service};

/// What is asked of issues: one of them must be all that is given. Nothing given means any issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// Of this kind.
    pub code: Option<IssueCode>,
    /// As grave as this.
    pub severity: Option<IssueSeverity>,
    /// Here, or further inside.
    pub path: Option<IssuePath>,
}

/// A place in the feed's own JSON. Positions in lists make no difference, nor does case: `schedules[0].byday`,
/// `schedules[].byday` and `schedules.byday` are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssuePath(Box<str>);

/// The issues of one service, each once, in order. Those of many services are often alike and held once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NotedIssues(Arc<[NotedIssue]>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct NotedIssue {
    code: IssueCode,
    path: IssuePath,
}

impl IssueFilter {
    /// The kinds of issue that can be meant.
    pub fn codes(&self) -> impl Iterator<Item = IssueCode> {
        let is_meant = |code: &IssueCode| {
            self.code.is_none_or(|wanted| wanted == *code)
                && self.severity.is_none_or(|severity| severity == code.severity())
        };
        IssueCode::ALL.into_iter().filter(is_meant)
    }

    /// Whether any of these issues is meant.
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
            // What stands in brackets is a position.
            path.push_str(step.split_once('[').map_or(step, |(name, _)| name));
        }
        path.make_ascii_lowercase();
        Self(path.into())
    }

    /// Where an issue is that was noted at `place` in a record. That a part has no id is noted of the part itself.
    fn within(place: &str, issue: &RecordIssue) -> Self {
        let ends_in_id = issue.path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("id"));
        let id = (issue.code == IssueCode::MissingId && !ends_in_id).then_some("id");
        let steps = [place, issue.path.as_str(), id.unwrap_or_default()];
        let steps: Vec<&str> = steps.into_iter().filter(|step| !step.is_empty()).collect();
        Self::read(&steps.join("."))
    }

    /// Whether another place is this one, or inside it. `*` stands for any one step.
    fn holds(&self, other: &Self) -> bool {
        let mut steps = other.0.split('.');
        self.0.split('.').all(|wanted| steps.next().is_some_and(|step| wanted == "*" || wanted == step))
    }
}

impl NotedIssues {
    /// The issues of a service.
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

    /// Whether one of them is meant.
    pub fn matches(&self, asked: &IssueFilter) -> bool {
        self.0.iter().any(|noted| asked.is_of(noted.code, || noted.path.clone()))
    }

    /// Their kinds; some may come twice.
    pub(in crate::model) fn codes(&self) -> impl Iterator<Item = IssueCode> {
        self.0.iter().map(|noted| noted.code)
    }
}

impl Service {
    /// The issues noted in the record and in the records inside it, each with the place of that record.
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
