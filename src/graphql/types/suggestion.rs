//! Suggestions while somebody types.

use crate::graphql::context::FieldContext;
use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, graph_object};

use crate::federation::{self, SuggestQuery};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::scalars::{Id, int};

/// How many are suggested to who does not say.
pub(crate) const DEFAULT_SUGGESTIONS: i32 = 10;

/// The most that may be asked for.
pub(crate) const MAX_SUGGESTIONS: i32 = 50;

/// Longer than anything that is typed to choose from what is suggested.
const MAX_CHARS: usize = 100;

/// The kinds of thing that suggestions name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SuggestedKind")]
pub(crate) enum SuggestionKind {
    /// Something people need, such as loneliness or debt.
    Need,
    /// A town, district or other place.
    Place,
    /// A taxonomy term.
    Term,
    /// An organisation.
    Organization,
    /// A service.
    Service,
}

/// A suggestion as clients see it.
pub(crate) struct Suggestion(federation::NameSuggestion);

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

    /// The number of services with that name, carrying the term, or run by the organisation, whatever their status.
    /// `null` for needs and places.
    fn services(&self) -> Option<i32> {
        self.0.services.map(int)
    }
}

/// Names that begin with what has been typed.
pub(crate) async fn suggest(
    ctx: &FieldContext<'_>,
    prefix: String,
    first: Option<i32>,
    kinds: Option<Vec<SuggestionKind>>,
) -> Result<Vec<Suggestion>, ApiError> {
    if prefix.chars().count() > MAX_CHARS {
        return Err(ApiError::bad_input(format!("`prefix` has more than {MAX_CHARS} characters")));
    }
    let first = first.unwrap_or(DEFAULT_SUGGESTIONS);
    let wanted = usize::try_from(first).ok().filter(|_| first <= MAX_SUGGESTIONS);
    let first =
        wanted.ok_or_else(|| ApiError::bad_input(format!("`first` must be 0 to {MAX_SUGGESTIONS}")))?;
    let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    let kinds = kinds.unwrap_or_else(|| federation::SuggestedKind::ALL.to_vec());
    let query = SuggestQuery { prefix, kinds, first };
    let found = ctx.federation().suggestions.suggest(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.reports);
    Ok(found.suggestions.into_iter().map(Suggestion).collect())
}
