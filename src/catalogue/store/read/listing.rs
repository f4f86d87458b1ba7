//! Reading all records of one kind and source.

use std::iter;
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use redb::ReadOnlyTable;

use super::StoreSnapshot;
use crate::catalogue::carried::LocationCarrier;
use crate::catalogue::encoded;
use crate::catalogue::mending::StoreMending;
use crate::catalogue::store::tables::{StoreKey, key, number};
use crate::catalogue::store::{StoreError, StoredMark};
use crate::model::{AnyRecord, Location, Record as _, RecordId, RecordKind, SourceKey};

/// A record that a walk has not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenRecord {
    /// The id of the record.
    pub id: RecordId,
    /// How many complete walks missed the record before.
    pub missed: u32,
}

/// Some records of a list, in the order of their ids.
#[derive(Clone, Debug)]
pub struct ListStretch<R> {
    /// The records that can be read.
    pub records: Vec<R>,
    /// The id of the last record that was looked at. `None` if no more records follow.
    pub last: Option<Box<str>>,
    /// Whether records were left out because they cannot be read.
    pub lacks: bool,
}

/// The largest total size of the records in a stretch, in bytes. The last record may exceed it.
const MOST_WEIGHT: usize = 8 << 20;

/// The locations nested in one record.
#[derive(Clone, Debug)]
pub struct LocationsOf {
    /// The record that contains them.
    pub id: RecordId,
    /// The locations, as fresh as the record itself.
    pub locations: Vec<Arc<Location>>,
    /// When the record was last read or seen.
    pub seen_at: DateTime<Utc>,
    /// Until when the record is fresh.
    pub fresh_until: DateTime<Utc>,
}

/// The limits of one stretch.
struct Most {
    records: usize,
    weight: usize,
}

impl StoreSnapshot {
    /// Returns records of one kind and source, in the order of their feed ids, beginning after `after`. At most
    /// `limit`, and fewer once they come to 8 MiB. Unreadable records are left out, and queued for repair.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn records(
        &self,
        kind: RecordKind,
        source: &SourceKey,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ListStretch<AnyRecord>, StoreError> {
        let most = Most { records: limit, weight: MOST_WEIGHT };
        let read = |id: &RecordId, mark: &StoredMark| {
            Ok(self.record(id, mark)?.map(|record| (record.weight(), record)))
        };
        self.readable(kind, source, after, most, read)
    }

    /// Like [`Self::records`], but returns only the locations nested in each record, which is much quicker.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn locations_within(
        &self,
        kind: RecordKind,
        source: &SourceKey,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ListStretch<LocationsOf>, StoreError> {
        let most = Most { records: limit, weight: MOST_WEIGHT };
        let read = |id: &RecordId, mark: &StoredMark| {
            let Some(bytes) = self.records.get(key(id))? else { return Ok(None) };
            let carrier: LocationCarrier = encoded::decode_part(bytes.value())?;
            let locations = carrier.into_locations(mark);
            let weight = locations.iter().map(|location| location.weight()).sum();
            let (seen_at, fresh_until) = (mark.seen_at, mark.fresh_until());
            Ok(Some((weight, LocationsOf { id: id.clone(), locations, seen_at, fresh_until })))
        };
        self.readable(kind, source, after, most, read)
    }

    /// Returns all records of one kind and source, and whether any could not be read. Unreadable records are queued for
    /// repair.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn all_records(
        &self,
        kind: RecordKind,
        source: &SourceKey,
    ) -> Result<(Vec<AnyRecord>, bool), StoreError> {
        let all = Most { records: usize::MAX, weight: usize::MAX };
        let read = |id: &RecordId, mark: &StoredMark| Ok(self.record(id, mark)?.map(|record| (0, record)));
        let ListStretch { records, lacks, .. } = self.readable(kind, source, None, all, read)?;
        Ok((records, lacks))
    }

    fn readable<R>(
        &self,
        kind: RecordKind,
        source: &SourceKey,
        after: Option<&str>,
        most: Most,
        read: impl Fn(&RecordId, &StoredMark) -> Result<Option<(usize, R)>, StoreError>,
    ) -> Result<ListStretch<R>, StoreError> {
        let (mut records, mut weight, mut lacks) = (Vec::new(), 0_usize, false);
        let (mut at, mut has_more): (Option<Box<str>>, _) = (None, false);
        for entry in keys(&self.marks, kind, source, after)? {
            has_more = records.len() >= most.records || weight >= most.weight;
            if has_more {
                break;
            }
            let (id, mark) = entry?;
            at = Some(id.upstream().into());
            let record = match mark.map_or(Ok(None), |mark| read(&id, &mark)) {
                // The gateway is stopping, so the record is not damaged.
                Err(error) if error.is_closed() => return Err(error),
                Err(error) => {
                    tracing::warn!(source = %source, record = id.upstream(), %error, "cannot read a record in the store");
                    None
                }
                Ok(record) => record,
            };
            if record.is_none() {
                self.mending.record_failed(&id);
                lacks = true;
            }
            if let Some((bytes, record)) = record {
                weight = weight.saturating_add(bytes);
                records.push(record);
            }
        }
        Ok(ListStretch { records, last: at.filter(|_| has_more), lacks })
    }

    /// Returns what is to be repaired in the store.
    pub(in crate::catalogue) fn mending(&self) -> &StoreMending {
        &self.mending
    }

    /// Decodes a record. Returns `None`, and queues the record for repair, if the bytes are unreadable.
    pub(super) fn decoded_or_noted(
        &self,
        kind: RecordKind,
        (_, source, upstream): (u8, &str, &str),
        bytes: &[u8],
    ) -> Option<AnyRecord> {
        let decoded = encoded::decode(kind, bytes).ok();
        if let (None, Ok(source)) = (&decoded, SourceKey::parse(source)) {
            self.mending.record_failed(&RecordId::new(kind, &source, upstream));
        }
        decoded
    }

    /// Returns the records of one kind and source that were last seen before a walk.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn unseen(
        &self,
        kind: RecordKind,
        source: &SourceKey,
        walk: u64,
    ) -> Result<Vec<UnseenRecord>, StoreError> {
        let marks = keys(&self.marks, kind, source, None)?;
        let unseen = marks.filter_map(|entry| match entry {
            Ok((id, mark)) => {
                let mark = self.known(&id, mark)?;
                (mark.walk < walk).then_some(Ok(UnseenRecord { id, missed: mark.missed }))
            }
            Err(error) => Some(Err(error)),
        });
        unseen.collect()
    }

    /// Returns the ids and marks of the records of one kind and source, in the order of their ids. Unreadable marks are
    /// left out, and their records queued for repair.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn marks(
        &self,
        kind: RecordKind,
        source: &SourceKey,
    ) -> Result<Vec<(RecordId, StoredMark)>, StoreError> {
        let marks = keys(&self.marks, kind, source, None)?;
        let known = marks.filter_map(|entry| match entry {
            Ok((id, mark)) => self.known(&id, mark).map(|mark| Ok((id, mark))),
            Err(error) => Some(Err(error)),
        });
        known.collect()
    }

    /// Returns the mark. If it could not be read, queues the record for repair.
    fn known(&self, id: &RecordId, mark: Option<StoredMark>) -> Option<StoredMark> {
        if mark.is_none() {
            self.mending.record_failed(id);
        }
        mark
    }
}

/// Iterates over the ids and marks of one kind and source. The mark is `None` if it cannot be read.
fn keys(
    marks: &ReadOnlyTable<StoreKey, &'static [u8]>,
    kind: RecordKind,
    source: &SourceKey,
    after: Option<&str>,
) -> Result<impl Iterator<Item = Result<(RecordId, Option<StoredMark>), StoreError>>, StoreError> {
    let from = match after {
        Some(after) => Bound::Excluded((number(kind), source.as_str(), after)),
        None => Bound::Included((number(kind), source.as_str(), "")),
    };
    let mut range = marks.range((from, Bound::Unbounded))?;
    let source = source.clone();
    Ok(iter::from_fn(move || {
        let read = || {
            let Some(entry) = range.next() else { return Ok(None) };
            let (key, mark) = entry?;
            let (of_kind, of_source, upstream) = key.value();
            if of_kind != number(kind) || of_source != source.as_str() {
                return Ok(None);
            }
            let id = RecordId::new(kind, &source, upstream);
            Ok(Some((id, postcard::from_bytes(mark.value()).ok())))
        };
        let mut read = read;
        read().transpose()
    }))
}
