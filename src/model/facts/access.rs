//! Access for disabled people: what each location states, and whether a single location meets all requirements.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::facts::wheelchair::is_denial;
use crate::model::find::text::stem;
use crate::model::{
    Attribute, Location, QueryWord, RecordId, Service, TextQuery, TriState, folded_words,
    wheelchair_accessible,
};

/// The access that somebody requires. One location must meet all that is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessFilter {
    /// Whether a wheelchair user can get in. `None` if it does not matter.
    pub wheelchair: Option<bool>,
    /// A feature that must be there.
    pub text: Option<AccessText>,
}

impl AccessFilter {
    /// Returns whether nothing is required.
    pub fn is_empty(&self) -> bool {
        self.wheelchair.is_none() && self.text.is_none()
    }
}

/// A required feature, in words or as its code.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessText {
    words: TextQuery,
    slug: Box<str>,
}

impl AccessText {
    /// Parses a search like [`TextQuery::parse`]. Returns `None` if no word is left.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self { words: TextQuery::parse(text)?, slug: slug(text) })
    }
}

/// What the locations of a service state about access.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessFacts(Box<[PlaceAccess]>);

/// What one location states about access.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceAccess {
    wheelchair: TriState,
    /// The codes and names of the annotated features.
    slugs: Box<[Box<str>]>,
    sentences: Box<[Sentence]>,
}

/// The words of a sentence, joined by spaces, and their stems likewise. `-` replaces a negated word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sentence {
    words: Box<str>,
    stems: Box<str>,
}

/// Replaces a negated word, so that it neither matches nor forms part of a phrase. No word equals it.
const DENIED: &str = "-";

/// How many words after a negation are negated.
const REACH: usize = 3;

impl AccessFacts {
    /// Collects what a service's locations state: one entry for each `service_at_locations`, in order.
    pub fn of(service: &Service) -> Self {
        let places = service.service_at_locations.iter();
        Self(places.map(|place| place.location.as_deref().map(PlaceAccess::of).unwrap_or_default()).collect())
    }

    /// Returns whether any location meets all requirements.
    pub fn matches(&self, asked: &AccessFilter) -> TriState {
        self.matches_at(asked, |_| true)
    }

    /// Like [`Self::matches`], but only for locations whose index among the service's `service_at_locations` is wanted.
    pub fn matches_at(&self, asked: &AccessFilter, is_wanted: impl Fn(usize) -> bool) -> TriState {
        let wanted = self.0.iter().enumerate().filter(|(number, _)| is_wanted(*number));
        let mut outcomes = wanted.map(|(_, place)| place.matches(asked)).peekable();
        if outcomes.peek().is_none() { TriState::Unknown } else { TriState::any(outcomes) }
    }
}

impl PlaceAccess {
    /// Collects what a location states.
    pub fn of(location: &Location) -> Self {
        let statements = location.accessibility.iter();
        let texts = statements.clone().flat_map(|statement| [&statement.description, &statement.details]);
        let annotations: Vec<&Attribute> = statements
            .flat_map(|statement| &statement.part.attributes)
            .chain(&location.attributes)
            .map(AsRef::as_ref)
            .collect();
        // An annotation may have nothing to do with access. But if somebody asks for its code, it does.
        let features = annotations.iter().filter(|attribute| is_of_access(attribute));
        let features = features.filter_map(|feature| Some(feature.taxonomy_term.as_ref()?.name.as_str()));
        Self::stated(
            wheelchair_accessible(location),
            annotations.iter().flat_map(|attribute| slugs_of(attribute)),
            texts.flatten().map(String::as_str).chain(features),
        )
    }

    fn stated<'a>(
        wheelchair: TriState,
        slugs: impl Iterator<Item = Box<str>>,
        texts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let slugs: BTreeSet<Box<str>> = slugs.collect();
        let sentences: Vec<Sentence> = texts.flat_map(sentences).collect();
        Self { wheelchair, slugs: slugs.into_iter().collect(), sentences: sentences.into() }
    }

    /// Returns whether this location meets all requirements.
    pub fn matches(&self, asked: &AccessFilter) -> TriState {
        let wheelchair =
            asked.wheelchair.map(|wanted| if wanted { self.wheelchair } else { !self.wheelchair });
        let text = asked.text.as_ref().map(|text| self.speaks_of(text));
        TriState::all([wheelchair, text].into_iter().flatten())
    }

    fn speaks_of(&self, asked: &AccessText) -> TriState {
        if self.slugs.contains(&asked.slug) {
            return TriState::Yes;
        }
        if self.sentences.is_empty() {
            return TriState::Unknown;
        }
        let has_word = |word: &QueryWord| self.sentences.iter().any(|sentence| sentence.has_word(word));
        let has_phrase = |phrase: &[Box<str>]| self.sentences.iter().any(|one| one.has_phrase(phrase));
        let words = asked.words.words().iter().all(has_word);
        (words && asked.words.phrases().iter().all(|phrase| has_phrase(phrase))).into()
    }
}

impl Sentence {
    fn has_word(&self, asked: &QueryWord) -> bool {
        self.words
            .split(' ')
            .any(|word| word == &*asked.folded || (asked.may_be_prefix && word.starts_with(&*asked.folded)))
            || self.stems.split(' ').any(|stem| stem == &*asked.stem)
    }

    fn has_phrase(&self, phrase: &[Box<str>]) -> bool {
        let words: Vec<&str> = self.words.split(' ').collect();
        words
            .windows(phrase.len())
            .any(|window| window.iter().zip(phrase).all(|(word, asked)| *word == &**asked))
    }
}

// A negation ends with its sentence: "No steps. Ramp at the side" has a ramp.
fn sentences(text: &str) -> impl Iterator<Item = Sentence> {
    text.split(['.', ';', '!', '?', '\n']).map(folded_words).filter(|words| !words.is_empty()).map(|words| {
        let denied = |at: usize| words.iter().take(at).rev().take(REACH).any(|word| is_denial(word));
        let asserted = |at: usize, word: &str| if denied(at) { DENIED.into() } else { Box::from(word) };
        let words: Vec<Box<str>> = words.iter().enumerate().map(|(at, word)| asserted(at, word)).collect();
        let stems: Vec<Box<str>> = words.iter().map(|word| stem(word)).collect();
        Sentence { words: words.join(" ").into(), stems: stems.join(" ").into() }
    })
}

fn is_of_access(attribute: &Attribute) -> bool {
    let aspects = [&attribute.link_type, &attribute.link_entity];
    aspects.into_iter().flatten().any(|aspect| aspect.to_lowercase().starts_with("access"))
}

// A feature is known by the id, the code and the name of its term.
fn slugs_of(attribute: &Attribute) -> impl Iterator<Item = Box<str>> {
    let term = attribute.taxonomy_term.as_deref();
    let texts = [
        attribute.taxonomy_term_id.as_ref().map(RecordId::upstream),
        term.and_then(|term| term.code.as_deref()),
        term.map(|term| term.name.as_str()),
    ];
    texts.into_iter().flatten().map(slug).filter(|slug| !slug.is_empty())
}

/// Returns a text in lower case, with `-` between its words.
pub(in crate::model) fn slug(text: &str) -> Box<str> {
    folded_words(text).join("-").into()
}

#[cfg(test)]
mod tests {
    use super::TriState::{No, Unknown, Yes};
    use super::*;

    fn place(wheelchair: TriState, features: &[&str], texts: &[&str]) -> PlaceAccess {
        PlaceAccess::stated(wheelchair, features.iter().map(|name| slug(name)), texts.iter().copied())
    }

    fn asked(wheelchair: Option<bool>, text: &str) -> AccessFilter {
        AccessFilter { wheelchair, text: AccessText::parse(text) }
    }

    #[test]
    fn words_are_found_unless_they_are_denied() {
        let hall = place(
            Unknown,
            &["Baby changing"],
            &["No wheelchair access to the stage. Ramps at the side; hearing loop in the café"],
        );
        for (text, expected) in [
            ("ramp", Yes),
            ("hearing loops cafe", Yes),
            ("\"hearing loop\" ramp", Yes),
            ("\"loop hearing\"", No),
            ("wheelchair", No),
            ("access", No),
            // Three words are denied, and no more.
            ("stage", Yes),
            ("baby-changing", Yes),
            ("Baby Changing", Yes),
            ("baby", No),
            ("lift", No),
        ] {
            assert_eq!(hall.matches(&asked(None, text)), expected, "{text}");
        }
        assert_eq!(place(Unknown, &["library"], &[]).matches(&asked(None, "ramp")), Unknown);
    }

    #[test]
    fn one_place_must_have_all_of_it() {
        let access = AccessFacts(
            [
                place(Yes, &[], &["Wheelchair access"]),
                place(No, &[], &["Hearing loop. No wheelchair access"]),
                PlaceAccess::default(),
            ]
            .into(),
        );
        let both = asked(Some(true), "hearing loop");
        assert_eq!(access.matches(&both), Unknown);
        assert_eq!(access.matches_at(&both, |number| number < 2), No);
        assert_eq!(access.matches(&asked(Some(true), "")), Yes);
        assert_eq!(access.matches(&asked(Some(false), "loop")), Yes);
        assert_eq!(access.matches_at(&asked(Some(true), ""), |number| number == 1), No);
        assert_eq!(access.matches_at(&asked(Some(true), ""), |_| false), Unknown);
        assert_eq!(AccessFacts::default().matches(&asked(Some(true), "")), Unknown);
    }

    #[test]
    fn what_is_written_down_is_read_again() {
        let access = AccessFacts([place(No, &["ramp"], &["Not without a ramp"])].into());
        let written = serde_json::to_string(&access).unwrap();
        assert_eq!(serde_json::from_str::<AccessFacts>(&written).unwrap(), access);
    }
}
