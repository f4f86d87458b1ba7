//! The documents by which the index knows services.

use std::iter::{Chain, Empty, Map, Once, once};
use std::slice::Iter;
use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::schema::document::{Document as TakenIn, ReferenceValue, ReferenceValueLeaf, Value};

use super::placed;
use super::schema::IndexFields;
use crate::model::{SearchText, Service, ServiceFacts};

/// How many bytes of a tag are indexed. Longer tags with the same beginning are not told apart.
const LONGEST_TAG: usize = 256;

/// The document of a service, except its ordinal.
#[derive(Clone, Debug)]
pub(in crate::catalogue) struct IndexDocument(Vec<(Field, String)>);

#[derive(Clone, Debug)]
pub(in crate::catalogue) struct DocumentMaker(IndexFields);

/// A document with its service's ordinal. Its texts are copied only when the index reads them, so that queued documents
/// hold no second copy of long texts.
#[derive(Clone, Debug)]
pub(super) struct NumberedDocument {
    ordinal: (Field, u64),
    texts: Arc<IndexDocument>,
}

/// The value of a document's field.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldValue<'a> {
    Number(u64),
    Text(&'a str),
}

impl DocumentMaker {
    pub(super) fn new(fields: IndexFields) -> Self {
        Self(fields)
    }

    /// Makes the document of a service.
    pub(in crate::catalogue) fn of(&self, service: &Service, facts: &ServiceFacts) -> IndexDocument {
        let tags = facts.tags().into_iter().map(|mut tag| {
            tag.truncate(cut(&tag).len());
            (self.0.tags, tag)
        });
        let mut document: Vec<_> = tags.collect();
        let texts = SearchText::of_fields(service.text_fields());
        for classed in self.0.by_class() {
            for words in texts.class(classed.class) {
                add(&mut document, classed.words, &words.collect::<Vec<_>>());
            }
            add(&mut document, classed.stems, &texts.stems(classed.class).collect::<Vec<_>>());
        }
        document.push((self.0.ask, placed::written(service.ask_text())));
        IndexDocument(document)
    }
}

impl NumberedDocument {
    pub(super) fn of(texts: Arc<IndexDocument>, ordinal: u32, fields: &IndexFields) -> Self {
        Self { ordinal: (fields.ordinal, u64::from(ordinal)), texts }
    }
}

impl TakenIn for NumberedDocument {
    type Value<'a> = FieldValue<'a>;
    type FieldsValuesIter<'a> = Chain<
        Once<(Field, FieldValue<'a>)>,
        Map<Iter<'a, (Field, String)>, fn(&'a (Field, String)) -> (Field, FieldValue<'a>)>,
    >;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let (field, ordinal) = self.ordinal;
        once((field, FieldValue::Number(ordinal)))
            .chain(self.texts.0.iter().map(field_and_text as fn(_) -> _))
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        let mut document = TantivyDocument::with_capacity(self.texts.bytes());
        document.add_u64(self.ordinal.0, self.ordinal.1);
        self.texts.0.iter().for_each(|(field, text)| document.add_text(*field, text));
        document
    }
}

impl<'a> Value<'a> for FieldValue<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            Self::Number(number) => ReferenceValueLeaf::U64(number),
            Self::Text(text) => ReferenceValueLeaf::Str(text),
        })
    }
}

impl IndexDocument {
    /// Returns the size of the document's values, including their lengths, in bytes.
    fn bytes(&self) -> usize {
        self.0.iter().map(|(_, text)| text.len() + size_of::<u32>()).sum::<usize>() + size_of::<u64>()
    }
}

fn field_and_text((field, text): &(Field, String)) -> (Field, FieldValue<'_>) {
    (*field, FieldValue::Text(text))
}

/// Cuts a tag to the indexed length. Stored tags and those in queries are cut alike, so a result can only be too wide.
pub(super) fn cut(tag: &str) -> &str {
    tag.get(..tag.floor_char_boundary(LONGEST_TAG)).unwrap_or(tag)
}

fn add(document: &mut Vec<(Field, String)>, field: Field, words: &[&str]) {
    if !words.is_empty() {
        document.push((field, words.join(" ")));
    }
}
