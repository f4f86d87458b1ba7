//! Asking the index: the services it names, with their scores.

use std::sync::Arc;

use moka::sync::Cache;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::counted::{Counted, counted};
use super::query::{SCALE, query, scores};
use super::schema::Fields;
use super::{IndexCounts, IndexError, unbroken};
use crate::catalogue::find::Hit;
use crate::model::{Ask, Narrowing, NearSpellings};

/// How many words are looked at between two looks at whether anybody still waits.
const SOME_WORDS: usize = 4096;

/// The index as it stood at one moment.
#[derive(Clone)]
pub(in crate::catalogue) struct Searcher {
    searcher: tantivy::Searcher,
    fields: Fields,
    /// Whether there is more in the store than it knows of.
    is_behind: bool,
    /// Words that were counted.
    counted: Counted,
    /// Phrases that were answered: people ask the common ones again, with other conditions.
    answered: Cache<Ask, Arc<[Hit]>>,
}

/// The most that the answers to phrases may take, in bytes.
const MOST_ANSWERED: u64 = 32 << 20;

impl Searcher {
    pub(super) fn new(searcher: tantivy::Searcher, fields: Fields, is_behind: bool) -> Self {
        let weight =
            |_: &Ask, hits: &Arc<[Hit]>| u32::try_from(size_of_val(&**hits) + 1024).unwrap_or(u32::MAX);
        let answered = Cache::builder().weigher(weight).max_capacity(MOST_ANSWERED).build();
        Self { searcher, fields, is_behind, counted: counted(), answered }
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
        let Narrowing::Asked(ask) = narrowing else { return self.gathered(narrowing) };
        if let Some(hits) = self.answered.get(*ask) {
            return Ok(hits.to_vec());
        }
        let hits = self.gathered(narrowing)?;
        self.answered.insert((*ask).clone(), hits.as_slice().into());
        Ok(hits)
    }

    fn gathered(&self, narrowing: &Narrowing<'_>) -> Result<Vec<Hit>, IndexError> {
        let gather = Gather { scores: scores(narrowing) };
        unbroken(|| Ok(self.searcher.search(&query(narrowing, &self.fields), &gather)?))
    }
}

impl Searcher {
    /// Offers each word that services hold to those who look for near ones. It goes through all words there are, until
    /// `is_asked` says no.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(in crate::catalogue) fn offer_words(
        &self,
        wanted: &mut [NearSpellings],
        is_asked: &dyn Fn() -> bool,
    ) -> Result<(), IndexError> {
        unbroken(|| {
            for segment in self.searcher.segment_readers() {
                for classed in self.fields.by_class() {
                    let index = segment.inverted_index(classed.words)?;
                    let mut words = index.terms().stream().map_err(TantivyError::from)?;
                    let mut looked_at = 0_usize;
                    while words.advance() {
                        looked_at += 1;
                        if looked_at.is_multiple_of(SOME_WORDS) && !is_asked() {
                            return Ok(());
                        }
                        let times = words.value().doc_freq as usize;
                        if let Ok(word) = std::str::from_utf8(words.key()) {
                            wanted.iter_mut().for_each(|near| near.offer(word, times));
                        }
                    }
                }
            }
            Ok(())
        })
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
