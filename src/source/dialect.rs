//! What a reader of a dialect does. Readers are pure: bytes in, records out. Sockets, retries, limits and caching are
//! in the engine.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::dialects::{MemberShaper, PageNames, PrivacySigns, RepeatedTerms, read_envelope, read_single};
use super::kept_back::KeptBack;
use super::onward::OnwardWord;
use super::patience::ReadingPatience;
use crate::model::{
    Location, Organization, RecordIssue, RecordKind, Service, ServiceAtLocation, SourceKey, Taxonomy,
    TaxonomyTerm,
};

/// Reads the responses of one publishing system.
///
/// A bad member is dropped without its record, and a bad record without its page. Only a body that is not a page at all
/// is an error. No input may cause a panic.
pub(crate) trait DialectReader: Send + Sync {
    /// Splits a list response into rows and what its envelope claims.
    ///
    /// # Errors
    /// If the body is not a list in any envelope that the dialect knows.
    fn envelope(
        &self,
        body: &[u8],
        names: PageNames,
        patience: &ReadingPatience,
    ) -> Result<ListEnvelope, NotAPage> {
        read_envelope(body, names, patience)
    }

    /// Extracts the record from a detail page. Returns `None` if the body says, in whatever form, that there is no such
    /// record.
    ///
    /// # Errors
    /// If the body is not a record.
    fn single(
        &self,
        body: &[u8],
        names: PageNames,
        patience: &ReadingPatience,
    ) -> Result<Option<Value>, NotAPage> {
        read_single(body, names, patience)
    }

    /// Reads a service. Returns `None` if the row is empty, `null` or not an object. A row with content but no id gets
    /// an id derived from its content.
    fn read_service(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Service>;
    /// Reads an organisation, like [`DialectReader::read_service`].
    fn read_organization(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Organization>;
    /// Reads a location, likewise.
    fn read_location(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Location>;
    /// Reads a service at a location, likewise. Includes the service if the row contains it.
    fn read_service_at_location(&self, row: Value, reading: &ReadingContext<'_>)
    -> Option<ServiceAtLocation>;
    /// Reads a taxonomy, likewise.
    fn read_taxonomy(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Taxonomy>;
    /// Reads a taxonomy term, likewise.
    fn read_taxonomy_term(&self, row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm>;
}

/// A list response: its rows, and what its envelope claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListEnvelope {
    /// The rows, not yet read.
    pub rows: Vec<Value>,
    /// The number of further rows that were empty.
    pub skipped: usize,
    /// The claimed number of records in the whole list. Only a hint: feeds get it wrong.
    pub total_items: Option<u64>,
    /// The claimed number of pages. Only a hint.
    pub total_pages: Option<u64>,
    /// The claimed number of this page.
    pub page_number: Option<u64>,
    /// Whether the page claims to be the first. `None` if it does not say.
    pub is_first: Option<bool>,
    /// How the page says that the list continues. `None` if it does not say.
    pub onward: Option<OnwardWord>,
    /// Issues with the envelope itself.
    pub issues: Vec<RecordIssue>,
    /// Why rows are missing, if the body is broken and only some could be read.
    pub broken: Option<String>,
}

/// The context in which a record is read. Parts of it become the record's provenance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingContext<'a> {
    /// The source being read.
    pub source: &'a SourceKey,
    /// Gives the URLs of records in the feed.
    pub record_url: &'a dyn RecordUrl,
    /// When the response arrived.
    pub fetched_at: DateTime<Utc>,
    /// Until when the response is fresh.
    pub fresh_until: DateTime<Utc>,
    /// Whether this is a row of a list or a detail page.
    pub depth: AnswerDepth,
    /// Whether to leave out who checked a record.
    pub omits_assurers: bool,
    /// What the feed has said is private, on any page.
    pub kept_back: &'a KeptBack,
    /// What in the row is private. `None` if the row has not been checked.
    pub signs: Option<PrivacySigns>,
    /// Brings records to the standard's shape before they are read, if the dialect needs that.
    pub shape: Option<MemberShaper>,
    /// The longest id that is accepted, in bytes.
    pub max_id_length: usize,
    /// The most parts that a record may have, at any depth.
    pub max_parts: usize,
    /// The terms that this page has nested so far.
    pub terms: &'a RepeatedTerms,
    /// Says when to give up reading.
    pub patience: &'a ReadingPatience,
}

impl ReadingContext<'_> {
    /// Returns whether a record in the row may say that its place is private, or only to be shown roughly.
    pub(crate) fn may_hide_places(&self) -> bool {
        !self.kept_back.is_empty() || self.signs.is_none_or(|signs| signs.may_hide_places())
    }
}

/// Gives the URLs of records in a feed.
pub(crate) trait RecordUrl: std::fmt::Debug + Sync {
    /// Returns the URL of a record. Returns `None` if the feed has no endpoint for that kind.
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url>;
}

/// Which kind of response a record came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerDepth {
    /// A row of a list. Its records are shallow until their detail pages are read.
    List,
    /// A detail page.
    Detail,
}

/// An error: the body is not a page, or not a record. The message never quotes the body, because it is shown to
/// everybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPage {
    /// The body is empty.
    #[error("the response is empty")]
    Empty,
    /// The body is not JSON, even after mending.
    #[error("the response is not JSON: {0}")]
    NotJson(NotJson),
    /// The body is JSON, but contains no list or record.
    #[error("the response contains no {expected}")]
    NoList {
        /// What was expected.
        expected: &'static str,
    },
    /// The body is an error message.
    #[error("the response is an error message")]
    ErrorMessage,
    /// A list was expected, but the body says that there is nothing.
    #[error("the response is a message that there is nothing")]
    NothingThere,
    /// The body has more values than are read at once.
    #[error("the response has too many values to read at once; set a smaller `page_size`")]
    TooMuch,
    /// The decompressed body is larger than a response may be.
    #[error("once decompressed, the response is larger than `max_response` allows")]
    TooLong,
    /// Reading was given up because nobody waits for it any more.
    #[error("reading it took too long")]
    GivenUp,
}

/// What a body that is not JSON looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotJson {
    /// An HTML page.
    #[error("it looks like HTML")]
    Html,
    /// XML.
    #[error("it looks like XML")]
    Xml,
    /// Text that does not begin like JSON.
    #[error("it looks like plain text")]
    Text,
    /// JSON that ends early.
    #[error("it ends early at line {line}, column {column}")]
    CutShort {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON with a syntax error.
    #[error("it is invalid at line {line}, column {column}")]
    Broken {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
}

impl NotJson {
    /// Classifies a text that could not be parsed as JSON.
    pub(crate) fn of(text: &str, error: &serde_json::Error) -> Self {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let (line, column) = (error.line(), error.column());
        match text.as_bytes().first() {
            Some(b'<') if text.starts_with("<?xml") => Self::Xml,
            Some(b'<') => Self::Html,
            Some(b'{' | b'[' | b'"') if error.is_eof() => Self::CutShort { line, column },
            Some(b'{' | b'[' | b'"') => Self::Broken { line, column },
            _ => Self::Text,
        }
    }
}
