//! What was found in a segment, kept for as long as there is that segment: people ask with the words, squares of the map and
//! hours that others asked with. A segment never changes but for services that are gone from it, and those are left out
//! when it is asked.

use std::sync::{Arc, OnceLock};

use moka::sync::Cache;
use roaring::RoaringBitmap;
use tantivy::SegmentReader;
use tantivy::index::SegmentId;

use super::found::ScoredDocument;
use crate::model::{AskedPhrase, TextQuery};

/// The most bytes that the answers of each kind may take, for each service of a segment.
const BYTES_A_SERVICE: u64 = 32;
/// The most that they may take however few services there are.
const LEAST_BYTES: u64 = 64 << 10;
/// What an answer takes beside what it holds.
const BESIDE: usize = 256;

/// What is remembered of one segment.
#[derive(Debug)]
pub(super) struct SegmentMemory {
    segment: SegmentId,
    ordinals: OnceLock<Vec<u32>>,
    /// The services with a tag.
    pub(super) tagged: Cache<IndexTag, Arc<RoaringBitmap>>,
    /// Those in which words occur.
    pub(super) texts: Cache<TextQuery, Arc<[ScoredDocument]>>,
    /// Those that answer a phrase.
    pub(super) phrases: Cache<AskedPhrase, Arc<[ScoredDocument]>>,
}

/// A tag as the index has it.
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

    /// What is remembered of each segment of a searcher; of those that were there before, what was remembered then.
    pub(super) fn of_each(searcher: &tantivy::Searcher, before: &[Arc<Self>]) -> Arc<[Arc<Self>]> {
        let of = |segment: &SegmentReader| {
            let known = before.iter().find(|known| known.segment == segment.segment_id());
            known.map_or_else(|| Arc::new(Self::nothing(segment)), Arc::clone)
        };
        searcher.segment_readers().iter().map(of).collect()
    }

    /// Returns the number in the store of each service of the segment.
    pub(super) fn ordinals(&self, segment: &SegmentReader) -> tantivy::Result<&[u32]> {
        if let Some(ordinals) = self.ordinals.get() {
            return Ok(ordinals);
        }
        let column = segment.fast_fields().u64("ordinal")?;
        let ordinal = |document| column.first(document).and_then(|ordinal| u32::try_from(ordinal).ok());
        // Every service has one. No service of the store has the last of all numbers.
        let ordinals = (0..segment.max_doc()).map(|document| ordinal(document).unwrap_or(u32::MAX)).collect();
        Ok(self.ordinals.get_or_init(|| ordinals))
    }
}
