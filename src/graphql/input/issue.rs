//! What is asked of the issues of records.

use async_graphql::{Enum, InputObject};

use super::text;
use crate::graphql::error::ApiError;
use crate::graphql::types::IssueSeverity;
use crate::model::{self, IssueFilter, IssuePath};

/// An issue that a record carries, as `provenance { issues }` shows it; all that is given must hold of one issue. An
/// empty object means any issue.
#[derive(Debug, InputObject)]
#[graphql(name = "IssueInput")]
pub(crate) struct IssueInput {
    /// Its kind.
    code: Option<IssueCode>,
    /// What it costs a user.
    severity: Option<IssueSeverity>,
    /// Where it is in the feed's own JSON, or what it is inside, e.g. `schedules[].byday` or `schedules`. Positions in
    /// lists make no difference, and `*` stands for any one step. At most 500 characters.
    path: Option<String>,
}

/// A kind of departure from the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::IssueCode")]
pub(crate) enum IssueCode {
    /// A member the standard requires is not there.
    MissingRequired,
    /// A part has no id; one was derived.
    MissingId,
    /// An id occurs twice; what is not served of it is kept as it came.
    DuplicateId,
    /// A value has another type than the standard says and could be read all the same.
    WrongType,
    /// A value cannot be read; it is null here and kept as it came.
    Unreadable,
    /// A value lies outside what is possible, e.g. a latitude of 100.
    OutOfRange,
    /// A value stands for "none", e.g. an age of -1 or the text "None".
    PlaceholderValue,
    /// A value is not on the standard's closed list.
    OutsideCodelist,
    /// A value was mended, e.g. a web address without its scheme.
    Repaired,
    /// A date, time or postcode in another form than the standard's.
    NonStandardFormat,
    /// Two members contradict each other.
    Conflict,
    /// A member is spelled differently from the standard.
    MisspelledMember,
    /// Characters were decoded with the wrong character set by the publisher.
    Mojibake,
    /// Script or other markup with no place in a text.
    UnsafeMarkup,
    /// Something the publisher keeps back, such as an exact address: what is here is coarse, or nothing.
    Withheld,
    /// The record's detail could not be fetched: only what its list page says is here.
    DetailUnavailable,
    /// An id names a record that the feed does not have.
    DanglingReference,
}

impl IssueInput {
    pub(super) fn into_filter(self) -> Result<IssueFilter, ApiError> {
        let path = text::bounded("filter.hasIssue.path", self.path.as_deref())?;
        let path = path.filter(|path| !path.trim().is_empty()).map(IssuePath::read);
        let (code, severity) = (self.code.map(Into::into), self.severity.map(Into::into));
        Ok(IssueFilter { code, severity, path })
    }
}
