//! Reads a phrase into wants, each with all the ways in which services may express it.

use std::sync::Arc;

use super::counts::WordRarity;
use super::hearing::{HeardWord, hear};
use super::lexicon::{AskLexicon, AskedNeed};
use super::requests::{is_number, names_people, only_requests, says_little};
use super::rows::{HeardWording, spoken};
use super::standing::WordStanding;
use super::tokens::joins;
use super::ways::{WantWay, WayMaker};

/// The reading of a phrase.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhraseReading {
    /// The things wanted.
    pub wants: Vec<PhraseWant>,
    /// The least score for a service to be found.
    pub least: u32,
    /// The needs that the phrase mentions, without duplicates.
    pub needs: Vec<Arc<AskedNeed>>,
}

/// One thing that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct PhraseWant {
    /// The words of the phrase that ask for it. `None` if the want only rewards words that stand close together.
    pub asked: Option<Box<str>>,
    /// The ways in which services may express it.
    pub ways: Vec<WantWay>,
}

/// How much a want counts, in per cent.
#[derive(Clone, Copy)]
struct WantStrength(u32);

impl WantStrength {
    /// Somebody may be in danger: what answers this comes first.
    const DANGER: Self = Self(600);
    /// A single word of danger, which may be about something else.
    const SCARE: Self = Self(300);
    /// A wording of several words from the lexicon.
    const WORDING: Self = Self(115);
    /// A single word.
    const WORD: Self = Self(100);
    /// A word next to a wording from the lexicon. It may say what the wording is about, or nothing.
    const BESIDE: Self = Self(60);
    /// A word that says little.
    const LITTLE: Self = Self(30);
    /// A word next to a wording from the lexicon that no service uses in a name.
    const STRAY: Self = Self(20);
    /// A word for the people that the service is for.
    const WHOM: Self = Self(10);
}

/// The least weight, in per cent, of a row that is certain enough to count as danger.
const SURE: u32 = 70;

/// The share of a wording's strength for each of its words alone, in per cent.
const APART: u32 = 30;

/// The least score to be found, in per cent of the most that a single want can score.
const LEAST: u32 = 25;

/// The least score to be found in any case, unless no service can score much more. Words that very many services use
/// then find those that use them prominently, and not half the catalogue.
const FLOOR: u32 = 1_000;

/// The most that [`FLOOR`] may be, in per cent of the most that a single want can score.
const MOST_OF_FLOOR: u32 = 60;

/// The weight of the standing in which several words are assumed to be together at best.
const MOST_TOGETHER: u32 = WordStanding::Body.weight();

/// How many words apart words may be to count as close.
const CLOSE: u32 = 3;

impl PhraseReading {
    /// Reads a phrase with a lexicon and the words that services use.
    pub fn of(phrase: &str, lexicon: &AskLexicon, counts: &dyn WordRarity) -> Self {
        let heard = hear(phrase, lexicon, counts);
        let spoken = spoken(&heard, lexicon);
        let reader = PhraseReader { phrase, heard: &heard, ways: WayMaker::new(counts), lexicon };
        let mut wants: Vec<PhraseWant> = spoken.iter().map(|spoken| reader.wording(spoken)).collect();
        wants.extend(reader.loose(&spoken, only_requests));
        wants.retain(|want| !want.ways.is_empty());
        if wants.is_empty() && spoken.is_empty() {
            // "Somewhere to go" consists of request words only: read them as wants. Numbers are not wants.
            wants.extend(reader.loose(&spoken, is_number));
            wants.retain(|want| !want.ways.is_empty());
        }
        let most = wants.iter().filter_map(PhraseWant::most).max().unwrap_or(0);
        let mut needs: Vec<Arc<AskedNeed>> = Vec::new();
        for row in spoken.iter().flat_map(|spoken| &spoken.rows) {
            if !needs.contains(&row.need) {
                needs.push(Arc::clone(&row.need));
            }
        }
        let floor = FLOOR.min(most * MOST_OF_FLOOR / 100);
        Self { least: floor.max(most * LEAST / 100).max(1), wants, needs }
    }

    /// Returns whether somebody may be in danger.
    pub fn speaks_of_danger(&self) -> bool {
        self.needs.iter().any(|need| need.danger)
    }
}

impl PhraseWant {
    /// Returns the most that a service can score for this want, given in which standings its words occur. `None` if in
    /// none.
    fn most(&self) -> Option<u32> {
        let of = |way: &WantWay| {
            let heaviest = WordStanding::ALL.into_iter().find(|standing| way.may_stand(*standing))?.weight();
            // It is not yet known whether several words occur together anywhere.
            let heaviest = if way.stems.len() > 1 { heaviest.min(MOST_TOGETHER) } else { heaviest };
            Some(way.worth * heaviest)
        };
        self.ways.iter().filter_map(of).max()
    }
}

struct PhraseReader<'a> {
    phrase: &'a str,
    heard: &'a [HeardWord],
    ways: WayMaker<'a>,
    lexicon: &'a AskLexicon,
}

impl PhraseReader<'_> {
    /// Returns the want of a wording from the lexicon: its own words, and what services call it.
    fn wording(&self, spoken: &HeardWording<'_>) -> PhraseWant {
        let is_danger = spoken.rows.iter().any(|row| row.need.danger && row.weight >= SURE);
        let strength = match spoken.words.len() {
            1 if is_danger => WantStrength::SCARE,
            _ if is_danger => WantStrength::DANGER,
            1 => WantStrength::WORD,
            _ => WantStrength::WORDING,
        };
        let words: Vec<&HeardWord> = spoken.words.iter().filter_map(|at| self.heard.get(*at)).collect();
        let mut ways = self.own_ways(&words, is_danger, strength);
        for row in &spoken.rows {
            for (called, nth) in row.called.iter().zip(0..) {
                // The best name comes first in a row.
                let percent = row.weight * (100 - 4 * u32::min(nth, 10)) / 100;
                ways.extend(self.ways.of_row(called, percent, strength.0));
            }
        }
        PhraseWant { asked: self.between(&words), ways: WantWay::each_once(ways) }
    }

    /// Returns the words of a wording as they are: together, and individually if they say enough.
    fn own_ways(
        &self,
        words: &[&HeardWord],
        is_danger: bool,
        WantStrength(strength): WantStrength,
    ) -> Vec<WantWay> {
        let content = words.iter().copied().filter(|word| !joins(&word.token.folded));
        let content: Vec<&HeardWord> = content.collect();
        match &content[..] {
            [word] if words.len() == 1 && names_people(&word.token.folded) => {
                self.ways.of_word(word, WantStrength::WHOM.0)
            }
            [word] if words.len() == 1 => {
                let mut ways = self.ways.of_word(word, strength);
                ways.extend(self.ways.of_halves(&word.token.folded, self.lexicon, strength));
                ways
            }
            [] | [_] => Vec::new(),
            _ => {
                let together = self.ways.of_stems(content.iter().map(|word| word.stem()), 100, strength);
                let joined = self.joined(&content).and_then(|words| self.ways.of_joined(words, strength));
                let says_enough = |word: &str| !is_danger && !only_requests(word) && !says_little(word);
                let plain = content.iter().filter(|word| says_enough(&word.token.folded));
                let apart = plain.flat_map(|word| self.ways.of_word(word, strength * APART / 100));
                together.into_iter().chain(joined).chain(apart).collect()
            }
        }
    }

    /// Returns the wants of the remaining words, and wants that reward words close together in the phrase for being
    /// close together in a service.
    fn loose(&self, spoken: &[HeardWording<'_>], weighs_nothing: fn(&str) -> bool) -> Vec<PhraseWant> {
        let is_spoken = |at: usize| spoken.iter().any(|one| one.words.contains(&at));
        let mut wants = Vec::new();
        let mut last: Option<&HeardWord> = None;
        for (at, word) in self.heard.iter().enumerate() {
            let folded = &*word.token.folded;
            if joins(folded) || (weighs_nothing(folded) && !is_spoken(at)) {
                continue;
            }
            let WantStrength(strength) = self.strength(folded, !spoken.is_empty());
            if !is_spoken(at) {
                wants.push(self.word(at, word, strength));
            }
            let close = last.filter(|last| last.nth + 3 > word.nth);
            let close = close.and_then(|last| self.ways.of_close(last, word, CLOSE, strength));
            wants.extend(close.map(|way| PhraseWant { asked: None, ways: vec![way] }));
            last = Some(word);
        }
        wants
    }

    /// Returns how much a word outside the lexicon counts: little, unless services use it in names or terms.
    fn strength(&self, folded: &str, is_beside: bool) -> WantStrength {
        let is_of_services = || self.lexicon.is_called(folded) || self.ways.is_in_terms(folded);
        match is_beside {
            _ if names_people(folded) => WantStrength::WHOM,
            _ if says_little(folded) => WantStrength::LITTLE,
            true if is_of_services() => WantStrength::BESIDE,
            true => WantStrength::STRAY,
            false if is_of_services() => WantStrength::WORD,
            false => WantStrength::BESIDE,
        }
    }

    /// Returns the want of a word: each form, as two words, and joined to the words before it.
    fn word(&self, at: usize, word: &HeardWord, strength: u32) -> PhraseWant {
        let mut ways = self.ways.of_word(word, strength);
        // A misspelled word is seldom two words.
        if word.forms.len() == 1 {
            ways.extend(self.ways.of_halves(&word.token.folded, self.lexicon, strength));
        }
        let from = (1..=2).filter_map(|back| self.heard.get(at.checked_sub(back)?..=at));
        ways.extend(from.filter_map(|words| self.ways.of_joined(words, strength)));
        PhraseWant { asked: self.between(&[word]), ways: WantWay::each_once(ways) }
    }

    /// Returns the words from the first to the last, if they are adjacent in the phrase.
    fn joined(&self, words: &[&HeardWord]) -> Option<&[HeardWord]> {
        let (first, last) = (words.first()?.nth, words.last()?.nth);
        self.heard.get(first..=last).filter(|all| all.len() == words.len())
    }

    /// Returns the part of the phrase from the first to the last of the words.
    fn between(&self, words: &[&HeardWord]) -> Option<Box<str>> {
        let start = words.first()?.token.place.start;
        let end = words.iter().map(|word| word.token.place.end).max()?;
        self.phrase.get(start..end).map(Into::into)
    }
}
