//! Suggestions while somebody types.

use oruk_gateway_derive::graph_object;

use crate::federation::{self};
use crate::graphql::enums::SuggestionKind;
use crate::graphql::scalars::{Id, int};

/// A suggestion as clients see it.
pub(crate) struct Suggestion(pub(crate) federation::NameSuggestion);

/// A name that matches the text typed so far, and how to filter by it.
#[graph_object]
impl Suggestion {
    /// The name as published. Names that differ only in case, accents or punctuation are merged.
    fn text(&self) -> &str {
        &self.0.text
    }

    /// The kind of thing named.
    fn kind(&self) -> SuggestionKind {
        self.0.kind.into()
    }

    /// The ids of the records with that name, for `service`, `ServiceFilter.organization` or
    /// `ServiceFilter.taxonomyTerms`: every term or organisation in any source, but only one of the services. Empty for
    /// needs and places.
    fn ids(&self) -> Vec<Id<'_>> {
        self.0.records.iter().map(|id| Id(id.as_str())).collect()
    }

    /// The value to filter by for a need or a place: a phrase in everyday words for `ServiceFilter.ask`, or a place's
    /// name for `near.place.name`. `null` for other kinds; use `ids`.
    fn ask(&self) -> Option<&str> {
        self.0.ask.as_deref()
    }

    /// The number of services with that name, carrying the term, or run by the organisation, whatever their status. A
    /// service that carries several terms of that name counts once for each. `null` for needs and places.
    fn services(&self) -> Option<i32> {
        self.0.services.map(int)
    }
}
