//! Records as bytes: a format version, then MessagePack with the members' names, compressed with LZ4.

use memchr::memmem;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::model::{AnyRecord, Provenance, RecordKind};

/// Why bytes are no record.
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

/// More than any record can be: a damaged length must not reserve memory without bound.
const MOST_BYTES: usize = 256 << 20;

/// A record written down and not compressed yet.
pub(super) struct EncodedRecord(Vec<u8>);

impl EncodedRecord {
    /// Writes a record down.
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

    /// The fingerprint of the record as it was understood, whenever it was read.
    ///
    /// What was read at another time than the record itself, as what is filled in from an older answer, counts with
    /// its time. Unlike [`crate::model::ContentHash`] it changes when the same bytes are understood differently.
    pub(super) fn fingerprint(&self, provenance: &Provenance) -> Result<[u8; 16], KeptError> {
        // A time to the nanosecond stands for nothing else.
        let fetched_at = rmp_serde::to_vec(&provenance.fetched_at)?;
        let fresh_until = rmp_serde::to_vec(&provenance.fresh_until)?;
        let mut digest = Sha256::new();
        for piece in between(&self.0, &fetched_at).flat_map(|piece| between(piece, &fresh_until)) {
            digest.update(piece);
        }
        Ok(digest.finalize().first_chunk().copied().unwrap_or_default())
    }

    /// The bytes to be kept.
    pub(super) fn packed(&self) -> Vec<u8> {
        let length = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let mut bytes = vec![FORMAT];
        bytes.extend(length.to_le_bytes());
        bytes.extend(lz4_flex::block::compress(&self.0));
        bytes
    }
}

/// Reads a record of `kind`.
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

/// Reads of a record those members that `T` has, which is quicker the fewer they are.
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

/// What stands before, between and after the places where `wanted` stands.
fn between<'b>(bytes: &'b [u8], wanted: &[u8]) -> impl Iterator<Item = &'b [u8]> {
    let ends = memmem::find_iter(bytes, wanted).map(|at| (at, at + wanted.len())).collect::<Vec<_>>();
    let starts = [0].into_iter().chain(ends.clone().into_iter().map(|(_, end)| end));
    let ends = ends.into_iter().map(|(at, _)| at).chain([bytes.len()]);
    starts.zip(ends).filter_map(|(from, to)| bytes.get(from..to))
}
