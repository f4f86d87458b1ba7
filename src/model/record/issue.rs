//! What normalising changed in a record, or could not read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much an issue matters to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IssueSeverity {
    /// Something the feed meant to say is lost or in doubt.
    Error,
    /// Legal but harmful, or outside the standard's guidance; nothing is lost.
    Warning,
    /// A note.
    Info,
}

impl IssueSeverity {
    /// Returns the stable name that scripts can rely on.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warning => "WARNING",
            Self::Info => "INFO",
        }
    }
}

/// The kinds of departure from the standard that normalising meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueCode {
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

/// The most rows with the id of a record that are kept in the record's issues.
pub const MOST_DUPLICATES: usize = 10;
/// The message that replaces further rows.
const MORE_DUPLICATES: &str = "the feed lists this id even more often; further rows are not retained";

impl RecordIssue {
    /// Adds the issue that the feed lists this id more than once, unless the list has it already. After
    /// [`MOST_DUPLICATES`] such issues, adds one that says so, and then no more.
    pub fn note_duplicate(issues: &mut Vec<Self>, issue: Self) {
        let known = issues.iter().filter(|known| known.is_of_duplicate()).count();
        if known > MOST_DUPLICATES || issues.contains(&issue) {
            return;
        }
        let is_full = known == MOST_DUPLICATES && !issue.tells_of_more_duplicates();
        issues.push(if is_full {
            let (code, path, original) = (IssueCode::DuplicateId, "id".to_owned(), None);
            Self { code, path, message: MORE_DUPLICATES.to_owned(), original }
        } else {
            issue
        });
    }

    /// Returns whether this issue stands for further rows with the record's id that were not kept.
    pub fn tells_of_more_duplicates(&self) -> bool {
        self.is_of_duplicate() && self.message == MORE_DUPLICATES
    }

    /// Returns whether this issue says that the feed lists the record's id more than once.
    pub fn is_of_duplicate(&self) -> bool {
        self.code == IssueCode::DuplicateId && self.path == "id"
    }
}

impl IssueCode {
    /// All codes.
    pub const ALL: [Self; 17] = [
        Self::MissingRequired,
        Self::MissingId,
        Self::DuplicateId,
        Self::WrongType,
        Self::Unreadable,
        Self::OutOfRange,
        Self::PlaceholderValue,
        Self::OutsideCodelist,
        Self::Repaired,
        Self::NonStandardFormat,
        Self::Conflict,
        Self::MisspelledMember,
        Self::Mojibake,
        Self::UnsafeMarkup,
        Self::Withheld,
        Self::DetailUnavailable,
        Self::DanglingReference,
    ];

    /// Returns how much an issue of this kind matters to a user.
    pub fn severity(self) -> IssueSeverity {
        match self {
            Self::MissingRequired
            | Self::DuplicateId
            | Self::Unreadable
            | Self::OutOfRange
            | Self::Conflict
            | Self::DetailUnavailable
            | Self::DanglingReference => IssueSeverity::Error,
            Self::WrongType
            | Self::PlaceholderValue
            | Self::OutsideCodelist
            | Self::Repaired
            | Self::NonStandardFormat
            | Self::MisspelledMember
            | Self::Mojibake
            | Self::UnsafeMarkup => IssueSeverity::Warning,
            Self::MissingId | Self::Withheld => IssueSeverity::Info,
        }
    }

    /// Returns the stable code that clients see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingRequired => "MISSING_REQUIRED",
            Self::MissingId => "MISSING_ID",
            Self::DuplicateId => "DUPLICATE_ID",
            Self::WrongType => "WRONG_TYPE",
            Self::Unreadable => "UNREADABLE",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::PlaceholderValue => "PLACEHOLDER_VALUE",
            Self::OutsideCodelist => "OUTSIDE_CODELIST",
            Self::Repaired => "REPAIRED",
            Self::NonStandardFormat => "NON_STANDARD_FORMAT",
            Self::Conflict => "CONFLICT",
            Self::MisspelledMember => "MISSPELLED_MEMBER",
            Self::Mojibake => "MOJIBAKE",
            Self::UnsafeMarkup => "UNSAFE_MARKUP",
            Self::Withheld => "WITHHELD",
            Self::DetailUnavailable => "DETAIL_UNAVAILABLE",
            Self::DanglingReference => "DANGLING_REFERENCE",
        }
    }
}

/// One departure from the standard, found in one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordIssue {
    /// The kind of departure.
    pub code: IssueCode,
    /// Where it is in the feed's own JSON, e.g. `schedules[0].byday`.
    pub path: String,
    /// What was wrong and what was done about it.
    pub message: String,
    /// The value that the feed sent, if it adds something to the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Value>,
}
