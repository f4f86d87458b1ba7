//! How often services say each word: what makes a word rare, and what makes it known.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::slips::{slip_beginning, slips};
use super::standing::WordStanding;
use super::words::AskText;

/// In how many services a word stands where, by [`WordStanding::number`].
pub type WordFrequencies = [u64; WordStanding::COUNT];

/// What is known of the words of all services that may be asked about.
pub trait WordRarity {
    /// How many services there are.
    fn services(&self) -> u64;

    /// In how many of them a word stands where, by its stem.
    fn of(&self, stem: &str) -> WordFrequencies;

    /// The stems that services know within so many slips of one, with how many; of those that begin with its first two
    /// letters, as [`slip_beginning`] gives them, so that not every word of a catalogue has to be looked at.
    fn alike(&self, stem: &str, most: usize) -> Vec<(usize, Box<str>)>;

    /// Whether any service knows a word.
    fn knows(&self, stem: &str) -> bool {
        self.of(stem).iter().any(|count| *count > 0)
    }
}

/// Nothing is known: what a phrase comes to by the rows of the lexicon alone.
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

/// The words of some services, counted.
#[derive(Clone, Debug, Default)]
pub struct WordCounts {
    services: u64,
    words: HashMap<Box<str>, WordFrequencies, RandomState>,
}

impl WordCounts {
    /// Takes in the words of a service.
    pub fn add(&mut self, text: &AskText) {
        self.services += 1;
        for (stem, standing, _) in text.words() {
            // Most words are known by then, so that no text is copied.
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

/// Several counts as one.
pub struct AllCounts<'a>(Vec<&'a dyn WordRarity>);

impl<'a> AllCounts<'a> {
    /// Of these services.
    pub fn of(each: &'a [Arc<WordCounts>]) -> Self {
        Self(each.iter().map(|counts| &**counts as &dyn WordRarity).collect())
    }

    /// With those of others.
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
