//! The words of a service for `ask`, each with its standing and position.

use std::collections::BTreeMap;

use super::asides::{is_beside_the_point, mark_asides};
use super::denials::mark_denied;
use super::standing::WordStanding;
use super::tokens::{PhraseToken, WordBreak, joined_by_hyphens, joins, stem, tokens};

/// A field of a service that `ask` searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskField<'a> {
    /// The field's name in the graph, with a dot before a member of a nested record.
    pub name: &'static str,
    /// The standing of its words, unless they are mentioned in passing or negated.
    pub standing: WordStanding,
    /// The content as plain text.
    pub text: &'a str,
}

/// A word of a field that has a standing.
#[derive(Clone, Debug)]
pub(super) struct PlacedWord {
    pub(super) stem: Box<str>,
    pub(super) standing: WordStanding,
    /// Counted over all fields of a service, so that distances can be computed.
    pub(super) position: u32,
    pub(super) place: std::ops::Range<usize>,
}

/// The distance between sentences and between fields, in words. Greater than between words that belong together.
const APART: u32 = 16;

/// Reads fields one after the other, so that positions are unique.
#[derive(Debug, Default)]
pub(super) struct WordPlacing {
    next: u32,
}

impl WordPlacing {
    /// Returns the words of the next field.
    pub(super) fn read(&mut self, field: &AskField<'_>) -> Vec<PlacedWord> {
        let text = beginning(field.text);
        let tokens = tokens(text);
        let mut placed = Vec::new();
        let sentences = tokens.chunk_by(|_, next| next.after != WordBreak::Sentence);
        for (nth, sentence) in sentences.enumerate() {
            let standing = match field.standing {
                WordStanding::Lead if nth > 0 => WordStanding::Body,
                standing => standing,
            };
            self.read_sentence(sentence, standing, text, &mut placed);
            self.next = self.next.saturating_add(APART);
        }
        placed
    }

    fn read_sentence(
        &mut self,
        sentence: &[PhraseToken],
        standing: WordStanding,
        text: &str,
        placed: &mut Vec<PlacedWord>,
    ) {
        let stands = stands(sentence, standing, text);
        for (at, (token, stands)) in sentence.iter().zip(stands).enumerate() {
            self.next = self.next.saturating_add(1);
            let Some(standing) = stands else { continue };
            let (position, place) = (self.next, token.place.clone());
            if let Some((joined, place)) = joined_by_hyphens(text, sentence, at) {
                placed.push(PlacedWord { stem: stem(&joined), standing, position, place });
            }
            if !joins(&token.folded) {
                placed.push(PlacedWord { stem: stem(&token.folded), standing, position, place });
            }
        }
    }
}

/// The most bytes of a text that are read, far more than any real text has. Each word takes many times its length in
/// memory.
const MOST_BYTES: usize = 64 << 10;

fn beginning(text: &str) -> &str {
    text.split_at_checked(text.floor_char_boundary(MOST_BYTES)).map_or(text, |(beginning, _)| beginning)
}

/// Returns the standing of each word of a sentence, `None` for negated ones. In names, words are never taken as negated
/// or in passing.
fn stands(sentence: &[PhraseToken], standing: WordStanding, text: &str) -> Vec<Option<WordStanding>> {
    let is_text = matches!(standing, WordStanding::Lead | WordStanding::Body | WordStanding::Margin);
    let beside = is_text && is_beside_the_point(sentence);
    let mut stands = vec![Some(if beside { WordStanding::Aside } else { standing }); sentence.len()];
    let mut set = |at: usize, to| {
        if let Some(stand) = stands.get_mut(at) {
            *stand = to;
        }
    };
    if standing != WordStanding::Name {
        mark_asides(sentence, |at| set(at, Some(WordStanding::Aside)));
    }
    if is_text || standing == WordStanding::Aside {
        mark_denied(sentence, text, |at| set(at, None));
    }
    stands
}

/// The stemmed words of one service with their standings, in few allocations because there may be very many services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskText {
    /// All stems concatenated, in sorted order.
    stems: Box<str>,
    positions: Box<[u32]>,
    said: Box<[StandingWord]>,
}

/// One word in one standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StandingWord {
    /// The end of its stem in `stems`.
    stem_end: u32,
    positions_end: u32,
    standing: WordStanding,
}

impl AskText {
    /// Reads the words of fields.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = AskField<'a>>) -> Self {
        let mut placing = WordPlacing::default();
        let mut words: BTreeMap<(Box<str>, WordStanding), Vec<u32>> = BTreeMap::new();
        for field in fields {
            for PlacedWord { stem, standing, position, .. } in placing.read(&field) {
                words.entry((stem, standing)).or_default().push(position);
            }
        }
        let (mut stems, mut all, mut said) = (String::new(), Vec::new(), Vec::with_capacity(words.len()));
        for ((stem, standing), positions) in words {
            stems.push_str(&stem);
            all.extend(positions);
            let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            said.push(StandingWord { stem_end: end(stems.len()), positions_end: end(all.len()), standing });
        }
        Self { stems: stems.into(), positions: all.into(), said: said.into() }
    }

    /// Returns each word in each standing, with its positions.
    pub fn words(&self) -> impl Iterator<Item = (&str, WordStanding, &[u32])> {
        (0..self.said.len()).filter_map(|at| self.word(at))
    }

    /// Returns the standings of a word, with its positions in each.
    pub(super) fn of(&self, stem: &str) -> impl Iterator<Item = (WordStanding, &[u32])> {
        let following = (self.first_of(stem)..self.said.len()).map_while(|at| self.word(at));
        let of_stem = following.take_while(move |(is, ..)| *is == stem);
        of_stem.map(|(_, standing, positions)| (standing, positions))
    }

    /// Returns the index of the first word that does not sort before `stem`.
    fn first_of(&self, stem: &str) -> usize {
        let (mut from, mut to) = (0, self.said.len());
        while from < to {
            let middle = from.midpoint(to);
            match self.word(middle) {
                Some((is, ..)) if is < stem => from = middle + 1,
                _ => to = middle,
            }
        }
        from
    }

    fn word(&self, at: usize) -> Option<(&str, WordStanding, &[u32])> {
        let said = self.said.get(at)?;
        let before = at.checked_sub(1).and_then(|before| self.said.get(before));
        let (stem, positions) = before.map_or((0, 0), |before| (before.stem_end, before.positions_end));
        let stem = self.stems.get(stem as usize..said.stem_end as usize)?;
        Some((stem, said.standing, self.positions.get(positions as usize..said.positions_end as usize)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands_of(text: &str) -> Vec<(String, WordStanding)> {
        let field = AskField { name: "description", standing: WordStanding::Lead, text };
        let placed = WordPlacing::default().read(&field);
        placed.into_iter().map(|one| (text.get(one.place).unwrap().to_lowercase(), one.standing)).collect()
    }

    /// Returns the standing of a word of a description. `None` if it is negated or absent.
    fn standing(text: &str, word: &str) -> Option<WordStanding> {
        stands_of(text).into_iter().find(|(is, _)| is == word).map(|(_, standing)| standing)
    }

    #[test]
    fn the_building_and_what_is_denied_is_not_what_a_service_is_about() {
        use WordStanding::{Aside, Body, Lead};
        for (text, word, expected) in [
            ("A weekly lunch club. Tea and talk.", "lunch", Some(Lead)),
            ("A weekly lunch club. Tea and talk.", "talk", Some(Body)),
            ("A club. The venue is fully wheelchair accessible.", "wheelchair", Some(Aside)),
            ("A wheelchair accessible lunch club.", "wheelchair", Some(Aside)),
            ("A wheelchair accessible lunch club.", "lunch", Some(Lead)),
            ("We lend wheelchairs for short trips.", "wheelchairs", Some(Lead)),
            ("Wheelchair basketball for all.", "wheelchair", Some(Lead)),
            ("Tenants' advice. This is a smoke-free site.", "smoke", Some(Aside)),
            ("We help you to stop smoking.", "smoking", Some(Lead)),
            ("Advice on housing. We cannot give advice on debts, benefits or tax.", "debts", None),
            ("Advice on housing. We cannot give advice on debts, benefits or tax.", "benefits", None),
            ("We do not give debt advice, but run a food bank.", "debt", None),
            ("We do not give debt advice, but run a food bank.", "food", Some(Lead)),
            ("Yoga. Sorry, there is no childcare.", "childcare", None),
            ("Yoga. No dogs or children.", "children", None),
            ("For people who cannot leave the house.", "house", Some(Lead)),
            ("For people with no family nearby.", "family", Some(Lead)),
            ("If you do not have enough food, come to us.", "food", Some(Lead)),
            ("Cannot cope with debts? We help.", "debts", Some(Lead)),
            ("Not just lunch: games and music.", "lunch", Some(Lead)),
            ("Counselling. If you are in danger ring 999.", "danger", Some(Aside)),
            ("We meet at the hall next to the food bank.", "bank", Some(Aside)),
            ("Art. Counselling is not part of what we offer.", "counselling", None),
            ("Art. No crèche is available.", "crèche", None),
            ("Art. Nobody may attend under the influence of alcohol.", "alcohol", Some(Aside)),
            ("Art. Either side may give two weeks' notice to quit.", "quit", Some(Aside)),
            ("Art. Abuse of our staff will not be tolerated.", "abuse", Some(Aside)),
            ("Part of the Dementia Friendly Communities scheme.", "dementia", Some(Aside)),
            ("A dementia-friendly choir.", "dementia", Some(Lead)),
            ("Art. Hearing loop installed.", "hearing", Some(Aside)),
            ("Art. We are unable to help with housing applications.", "housing", None),
            ("Art. You may be put on a waiting list.", "list", Some(Aside)),
        ] {
            assert_eq!(standing(text, word), expected, "{word:?} in {text:?}");
        }
    }

    #[test]
    fn words_are_found_by_their_stems_with_all_their_standings() {
        let field = |standing, text| AskField { name: "name", standing, text };
        let text = AskText::of_fields([
            field(WordStanding::Name, "Lunch clubs"),
            field(WordStanding::Lead, "Lunches for all. More lunch"),
        ]);
        let of: Vec<_> = text.of("lunch").map(|(standing, positions)| (standing, positions.len())).collect();
        assert_eq!(of, [(WordStanding::Name, 1), (WordStanding::Lead, 1), (WordStanding::Body, 1)]);
        assert_eq!(text.of("lun").count(), 0);
    }
}
