//! How many services use each word. Rare words weigh more, and unknown words may be misspelled.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::slips::{slip_beginning, slips};
use super::standing::WordStanding;
use super::words::AskText;

/// The number of services that have a word in each standing, indexed by [`WordStanding::number`].
pub type WordFrequencies = [u64; WordStanding::COUNT];

/// The word counts of all services that may be found.
pub trait WordRarity {
    /// Returns the number of services.
    fn services(&self) -> u64;

    /// Returns in how many services the word with this stem occurs, by standing.
    fn of(&self, stem: &str) -> WordFrequencies;

    /// Returns the stems that occur in services and differ from `stem` by at most `most` slips, with their number of
    /// slips. Looks only at stems with the same first two letters ([`slip_beginning`]), so as not to scan every word of
    /// a catalogue.
    fn alike(&self, stem: &str, most: usize) -> Vec<(usize, Box<str>)>;

    /// Returns whether any service has the word.
    fn knows(&self, stem: &str) -> bool {
        self.of(stem).iter().any(|count| *count > 0)
    }
}

/// No counts: a phrase is then read with the lexicon alone.
#[derive(Clone, Copy, Debug)]
pub struct UncountedWords;

impl WordRarity for UncountedWords {
    fn services(&self) -> u64 {
        0
    }

    fn of(&self, _stem: &str) -> WordFrequencies {
        [0; WordStanding::COUNT]
    }

    fn alike(&self, _stem: &str, _most: usize) -> Vec<(usize, Box<str>)> {
        Vec::new()
    }
}

/// The word counts of some services.
#[derive(Clone, Debug, Default)]
pub struct WordCounts {
    services: u64,
    words: HashMap<Box<str>, WordFrequencies, RandomState>,
}

impl WordCounts {
    /// Adds the words of a service.
    pub fn add(&mut self, text: &AskText) {
        self.services += 1;
        for (stem, standing, _) in text.words() {
            // Most words are in the map already, so look up first to avoid copying the stem.
            let counts = match self.words.get_mut(stem) {
                Some(counts) => counts,
                None => self.words.entry(stem.into()).or_default(),
            };
            if let Some(count) = counts.get_mut(standing.number()) {
                *count += 1;
            }
        }
    }
}

impl WordRarity for WordCounts {
    fn services(&self) -> u64 {
        self.services
    }

    fn of(&self, stem: &str) -> WordFrequencies {
        self.words.get(stem).copied().unwrap_or_default()
    }

    fn alike(&self, stem: &str, most: usize) -> Vec<(usize, Box<str>)> {
        let alike = self.words.keys().filter(|word| word.starts_with(slip_beginning(stem)));
        let alike = alike.filter_map(|word| Some((slips(word, stem, most)?, word.clone())));
        alike.collect()
    }
}

/// The sums of several counts.
pub struct AllCounts<'a>(Vec<&'a dyn WordRarity>);

impl<'a> AllCounts<'a> {
    /// Combines the counts of several sets of services.
    pub fn of(each: &'a [Arc<WordCounts>]) -> Self {
        Self(each.iter().map(|counts| &**counts as &dyn WordRarity).collect())
    }

    /// Adds further counts.
    #[must_use]
    pub fn and(mut self, others: &'a dyn WordRarity) -> Self {
        self.0.push(others);
        self
    }
}

impl WordRarity for AllCounts<'_> {
    fn services(&self) -> u64 {
        self.0.iter().map(|counts| counts.services()).sum()
    }

    fn of(&self, stem: &str) -> WordFrequencies {
        let mut all = WordFrequencies::default();
        for counts in &self.0 {
            all.iter_mut().zip(counts.of(stem)).for_each(|(sum, count)| *sum += count);
        }
        all
    }

    fn alike(&self, stem: &str, most: usize) -> Vec<(usize, Box<str>)> {
        self.0.iter().flat_map(|counts| counts.alike(stem, most)).collect()
    }
}
