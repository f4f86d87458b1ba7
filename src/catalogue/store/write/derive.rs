//! Derives the facts of every service again from the records.

use chrono::DateTime;
use redb::{ReadableTable as _, WriteTransaction};

use super::{BatchTransaction, WriteOutcome};
use crate::catalogue::encoded;
use crate::catalogue::store::StoreError;
use crate::catalogue::store::StoredMark;
use crate::catalogue::store::tables::number;
use crate::model::{AnyRecord, PostcodePlaces, RecordId, RecordKind, ServiceFacts, SourceKey};

/// Derives the facts of every service again. A service that cannot be read is removed, and comes back with the next
/// walk.
pub(in crate::catalogue::store) fn derive_facts(
    writing: &WriteTransaction,
    postcodes: &PostcodePlaces,
) -> Result<(), StoreError> {
    let mut writer = BatchTransaction::new(writing, postcodes, DateTime::UNIX_EPOCH)?;
    writer.facts.retain(|_, _| false)?;
    writer.namers.retain(|_, ()| false)?;
    let kind = number(RecordKind::Service);
    let mut marks = Vec::new();
    for entry in writer.marks.range((kind, "", "")..(kind + 1, "", ""))? {
        let (key, mark) = entry?;
        let (_, source, upstream) = key.value();
        if let Ok(source) = SourceKey::parse(source) {
            let id = RecordId::new(RecordKind::Service, &source, upstream);
            marks.push((id, postcard::from_bytes::<StoredMark>(mark.value()).ok()));
        }
    }
    for (id, mark) in marks {
        let read = writer.records.get(super::key(&id))?;
        let read = read.and_then(|bytes| encoded::decode(RecordKind::Service, bytes.value()).ok());
        match (read, mark.and_then(|mark| mark.ordinal)) {
            (Some(AnyRecord::Service(service)), Some(ordinal)) => {
                writer.note_namer(&service, ordinal)?;
                let facts = ServiceFacts::of(&*writer.provided(&service)?, postcodes);
                writer.facts.insert(ordinal, postcard::to_stdvec(&facts)?.as_slice())?;
            }
            _ => {
                writer.take_out(&id, &[])?;
                // The other gateways still have this record, so this copy must be loaded again.
                super::prepared::leave_journal(writing)?;
            }
        }
    }
    writer.finish(writing, &mut WriteOutcome::default())
}
