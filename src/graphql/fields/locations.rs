//! Answers `locations`.

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::LocationFilterInput;
use crate::graphql::paging::PageArguments;
use crate::graphql::types::LocationConnection;
use crate::model::RecordKind;

/// Returns the locations that a client asks for.
pub(crate) async fn locations(
    ctx: &FieldContext<'_>,
    filter: Option<LocationFilterInput>,
    page: PageArguments,
) -> Result<LocationConnection, ApiError> {
    let filter = filter.unwrap_or_default();
    ctx.knowing_names(filter.names_a_place()).await;
    let filter = filter.into_filter(ctx)?;
    let page = page.page(ctx, RecordKind::Location, filter.natural_order())?;
    let found = ctx.federation().lists.locations(&filter, &page, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    Ok(LocationConnection(found))
}
