//! What the index holds of a service.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema as Whole, TextFieldIndexing, TextOptions,
};

use crate::model::TextClass;

/// The tokenizer of words, which come cut, folded and stemmed by the model with blanks between them.
pub(super) const WORDS: &str = "words";

/// The tokenizer of words that say where they stand.
pub(super) const PLACED: &str = "placed";

/// The schema and its fields.
#[derive(Clone)]
pub(super) struct IndexSchema {
    pub(super) whole: Whole,
    pub(super) fields: IndexFields,
}

/// The fields of the index.
#[derive(Clone, Debug)]
pub(super) struct IndexFields {
    /// The service's number in the store.
    pub(super) ordinal: Field,
    /// Short texts under which it is found, each as it is.
    pub(super) tags: Field,
    /// Words as `ask` sees them: each stem behind the letter of its standing, at its position.
    pub(super) ask: Field,
    by_class: [ByClass; 3],
}

/// The fields that hold the words of one class.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByClass {
    pub(super) class: TextClass,
    /// Words, with where they stand: one field of the service after the other.
    pub(super) words: Field,
    /// Their stems.
    pub(super) stems: Field,
}

impl IndexSchema {
    pub(super) fn new() -> Self {
        let mut builder = Whole::builder();
        let ordinal = builder.add_u64_field("ordinal", FAST | INDEXED);
        let tags = builder.add_text_field("tags", text("raw", IndexRecordOption::Basic));
        let ask = builder.add_text_field("ask", text(PLACED, IndexRecordOption::WithFreqsAndPositions));
        let by_class =
            [("name", TextClass::Name), ("subject", TextClass::Subject), ("body", TextClass::Body)].map(
                |(name, class)| {
                    let words = text(WORDS, IndexRecordOption::WithFreqsAndPositions);
                    ByClass {
                        class,
                        words: builder.add_text_field(&format!("words_{name}"), words),
                        stems: builder
                            .add_text_field(&format!("stems_{name}"), text(WORDS, IndexRecordOption::Basic)),
                    }
                },
            );
        Self { whole: builder.build(), fields: IndexFields { ordinal, tags, ask, by_class } }
    }
}

impl IndexFields {
    /// The fields of every class, the heaviest first.
    pub(super) fn by_class(&self) -> &[ByClass; 3] {
        &self.by_class
    }
}

// Scores are the model's: no lengths are kept.
fn text(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
    TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false))
}
