//! What is suggested whatever the sources have: kinds of need.

use crate::federation::{FixedName, SuggestionKind};
use crate::model::Lexicon;

/// Needs by what people call them.
pub(super) fn suggested(lexicon: &Lexicon) -> impl Iterator<Item = FixedName> {
    lexicon.needs().map(|need| FixedName {
        text: need.label.to_string(),
        kind: SuggestionKind::Need,
        ask: need.label.to_string(),
        weight: 0,
    })
}
