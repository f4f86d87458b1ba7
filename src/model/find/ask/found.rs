//! Why a service is found: for each want, the words of the service that answer it best.

use std::ops::Range;

use super::reading::{PhraseReading, PhraseWant};
use super::standing::WordStanding;
use super::ways::WantWay;
use super::words::{AskField, PlacedWord, WordPlacing};
use crate::model::find::text::around;

/// The words of a service that answer a want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskMatch {
    /// The field's name in the graph, with a dot before a member of a nested record.
    pub field: &'static str,
    /// The text around the words, in one line. `…` marks where it was cut.
    pub snippet: String,
    /// The words of the phrase, as typed.
    pub asked: Box<str>,
    /// The words of the service, as written.
    pub found: Box<str>,
}

/// A place where a way occurs.
struct WayHit<'a> {
    value: u32,
    field: &'a AskField<'a>,
    place: Range<usize>,
}

impl PhraseReading {
    /// Returns the words of a service that best answer each want, in the order of the phrase.
    pub fn matches(&self, fields: &[AskField<'_>]) -> Vec<AskMatch> {
        let mut placing = WordPlacing::default();
        let placed: Vec<_> = fields.iter().map(|field| (field, placing.read(field))).collect();
        let wants = self.wants.iter().filter_map(|want| Some((want.asked.as_deref()?, want.best(&placed)?)));
        let matches = wants.map(|(asked, hit)| AskMatch {
            field: hit.field.name,
            snippet: around(hit.field.text, &hit.place),
            asked: asked.into(),
            found: hit.field.text.get(hit.place).unwrap_or_default().into(),
        });
        matches.collect()
    }
}

impl PhraseWant {
    fn best<'a>(&self, placed: &[(&'a AskField<'a>, Vec<PlacedWord>)]) -> Option<WayHit<'a>> {
        let mut best: Option<WayHit<'a>> = None;
        for way in &self.ways {
            for hit in way.hits(placed) {
                if best.as_ref().is_none_or(|best| hit.value > best.value) {
                    best = Some(hit);
                }
            }
        }
        best
    }
}

impl WantWay {
    /// Returns the first occurrence in each field and standing.
    fn hits<'a>(&self, placed: &[(&'a AskField<'a>, Vec<PlacedWord>)]) -> Vec<WayHit<'a>> {
        let mut hits: Vec<(WordStanding, WayHit<'a>)> = Vec::new();
        for (field, words) in placed {
            for first in words.iter().filter(|word| self.stems.first() == Some(&word.stem)) {
                let Some(place) = self.around(first, words) else { continue };
                if !hits.iter().any(|(standing, hit)| *standing == first.standing && hit.field == *field) {
                    let value = self.worth.saturating_mul(first.standing.weight());
                    hits.push((first.standing, WayHit { value, field, place }));
                }
            }
        }
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// Returns the range from the first to the last of the words, if all are within reach of `first`.
    fn around(&self, first: &PlacedWord, words: &[PlacedWord]) -> Option<Range<usize>> {
        let mut place = first.place.clone();
        for stem in self.stems.get(1..)? {
            let near = words.iter().find(|word| {
                word.stem == *stem
                    && word.standing == first.standing
                    && word.position.abs_diff(first.position) <= self.reach
            })?;
            place = place.start.min(near.place.start)..place.end.max(near.place.end);
        }
        Some(place)
    }
}
