//! A service as the index takes it in.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::schema::Fields;
use crate::catalogue::standin::{fields as weighted_fields, stem, tags};
use crate::model::Service;

/// The longest tag that is told apart from longer ones that begin like it.
const LONGEST_TAG: usize = 256;

/// The document of a service.
pub(super) fn of(ordinal: u32, service: &Service, fields: &Fields) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.ordinal, u64::from(ordinal));
    for tag in tags(service) {
        document.add_text(fields.tags, cut(&tag));
    }
    let texts = weighted_fields(service);
    for weighted in fields.by_weight() {
        let mut stems = BTreeSet::new();
        for (_, words) in texts.iter().filter(|(weight, _)| *weight == weighted.weight) {
            add(&mut document, weighted.words, words.iter().map(|word| &**word));
            stems.extend(words.iter().map(|word| stem(word)));
        }
        add(&mut document, weighted.stems, stems.iter().map(|stem| &**stem));
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
