//! Answers `taxonomyTermGroups`.

use crate::federation::{PageRequest, TermGroupPage};
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::TaxonomyTermFilterInput;
use crate::graphql::types::TaxonomyTermGroupConnection;
use crate::model::GroupPosition;

/// Returns the groups of terms that a client asks for.
pub(crate) async fn term_groups(
    ctx: &FieldContext<'_>,
    filter: Option<TaxonomyTermFilterInput>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<TaxonomyTermGroupConnection, ApiError> {
    let (by, order) = TermGroupPage::ORDER;
    let size = PageRequest::new(ctx.settings().paging(), first, None, None, None)?.size;
    let after = after.map(|text| GroupPosition::decode(&by, order, &text)).transpose();
    let after = after.map_err(|error| ApiError::Cursor { argument: "after", error })?;
    let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
    let asking = ctx.searching().await;
    let found = ctx.federation().lists.term_groups(&filter, size, after, asking).await;
    incomplete::note(ctx, &found.reports);
    if found.total == 0 {
        ApiError::of_unknown(
            &ctx.federation().lists.unknown_of_terms(&filter, &found.reports, asking).await,
        )?;
    }
    Ok(TaxonomyTermGroupConnection(found))
}
