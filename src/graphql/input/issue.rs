//! Conditions on the issues of records.

use async_graphql::{Enum, InputObject};

use super::text;
use crate::graphql::enums::IssueSeverity;
use crate::graphql::error::ApiError;
use crate::model::{self, IssueFilter, IssuePath};

/// An issue reported in a record's `provenance { issues }`. All conditions given must hold for the same issue. An empty
/// object matches any issue. `DANGLING_REFERENCE` cannot be asked for: it is found when a record is read.
#[derive(Debug, InputObject)]
#[graphql(name = "IssueInput")]
pub(crate) struct IssueInput {
    /// The kind of issue.
    code: Option<IssueCode>,
    /// How much harm it does to users.
    severity: Option<IssueSeverity>,
    /// The path in the feed's own JSON, or a member above it, e.g. `schedules[].byday` or `schedules`. Positions in
    /// lists are ignored, and `*` stands for any one step. At most 500 characters.
    path: Option<String>,
}

/// A kind of departure from the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::IssueCode")]
pub(crate) enum IssueCode {
    /// A member that the standard requires is missing.
    MissingRequired,
    /// A nested object has no id; the gateway derived one.
    MissingId,
    /// A list has an id more than once. One of the records is served; each other one is in the issue's `original`.
    DuplicateId,
    /// A value has a different type from the one in the standard, but could be read.
    WrongType,
    /// A value cannot be read. The field is `null`; the value is in the issue's `original`.
    Unreadable,
    /// A value is not possible, e.g. a latitude of 100.
    OutOfRange,
    /// A value stands for "none", e.g. an age of -1 or the text "None".
    PlaceholderValue,
    /// A value is not on the standard's closed list.
    OutsideCodelist,
    /// A value was repaired, e.g. a web address without its scheme.
    Repaired,
    /// A date, time or postcode is not in the standard's format.
    NonStandardFormat,
    /// Two members contradict each other.
    Conflict,
    /// A member's name is spelt differently from the standard.
    MisspelledMember,
    /// The publisher decoded characters with the wrong character set.
    Mojibake,
    /// Text contains scripts or other markup that does not belong there.
    UnsafeMarkup,
    /// The publisher withholds the information, such as an exact address: the field is approximate or empty.
    Withheld,
    /// The record's detail page could not be fetched, so only the fields on its list page are here.
    DetailUnavailable,
    /// An id refers to a record that the feed does not have.
    DanglingReference,
}

impl IssueInput {
    pub(super) fn into_filter(self) -> Result<IssueFilter, ApiError> {
        if self.code == Some(IssueCode::DanglingReference) {
            return Err(ApiError::bad_input(
                "`filter.hasIssue.code` cannot be `DANGLING_REFERENCE`, which is found only when a record is read; read \
                 `provenance { issues }` of the records",
            ));
        }
        let path = text::bounded("filter.hasIssue.path", self.path.as_deref())?;
        let path = path.filter(|path| !path.trim().is_empty()).map(IssuePath::read);
        let (code, severity) = (self.code.map(Into::into), self.severity.map(Into::into));
        Ok(IssueFilter { code, severity, path })
    }
}
