//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema as Whole, TextFieldIndexing, TextOptions,
};

use crate::model::TextClass;

/// The name of the tokenizer for words, which the model has split, folded and stemmed, with spaces between them.
pub(super) const WORDS: &str = "words";

/// The name of the tokenizer for words with their standing.
pub(super) const PLACED: &str = "placed";

#[derive(Clone)]
pub(super) struct IndexSchema {
    pub(super) whole: Whole,
    pub(super) fields: IndexFields,
}

#[derive(Clone, Debug)]
pub(super) struct IndexFields {
    /// The service's number in the store.
    pub(super) ordinal: Field,
    /// Short texts by which a service is found, each as one term.
    pub(super) tags: Field,
    /// Stems for phrases, each after the letter of its standing, at its position.
    pub(super) ask: Field,
    by_class: [ByClass; 3],
}

/// The fields for the words of one class.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByClass {
    pub(super) class: TextClass,
    /// Words with their positions, one text of the service after the other.
    pub(super) words: Field,
    /// The stems of those words.
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
    /// Returns the fields of every class, the heaviest first.
    pub(super) fn by_class(&self) -> &[ByClass; 3] {
        &self.by_class
    }
}

// The model decides scores, so no lengths are stored.
fn text(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
    TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false))
}
