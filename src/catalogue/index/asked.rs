//! Asking the index a phrase: the services that answer it, each with the score that the model's rule gives it.
//!
//! Only services that reach the least score are gone through. Those of words that could not reach it even together are never
//! collected, however many say them: they only add to the score of services that other words have found.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::answers::answers;
use super::query::SCALE;
use crate::model::Ask;

/// The services that answer a phrase.
#[derive(Debug)]
pub(super) struct AskQuery {
    ask: Ask,
    field: Field,
    /// What else must hold, so that only services are gone through of which it does.
    within: Option<Box<dyn Query>>,
}

impl AskQuery {
    pub(super) fn new(ask: &Ask, field: Field, within: Option<Box<dyn Query>>) -> Self {
        Self { ask: ask.clone(), field, within }
    }
}

impl Clone for AskQuery {
    fn clone(&self) -> Self {
        let within = self.within.as_ref().map(|within| within.box_clone());
        Self { ask: self.ask.clone(), field: self.field, within }
    }
}

impl Query for AskQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        let within = self.within.as_ref().map(|within| within.weight(unscored)).transpose()?;
        Ok(Box::new(AskWeight { ask: self.ask.clone(), field: self.field, within }))
    }
}

struct AskWeight {
    ask: Ask,
    field: Field,
    within: Option<Box<dyn Weight>>,
}

impl Weight for AskWeight {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut within = self.within.as_ref().map(|within| within.scorer(segment, 1.0)).transpose()?;
        let among = within.as_mut().map(|within| documents(&mut **within));
        let found = answers(self.ask.reading(), segment, self.field, among)?;
        Ok(Box::new(Answers { found, at: 0 }))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        if scorer.doc() > document || scorer.seek(document) != document {
            return Err(TantivyError::InvalidArgument("the service does not answer".to_owned()));
        }
        Ok(Explanation::new("Asked", scorer.score()))
    }
}

fn documents(set: &mut dyn DocSet) -> Vec<DocId> {
    let mut documents = Vec::new();
    while set.doc() != TERMINATED {
        documents.push(set.doc());
        set.advance();
    }
    documents
}

/// Services in order, with their scores.
struct Answers {
    found: Vec<(DocId, u32)>,
    at: usize,
}

impl DocSet for Answers {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.found.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.found.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|(document, _)| *document < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).map_or(TERMINATED, |(document, _)| *document)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.found.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Answers {
    fn score(&mut self) -> Score {
        #[expect(clippy::cast_precision_loss, reason = "scores are far below 2^24")]
        let tenths = self.found.get(self.at).map_or(0.0, |(_, tenths)| *tenths as f32);
        // The index counts in the parts that its other scores are counted in, which are tenths.
        tenths * (SCALE / 10.0)
    }
}
