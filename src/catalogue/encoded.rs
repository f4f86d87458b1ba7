//! Records as bytes: a format version and a length, then MessagePack with the members' names, compressed with LZ4.

use memchr::memmem;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::model::{AnyRecord, Provenance, RecordKind};

/// Why a record cannot be encoded or decoded.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeptError {
    #[error("of format {0}, which this release cannot read")]
    Format(u8),
    #[error("cut short")]
    Short,
    #[error("damaged: {0}")]
    Damaged(#[from] lz4_flex::block::DecompressError),
    #[error("not written: {0}")]
    Unwritten(#[from] rmp_serde::encode::Error),
    #[error("not understood: {0}")]
    Unread(#[from] rmp_serde::decode::Error),
}

const FORMAT: u8 = 1;

/// The largest record, in bytes. It limits the memory that a damaged length can reserve.
const MOST_BYTES: usize = 256 << 20;

/// An encoded record that is not compressed yet.
pub(super) struct EncodedRecord(Vec<u8>);

impl EncodedRecord {
    /// Encodes a record.
    pub(super) fn of(record: &AnyRecord) -> Result<Self, KeptError> {
        let bytes = match record {
            AnyRecord::Service(record) => rmp_serde::to_vec_named(record),
            AnyRecord::Organization(record) => rmp_serde::to_vec_named(record),
            AnyRecord::Location(record) => rmp_serde::to_vec_named(record),
            AnyRecord::ServiceAtLocation(record) => rmp_serde::to_vec_named(record),
            AnyRecord::Taxonomy(record) => rmp_serde::to_vec_named(record),
            AnyRecord::TaxonomyTerm(record) => rmp_serde::to_vec_named(record),
        };
        Ok(Self(bytes?))
    }

    /// Returns a hash of the record's content that does not depend on when the record was read.
    ///
    /// A part read at another time than the record, as one filled in from an older response, counts with its time.
    /// Unlike [`crate::model::ContentHash`], the hash changes when the same bytes are read differently.
    pub(super) fn fingerprint(&self, provenance: &Provenance) -> Result<[u8; 16], KeptError> {
        // A time is encoded to the nanosecond, so equal bytes do not occur with another meaning.
        let fetched_at = rmp_serde::to_vec(&provenance.fetched_at)?;
        let fresh_until = rmp_serde::to_vec(&provenance.fresh_until)?;
        let mut digest = Sha256::new();
        for piece in between(&self.0, &fetched_at).flat_map(|piece| between(piece, &fresh_until)) {
            digest.update(piece);
        }
        Ok(digest.finalize().first_chunk().copied().unwrap_or_default())
    }

    /// Returns the bytes to store.
    pub(super) fn packed(&self) -> Vec<u8> {
        let length = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let mut bytes = vec![FORMAT];
        bytes.extend(length.to_le_bytes());
        bytes.extend(lz4_flex::block::compress(&self.0));
        bytes
    }
}

/// Decodes a record of `kind`.
pub(super) fn decode(kind: RecordKind, bytes: &[u8]) -> Result<AnyRecord, KeptError> {
    Ok(match kind {
        RecordKind::Service => AnyRecord::Service(decode_part(bytes)?),
        RecordKind::Organization => AnyRecord::Organization(decode_part(bytes)?),
        RecordKind::Location => AnyRecord::Location(decode_part(bytes)?),
        RecordKind::ServiceAtLocation => AnyRecord::ServiceAtLocation(decode_part(bytes)?),
        RecordKind::Taxonomy => AnyRecord::Taxonomy(decode_part(bytes)?),
        RecordKind::TaxonomyTerm => AnyRecord::TaxonomyTerm(decode_part(bytes)?),
    })
}

/// Decodes only the members of a record that `T` has. The fewer they are, the quicker.
pub(super) fn decode_part<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, KeptError> {
    let (format, rest) = bytes.split_first().ok_or(KeptError::Short)?;
    if *format != FORMAT {
        return Err(KeptError::Format(*format));
    }
    let (length, packed) = rest.split_first_chunk().ok_or(KeptError::Short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let plain = lz4_flex::block::decompress(packed, length.min(MOST_BYTES))?;
    Ok(rmp_serde::from_slice(&plain)?)
}

/// Returns the pieces of `bytes` before, between and after all occurrences of `wanted`.
fn between<'b>(bytes: &'b [u8], wanted: &[u8]) -> impl Iterator<Item = &'b [u8]> {
    let ends = memmem::find_iter(bytes, wanted).map(|at| (at, at + wanted.len())).collect::<Vec<_>>();
    let starts = [0].into_iter().chain(ends.clone().into_iter().map(|(_, end)| end));
    let ends = ends.into_iter().map(|(at, _)| at).chain([bytes.len()]);
    starts.zip(ends).filter_map(|(from, to)| bytes.get(from..to))
}
