//! A service as the index takes it in.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::schema::Fields;
use crate::model::{Facts, SearchText, Service, stem};

/// The longest tag that is told apart from longer ones that begin like it.
const LONGEST_TAG: usize = 256;

/// The document of a service.
pub(super) fn of(ordinal: u32, service: &Service, facts: &Facts, fields: &Fields) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.ordinal, u64::from(ordinal));
    for tag in facts.tags() {
        document.add_text(fields.tags, cut(&tag));
    }
    let texts = SearchText::of_fields(service.text_fields());
    for classed in fields.by_class() {
        let mut stems = BTreeSet::new();
        for words in texts.class(classed.class) {
            let words: Vec<&str> = words.collect();
            add(&mut document, classed.words, words.iter().copied());
            stems.extend(words.iter().map(|word| stem(word)));
        }
        add(&mut document, classed.stems, stems.iter().map(|stem| &**stem));
    }
    document
}

/// What of a tag is told apart: the same of what is kept and of what is asked, so that an answer can only be wider.
pub(super) fn cut(tag: &str) -> &str {
    tag.get(..tag.floor_char_boundary(LONGEST_TAG)).unwrap_or(tag)
}

fn add<'w>(document: &mut TantivyDocument, field: Field, words: impl Iterator<Item = &'w str>) {
    let token = |(position, word): (usize, &str)| Token {
        position,
        text: word.to_owned(),
        position_length: 1,
        ..Token::default()
    };
    let tokens: Vec<Token> = words.enumerate().map(token).collect();
    if !tokens.is_empty() {
        document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
    }
}
