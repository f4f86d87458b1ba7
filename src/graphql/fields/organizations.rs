//! Answers `organizations`.

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::input::OrganizationFilterInput;
use crate::graphql::paging::PageArguments;
use crate::graphql::types::OrganizationConnection;
use crate::graphql::{detail, incomplete};
use crate::model::{RecordKind, SortOrder};

/// Returns the organisations that a client asks for.
pub(crate) async fn organizations(
    ctx: &FieldContext<'_>,
    filter: Option<OrganizationFilterInput>,
    page: PageArguments,
) -> Result<OrganizationConnection, ApiError> {
    let page = page.page(ctx, RecordKind::Organization, SortOrder::default())?;
    let filter = filter.unwrap_or_default().into_filter(ctx)?;
    let wanted = detail::of_organizations(ctx.field());
    let found = ctx.federation().lists.organizations(&filter, &page, wanted, ctx.searching().await).await;
    incomplete::note(ctx, &found.reports);
    Ok(found.into())
}
