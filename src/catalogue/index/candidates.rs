//! Asking the index: the services it names, with their scores.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::counted::{Counted, counted};
use super::query::{SCALE, query, scores};
use super::schema::Fields;
use super::{IndexCounts, IndexError, unbroken};
use crate::catalogue::find::Hit;
use crate::model::Narrowing;

/// The index as it stood at one moment.
#[derive(Clone)]
pub(in crate::catalogue) struct Searcher {
    searcher: tantivy::Searcher,
    fields: Fields,
    /// Whether there is more in the store than it knows of.
    is_behind: bool,
    /// Words that were counted.
    counted: Counted,
}

impl Searcher {
    pub(super) fn new(searcher: tantivy::Searcher, fields: Fields, is_behind: bool) -> Self {
        Self { searcher, fields, is_behind, counted: counted() }
    }

    /// The words that services say.
    ///
    /// # Errors
    /// When the index does not know of all that is in the store.
    pub(in crate::catalogue) fn counts(&self) -> Result<IndexCounts, IndexError> {
        if self.is_behind {
            return Err(IndexError::Behind);
        }
        Ok(IndexCounts::new(self.searcher.clone(), self.fields.clone(), self.counted.clone()))
    }

    /// The services that a condition names, in no particular order, each once.
    ///
    /// # Errors
    /// When the index cannot be read, or does not know of all that is in the store.
    pub(in crate::catalogue) fn candidates(&self, narrowing: &Narrowing<'_>) -> Result<Vec<Hit>, IndexError> {
        if self.is_behind {
            return Err(IndexError::Behind);
        }
        let gather = Gather { scores: scores(narrowing) };
        unbroken(|| Ok(self.searcher.search(&query(narrowing, &self.fields), &gather)?))
    }
}

struct Gather {
    scores: bool,
}

struct GatherSegment {
    ordinals: Column<u64>,
    found: Vec<Hit>,
}

impl Collector for Gather {
    type Fruit = Vec<Hit>;
    type Child = GatherSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<GatherSegment> {
        Ok(GatherSegment { ordinals: segment.fast_fields().u64("ordinal")?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.scores
    }

    fn merge_fruits(&self, found: Vec<Vec<Hit>>) -> tantivy::Result<Vec<Hit>> {
        Ok(found.concat())
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Hit>;

    fn collect(&mut self, document: DocId, score: Score) {
        let ordinal = self.ordinals.first(document).and_then(|ordinal| u32::try_from(ordinal).ok());
        self.found.extend(ordinal.map(|ordinal| Hit { ordinal, score: score / SCALE }));
    }

    fn harvest(self) -> Vec<Hit> {
        self.found
    }
}
