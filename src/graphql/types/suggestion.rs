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

/// What a suggestion is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SuggestionKind")]
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
pub(crate) struct Suggestion(federation::Suggestion);

/// A name that begins with what has been typed, and what to filter by to find it.
#[graph_object]
impl Suggestion {
    /// The name, as it is published. Names that differ only in case, accents or punctuation are one.
    fn text(&self) -> &str {
        &self.0.text
    }

    /// What it is the name of.
    fn kind(&self) -> SuggestionKind {
        self.0.kind.into()
    }

    /// The records of that name, for `service`, `ServiceFilter.organization` or `ServiceFilter.taxonomyTerms`: every term and
    /// organisation in any source, and one service of those that are called so. Empty for needs and places.
    fn ids(&self) -> Vec<Id<'_>> {
        self.0.records.iter().map(|id| Id(id.as_str())).collect()
    }

    /// For a need or a place, what to ask for: a phrase in the words of people, or the name of a place. Null for the
    /// others, which `ids` name.
    fn ask(&self) -> Option<&str> {
        self.0.ask.as_deref()
    }

    /// How many services are called so, carry the term, or are run by the organisation, whatever their status. Null for
    /// needs and places.
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
    let kinds = kinds.unwrap_or_else(|| federation::SuggestionKind::ALL.to_vec());
    let query = SuggestQuery { prefix, kinds, first };
    let found = ctx.federation().suggest(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.reports);
    Ok(found.suggestions.into_iter().map(Suggestion).collect())
}
