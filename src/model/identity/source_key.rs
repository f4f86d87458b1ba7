//! The key of a configured source. It is part of every id of the source's records.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// A source's key, e.g. `bristol`: `a-z`, `0-9` and `-`, starting and ending with a letter or digit, at most 63
/// characters.
///
/// Cheap to clone, because every record contains one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SourceKey(Arc<str>);

/// Why a text is not a source key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceKeyError {
    /// The text is empty.
    #[error("is empty; use a short slug such as `bristol`")]
    Empty,
    /// The text is longer than [`SourceKey::MAX_LEN`].
    #[error("is longer than {} characters", SourceKey::MAX_LEN)]
    TooLong,
    /// The text has a character other than `a-z`, `0-9` and `-`, or begins or ends with `-`.
    #[error("may contain only a-z, 0-9 and, between them, `-`")]
    Character,
}

impl SourceKey {
    /// The most characters: as many as in a DNS label, so that a key fits wherever part of a host name does.
    pub const MAX_LEN: usize = 63;

    /// Parses a key.
    ///
    /// # Errors
    /// Returns [`SourceKeyError`] if the text is empty, too long, or has a character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, SourceKeyError> {
        Self::check(text).map(|()| Self(text.into()))
    }

    /// Checks that a text is a key.
    ///
    /// # Errors
    /// The same as for [`Self::parse`].
    pub(in crate::model) fn check(text: &str) -> Result<(), SourceKeyError> {
        if text.is_empty() {
            return Err(SourceKeyError::Empty);
        }
        if text.len() > Self::MAX_LEN {
            return Err(SourceKeyError::TooLong);
        }
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(inner) || text.starts_with('-') || text.ends_with('-') {
            return Err(SourceKeyError::Character);
        }
        Ok(())
    }

    /// Reads a key that this program wrote, without checking it. Every id of a record contains its source's key, so the
    /// last key that a thread has read is shared.
    pub(in crate::model) fn shared(text: &str) -> Self {
        thread_local! {
            static LAST: RefCell<Option<SourceKey>> = const { RefCell::new(None) };
        }
        LAST.with_borrow_mut(|last| match last {
            Some(key) if key.as_str() == text => key.clone(),
            _ => last.insert(Self(text.into())).clone(),
        })
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SourceKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WrittenSourceKey;
        impl Visitor<'_> for WrittenSourceKey {
            type Value = SourceKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the key of a source")
            }

            fn visit_str<E>(self, text: &str) -> Result<SourceKey, E> {
                Ok(SourceKey::shared(text))
            }
        }
        deserializer.deserialize_str(WrittenSourceKey)
    }
}

impl fmt::Display for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_slugs() {
        for text in ["bristol", "b", "north-lincs", "0117"] {
            assert_eq!(SourceKey::parse(text).map(|key| key.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_what_cannot_stand_in_an_id() {
        assert_eq!(SourceKey::parse(""), Err(SourceKeyError::Empty));
        assert_eq!(SourceKey::parse(&"a".repeat(64)), Err(SourceKeyError::TooLong));
        for text in ["Bristol", "a b", "a:b", "-a", "a-", "é"] {
            assert_eq!(SourceKey::parse(text), Err(SourceKeyError::Character), "{text}");
        }
    }
}
