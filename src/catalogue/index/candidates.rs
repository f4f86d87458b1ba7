//! QueryContext the index: the services it names, with their scores.

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

/// How many words are looked at between two looks at whether anybody still waits.
const SOME_WORDS: usize = 4096;

/// The index as it stood at one moment.
#[derive(Clone)]
pub(in crate::catalogue) struct IndexSearcher {
    searcher: tantivy::Searcher,
    fields: IndexFields,
    /// Whether there is more in the store than it knows of.
    is_behind: bool,
    /// Words that were counted.
    counted: CountedWords,
    /// What was found, segment by segment.
    remembered: Arc<[Arc<SegmentMemory>]>,
}

impl IndexSearcher {
    pub(super) fn new(searcher: tantivy::Searcher, fields: IndexFields) -> Self {
        let remembered = SegmentMemory::of_each(&searcher, &[]);
        Self { searcher, fields, is_behind: false, counted: counted(), remembered }
    }

    /// The index after a commit. What was found in segments that are still there is remembered.
    pub(super) fn followed_by(&self, searcher: tantivy::Searcher) -> Self {
        let remembered = SegmentMemory::of_each(&searcher, &self.remembered);
        Self { searcher, fields: self.fields.clone(), is_behind: false, counted: counted(), remembered }
    }

    /// The index, which may not know of all that is in the store.
    pub(super) fn behind(&self, is_behind: bool) -> Self {
        Self { is_behind, ..self.clone() }
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

    /// Whether it is remembered of any segment in which services words occur.
    #[cfg(test)]
    pub(super) fn remembers(&self, text: &crate::model::TextQuery) -> bool {
        self.remembered.iter().any(|one| one.texts.contains_key(text))
    }

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
