//! Searches one segment. The results of tags, words and phrases are joined as a condition says, and most are cached.

use std::sync::Arc;

use roaring::{MultiOps as _, RoaringBitmap};
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query as _, Scorer};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, SegmentReader, TERMINATED, TantivyError, Term};

use super::answers::SegmentPhrase;
use super::document::cut;
use super::found::{ScoredDocument, SegmentMatches};
use super::query::words_query;
use super::remembered::SegmentMemory;
use super::schema::IndexFields;
use crate::model::{AskedPhrase, FilterNarrowing, TextQuery};

/// How many times as long it takes to look up one service as to move on to the next one in a list.
const LOOKING_UP: u64 = 16;

/// One segment, with what is needed to search it.
pub(super) struct AskedSegment<'s> {
    pub(super) searcher: &'s tantivy::Searcher,
    pub(super) segment: &'s SegmentReader,
    pub(super) remembered: &'s SegmentMemory,
    pub(super) fields: &'s IndexFields,
}

impl AskedSegment<'_> {
    /// Returns the services of the segment that a condition names. May include removed services.
    pub(super) fn found(&self, narrowing: &FilterNarrowing<'_>) -> tantivy::Result<SegmentMatches> {
        self.found_within(narrowing, None)
    }

    /// Returns at least those of the services that are in `within`.
    fn found_within(
        &self,
        narrowing: &FilterNarrowing<'_>,
        within: Option<&SegmentMatches>,
    ) -> tantivy::Result<SegmentMatches> {
        match narrowing {
            FilterNarrowing::All => Ok(self.everyone()),
            FilterNarrowing::Tagged(tags) => self.tagged(tags),
            FilterNarrowing::Words(text) => self.holding(text, within).map(SegmentMatches::Scored),
            FilterNarrowing::Asked(ask) => self.answering(ask, within).map(SegmentMatches::Scored),
            FilterNarrowing::Both(parts) => self.in_all(parts, within),
            FilterNarrowing::Either(parts) => self.in_any(parts, within),
        }
    }

    fn everyone(&self) -> SegmentMatches {
        let mut everyone = RoaringBitmap::new();
        everyone.insert_range(0..self.segment.max_doc());
        SegmentMatches::Unscored(Arc::new(everyone))
    }

    /// Parts that are quick to find come first: the others are then only looked for among what was found.
    fn in_all(
        &self,
        parts: &[FilterNarrowing<'_>],
        within: Option<&SegmentMatches>,
    ) -> tantivy::Result<SegmentMatches> {
        let mut parts: Vec<&FilterNarrowing<'_>> = parts.iter().collect();
        parts.sort_by_key(|part| effort(part));
        let mut found: Option<SegmentMatches> = None;
        for part in parts {
            let next = self.found_within(part, found.as_ref().or(within))?;
            found = Some(match found {
                Some(found) => found.and(next),
                None => next,
            });
        }
        Ok(found.unwrap_or_else(|| self.everyone()))
    }

    /// Words that are only one of several alternatives do not add to the score.
    fn in_any(
        &self,
        parts: &[FilterNarrowing<'_>],
        within: Option<&SegmentMatches>,
    ) -> tantivy::Result<SegmentMatches> {
        let sets = parts.iter().map(|part| Ok(self.found_within(part, within)?.unscored()));
        Ok(union(&sets.collect::<tantivy::Result<Vec<_>>>()?))
    }

    fn tagged(&self, tags: &[String]) -> tantivy::Result<SegmentMatches> {
        let sets = tags.iter().map(|tag| self.with_tag(cut(tag)));
        Ok(union(&sets.collect::<tantivy::Result<Vec<_>>>()?))
    }

    fn with_tag(&self, tag: &str) -> tantivy::Result<Arc<RoaringBitmap>> {
        if let Some(set) = self.remembered.tagged.get(tag) {
            return Ok(set);
        }
        let set = Arc::new(postings(self.segment, self.fields.tags, tag)?);
        self.remembered.tagged.insert(tag.into(), Arc::clone(&set));
        Ok(set)
    }

    /// Returns the services that contain the words.
    fn holding(
        &self,
        text: &TextQuery,
        within: Option<&SegmentMatches>,
    ) -> tantivy::Result<Arc<[ScoredDocument]>> {
        if let Some(found) = self.remembered.texts.get(text) {
            return Ok(found);
        }
        let scoring = EnableScoring::enabled_from_statistics_provider(&EvenCounts, self.searcher);
        let mut scorer = words_query(text, self.fields).weight(scoring)?.scorer(self.segment, 1.0)?;
        if let Some(few) = within.filter(|within| are_few(within, scorer.size_hint().into())) {
            return Ok(scored_among(few, &mut *scorer));
        }
        let found = scored(&mut *scorer);
        self.remembered.texts.insert(text.clone(), Arc::clone(&found));
        Ok(found)
    }

    /// Returns the services that answer a phrase.
    fn answering(
        &self,
        ask: &AskedPhrase,
        within: Option<&SegmentMatches>,
    ) -> tantivy::Result<Arc<[ScoredDocument]>> {
        if let Some(found) = self.remembered.phrases.get(ask) {
            return Ok(found);
        }
        let answering = SegmentPhrase::of(ask.reading(), self.segment, self.fields.ask)?;
        if let Some(few) = within.filter(|within| are_few(within, answering.said())) {
            return Ok(answering.among(&few.documents()).into());
        }
        let found: Arc<[ScoredDocument]> = answering.all().into();
        self.remembered.phrases.insert(ask.clone(), Arc::clone(&found));
        Ok(found)
    }
}

/// Returns whether looking up these services is less work than going through `all` entries.
fn are_few(services: &SegmentMatches, all: u64) -> bool {
    services.len().saturating_mul(LOOKING_UP) < all
}

/// Returns how slow a condition is to find. Slower ones come later.
fn effort(narrowing: &FilterNarrowing<'_>) -> u8 {
    match narrowing {
        FilterNarrowing::All | FilterNarrowing::Tagged(_) => 0,
        FilterNarrowing::Both(parts) | FilterNarrowing::Either(parts) => {
            parts.iter().map(effort).max().unwrap_or(0)
        }
        FilterNarrowing::Words(_) => 1,
        FilterNarrowing::Asked(_) => 2,
    }
}

fn union(sets: &[Arc<RoaringBitmap>]) -> SegmentMatches {
    SegmentMatches::Unscored(match sets {
        [one] => Arc::clone(one),
        sets => Arc::new(sets.iter().map(|set| &**set).union()),
    })
}

fn postings(segment: &SegmentReader, field: Field, text: &str) -> tantivy::Result<RoaringBitmap> {
    let term = Term::from_field_text(field, text);
    let postings = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic);
    let Some(mut postings) = postings.map_err(TantivyError::from)? else { return Ok(RoaringBitmap::new()) };
    let mut documents = Vec::with_capacity(postings.size_hint() as usize);
    while postings.doc() != TERMINATED {
        documents.push(postings.doc());
        postings.advance();
    }
    Ok(documents.into_iter().collect())
}

fn scored(scorer: &mut dyn Scorer) -> Arc<[ScoredDocument]> {
    let mut found = Vec::new();
    while scorer.doc() != TERMINATED {
        found.push(ScoredDocument { document: scorer.doc(), score: scorer.score() });
        scorer.advance();
    }
    found.into()
}

fn scored_among(few: &SegmentMatches, scorer: &mut dyn Scorer) -> Arc<[ScoredDocument]> {
    let mut found = Vec::new();
    few.each(|document, _| {
        if scorer.doc() < document {
            scorer.seek(document);
        }
        if scorer.doc() == document {
            found.push(ScoredDocument { document, score: scorer.score() });
        }
    });
    found.into()
}

/// Makes the library treat all words as equally frequent: the model decides what words score, and real counts would
/// take a look into every segment.
struct EvenCounts;

impl Bm25StatisticsProvider for EvenCounts {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(1)
    }
}
