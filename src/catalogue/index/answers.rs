//! Answers a phrase from one segment: finds which services contain its words, and scores them by the model's rule.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term};

use super::found::ScoredDocument;
use super::placed;
use super::query::SCALE;
use crate::model::{PhraseReading, WantScore, WantWay, WordStanding};

/// The occurrences of a way, with its words in one standing, in one segment.
struct Hits<'r> {
    want: usize,
    way: &'r WantWay,
    standing: WordStanding,
    /// One list of services for each word, in the order of the words.
    postings: Vec<SegmentPostings>,
    /// The positions of each word in the current service.
    positions: Vec<Vec<u32>>,
    /// How many services contain the rarest of the words.
    documents: u32,
}

/// A phrase, prepared for one segment.
pub(super) struct SegmentPhrase<'r> {
    reading: &'r PhraseReading,
    adding: Vec<Hits<'r>>,
    /// The number of services in the segment, including removed ones.
    most: DocId,
}

impl<'r> SegmentPhrase<'r> {
    pub(super) fn of(
        reading: &'r PhraseReading,
        segment: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<Self> {
        Ok(Self { reading, adding: hits(reading, segment, field)?, most: segment.max_doc() })
    }

    /// Returns roughly how many services all ways have together: what [`Self::all`] would go through.
    pub(super) fn said(&self) -> u64 {
        self.adding.iter().map(|hits| u64::from(hits.documents)).sum()
    }

    /// Returns those of the given services that answer the phrase, in order.
    pub(super) fn among(self, among: &[DocId]) -> Vec<ScoredDocument> {
        let candidates = Candidates::of(std::iter::once(among), self.most);
        let found: Vec<_> =
            self.adding.into_iter().map(|hits| hits.with_documents_among(&candidates)).collect();
        candidates.scored(self.reading, &found)
    }

    /// Returns the services that answer the phrase, in order. Words that could not reach the minimum score even
    /// together are not collected, however many services contain them: they only add to the score of services that
    /// other words have found.
    pub(super) fn all(self) -> Vec<ScoredDocument> {
        let Self { reading, mut adding, most } = self;
        // The ways that add least come first; of equal ones, the most frequent.
        adding.sort_by_key(|hits| (hits.value(), u32::MAX - hits.documents));
        let mut sum = 0_u32;
        let cannot_find = adding.iter().take_while(|hits| {
            sum = sum.saturating_add(hits.value());
            sum < reading.least
        });
        let finding = adding.split_off(cannot_find.count());
        let mut found: Vec<(Hits<'_>, Vec<DocId>)> = finding.into_iter().map(Hits::with_documents).collect();
        let candidates = Candidates::of(found.iter().map(|(_, documents)| &**documents), most);
        found.extend(adding.into_iter().map(|hits| hits.with_documents_among(&candidates)));
        candidates.scored(reading, &found)
    }
}

fn hits<'r>(
    reading: &'r PhraseReading,
    segment: &SegmentReader,
    field: Field,
) -> tantivy::Result<Vec<Hits<'r>>> {
    let index = segment.inverted_index(field)?;
    let mut all = Vec::new();
    let ways = reading
        .wants
        .iter()
        .enumerate()
        .flat_map(|(number, want)| want.ways.iter().map(move |way| (number, way)));
    for (want, way) in ways {
        let option = match way.stems.len() {
            1 => IndexRecordOption::Basic,
            _ => IndexRecordOption::WithFreqsAndPositions,
        };
        for standing in WordStanding::ALL.into_iter().filter(|standing| way.may_stand(*standing)) {
            let terms =
                way.stems.iter().map(|stem| Term::from_field_text(field, &placed::term(stem, standing)));
            let postings =
                terms.map(|term| index.read_postings(&term, option)).collect::<Result<Option<Vec<_>>, _>>();
            let Some(postings) = postings.map_err(TantivyError::from)? else { continue };
            let documents = postings.iter().map(DocSet::size_hint).min().unwrap_or(0);
            let positions = vec![Vec::new(); postings.len()];
            all.push(Hits { want, way, standing, postings, positions, documents });
        }
    }
    Ok(all)
}

impl Hits<'_> {
    /// Returns the most that the way adds to a score.
    fn value(&self) -> u32 {
        self.way.worth.saturating_mul(self.standing.weight())
    }

    /// Finds all services that have the way, in order.
    fn with_documents(mut self) -> (Self, Vec<DocId>) {
        let mut documents = Vec::new();
        let rarest =
            (0..self.postings.len()).min_by_key(|nth| self.postings.get(*nth).map(DocSet::size_hint));
        let rarest = rarest.unwrap_or(0);
        while let Some(document) = self.postings.get(rarest).map(DocSet::doc).filter(|at| *at != TERMINATED) {
            if self.has(document) {
                documents.push(document);
            }
            self.postings.get_mut(rarest).map(DocSet::advance);
        }
        (self, documents)
    }

    /// Finds at least those candidates that have the way, in order.
    fn with_documents_among(mut self, candidates: &Candidates) -> (Self, Vec<DocId>) {
        if self.documents < candidates.count() {
            return self.with_documents();
        }
        let documents = candidates.documents.iter().copied().filter(|document| self.has(*document)).collect();
        (self, documents)
    }

    /// Returns whether a service has the way. Services must be asked about in ascending order.
    fn has(&mut self, document: DocId) -> bool {
        let says = |postings: &mut SegmentPostings| {
            let at = postings.doc();
            at == document || (at < document && postings.seek(document) == document)
        };
        self.postings.iter_mut().all(says) && (self.postings.len() == 1 || self.is_near())
    }

    /// Returns whether the words are near each other in the service that all lists have reached.
    fn is_near(&mut self) -> bool {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            postings.positions(positions);
        }
        let Some((first, others)) = self.positions.split_first() else { return false };
        first.iter().any(|at| self.way.is_near(*at, others))
    }
}

/// Candidates are many if they exceed one in this many of a segment's services.
const MANY: usize = 64;

/// Services that may answer the phrase, in order.
struct Candidates {
    documents: Vec<DocId>,
    /// The position of each service of the segment among the candidates, counted from 1; 0 if it is no candidate.
    places: Vec<u32>,
}

impl Candidates {
    fn of<'d>(found: impl Iterator<Item = &'d [DocId]>, most: DocId) -> Self {
        let mut places = vec![0; most as usize];
        let mut documents = Vec::new();
        for document in found.flatten() {
            if let Some(place) = places.get_mut(*document as usize).filter(|place| **place == 0) {
                *place = 1;
                documents.push(*document);
            }
        }
        // If there are many, going through all services is faster than sorting.
        if documents.len() < places.len() / MANY {
            documents.sort_unstable();
        } else {
            let marked = (0..).zip(&places).filter(|(_, place)| **place > 0);
            documents = marked.map(|(document, _)| document).collect();
        }
        for (document, place) in documents.iter().zip(1..) {
            if let Some(at) = places.get_mut(*document as usize) {
                *at = place;
            }
        }
        Self { documents, places }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.documents.len()).unwrap_or(u32::MAX)
    }

    /// Returns the candidates that answer the phrase, with their scores.
    fn scored(&self, reading: &PhraseReading, found: &[(Hits<'_>, Vec<DocId>)]) -> Vec<ScoredDocument> {
        let wants = reading.wants.len();
        let mut tallies = vec![WantScore::default(); wants * self.documents.len()];
        for (hits, documents) in found {
            for document in documents {
                let place = self.places.get(*document as usize).and_then(|place| place.checked_sub(1));
                let tally = place.and_then(|place| tallies.get_mut(place as usize * wants + hits.want));
                if let Some(tally) = tally {
                    tally.add(hits.way.worth, hits.standing);
                }
            }
        }
        let each = self.documents.iter().zip(tallies.chunks(wants.max(1)));
        let scored = each.filter_map(|(document, tallies)| {
            let tenths = reading.tenths_of(tallies.iter().copied())?;
            #[expect(clippy::cast_precision_loss, reason = "scores are far below 2^24")]
            // The reading counts in tenths, and scores in the index are multiplied by `SCALE`.
            let score = tenths as f32 * (SCALE / 10.0);
            Some(ScoredDocument { document: *document, score })
        });
        scored.collect()
    }
}
