//! `ask`: how a phrase in everyday words is understood, and how well services answer it. Decided only here.
//!
//! [`PhraseReading::of`] reads a phrase into wants: each is one thing wanted, with all the ways in which services may
//! express it and what each way is worth. [`AskText`] has the words of a service and where they stand.
//! [`PhraseReading::tenths`] scores a service; an index that stores the words of [`AskText::words`] computes the same
//! number with [`PhraseReading::tenths_of`].

mod asides;
mod counts;
mod denials;
mod fields;
mod found;
mod hearing;
mod lexicon;
mod notice;
mod reading;
mod requests;
mod rows;
mod score;
mod slips;
mod standing;
#[cfg(test)]
mod tests;
mod tokens;
mod ways;
mod wordings;
mod words;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use counts::{AllCounts, UncountedWords, WordCounts, WordFrequencies, WordRarity};
pub use found::AskMatch;
pub use lexicon::{AskLexicon, AskedNeed, LexiconError};
pub use notice::{DangerHelpline, DangerNotice};
pub use reading::{PhraseReading, PhraseWant};
pub use score::WantScore;
pub use slips::{slip_beginning, slips};
pub use standing::WordStanding;
pub use ways::WantWay;
pub use words::{AskField, AskText};

/// A phrase that somebody asks.
#[derive(Clone, Debug)]
pub struct AskedPhrase {
    phrase: Arc<str>,
    lexicon: Arc<AskLexicon>,
    reading: Arc<PhraseReading>,
}

impl AskedPhrase {
    /// Reads a phrase without counts of words. Returns `None` if it has no word.
    pub fn parse(phrase: &str, lexicon: &Arc<AskLexicon>) -> Option<Self> {
        if tokens::tokens(phrase).is_empty() {
            return None;
        }
        let reading = Arc::new(PhraseReading::of(phrase, lexicon, &UncountedWords));
        Some(Self { phrase: phrase.into(), lexicon: Arc::clone(lexicon), reading })
    }

    /// Returns the phrase, read again with the counts of the words that services use.
    #[must_use]
    pub fn counted(&self, counts: &dyn WordRarity) -> Self {
        Self { reading: Arc::new(PhraseReading::of(&self.phrase, &self.lexicon, counts)), ..self.clone() }
    }

    /// Returns the reading.
    pub fn reading(&self) -> &PhraseReading {
        &self.reading
    }
}

/// Phrases are equal if they and their readings are.
impl PartialEq for AskedPhrase {
    fn eq(&self, other: &Self) -> bool {
        self.phrase == other.phrase && self.reading == other.reading
    }
}

impl Eq for AskedPhrase {}

impl Hash for AskedPhrase {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.phrase.hash(state);
    }
}
