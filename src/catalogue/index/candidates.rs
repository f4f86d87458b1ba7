//! Asking the index: the services it names, with their scores.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::IndexError;
use super::narrow::Narrow;
use super::query::{SCALE, query};
use super::schema::Fields;

/// A service that the index names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its number in the store.
    pub ordinal: u32,
    /// How well it answers the words that were asked for, as [`crate::model::TextQuery`] counts; 0 where none were.
    pub score: f32,
}

/// The index as it stood at one moment.
#[derive(Clone)]
pub(in crate::catalogue) struct Searcher {
    searcher: tantivy::Searcher,
    fields: Fields,
}

impl Searcher {
    pub(super) fn new(searcher: tantivy::Searcher, fields: Fields) -> Self {
        Self { searcher, fields }
    }

    /// The services that a condition names, in no particular order, each once.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(in crate::catalogue) fn candidates(&self, narrow: &Narrow) -> Result<Vec<Candidate>, IndexError> {
        let gather = Gather { scores: narrow.scores() };
        Ok(self.searcher.search(&query(narrow, &self.fields), &gather)?)
    }
}

struct Gather {
    scores: bool,
}

struct GatherSegment {
    ordinals: Column<u64>,
    found: Vec<Candidate>,
}

impl Collector for Gather {
    type Fruit = Vec<Candidate>;
    type Child = GatherSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<GatherSegment> {
        Ok(GatherSegment { ordinals: segment.fast_fields().u64("ordinal")?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.scores
    }

    fn merge_fruits(&self, found: Vec<Vec<Candidate>>) -> tantivy::Result<Vec<Candidate>> {
        Ok(found.concat())
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Candidate>;

    fn collect(&mut self, document: DocId, score: Score) {
        let ordinal = self.ordinals.first(document).and_then(|ordinal| u32::try_from(ordinal).ok());
        self.found.extend(ordinal.map(|ordinal| Candidate { ordinal, score: score / SCALE }));
    }

    fn harvest(self) -> Vec<Candidate> {
        self.found
    }
}
