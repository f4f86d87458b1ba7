//! Records as bytes: a format version, then MessagePack with the members' names, compressed with LZ4.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{AnyRecord, RecordKind};

/// Why bytes are no record.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeptError {
    #[error("of format {0}, which this release does not read")]
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

/// Writes a record down.
pub(super) fn encode(record: &AnyRecord) -> Result<Vec<u8>, KeptError> {
    match record {
        AnyRecord::Service(record) => pack(record),
        AnyRecord::Organization(record) => pack(record),
        AnyRecord::Location(record) => pack(record),
        AnyRecord::ServiceAtLocation(record) => pack(record),
        AnyRecord::Taxonomy(record) => pack(record),
        AnyRecord::TaxonomyTerm(record) => pack(record),
    }
}

/// Reads a record of `kind`.
pub(super) fn decode(kind: RecordKind, bytes: &[u8]) -> Result<AnyRecord, KeptError> {
    Ok(match kind {
        RecordKind::Service => AnyRecord::Service(unpack(bytes)?),
        RecordKind::Organization => AnyRecord::Organization(unpack(bytes)?),
        RecordKind::Location => AnyRecord::Location(unpack(bytes)?),
        RecordKind::ServiceAtLocation => AnyRecord::ServiceAtLocation(unpack(bytes)?),
        RecordKind::Taxonomy => AnyRecord::Taxonomy(unpack(bytes)?),
        RecordKind::TaxonomyTerm => AnyRecord::TaxonomyTerm(unpack(bytes)?),
    })
}

fn pack(record: &impl Serialize) -> Result<Vec<u8>, KeptError> {
    let plain = rmp_serde::to_vec_named(record)?;
    let length = u32::try_from(plain.len()).unwrap_or(u32::MAX);
    let mut bytes = vec![FORMAT];
    bytes.extend(length.to_le_bytes());
    bytes.extend(lz4_flex::block::compress(&plain));
    Ok(bytes)
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<Arc<T>, KeptError> {
    let (format, rest) = bytes.split_first().ok_or(KeptError::Short)?;
    if *format != FORMAT {
        return Err(KeptError::Format(*format));
    }
    let (length, packed) = rest.split_first_chunk().ok_or(KeptError::Short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let plain = lz4_flex::block::decompress(packed, length.min(MOST_BYTES))?;
    Ok(Arc::new(rmp_serde::from_slice(&plain)?))
}
