//! A service as the index takes it in.

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::placed;
use super::schema::Fields;
use crate::model::{Facts, SearchText, Service};

/// The longest tag that is told apart from longer ones that begin like it.
const LONGEST_TAG: usize = 256;

/// A service as the index takes it in, but for its number.
#[derive(Clone, Debug)]
pub(in crate::catalogue) struct Document(TantivyDocument);

/// Makes documents.
#[derive(Clone, Debug)]
pub(in crate::catalogue) struct Documents(Fields);

impl Documents {
    pub(super) fn new(fields: Fields) -> Self {
        Self(fields)
    }

    /// The document of a service.
    pub(in crate::catalogue) fn of(&self, service: &Service, facts: &Facts) -> Document {
        let mut document = TantivyDocument::new();
        for tag in facts.tags() {
            document.add_text(self.0.tags, cut(&tag));
        }
        let texts = SearchText::of_fields(service.text_fields());
        for classed in self.0.by_class() {
            for words in texts.class(classed.class) {
                add(&mut document, classed.words, &words.collect::<Vec<_>>());
            }
            add(&mut document, classed.stems, &texts.stems(classed.class).collect::<Vec<_>>());
        }
        document.add_text(self.0.ask, placed::written(service.ask_text()));
        Document(document)
    }
}

impl Document {
    pub(super) fn under(mut self, ordinal: u32, fields: &Fields) -> TantivyDocument {
        self.0.add_u64(fields.ordinal, u64::from(ordinal));
        self.0
    }
}

/// What of a tag is told apart: the same of what is kept and of what is asked, so that an answer can only be wider.
pub(super) fn cut(tag: &str) -> &str {
    tag.get(..tag.floor_char_boundary(LONGEST_TAG)).unwrap_or(tag)
}

fn add(document: &mut TantivyDocument, field: Field, words: &[&str]) {
    if !words.is_empty() {
        document.add_text(field, words.join(" "));
    }
}
