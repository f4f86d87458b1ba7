//! The ways in which services may express a want, and what each is worth.

use super::counts::{WordFrequencies, WordRarity};
use super::hearing::HeardWord;
use super::lexicon::AskLexicon;
use super::standing::WordStanding;
use super::tokens::{joins, stem};

/// Words in which a service may express a want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantWay {
    /// Their stems. If there are several, the others must be within `reach` of the first, in the same standing.
    pub stems: Box<[Box<str>]>,
    /// The distance in words.
    pub reach: u32,
    /// What the way is worth. A hit scores this times [`WordStanding::weight`].
    pub worth: u32,
    /// The standings in which services have all of the words.
    stands: [bool; WordStanding::COUNT],
}

/// Creates ways, using the counts of words.
pub(super) struct WayMaker<'a> {
    counts: &'a dyn WordRarity,
}

/// The rarity of a word that one service in 256 uses, or fewer; and the rarity without counts.
const RAREST: u32 = 80;
const UNCOUNTED: u32 = 50;

/// The least rarity of names in rows: they were chosen deliberately.
const CHOSEN: u32 = 45;

impl WantWay {
    /// Returns whether some service may have the way in a standing.
    pub fn may_stand(&self, standing: WordStanding) -> bool {
        self.stands.get(standing.number()).copied().unwrap_or(false)
    }

    /// Removes duplicate ways, keeping the one that is worth more.
    pub(super) fn each_once(mut ways: Vec<Self>) -> Vec<Self> {
        ways.sort_by(|a, b| (&a.stems, b.worth, b.reach).cmp(&(&b.stems, a.worth, a.reach)));
        ways.dedup_by(|one, kept| one.stems == kept.stems);
        ways
    }
}

impl<'a> WayMaker<'a> {
    pub(super) fn new(counts: &'a dyn WordRarity) -> Self {
        Self { counts }
    }

    /// Returns whether any service has a term with this word. Short stems are shared by many words, so the word must
    /// match exactly.
    pub(super) fn is_in_terms(&self, folded: &str) -> bool {
        let stem = stem(folded);
        let is_as_it_is = *stem == *folded || folded.strip_suffix('s') == Some(&*stem) || stem.len() > 4;
        is_as_it_is && self.counts.of(&stem).get(WordStanding::Term.number()).is_some_and(|count| *count > 0)
    }

    /// Returns the ways of a word, one for each form.
    pub(super) fn of_word(&self, word: &HeardWord, strength: u32) -> Vec<WantWay> {
        let each = word.forms.iter();
        each.filter_map(|form| self.way(vec![form.stem.clone()], 0, form.percent, strength, 0)).collect()
    }

    /// Returns the way of several words close together.
    pub(super) fn of_stems<'s>(
        &self,
        stems: impl Iterator<Item = &'s str>,
        percent: u32,
        strength: u32,
    ) -> Option<WantWay> {
        let stems: Vec<Box<str>> = stems.map(Into::into).collect();
        let reach = reach_of(&stems) + 1;
        self.way(stems, reach, percent, strength, 0)
    }

    /// Returns the way of a name in a row.
    pub(super) fn of_row(&self, called: &[Box<str>], percent: u32, strength: u32) -> Option<WantWay> {
        self.way(called.to_vec(), reach_of(called), percent, strength, CHOSEN)
    }

    /// Returns the ways of two words that one word may be written as: "foodbank" also as "food bank".
    pub(super) fn of_halves(&self, folded: &str, lexicon: &AskLexicon, strength: u32) -> Vec<WantWay> {
        const SHORTEST: usize = 3;
        let cuts = folded.char_indices().map(|(at, _)| at);
        let halves = cuts.filter_map(|at| folded.split_at_checked(at));
        let halves = halves.filter(|(a, b)| a.len() >= SHORTEST && b.len() >= SHORTEST);
        let is_word = |half: &str| lexicon.knows(half) || self.counts.knows(&stem(half));
        let halves = halves.filter(|(a, b)| is_word(a) && is_word(b));
        // Small words are not stored for services, so "afterschool" matches "school".
        let ways = halves.filter_map(|(a, b)| {
            let kept: Vec<Box<str>> = [a, b].into_iter().filter(|half| !joins(half)).map(stem).collect();
            match kept.len() {
                2 => self.way(kept, 1, 90, strength, 0),
                1 if !self.counts.knows(&stem(folded)) => self.way(kept, 0, 60, strength, 0),
                _ => None,
            }
        });
        ways.collect()
    }

    /// Returns the way of the single word that adjacent words may be written as: "day centre" also as "daycentre",
    /// "after school" as "after-school".
    pub(super) fn of_joined(&self, words: &[HeardWord], strength: u32) -> Option<WantWay> {
        let joined: String = words.iter().map(|word| &*word.token.folded).collect();
        self.way(vec![stem(&joined)], 0, 100, strength, 0)
    }

    /// Returns the way of two words close together, worth half as much as the less rare one.
    pub(super) fn of_close(
        &self,
        a: &HeardWord,
        b: &HeardWord,
        reach: u32,
        strength: u32,
    ) -> Option<WantWay> {
        let rarest = |word: &HeardWord| self.rarity(&[word.stem().into()]);
        let half = rarest(a)?.min(rarest(b)?) / 2;
        let way = self.way(vec![a.stem().into(), b.stem().into()], reach, 100, strength, 0)?;
        Some(WantWay { worth: half * strength / 10, ..way })
    }

    /// Creates a way. Returns `None` if no service has all of its words in one standing.
    fn way(
        &self,
        stems: Vec<Box<str>>,
        reach: u32,
        percent: u32,
        strength: u32,
        least: u32,
    ) -> Option<WantWay> {
        let mut once: Vec<Box<str>> = Vec::new();
        for stem in stems {
            if !once.contains(&stem) {
                once.push(stem);
            }
        }
        let rarity = self.rarity(&once)?.max(least);
        let stands = self.stands(&once)?;
        Some(WantWay {
            stems: once.into(),
            reach,
            worth: (percent * strength * rarity / 1000).max(1),
            stands,
        })
    }

    /// Returns how rare words are together, from 10 for words that every service uses to 80. Returns `None` if no
    /// service uses one of them.
    fn rarity(&self, stems: &[Box<str>]) -> Option<u32> {
        if self.counts.services() == 0 {
            return Some(UNCOUNTED);
        }
        let mut all = 0;
        for stem in stems {
            all += self.rarity_of(&self.counts.of(stem))?;
        }
        // Several words are rarer together than each alone, but not independent of each other.
        Some(if stems.len() > 1 { all * 7 / 10 } else { all }.min(RAREST))
    }

    fn rarity_of(&self, frequencies: &WordFrequencies) -> Option<u32> {
        let said: u64 = frequencies.iter().take(WordStanding::Aside.number()).sum();
        // A word that is only mentioned in passing is counted by that.
        let said = if said == 0 { frequencies.iter().sum() } else { said };
        if said == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of services")]
        let share = self.counts.services() as f64 / said as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 640")]
        let rarity = ((1.0 + share).log2() * 10.0).round() as u32;
        Some(rarity.min(RAREST))
    }

    fn stands(&self, stems: &[Box<str>]) -> Option<[bool; WordStanding::COUNT]> {
        let mut stands = [true; WordStanding::COUNT];
        if self.counts.services() > 0 {
            for stem in stems {
                let frequencies = self.counts.of(stem);
                stands.iter_mut().zip(frequencies).for_each(|(stands, count)| *stands &= count > 0);
            }
        }
        stands.contains(&true).then_some(stands)
    }
}

fn reach_of(stems: &[Box<str>]) -> u32 {
    u32::try_from(stems.len()).unwrap_or(u32::MAX)
}
