//! Suggestions for a name that matches nothing, shown in the error message.

use std::collections::BTreeMap;

use super::TermVocabulary;
use super::known::KnownTerm;
use crate::model::{TaxonomyTermRef, VocabularyNames, folded_words};

/// The most suggestions.
const MOST: usize = 5;
/// The least similarity of a suggestion, from 0 to 1.
const LEAST_ALIKE: f64 = 0.7;
/// The longest name that is compared, in characters; longer ones are truncated. Comparing takes time proportional to
/// the product of the lengths.
const LONGEST: usize = 64;

/// The known names that resemble the one asked for.
#[derive(Debug, Default)]
struct NearNames {
    wanted: String,
    words: Vec<Box<str>>,
    /// By name without case and accents, so that a name is suggested only once.
    found: BTreeMap<String, (f64, Box<str>)>,
}

impl NearNames {
    fn to(wanted: &str) -> Self {
        let words = folded_words(wanted);
        Self { wanted: compared(&words), words, found: BTreeMap::new() }
    }

    fn offer(&mut self, name: &str) {
        let words = folded_words(name);
        let other = compared(&words);
        let alike = self.alike(&other, &words);
        if alike < LEAST_ALIKE {
            return;
        }
        let (_, held) = self.found.entry(other).or_insert_with(|| (alike, name.into()));
        if (name.len(), name) < (held.len(), &**held) {
            *held = name.into();
        }
    }

    fn alike(&self, other: &str, words: &[Box<str>]) -> f64 {
        let (longer, shorter) = (self.wanted.len().max(other.len()), self.wanted.len().min(other.len()));
        // Somebody who writes "debt" means "Debt advice" or "Debt counselling".
        if !self.words.is_empty() && self.words.iter().all(|word| words.contains(word)) {
            return 0.9;
        }
        // If the lengths differ this much, the names cannot be similar enough.
        if longer == 0 || shorter * 10 < longer * 7 {
            return 0.0;
        }
        strsim::normalized_damerau_levenshtein(&self.wanted, other)
    }

    fn into_names(self) -> Vec<String> {
        let mut found: Vec<(f64, Box<str>)> = self.found.into_values().collect();
        found.sort_by(|(of_a, a), (of_b, b)| {
            of_b.total_cmp(of_a).then_with(|| (a.len(), a).cmp(&(b.len(), b)))
        });
        found.into_iter().take(MOST).map(|(_, name)| name.into()).collect()
    }
}

fn compared(words: &[Box<str>]) -> String {
    words.join(" ").chars().take(LONGEST).collect()
}

impl TermVocabulary {
    /// Returns names in these vocabularies that resemble a reference that names no term, in the reference's form.
    pub fn near<'v>(all: impl Iterator<Item = &'v Self>, wanted: &TaxonomyTermRef) -> Vec<String> {
        let known = all.flat_map(|one| one.known.values());
        match wanted {
            TaxonomyTermRef::Id(_) => Vec::new(),
            TaxonomyTermRef::Name(name) => nearest(name, known.filter_map(|known| known.label.as_deref())),
            TaxonomyTermRef::Uri(uri) => nearest(uri, known.filter_map(|known| known.written_uri.as_deref())),
            TaxonomyTermRef::Group(group) => nearest(group.as_str(), known.map(|known| known.group.as_str())),
            TaxonomyTermRef::Code { code, .. } => {
                nearest(code, known.filter_map(|known| known.written_code.as_deref()))
            }
        }
    }

    /// Returns names of vocabularies that resemble one that does not exist. If none does, returns the most used ones:
    /// there are few.
    pub fn near_vocabularies<'v>(all: impl Iterator<Item = &'v Self>, wanted: &str) -> Vec<String> {
        // Every term names a vocabulary, and few of the names differ.
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        all.flat_map(Self::vocabulary_labels).for_each(|label| *counted.entry(label).or_default() += 1);
        let near = nearest(wanted, counted.keys().copied());
        if !near.is_empty() {
            return near;
        }
        let mut usual: Vec<(&str, usize)> = counted.into_iter().collect();
        usual.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        usual.into_iter().take(MOST).map(|(label, _)| label.to_owned()).collect()
    }

    fn vocabulary_labels(&self) -> impl Iterator<Item = &str> {
        let listed =
            self.taxonomies.values().flat_map(VocabularyNames::each).filter(|name| !name.contains("://"));
        self.known.values().filter_map(KnownTerm::vocabulary_label).chain(listed)
    }
}

fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut near = NearNames::to(wanted);
    names.for_each(|name| near.offer(name));
    near.into_names()
}
