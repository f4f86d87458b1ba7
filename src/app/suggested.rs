//! What is suggested whatever the sources have: kinds of need, and towns by name.

use crate::federation::{FixedName, SuggestionKind};
use crate::model::{Lexicon, PlaceNames};

/// Needs by what people call them, and places by how to ask for each.
pub(super) fn suggested(lexicon: &Lexicon) -> impl Iterator<Item = FixedName> {
    let needs = lexicon.needs().map(|need| FixedName {
        text: need.label.to_string(),
        kind: SuggestionKind::Need,
        ask: need.label.to_string(),
        weight: 0,
    });
    let places = PlaceNames::built_in().map(|(place, ask)| FixedName {
        text: ask.clone(),
        kind: SuggestionKind::Place,
        ask,
        weight: place.size.unwrap_or(0),
    });
    needs.chain(places)
}
