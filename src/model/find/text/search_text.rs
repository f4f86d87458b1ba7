//! The words of one record, prepared for searching.

use super::query::QueryWord;
use super::tokens::{folded_words, stem};

/// How much a hit in a field counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextClass {
    /// The name.
    Name,
    /// What the record is about, and who provides it.
    Subject,
    /// Everything else.
    Body,
}

impl TextClass {
    /// All classes, the heaviest first.
    pub const ALL: [Self; 3] = [Self::Name, Self::Subject, Self::Body];

    /// Returns what a hit counts.
    pub const fn weight(self) -> f32 {
        match self {
            Self::Name => 5.0,
            Self::Subject => 3.0,
            Self::Body => 1.0,
        }
    }
}

/// A field of a record that is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextField<'a> {
    /// The field's name in the graph, with a dot before a member of a nested record.
    pub name: &'static str,
    /// How much a hit in it counts.
    pub class: TextClass,
    /// The content as plain text.
    pub text: &'a str,
}

/// The words of a record, folded and stemmed, field by field.
#[derive(Clone, Debug, Default)]
pub struct SearchText {
    words: ClassedWords,
    stems: ClassedWords,
    // Each word as its index in `words`.
    fields: Vec<(TextClass, Box<[usize]>)>,
}

impl SearchText {
    /// Reads the words of fields.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = TextField<'a>>) -> Self {
        Self::read(fields.into_iter().map(|field| (field.class, field.text)))
    }

    /// Reads the words of texts that all count the same.
    pub fn of(texts: &[&str]) -> Self {
        Self::read(texts.iter().map(|text| (TextClass::Body, *text)))
    }

    /// The words of each field of a class, in order.
    pub fn class(&self, class: TextClass) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        let of_class = self.fields.iter().filter(move |(is, _)| *is == class);
        of_class.map(|(_, field)| field.iter().filter_map(|number| self.words.word(*number)))
    }

    /// Returns all words, sorted and without duplicates.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.0.iter().map(|(word, _)| &**word)
    }

    /// Returns the stems of the words of a class, without duplicates.
    pub fn stems(&self, class: TextClass) -> impl Iterator<Item = &str> {
        let of_class = self.stems.0.iter().filter(move |(_, classes)| classes.has(class));
        of_class.map(|(stem, _)| &**stem)
    }

    fn read<'a>(fields: impl Iterator<Item = (TextClass, &'a str)>) -> Self {
        let fields: Vec<_> = fields.map(|(class, text)| (class, folded_words(text))).collect();
        let classed = fields.iter().flat_map(|(class, words)| {
            let class = WordClasses::of(*class);
            words.iter().map(move |word| (&**word, class))
        });
        let words = ClassedWords::of(classed.collect());
        let stems: Vec<_> = words.0.iter().map(|(word, classes)| (stem(word), *classes)).collect();
        let stems = ClassedWords::of(stems.iter().map(|(stem, classes)| (&**stem, *classes)).collect());
        let numbers = |field: &[Box<str>]| field.iter().filter_map(|word| words.number(word)).collect();
        let fields = fields.iter().map(|(class, field)| (*class, numbers(field))).collect();
        Self { words, stems, fields }
    }

    pub(super) fn has_word(&self, wanted: &QueryWord) -> bool {
        self.stems.number(&wanted.stem).is_some()
            || self.words.number(&wanted.folded).is_some()
            || (wanted.may_be_prefix && self.words.beginning_with(&wanted.folded).next().is_some())
    }

    /// Returns the heaviest class with the word itself, that with its stem, and that with a word that begins with it.
    pub(super) fn heaviest(&self, wanted: &QueryWord) -> [Option<TextClass>; 3] {
        let longer = wanted.may_be_prefix.then(|| self.words.beginning_with(&wanted.folded));
        let longer = longer.into_iter().flatten().fold(WordClasses::default(), WordClasses::or);
        let forms = [self.words.classes(&wanted.folded), self.stems.classes(&wanted.stem), longer];
        forms.map(WordClasses::heaviest)
    }

    /// Returns the heaviest class with a field in which these words are adjacent.
    pub(super) fn phrase(&self, phrase: &[Box<str>]) -> Option<TextClass> {
        let numbers: Vec<usize> =
            phrase.iter().map(|word| self.words.number(word)).collect::<Option<Vec<_>>>()?;
        let holds = |field: &[usize]| field.windows(numbers.len()).any(|window| window == numbers);
        self.fields.iter().filter(|(_, field)| holds(field)).map(|(class, _)| *class).min()
    }
}

/// Sorted words, each with the classes in which it occurs.
#[derive(Clone, Debug, Default)]
struct ClassedWords(Box<[(Box<str>, WordClasses)]>);

impl ClassedWords {
    fn of(mut words: Vec<(&str, WordClasses)>) -> Self {
        words.sort_unstable_by_key(|(word, _)| *word);
        words.dedup_by(|(word, classes), (kept, held)| {
            let is_kept = word == kept;
            if is_kept {
                *held = held.or(*classes);
            }
            is_kept
        });
        Self(words.into_iter().map(|(word, classes)| (word.into(), classes)).collect())
    }

    fn number(&self, word: &str) -> Option<usize> {
        self.0.binary_search_by(|(has, _)| (**has).cmp(word)).ok()
    }

    fn word(&self, number: usize) -> Option<&str> {
        self.0.get(number).map(|(word, _)| &**word)
    }

    fn classes(&self, word: &str) -> WordClasses {
        let entry = self.number(word).and_then(|number| self.0.get(number));
        entry.map(|(_, classes)| *classes).unwrap_or_default()
    }

    fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = WordClasses> {
        let first = self.0.partition_point(|(word, _)| **word < *prefix);
        let following = self.0.get(first..).unwrap_or_default().iter();
        following.take_while(move |(word, _)| word.starts_with(prefix)).map(|(_, classes)| *classes)
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct WordClasses(u8);

impl WordClasses {
    fn of(class: TextClass) -> Self {
        Self(1 << (class as u8))
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, class: TextClass) -> bool {
        self.0 & Self::of(class).0 != 0
    }

    fn heaviest(self) -> Option<TextClass> {
        TextClass::ALL.into_iter().find(|class| self.has(*class))
    }
}
