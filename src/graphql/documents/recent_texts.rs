//! Recent texts, and what reading each came to. Most clients send the same text again with other variables, so that its
//! tokens need not be read again.

use std::sync::{Arc, Weak};

use async_graphql::Value;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{AskedDocument, NormalText, ReadDocument};
use crate::graphql::limits::TextSize;

/// The capacity of the cache, in estimated bytes.
pub(super) const CAPACITY: u64 = 1 << 20;
/// The estimated memory for a text, apart from the text itself.
const OVERHEAD: usize = 256;
/// The length that a text is expected to have, in bytes.
const EXPECTED_LENGTH: u64 = 1 << 10;

/// Recent texts.
pub(super) struct RecentTexts(Cache<Box<str>, TextReading, TextWeight>);

/// What reading a text came to. It does not keep the document in memory.
#[derive(Clone)]
pub(super) struct TextReading {
    pub(super) size: TextSize,
    document: Weak<ReadDocument>,
    strings: Arc<[Value]>,
    name: AskedName,
}

/// Which operation must be asked for, so that a reading holds.
#[derive(Clone)]
enum AskedName {
    /// None, or this one: the text has no other operation.
    Only(Option<Box<str>>),
    /// Any: the document has the names that the text has.
    Any,
}

#[derive(Clone)]
struct TextWeight;

impl Weighter<Box<str>, TextReading> for TextWeight {
    fn weight(&self, text: &Box<str>, reading: &TextReading) -> u64 {
        // A string of the text is stored a second time.
        (text.len() * (1 + usize::from(!reading.strings.is_empty())) + OVERHEAD) as u64
    }
}

impl RecentTexts {
    pub(super) fn new() -> Self {
        let expected = usize::try_from(CAPACITY / EXPECTED_LENGTH).unwrap_or_default();
        Self(Cache::with_weighter(expected, CAPACITY, TextWeight))
    }

    pub(super) fn get(&self, text: &str) -> Option<TextReading> {
        self.0.get(text)
    }

    pub(super) fn keep(&self, text: &str, reading: TextReading) {
        self.0.insert(text.into(), reading);
    }
}

impl TextReading {
    /// `normal` is the text's normal form, if its document was found by that.
    pub(super) fn new(size: TextSize, asked: &AskedDocument<'_>, normal: Option<&NormalText<'_>>) -> Self {
        let name = match normal {
            Some(normal) => AskedName::Only(normal.operation_name.map(Into::into)),
            None => AskedName::Any,
        };
        let strings = asked.strings.as_slice().into();
        Self { size, document: Arc::downgrade(&asked.read), strings, name }
    }

    /// Returns what a request with the text asks for. `None` if the document is gone, or has another name for the
    /// operation that is asked for.
    pub(super) fn asked<'r>(&self, operation: Option<&'r str>) -> Option<AskedDocument<'r>> {
        let operation = match &self.name {
            AskedName::Any => operation,
            AskedName::Only(name) if operation.is_none_or(|asked| name.as_deref() == Some(asked)) => None,
            AskedName::Only(_) => return None,
        };
        Some(AskedDocument { read: self.document.upgrade()?, strings: self.strings.to_vec(), operation })
    }
}
