//! How well a service answers a phrase. The same rule applies to services in memory and in an index.

use super::reading::{PhraseReading, PhraseWant};
use super::standing::WordStanding;
use super::ways::WantWay;
use super::words::AskText;

/// The score of a want: the best hit of its ways and standings in full, and a sixth of all others, so that of two
/// services the one that says more comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantScore {
    best: u32,
    all: u32,
}

/// The divisor for hits other than the best.
const OTHERS: u32 = 6;

/// The number of internal units per tenth. Integers give the same sum in any order.
const OF_TENTH: u32 = 10;

impl WantScore {
    /// Adds an occurrence of a way.
    pub fn add(&mut self, worth: u32, standing: WordStanding) {
        let hit = worth.saturating_mul(standing.weight());
        self.best = self.best.max(hit);
        self.all = self.all.saturating_add(hit);
    }

    /// Returns the score.
    pub fn score(self) -> u32 {
        self.best + (self.all - self.best) / OTHERS
    }
}

impl PhraseReading {
    /// Returns how well a service answers, in tenths. Returns `None` if it is not found.
    pub fn tenths(&self, text: &AskText) -> Option<u32> {
        self.tenths_of(self.wants.iter().map(|want| want.tally(text)))
    }

    /// Returns how well a service with these scores for its wants answers. Returns `None` if it is not found.
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
    /// Calls `take` for each standing in which the service has the words.
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

    /// Returns whether each of the other words has a position within reach of `first`. Positions are sorted.
    pub fn is_near(&self, first: u32, others: &[impl AsRef<[u32]>]) -> bool {
        others.iter().all(|positions| {
            let positions = positions.as_ref();
            let from = positions.partition_point(|at| at.saturating_add(self.reach) < first);
            positions.get(from).is_some_and(|at| *at <= first.saturating_add(self.reach))
        })
    }
}
