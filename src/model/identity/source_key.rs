//! The slug that names a configured source and is part of every id it hands out.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// A source's slug, e.g. `bristol`: `a-z`, `0-9` and `-`, starting with a letter or digit, at most 63 characters.
///
/// Cheap to clone: every record carries one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SourceKey(Arc<str>);

/// Why a text is no source key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceKeyError {
    /// Nothing between the quotes.
    #[error("is empty; use a short slug such as `bristol`")]
    Empty,
    /// Longer than [`SourceKey::MAX_LEN`].
    #[error("is longer than {} characters", SourceKey::MAX_LEN)]
    TooLong,
    /// Something other than `a-z`, `0-9` and inner `-`.
    #[error("may contain only a-z, 0-9 and, between them, `-`")]
    Character,
}

impl SourceKey {
    /// As long as a DNS label, so that a key fits wherever a host name part does.
    pub const MAX_LEN: usize = 63;

    /// Reads a key.
    ///
    /// # Errors
    /// When the text is empty, too long or holds a character a slug may not.
    pub fn parse(text: &str) -> Result<Self, SourceKeyError> {
        Self::check(text).map(|()| Self(text.into()))
    }

    /// Checks that a text is a key.
    ///
    /// # Errors
    /// As [`Self::parse`].
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

    /// Returns a key that was written by this program. A record names its source in each of its ids, so what a thread has
    /// read last is shared.
    pub(in crate::model) fn shared(text: &str) -> Self {
        thread_local! {
            static LAST: RefCell<Option<SourceKey>> = const { RefCell::new(None) };
        }
        LAST.with_borrow_mut(|last| match last {
            Some(key) if key.as_str() == text => key.clone(),
            _ => last.insert(Self(text.into())).clone(),
        })
    }

    /// The slug as text.
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
