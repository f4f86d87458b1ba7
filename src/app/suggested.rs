//! Suggestions that do not depend on sources: needs.

use crate::federation::{FixedName, SuggestedKind};
use crate::model::AskLexicon;

/// Returns needs by their everyday names.
pub(super) fn suggested(lexicon: &AskLexicon) -> impl Iterator<Item = FixedName> {
    lexicon.needs().map(|need| FixedName {
        text: need.label.to_string(),
        kind: SuggestedKind::Need,
        ask: need.label.to_string(),
        weight: 0,
    })
}
