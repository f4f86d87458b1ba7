//! Answers `taxonomies` and `taxonomyTerms`.

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::{TaxonomyTermFilterInput, known_sources};
use crate::graphql::paging::PageArguments;
use crate::graphql::types::{Taxonomy, TaxonomyTermConnection};
use crate::model::{RecordKind, SortOrder};

/// Returns the vocabularies of these sources.
pub(crate) async fn taxonomies(
    ctx: &FieldContext<'_>,
    sources: Option<Vec<String>>,
) -> Result<Vec<Taxonomy>, ApiError> {
    let sources = known_sources(ctx, "sources", sources)?;
    let found = ctx.federation().lists.taxonomies(sources.as_ref(), ctx.searching().await).await;
    incomplete::note(ctx, &found.reports);
    Ok(found.records.into_iter().map(Taxonomy).collect())
}

/// Returns the taxonomy terms that a client asks for.
pub(crate) async fn taxonomy_terms(
    ctx: &FieldContext<'_>,
    filter: Option<TaxonomyTermFilterInput>,
    page: PageArguments,
) -> Result<TaxonomyTermConnection, ApiError> {
    let page = page.page(ctx, RecordKind::TaxonomyTerm, SortOrder::default())?;
    let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
    let asking = ctx.searching().await;
    let found = ctx.federation().lists.taxonomy_terms(&filter, &page, asking).await;
    incomplete::note(ctx, &found.reports);
    if found.total_count == 0 {
        let unknown = ctx.federation().lists.unknown_of_terms(&filter, &found.reports, asking).await;
        ApiError::of_unknown(&unknown)?;
    }
    Ok(found.into())
}
