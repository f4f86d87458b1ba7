//! Searches the index: returns the services that a condition names, with their scores.

use std::sync::Arc;

use tantivy::TantivyError;

use super::asked::AskedSegment;
use super::counted::{CountedWords, counted};
use super::query::SCALE;
use super::remembered::SegmentMemory;
use super::schema::IndexFields;
use super::{IndexCounts, IndexError, unbroken};
use crate::catalogue::find::ServiceHit;
use crate::model::{FilterNarrowing, NearSpellings};

/// How many words are offered between two checks whether the caller still waits.
const SOME_WORDS: usize = 4096;

/// The index as it stood at one moment.
#[derive(Clone)]
pub(in crate::catalogue) struct IndexSearcher {
    searcher: tantivy::Searcher,
    fields: IndexFields,
    /// Whether the index may lack something that the store has.
    is_behind: bool,
    /// The words that have been counted.
    counted: CountedWords,
    /// What has been found, for each segment.
    remembered: Arc<[Arc<SegmentMemory>]>,
}

impl IndexSearcher {
    pub(super) fn new(searcher: tantivy::Searcher, fields: IndexFields) -> Self {
        let remembered = SegmentMemory::of_each(&searcher, &[]);
        Self { searcher, fields, is_behind: false, counted: counted(), remembered }
    }

    /// Returns the searcher after a commit. Keeps what was found in segments that still exist.
    pub(super) fn followed_by(&self, searcher: tantivy::Searcher) -> Self {
        let remembered = SegmentMemory::of_each(&searcher, &self.remembered);
        Self { searcher, fields: self.fields.clone(), is_behind: false, counted: counted(), remembered }
    }

    /// Returns the searcher, marked as behind the store or not.
    pub(super) fn behind(&self, is_behind: bool) -> Self {
        Self { is_behind, ..self.clone() }
    }

    /// Returns the counts of the words that services contain.
    ///
    /// # Errors
    /// If the index is behind the store.
    pub(in crate::catalogue) fn counts(&self) -> Result<IndexCounts, IndexError> {
        if self.is_behind {
            return Err(IndexError::Behind);
        }
        Ok(IndexCounts::new(self.searcher.clone(), self.fields.clone(), self.counted.clone()))
    }

    /// Returns the services that a condition names, each once, in no particular order.
    ///
    /// # Errors
    /// If the index cannot be read, or is behind the store.
    pub(in crate::catalogue) fn candidates(
        &self,
        narrowing: &FilterNarrowing<'_>,
    ) -> Result<Vec<ServiceHit>, IndexError> {
        if self.is_behind {
            return Err(IndexError::Behind);
        }
        unbroken(|| {
            let mut hits = Vec::new();
            for (segment, remembered) in self.searcher.segment_readers().iter().zip(&*self.remembered) {
                let (searcher, fields) = (&self.searcher, &self.fields);
                let found = AskedSegment { searcher, segment, remembered, fields }.found(narrowing)?;
                let ordinals = remembered.ordinals(segment)?;
                let alive = segment.alive_bitset();
                found.each(|document, score| {
                    if alive.is_none_or(|alive| alive.is_alive(document)) {
                        let ordinal = ordinals.get(document as usize);
                        hits.extend(
                            ordinal.map(|ordinal| ServiceHit { ordinal: *ordinal, score: score / SCALE }),
                        );
                    }
                });
            }
            Ok(hits)
        })
    }

    /// Returns whether the services that contain these words are cached for any segment.
    #[cfg(test)]
    pub(super) fn remembers(&self, text: &crate::model::TextQuery) -> bool {
        self.remembered.iter().any(|one| one.texts.contains_key(text))
    }

    /// Offers each word in the index to the searches for near spellings, until `is_asked` returns `false`.
    ///
    /// # Errors
    /// If the index cannot be read.
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
