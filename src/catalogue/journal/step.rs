//! The effects of a step on a copy of the catalogue, and their encoding.
//!
//! A step contains effects rather than the batch that caused them: two releases side by side need not agree on what
//! counts as a change. It leaves out what each gateway derives for itself (facts, the index). Parts of a snapshot are
//! encoded in the same form.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::StepNumber;
use crate::catalogue::store::{HistoryChange, StoredMark};
use crate::model::{RecordId, RecordKind, SourceKey};

/// The largest step, in bytes. It limits the memory that a damaged length can reserve.
const MOST_BYTES: usize = 1 << 30;

/// Why bytes cannot be read as a step.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// A newer release wrote the step, and this release cannot read its format.
    #[error("of format {0}, but this release reads {format}; install the newer release here too", format = StepEffects::FORMAT)]
    Newer(u8),
    /// The step is truncated or otherwise damaged.
    #[error("damaged: {0}")]
    Damaged(String),
}

/// A hash over a step and all steps before it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct StepChain([u8; 32]);

/// The effects of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEffects {
    /// New or changed records, with their marks.
    pub(in crate::catalogue) put: Vec<PutRecord>,
    /// Records of which only the mark changed.
    pub(in crate::catalogue) marked: Vec<(RecordId, StoredMark)>,
    /// Records that were seen unchanged.
    pub(in crate::catalogue) seen: Vec<SeenRecords>,
    /// Records that were removed.
    pub(in crate::catalogue) gone: Vec<RecordId>,
    /// The encoded states of synchronisers, by source.
    pub(in crate::catalogue) states: Vec<(SourceKey, Vec<u8>)>,
    /// Notes of synchronisers, by source and name. `None` deletes the note.
    pub(in crate::catalogue) notes: Vec<(SourceKey, Box<str>, Option<Vec<u8>>)>,
    /// Changes for the history, by number.
    pub(in crate::catalogue) changes: Vec<(u64, HistoryChange)>,
    /// Changes up to and including this number are dropped from the history.
    pub(in crate::catalogue) forgotten: u64,
    /// The number of the newest change in the history.
    pub(in crate::catalogue) sequence: u64,
    /// The ordinal that the next new service gets.
    pub(in crate::catalogue) next_ordinal: u32,
}

/// A record to store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::catalogue) struct PutRecord {
    pub(in crate::catalogue) id: RecordId,
    pub(in crate::catalogue) mark: StoredMark,
    /// The record as [`crate::catalogue::encoded`] writes it.
    pub(in crate::catalogue) record: Vec<u8>,
    /// For a service, when its change was noticed, in microseconds since 1970.
    pub(in crate::catalogue) noticed: Option<i64>,
}

/// Records of one kind and source that a walk saw unchanged at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::catalogue) struct SeenRecords {
    pub(in crate::catalogue) kind: RecordKind,
    pub(in crate::catalogue) source: SourceKey,
    pub(in crate::catalogue) walk: u64,
    /// When they were seen, in microseconds since 1970.
    pub(in crate::catalogue) at: i64,
    pub(in crate::catalogue) upstream: Vec<Box<str>>,
}

impl StepEffects {
    /// The format that this release writes, and the newest that it reads.
    pub const FORMAT: u8 = 1;

    /// Encodes the effects: one byte for the format, four for the length, then the LZ4 block.
    ///
    /// # Errors
    /// If the effects are larger than 1 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, StepError> {
        let plain = postcard::to_stdvec(self).map_err(|error| StepError::Damaged(error.to_string()))?;
        let length = u32::try_from(plain.len()).ok().filter(|length| *length as usize <= MOST_BYTES);
        let length = length.ok_or_else(|| StepError::Damaged("larger than a step may be".to_owned()))?;
        let mut bytes = vec![Self::FORMAT];
        bytes.extend(length.to_le_bytes());
        bytes.extend(lz4_flex::block::compress(&plain));
        Ok(bytes)
    }

    /// Decodes what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// If a newer release wrote the bytes, or they are damaged.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, StepError> {
        let short = || StepError::Damaged("cut short".to_owned());
        let (format, rest) = bytes.split_first().ok_or_else(short)?;
        if *format > Self::FORMAT {
            return Err(StepError::Newer(*format));
        }
        let (length, packed) = rest.split_first_chunk().ok_or_else(short)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let plain = lz4_flex::block::decompress(packed, length.min(MOST_BYTES));
        let plain = plain.map_err(|error| StepError::Damaged(error.to_string()))?;
        postcard::from_bytes(&plain).map_err(|error| StepError::Damaged(error.to_string()))
    }

    /// Returns the ids of all records that the step concerns.
    pub(in crate::catalogue) fn named(&self) -> impl Iterator<Item = RecordId> {
        let records = self.put.iter().map(|put| &put.id);
        let named = records.chain(self.marked.iter().map(|(id, _)| id)).chain(&self.gone).cloned();
        let seen = self.seen.iter().flat_map(|seen| {
            seen.upstream.iter().map(|upstream| RecordId::new(seen.kind, &seen.source, upstream))
        });
        named.chain(seen)
    }
}

impl StepChain {
    /// Returns the chain extended by another step.
    pub fn with(self, number: StepNumber, id: Uuid, bytes: &[u8]) -> Self {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(number.to_be_bytes());
        digest.update(id.as_bytes());
        digest.update(bytes);
        Self(digest.finalize().first_chunk().copied().unwrap_or_default())
    }

    /// Returns the 32 bytes of the hash.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads a hash from its bytes. Returns `None` if there are not exactly 32.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(Self)
    }

    /// Reads a hash from its hexadecimal text. Returns `None` if the text is not 64 hexadecimal digits.
    pub(in crate::catalogue) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for StepChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for StepChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StepChain({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_a_newer_format_says_so_and_damage_is_told_from_it() {
        let effects = StepEffects { sequence: 7, ..StepEffects::default() };
        let mut bytes = effects.to_bytes().unwrap();
        assert_eq!(StepEffects::of_bytes(&bytes).unwrap(), effects);
        let cut = bytes.get(..bytes.len() - 1).unwrap();
        assert!(matches!(StepEffects::of_bytes(cut), Err(StepError::Damaged(_))));
        bytes[0] = StepEffects::FORMAT + 1;
        assert!(matches!(StepEffects::of_bytes(&bytes), Err(StepError::Newer(2))));
    }

    #[test]
    fn a_chain_is_read_as_it_is_written_and_depends_on_all_before_it() {
        let (id, begun) = (Uuid::nil(), StepChain::default());
        let chain = begun.with(1, id, b"one").with(2, id, b"two");
        assert_eq!(StepChain::parse(&chain.to_string()), Some(chain));
        assert_ne!(chain, begun.with(1, id, b"other").with(2, id, b"two"));
    }
}
