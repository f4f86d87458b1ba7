//! Answering a phrase from one segment: which services say its words where, and what that comes to by the model's rule.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term};

use super::found::ScoredDocument;
use super::placed;
use super::query::SCALE;
use crate::model::{PhraseReading, WantScore, WantWay, WordStanding};

/// A way in one standing, in one segment.
struct Hits<'r> {
    want: usize,
    way: &'r WantWay,
    standing: WordStanding,
    /// Of each of its words, in their order.
    postings: Vec<SegmentPostings>,
    /// Where each of its words stands in the service at hand.
    positions: Vec<Vec<u32>>,
    /// How many services say the rarest of them.
    documents: u32,
}

/// A phrase, as it is put to one segment.
pub(super) struct SegmentPhrase<'r> {
    reading: &'r PhraseReading,
    adding: Vec<Hits<'r>>,
    /// How many services the segment has.
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

    /// Returns how often its words are said.
    pub(super) fn said(&self) -> u64 {
        self.adding.iter().map(|hits| u64::from(hits.documents)).sum()
    }

    /// Returns those `among` some that answer, in order.
    pub(super) fn among(self, among: &[DocId]) -> Vec<ScoredDocument> {
        let candidates = Candidates::of(std::iter::once(among), self.most);
        let found: Vec<_> =
            self.adding.into_iter().map(|hits| hits.with_documents_among(&candidates)).collect();
        candidates.scored(self.reading, &found)
    }

    /// Returns the services that answer, in order. Those of words that could not reach the least score even together are
    /// never collected, however many say them: they only add to the score of services that other words have found.
    pub(super) fn all(self) -> Vec<ScoredDocument> {
        let Self { reading, mut adding, most } = self;
        // What adds least comes first; of what adds as much, what most services say.
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
    /// The most that it adds to a score.
    fn value(&self) -> u32 {
        self.way.worth.saturating_mul(self.standing.weight())
    }

    /// With all services that have it, in order.
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

    /// With those services among some that have it, in order.
    fn with_documents_among(mut self, candidates: &Candidates) -> (Self, Vec<DocId>) {
        if self.documents < candidates.count() {
            return self.with_documents();
        }
        let documents = candidates.documents.iter().copied().filter(|document| self.has(*document)).collect();
        (self, documents)
    }

    /// Whether a service has it, none before which is asked about any more.
    fn has(&mut self, document: DocId) -> bool {
        let says = |postings: &mut SegmentPostings| {
            let at = postings.doc();
            at == document || (at < document && postings.seek(document) == document)
        };
        self.postings.iter_mut().all(says) && (self.postings.len() == 1 || self.is_near())
    }

    /// Whether the words stand near each other in the service that all of them are at.
    fn is_near(&mut self) -> bool {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            postings.positions(positions);
        }
        let Some((first, others)) = self.positions.split_first() else { return false };
        first.iter().any(|at| self.way.is_near(*at, others))
    }
}

/// Candidates are many if they are more than one in this number of a segment's services.
const MANY: usize = 64;

/// Services that may answer, in order.
struct Candidates {
    documents: Vec<DocId>,
    /// The place of each service of the segment among them, one more than it is.
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
        // Of very many, going through all that there are is faster than sorting.
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

    /// Those that answer, with their scores.
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
            // The index counts in the parts that its other scores are counted in, which are tenths.
            let score = tenths as f32 * (SCALE / 10.0);
            Some(ScoredDocument { document: *document, score })
        });
        scored.collect()
    }
}
