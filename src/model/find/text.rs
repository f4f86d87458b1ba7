//! Words: how names are sorted and texts are searched.

mod beginnings;
mod query;
mod search_text;
mod snippet;
mod spelling;
mod tokens;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use beginnings::{BegunName, NameBeginnings, folded_name};
pub use query::{FORM_WEIGHTS, QueryWord, TextQuery, phrase_score, word_score};
pub use search_text::{SearchText, TextClass, TextField};
pub use snippet::TextMatch;
pub use spelling::NearSpellings;
pub use tokens::{folded_words, stem};

pub(in crate::model) use snippet::around;
pub(in crate::model) use tokens::each_word;

use tokens::fold;

/// A name folded for sorting: ignores case, accents and width. Truncated to [`OrderKey::MAX_CHARS`]. Cheap to clone,
/// because every row of a page needs one for its cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderKey(Arc<str>);

impl OrderKey {
    /// The most characters: enough to sort names, and short enough for a cursor. Source and id break ties.
    pub const MAX_CHARS: usize = 80;

    /// Returns the key of a name.
    pub fn of(name: &str) -> Self {
        // A NUL separates the parts of a cursor, so a key must not contain one.
        let folded: String = fold(name).filter(|c| *c != '\0').take(Self::MAX_CHARS).collect();
        Self(folded.trim().into())
    }

    /// Restores a key from a cursor.
    pub(in crate::model) fn kept(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the first eight bytes as a number that sorts in the same order. Most comparisons need no more.
    pub fn prefix(&self) -> u64 {
        let mut first = [0; 8];
        first.iter_mut().zip(self.0.bytes()).for_each(|(at, byte)| *at = byte);
        u64::from_be_bytes(first)
    }

    /// Returns the folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn found(query: &str) -> bool {
        let text = SearchText::of(&["Women's Aid Drop-in", "Café on Tuesdays"]);
        TextQuery::parse(query).is_some_and(|query| query.matches(&text))
    }

    // The worked examples of the field notes on filters.
    #[test]
    fn apostrophes_accents_hyphens_and_prefixes() {
        for query in [
            "womens",
            "women's",
            "cafe",
            "CAFÉ",
            "drop in",
            "tues cafe",
            "tuesday",
            "\"drop in\"",
            "aid -drop",
        ] {
            assert!(found(query), "{query}");
        }
    }

    #[test]
    fn phrases_keep_their_order_and_single_letters_are_words() {
        for query in ["\"drop aid\"", "p", "cafe monday", "\"aid on\""] {
            assert!(!found(query), "{query}");
        }
    }

    #[test]
    fn a_search_without_words_is_none() {
        assert_eq!(TextQuery::parse(" -+* \"\" "), None);
    }

    fn fields<'a>(texts: &[(TextClass, &'a str)]) -> Vec<TextField<'a>> {
        texts.iter().map(|(class, text)| TextField { name: "name", class: *class, text }).collect()
    }

    fn score(query: &str, texts: &[(TextClass, &str)]) -> Option<f32> {
        TextQuery::parse(query)?.score(&SearchText::of_fields(fields(texts)))
    }

    #[test]
    fn a_word_counts_by_the_best_of_its_places_and_forms() {
        use TextClass::{Body, Name, Subject};
        let lunch = [
            (Name, "Lunch clubs"),
            (Subject, "Community meals"),
            (Body, "A club that lunches. Mealtimes vary"),
        ];
        for (query, expected) in [
            ("lunch", Some(5.0)),
            // The stem in the name counts more than the word itself in the description.
            ("club", Some(4.0)),
            ("meal", Some(2.4)),
            ("commun", Some(1.8)),
            ("mealt", Some(0.6)),
            ("lunch vary", Some(6.0)),
            ("\"lunch clubs\"", Some(10.0)),
            ("\"club that lunches\" lunch", Some(8.0)),
            // Sums of tenths are exact, to the last bit.
            ("commun meal vary", Some(5.2)),
            ("commun mealt commun", Some(4.2)),
            ("\"clubs community\"", None),
            ("lunch breakfast", None),
        ] {
            assert_eq!(score(query, &lunch), expected, "{query}");
        }
    }

    #[test]
    fn an_index_finds_the_words_by_class() {
        let text = SearchText::of_fields(fields(&[
            (TextClass::Body, "Ends, as it begins: it ends"),
            (TextClass::Name, "The End"),
            (TextClass::Body, "it"),
        ]));
        let body: Vec<Vec<&str>> = text.class(TextClass::Body).map(Iterator::collect).collect();
        assert_eq!(body, [vec!["ends", "as", "it", "begins", "it", "ends"], vec!["it"]]);
        assert_eq!(text.class(TextClass::Subject).count(), 0);
    }

    #[test]
    fn names_sort_without_regard_to_case_or_accent() {
        let mut names = ["éclair", "Zoo", "apple", "Eden"];
        names.sort_by_key(|name| OrderKey::of(name));
        assert_eq!(names, ["apple", "éclair", "Eden", "Zoo"]);
    }

    const WORDS: [&str; 10] =
        ["club", "clubs", "clubbing", "lunch", "Lunches", "café", "in", "drop", "drop-in", "women's"];

    fn some_text() -> impl Strategy<Value = String> {
        vec(select(WORDS.as_slice()), 0..5).prop_map(|words| words.join(" "))
    }

    fn some_class() -> impl Strategy<Value = TextClass> {
        select(TextClass::ALL.as_slice())
    }

    // The scoring rule, implemented directly.
    fn plainly_scored(query: &TextQuery, texts: &[(TextClass, String)]) -> Option<f32> {
        let held = |holds: &dyn Fn(&[Box<str>]) -> bool| {
            let classes =
                texts.iter().filter(|(_, text)| holds(&folded_words(text))).map(|(class, _)| *class);
            classes.max_by(|a, b| a.weight().total_cmp(&b.weight()))
        };
        let mut sum = 0.0;
        for word in query.words() {
            let exact = held(&|field| field.contains(&word.folded));
            let stemmed = held(&|field| field.iter().any(|has| stem(has) == word.stem));
            let longer =
                held(&|field| word.may_be_prefix && field.iter().any(|has| has.starts_with(&*word.folded)));
            sum += (word_score([exact, stemmed, longer])? * 10.0).round();
        }
        for phrase in query.phrases() {
            let class = held(&|field| field.windows(phrase.len()).any(|window| window == phrase))?;
            sum += (phrase_score(class, phrase.len()) * 10.0).round();
        }
        Some(sum / 10.0)
    }

    proptest! {
        #[test]
        fn the_score_is_that_of_the_rule_and_says_whether_it_matches(
            loose in some_text(), phrase in some_text(),
            texts in vec((some_class(), some_text()), 0..6), seed in 0_usize..6,
        ) {
            let Some(query) = TextQuery::parse(&format!("{loose} \"{phrase}\"")) else { return Ok(()) };
            let of = |texts: &[(TextClass, String)]| {
                let fields = texts.iter().map(|(class, text)| TextField { name: "name", class: *class, text });
                SearchText::of_fields(fields)
            };
            let score = query.score(&of(&texts));
            prop_assert_eq!(score, plainly_scored(&query, &texts));
            prop_assert_eq!(score.is_some(), query.matches(&of(&texts)));
            let mut turned = texts.clone();
            turned.rotate_left(seed.min(texts.len()));
            prop_assert_eq!(score, query.score(&of(&turned)));
        }
    }
}
