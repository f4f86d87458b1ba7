//! `ask`: a phrase as people say it, and how well services answer it. The one home of that meaning.
//!
//! [`PhraseReading::of`] makes wants of a phrase: each something that is wanted, in all the ways that services may put it, with
//! what each way is worth. [`AskText`] says which words a service says where. [`PhraseReading::tenths`] holds the two against
//! each other; an index that keeps the words of [`AskText::words`] comes to the same number by [`PhraseReading::tenths_of`].

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

/// A phrase, as somebody asks it.
#[derive(Clone, Debug)]
pub struct AskedPhrase {
    phrase: Arc<str>,
    lexicon: Arc<AskLexicon>,
    reading: Arc<PhraseReading>,
}

impl AskedPhrase {
    /// Hears a phrase, without regard to what services say yet. None where it holds no word.
    pub fn parse(phrase: &str, lexicon: &Arc<AskLexicon>) -> Option<Self> {
        if tokens::tokens(phrase).is_empty() {
            return None;
        }
        let reading = Arc::new(PhraseReading::of(phrase, lexicon, &UncountedWords));
        Some(Self { phrase: phrase.into(), lexicon: Arc::clone(lexicon), reading })
    }

    /// The same phrase, read by the words that services say.
    #[must_use]
    pub fn counted(&self, counts: &dyn WordRarity) -> Self {
        Self { reading: Arc::new(PhraseReading::of(&self.phrase, &self.lexicon, counts)), ..self.clone() }
    }

    /// What it comes to.
    pub fn reading(&self) -> &PhraseReading {
        &self.reading
    }
}

/// Two that are read alike ask alike.
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
