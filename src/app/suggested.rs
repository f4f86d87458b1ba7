//! Suggestions that do not depend on sources: needs.

use crate::federation::{FixedName, SuggestionKind};
use crate::model::Lexicon;

/// Returns needs by their everyday names.
pub(super) fn suggested(lexicon: &Lexicon) -> impl Iterator<Item = FixedName> {
    lexicon.needs().map(|need| FixedName {
        text: need.label.to_string(),
        kind: SuggestionKind::Need,
        ask: need.label.to_string(),
        weight: 0,
    })
}
