//! Counts the words of stored services in the index.

use std::sync::{Mutex, PoisonError};

use moka::sync::Cache;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED, Term};

use super::placed;
use super::schema::IndexFields;
use super::{IndexError, unbroken};
use crate::model::{WordFrequencies, WordRarity, WordStanding, slip_beginning, slips};

/// How many services have a word in each standing, for the words counted so far in one state of the index.
pub(super) type CountedWords = Cache<Box<str>, WordFrequencies>;

/// The most words whose counts are cached. Phrases use far fewer.
const MOST_COUNTED: u64 = 20_000;

/// Creates an empty cache.
pub(super) fn counted() -> CountedWords {
    Cache::new(MOST_COUNTED)
}

/// Counts words when they are first asked for.
pub(in crate::catalogue) struct IndexCounts {
    searcher: tantivy::Searcher,
    fields: IndexFields,
    counted: CountedWords,
    /// The first failure. Counts are wrong from then on.
    failure: Mutex<Option<IndexError>>,
}

impl IndexCounts {
    pub(super) fn new(searcher: tantivy::Searcher, fields: IndexFields, counted: CountedWords) -> Self {
        Self { searcher, fields, counted, failure: Mutex::default() }
    }

    /// Takes the first failure while words were counted. `None` if none failed.
    pub(in crate::catalogue) fn failure(&self) -> Option<IndexError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn or_failure<T: Default>(&self, work: impl FnOnce() -> Result<T, IndexError>) -> T {
        unbroken(work).unwrap_or_else(|error| {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            T::default()
        })
    }

    fn count(&self, stem: &str, standing: WordStanding) -> Result<u64, IndexError> {
        let term = Term::from_field_text(self.fields.ask, &placed::term(stem, standing));
        let each = self.searcher.segment_readers().iter().map(|segment| alive(segment, &term));
        each.sum()
    }

    fn similar(&self, stem: &str, most: usize) -> Result<Vec<(usize, Box<str>)>, IndexError> {
        let mut similar: Vec<(usize, Box<str>)> = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.ask)?;
            for standing in WordStanding::ALL {
                let from = placed::term(slip_beginning(stem), standing);
                let words = index.terms().range().ge(&from).into_stream();
                let mut words = words.map_err(tantivy::TantivyError::from)?;
                while words.advance() {
                    let word = std::str::from_utf8(words.key()).ok().filter(|word| word.starts_with(&from));
                    let Some(known) = word.and_then(|word| word.get(1..)) else { break };
                    let near =
                        slips(known, stem, most).filter(|_| !similar.iter().any(|(_, is)| **is == *known));
                    similar.extend(near.map(|slips| (slips, known.into())));
                }
            }
        }
        // Leaves out words that only removed services contain.
        similar.retain(|(_, known)| self.knows(known));
        Ok(similar)
    }
}

/// Returns how many services of a segment contain a term. Leaves out removed services, which the segment still counts,
/// so that rarity does not depend on the order of writes.
fn alive(segment: &SegmentReader, term: &Term) -> Result<u64, IndexError> {
    let index = segment.inverted_index(term.field())?;
    let io = tantivy::TantivyError::from;
    let Some(alive) = segment.alive_bitset() else { return Ok(u64::from(index.doc_freq(term).map_err(io)?)) };
    let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic).map_err(io)? else {
        return Ok(0);
    };
    let mut count = 0;
    while postings.doc() != TERMINATED {
        count += u64::from(alive.is_alive(postings.doc()));
        postings.advance();
    }
    Ok(count)
}

impl WordRarity for IndexCounts {
    fn services(&self) -> u64 {
        self.searcher.num_docs()
    }

    fn of(&self, stem: &str) -> WordFrequencies {
        if let Some(frequencies) = self.counted.get(stem) {
            return frequencies;
        }
        self.or_failure(|| {
            let mut frequencies = WordFrequencies::default();
            for (count, standing) in frequencies.iter_mut().zip(WordStanding::ALL) {
                *count = self.count(stem, standing)?;
            }
            self.counted.insert(stem.into(), frequencies);
            Ok(frequencies)
        })
    }

    fn alike(&self, stem: &str, most: usize) -> Vec<(usize, Box<str>)> {
        self.or_failure(|| self.similar(stem, most))
    }
}
