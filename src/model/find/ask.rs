//! `ask`: a phrase as people say it, and how well services answer it. The one home of that meaning.
//!
//! [`Reading::of`] makes wants of a phrase: each something that is wanted, in all the ways that services may put it, with
//! what each way is worth. [`AskText`] says which words a service says where. [`Reading::tenths`] holds the two against
//! each other; an index that keeps the words of [`AskText::words`] comes to the same number by [`Reading::tenths_of`].

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

pub use counts::{AllCounts, Counts, Frequencies, Uncounted, WordCounts};
pub use found::AskMatch;
pub use lexicon::{Lexicon, LexiconError, Need};
pub use notice::{Helpline, Notice};
pub use reading::{Reading, Want};
pub use score::Tally;
pub use slips::{slip_beginning, slips};
pub use standing::Standing;
pub use ways::Way;
pub use words::{AskField, AskText};

/// A phrase, as somebody asks it.
#[derive(Clone, Debug)]
pub struct Ask {
    phrase: Arc<str>,
    lexicon: Arc<Lexicon>,
    reading: Arc<Reading>,
}

impl Ask {
    /// Hears a phrase, without regard to what services say yet. None where it holds no word.
    pub fn parse(phrase: &str, lexicon: &Arc<Lexicon>) -> Option<Self> {
        if tokens::tokens(phrase).is_empty() {
            return None;
        }
        let reading = Arc::new(Reading::of(phrase, lexicon, &Uncounted));
        Some(Self { phrase: phrase.into(), lexicon: Arc::clone(lexicon), reading })
    }

    /// The same phrase, read by the words that services say.
    #[must_use]
    pub fn counted(&self, counts: &dyn Counts) -> Self {
        Self { reading: Arc::new(Reading::of(&self.phrase, &self.lexicon, counts)), ..self.clone() }
    }

    /// What it comes to.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }
}

/// Two that are read alike ask alike.
impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        self.phrase == other.phrase && self.reading == other.reading
    }
}

impl Eq for Ask {}

impl Hash for Ask {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.phrase.hash(state);
    }
}
