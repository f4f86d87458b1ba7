//! What differs between the systems that publish feeds, and nothing else. Dialects are pure: bytes in, records
//! out; sockets, retries, limits and caching exist once, in the engine.

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

/// Reads what one publishing system sends.
///
/// A bad member costs itself, never its record; a bad record costs itself, never its page. Only a body that is
/// no page at all is an error. No bytes make a dialect panic.
pub(crate) trait DialectReader: Send + Sync {
    /// Takes a list answer apart.
    ///
    /// # Errors
    /// When the body is no list in any envelope the dialect knows.
    fn envelope(
        &self,
        body: &[u8],
        names: PageNames,
        patience: &ReadingPatience,
    ) -> Result<ListEnvelope, NotAPage> {
        read_envelope(body, names, patience)
    }

    /// Takes the answer for one record apart. Returns `None` if the body says, in whatever way, that there is no such
    /// record.
    ///
    /// # Errors
    /// When the body is no record.
    fn single(
        &self,
        body: &[u8],
        names: PageNames,
        patience: &ReadingPatience,
    ) -> Result<Option<Value>, NotAPage> {
        read_single(body, names, patience)
    }

    /// Reads a service; none where the row is nothing at all (null, empty, no object). One that has content but
    /// no id gets an id derived from that content.
    fn read_service(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Service>;
    /// Reads an organisation, likewise.
    fn read_organization(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Organization>;
    /// Reads a location, likewise.
    fn read_location(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Location>;
    /// Reads a service at a location, likewise; with the service, where the row carries it.
    fn read_service_at_location(&self, row: Value, reading: &ReadingContext<'_>)
    -> Option<ServiceAtLocation>;
    /// Reads a taxonomy, likewise.
    fn read_taxonomy(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Taxonomy>;
    /// Reads a taxonomy term, likewise.
    fn read_taxonomy_term(&self, row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm>;
}

/// A list answer taken apart: its rows as they came, and what its envelope claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListEnvelope {
    /// The rows, unread.
    pub rows: Vec<Value>,
    /// How many rows there were besides, that hold nothing.
    pub skipped: usize,
    /// Claimed number of records in the whole result; a hint, since feeds get it wrong.
    pub total_items: Option<u64>,
    /// Claimed number of pages; a hint.
    pub total_pages: Option<u64>,
    /// Claimed number of this page.
    pub page_number: Option<u64>,
    /// Whether it says that it is the first page, if it says so at all.
    pub is_first: Option<bool>,
    /// How it says that the list goes on, if it does.
    pub onward: Option<OnwardWord>,
    /// What is unusual about the envelope itself.
    pub issues: Vec<RecordIssue>,
    /// Why rows are missing, where the body is broken and only some of them could be read.
    pub broken: Option<String>,
}

/// The circumstances a record is read in; they become its provenance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingContext<'a> {
    /// The source being read.
    pub source: &'a SourceKey,
    /// Address of a record of some kind with this id in the feed; none where the feed has no such endpoint.
    pub record_url: &'a dyn RecordUrl,
    /// When the answer arrived.
    pub fetched_at: DateTime<Utc>,
    /// Until when it is within its freshness target.
    pub fresh_until: DateTime<Utc>,
    /// Whether it is a list page or one record's own answer.
    pub depth: AnswerDepth,
    /// Whether who checked a record is left out.
    pub omits_assurers: bool,
    /// What the feed has said is private, on whatever page.
    pub kept_back: &'a KeptBack,
    /// What of a row is private, if it has been looked through.
    pub signs: Option<PrivacySigns>,
    /// How the dialect brings records to the standard's shape before they are read, where it does.
    pub shape: Option<MemberShaper>,
    /// The longest id that is read, in bytes.
    pub max_id_length: usize,
    /// The most parts that one record may have, at any depth.
    pub max_parts: usize,
    /// The terms that the page has nested so far.
    pub terms: &'a RepeatedTerms,
    /// Whether to go on.
    pub patience: &'a ReadingPatience,
}

impl ReadingContext<'_> {
    /// Whether a record of the row at hand may say that its place is not to be known, or not exactly.
    pub(crate) fn may_hide_places(&self) -> bool {
        !self.kept_back.is_empty() || self.signs.is_none_or(|signs| signs.may_hide_places())
    }
}

/// Knows the addresses of records in a feed.
pub(crate) trait RecordUrl: std::fmt::Debug + Sync {
    /// The address; none where the feed has no endpoint for that kind.
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url>;
}

/// How deep an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerDepth {
    /// A row of a list page: its records are shallow until their detail is read.
    List,
    /// A record's own answer.
    Detail,
}

/// A body that is no page, or no record. Says so in words of the gateway's own: a body may hold anything, and what is
/// said here is shown to everybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPage {
    /// Nothing at all.
    #[error("the response is empty")]
    Empty,
    /// Not JSON even after mending what can be mended.
    #[error("the response is not JSON: {0}")]
    NotJson(NotJson),
    /// JSON, but no list or record in it.
    #[error("the response contains no {expected}")]
    NoList {
        /// What was looked for.
        expected: &'static str,
    },
    /// An error message where an answer should be.
    #[error("the response is an error message")]
    ErrorMessage,
    /// A message that there is nothing there, where a list should be.
    #[error("the response is a message that there is nothing")]
    NothingThere,
    /// More values than are read at once.
    #[error("the response has too many values to read at once; set a smaller `page_size`")]
    TooMuch,
    /// Compressed, and longer than an answer may be.
    #[error("once decompressed, the response is larger than `max_response` allows")]
    TooLong,
    /// Nobody waits for it any more.
    #[error("reading it took too long")]
    GivenUp,
}

/// What a body is that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotJson {
    /// A page for people.
    #[error("it looks like HTML")]
    Html,
    /// The other notation.
    #[error("it looks like XML")]
    Xml,
    /// A text that does not begin as JSON does.
    #[error("it looks like plain text")]
    Text,
    /// Half an answer.
    #[error("it ends early at line {line}, column {column}")]
    CutShort {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON with a mistake in it.
    #[error("it is invalid at line {line}, column {column}")]
    Broken {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
}

impl NotJson {
    /// Tells what a text is that was read as JSON in vain.
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
