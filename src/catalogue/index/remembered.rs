//! Caches what was found in a segment for as long as the segment exists: people use the words, map squares and hours
//! that others have used before. A segment never changes, except that services are removed from it; searches leave
//! those out.

use std::sync::{Arc, OnceLock};

use moka::sync::Cache;
use roaring::RoaringBitmap;
use tantivy::SegmentReader;
use tantivy::index::SegmentId;

use super::found::ScoredDocument;
use crate::model::{AskedPhrase, TextQuery};

/// The most bytes that the results of each kind may take, for each service of a segment.
const BYTES_A_SERVICE: u64 = 32;
/// The most bytes that they may take if a segment has few services.
const LEAST_BYTES: u64 = 64 << 10;
/// What a result takes besides its contents, in bytes.
const BESIDE: usize = 256;

/// What is cached for one segment.
#[derive(Debug)]
pub(super) struct SegmentMemory {
    segment: SegmentId,
    ordinals: OnceLock<Vec<u32>>,
    /// The services with a tag.
    pub(super) tagged: Cache<IndexTag, Arc<RoaringBitmap>>,
    /// The services that contain words.
    pub(super) texts: Cache<TextQuery, Arc<[ScoredDocument]>>,
    /// The services that answer a phrase.
    pub(super) phrases: Cache<AskedPhrase, Arc<[ScoredDocument]>>,
}

/// A tag as it is indexed.
type IndexTag = Box<str>;

impl SegmentMemory {
    fn nothing(segment: &SegmentReader) -> Self {
        let most = (u64::from(segment.max_doc()) * BYTES_A_SERVICE).max(LEAST_BYTES);
        let weight = |bytes: usize| u32::try_from(bytes + BESIDE).unwrap_or(u32::MAX);
        Self {
            segment: segment.segment_id(),
            ordinals: OnceLock::new(),
            tagged: Cache::builder()
                .weigher(move |tag: &IndexTag, set: &Arc<RoaringBitmap>| {
                    weight(tag.len() + set.serialized_size())
                })
                .max_capacity(most)
                .build(),
            texts: Cache::builder()
                .weigher(move |_: &TextQuery, found: &Arc<[ScoredDocument]>| weight(size_of_val(&**found)))
                .max_capacity(most)
                .build(),
            phrases: Cache::builder()
                .weigher(move |_: &AskedPhrase, found: &Arc<[ScoredDocument]>| weight(size_of_val(&**found)))
                .max_capacity(most)
                .build(),
        }
    }

    /// Returns the caches for the segments of a searcher. Segments that existed `before` keep theirs.
    pub(super) fn of_each(searcher: &tantivy::Searcher, before: &[Arc<Self>]) -> Arc<[Arc<Self>]> {
        let of = |segment: &SegmentReader| {
            let known = before.iter().find(|known| known.segment == segment.segment_id());
            known.map_or_else(|| Arc::new(Self::nothing(segment)), Arc::clone)
        };
        searcher.segment_readers().iter().map(of).collect()
    }

    /// Returns the ordinal of each service of the segment.
    pub(super) fn ordinals(&self, segment: &SegmentReader) -> tantivy::Result<&[u32]> {
        if let Some(ordinals) = self.ordinals.get() {
            return Ok(ordinals);
        }
        let column = segment.fast_fields().u64("ordinal")?;
        let ordinal = |document| column.first(document).and_then(|ordinal| u32::try_from(ordinal).ok());
        // Every service has an ordinal. No service has `u32::MAX`.
        let ordinals = (0..segment.max_doc()).map(|document| ordinal(document).unwrap_or(u32::MAX)).collect();
        Ok(self.ordinals.get_or_init(|| ordinals))
    }
}
