//! Finding services: filters, words, phrases, orders, and positions in them.

mod ask;
pub(in crate::model) mod cursor;
mod filter;
mod group_order;
mod near_names;
mod order;
pub(in crate::model) mod text;

pub use ask::{
    AllCounts, AskField, AskLexicon, AskMatch, AskText, AskedNeed, AskedPhrase, DangerHelpline, DangerNotice,
    LexiconError, PhraseReading, PhraseWant, UncountedWords, WantScore, WantWay, WordCounts, WordFrequencies,
    WordRarity, WordStanding, slip_beginning, slips,
};
pub use cursor::{Cursor, CursorError, HistoryPosition, SortPosition};
pub use filter::{
    FilterMatch, FilterNarrowing, FilterVerdict, PreparedFilter, ServiceFilter, TaxonomyTermRef,
    TaxonomyTermsFilter, TextMatches,
};
pub use group_order::{GroupOrder, GroupOrderBy, GroupPosition, GroupRank, SortKey};
pub use near_names::near_names;
pub use order::{OrderBy, SortDirection, SortOrder, SortPrefix, SortRank};
pub use text::{
    BegunName, FORM_WEIGHTS, NameBeginnings, NearSpellings, OrderKey, QueryWord, SearchText, TextClass,
    TextField, TextMatch, TextQuery, folded_name, folded_words, phrase_score, stem, word_score,
};
