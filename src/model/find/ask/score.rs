//! How well a service answers: one rule for whoever holds a service's words, at hand or in an index.

use super::reading::{PhraseReading, PhraseWant};
use super::standing::WordStanding;
use super::ways::WantWay;
use super::words::AskText;

/// What a want scores: the best of its ways and standings in full, and a sixth of all others, so that of two services
/// the one that says more of it comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantScore {
    best: u32,
    all: u32,
}

/// What counts of a hit besides the best.
const OTHERS: u32 = 6;

/// Inside, scores are counted in so many parts of a tenth: whole numbers, the same in whatever order they are summed.
const OF_TENTH: u32 = 10;

impl WantScore {
    /// Takes in a way that stands somewhere.
    pub fn add(&mut self, worth: u32, standing: WordStanding) {
        let hit = worth.saturating_mul(standing.weight());
        self.best = self.best.max(hit);
        self.all = self.all.saturating_add(hit);
    }

    /// What the want scores.
    pub fn score(self) -> u32 {
        self.best + (self.all - self.best) / OTHERS
    }
}

impl PhraseReading {
    /// How well a service answers, in tenths; none where it is not found.
    pub fn tenths(&self, text: &AskText) -> Option<u32> {
        self.tenths_of(self.wants.iter().map(|want| want.tally(text)))
    }

    /// How well a service answers whose wants come to these; none where it is not found.
    pub fn tenths_of(&self, tallies: impl Iterator<Item = WantScore>) -> Option<u32> {
        let score = tallies.map(WantScore::score).fold(0_u32, u32::saturating_add);
        (score >= self.least && !self.wants.is_empty()).then_some(score / OF_TENTH)
    }
}

impl PhraseWant {
    fn tally(&self, text: &AskText) -> WantScore {
        let mut tally = WantScore::default();
        for way in &self.ways {
            way.each_standing(text, |standing| tally.add(way.worth, standing));
        }
        tally
    }
}

impl WantWay {
    /// Hands over each standing in which a service has it.
    fn each_standing(&self, text: &AskText, mut take: impl FnMut(WordStanding)) {
        let Some((first, others)) = self.stems.split_first() else { return };
        for (standing, positions) in text.of(first) {
            let near = |stem: &str| {
                let there = text.of(stem).find(|(is, _)| *is == standing);
                there.map(|(_, positions)| positions).unwrap_or_default()
            };
            let others: Vec<&[u32]> = others.iter().map(|stem| near(stem)).collect();
            if positions.iter().any(|at| self.is_near(*at, &others)) {
                take(standing);
            }
        }
    }

    /// Whether each of the other words, by its positions in order, stands within reach of a position of the first.
    pub fn is_near(&self, first: u32, others: &[impl AsRef<[u32]>]) -> bool {
        others.iter().all(|positions| {
            let positions = positions.as_ref();
            let from = positions.partition_point(|at| at.saturating_add(self.reach) < first);
            positions.get(from).is_some_and(|at| *at <= first.saturating_add(self.reach))
        })
    }
}
