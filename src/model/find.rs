//! What it means to look for services: filters, words, phrases, orders and positions in them.

mod ask;
pub(in crate::model) mod cursor;
mod filter;
mod group_order;
mod near_names;
mod order;
pub(in crate::model) mod text;

pub use ask::{
    AllCounts, Ask, AskField, AskMatch, AskText, Counts, Frequencies, Helpline, Lexicon, LexiconError, Need,
    Notice, Reading, Standing, Tally, Uncounted, Want, Way, WordCounts, slip_beginning, slips,
};
pub use cursor::{Cursor, CursorError, HistoryPosition, Position};
pub use filter::{
    Match, Narrowing, Prepared, ServiceFilter, TaxonomyTermRef, TaxonomyTermsFilter, Texts, Verdict,
};
pub use group_order::{GroupOrder, GroupOrderBy, GroupPosition, GroupRank, SortKey};
pub use near_names::near_names;
pub use order::{Direction, Lead, Order, OrderBy, Rank};
pub use text::{
    Beginning, Beginnings, FORM_WEIGHTS, NearSpellings, OrderKey, SearchText, TextClass, TextField,
    TextMatch, TextQuery, Word, folded_name, folded_words, phrase_score, stem, word_score,
};
