//! Reading a phrase: what is wanted, each in all the ways that services may put it.

use std::sync::Arc;

use super::counts::WordRarity;
use super::hearing::{HeardWord, hear};
use super::lexicon::{AskLexicon, AskedNeed};
use super::requests::{is_number, names_people, only_requests, says_little};
use super::rows::{HeardWording, spoken};
use super::standing::WordStanding;
use super::tokens::joins;
use super::ways::{WantWay, WayMaker};

/// What a phrase comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhraseReading {
    /// What is wanted.
    pub wants: Vec<PhraseWant>,
    /// What a service must score to be found.
    pub least: u32,
    /// The kinds of need that are spoken of, each once.
    pub needs: Vec<Arc<AskedNeed>>,
}

/// One thing that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct PhraseWant {
    /// The words it was asked in; none where it only says that words stand close.
    pub asked: Option<Box<str>>,
    /// The ways in which services may put it.
    pub ways: Vec<WantWay>,
}

/// How much a want counts, in per cent.
#[derive(Clone, Copy)]
struct WantStrength(u32);

impl WantStrength {
    /// Somebody may be in danger: what answers comes first.
    const DANGER: Self = Self(600);
    /// One word of danger, which may be about something else.
    const SCARE: Self = Self(300);
    /// A wording of several words that rows know.
    const WORDING: Self = Self(115);
    /// A word.
    const WORD: Self = Self(100);
    /// A word beside a wording that rows know: it says what that is about, or nothing at all.
    const BESIDE: Self = Self(60);
    /// A word that says little.
    const LITTLE: Self = Self(30);
    /// A word beside a wording that rows know, which no service calls anything.
    const STRAY: Self = Self(20);
    /// Whom it is for.
    const WHOM: Self = Self(10);
}

/// The weight of a row that is sure enough to come before all else, in per cent.
const SURE: u32 = 70;

/// What one word of a wording counts of the whole, in per cent.
const APART: u32 = 30;

/// Of the most that one want may score, what a service must score to be found, in per cent.
const LEAST: u32 = 25;

/// What a service must score at least, unless no service could score much more: words that very many services say find
/// those that say them in prominent places, and not half the catalogue.
const FLOOR: u32 = 1_000;

/// Of the most that one want may score, what the floor comes to at most, in per cent.
const MOST_OF_FLOOR: u32 = 60;

/// The standing in which words together are thought to be at best, by its weight.
const MOST_TOGETHER: u32 = WordStanding::Body.weight();

/// How far apart words may stand that stand close, in words.
const CLOSE: u32 = 3;

impl PhraseReading {
    /// Reads a phrase by the rows of a lexicon and the words that services know.
    pub fn of(phrase: &str, lexicon: &AskLexicon, counts: &dyn WordRarity) -> Self {
        let heard = hear(phrase, lexicon, counts);
        let spoken = spoken(&heard, lexicon);
        let reader = PhraseReader { phrase, heard: &heard, ways: WayMaker::new(counts), lexicon };
        let mut wants: Vec<PhraseWant> = spoken.iter().map(|spoken| reader.wording(spoken)).collect();
        wants.extend(reader.loose(&spoken, only_requests));
        wants.retain(|want| !want.ways.is_empty());
        if wants.is_empty() && spoken.is_empty() {
            // "Somewhere to go" asks with nothing but the words of requests. A number asks nothing.
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

    /// Whether somebody may be in danger.
    pub fn speaks_of_danger(&self) -> bool {
        self.needs.iter().any(|need| need.danger)
    }
}

impl PhraseWant {
    /// The most that a service could score by it, given where services say its words at all.
    fn most(&self) -> Option<u32> {
        let of = |way: &WantWay| {
            let heaviest = WordStanding::ALL.into_iter().find(|standing| way.may_stand(*standing))?.weight();
            // Nobody has looked yet whether several words stand together anywhere.
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
    /// What is wanted by a wording of the rows: its own words, and what services call it.
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
                // Rows name the best first.
                let percent = row.weight * (100 - 4 * u32::min(nth, 10)) / 100;
                ways.extend(self.ways.of_row(called, percent, strength.0));
            }
        }
        PhraseWant { asked: self.between(&words), ways: WantWay::each_once(ways) }
    }

    /// The words of a wording as they are: together, and apart where they say enough.
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

    /// What is wanted by the other words, and that those stand close which stand close in the phrase.
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

    /// How much a word counts that no row knows: little, unless services use it for what they do.
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

    /// What is wanted by a word: in each form, as two, and as one with those before it.
    fn word(&self, at: usize, word: &HeardWord, strength: u32) -> PhraseWant {
        let mut ways = self.ways.of_word(word, strength);
        // A slip is seldom two words.
        if word.forms.len() == 1 {
            ways.extend(self.ways.of_halves(&word.token.folded, self.lexicon, strength));
        }
        let from = (1..=2).filter_map(|back| self.heard.get(at.checked_sub(back)?..=at));
        ways.extend(from.filter_map(|words| self.ways.of_joined(words, strength)));
        PhraseWant { asked: self.between(&[word]), ways: WantWay::each_once(ways) }
    }

    /// Words that stand side by side in the phrase.
    fn joined(&self, words: &[&HeardWord]) -> Option<&[HeardWord]> {
        let (first, last) = (words.first()?.nth, words.last()?.nth);
        self.heard.get(first..=last).filter(|all| all.len() == words.len())
    }

    /// The piece of the phrase from the first to the last of some words.
    fn between(&self, words: &[&HeardWord]) -> Option<Box<str>> {
        let start = words.first()?.token.place.start;
        let end = words.iter().map(|word| word.token.place.end).max()?;
        self.phrase.get(start..end).map(Into::into)
    }
}
