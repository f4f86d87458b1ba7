//! Answers `changes`.

use crate::federation::{ChangeQuery, ChangesSince, PageRequest, PageSizes};
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::input::ChangeFilterInput;
use crate::graphql::types::ChangeConnection;
use crate::model::{CursorError, HistoryPosition};

/// The number of changes on a page if the client does not give one.
pub(crate) const DEFAULT_CHANGES: usize = 100;

/// Returns the changes that a client asks for.
pub(crate) async fn changes(
    ctx: &FieldContext<'_>,
    since: Option<String>,
    filter: Option<ChangeFilterInput>,
    first: Option<i32>,
) -> Result<ChangeConnection, ApiError> {
    let query = ChangeQuery {
        since: since_of(since)?,
        filter: filter.unwrap_or_default().into_filter(ctx)?,
        size: size(first, ctx.settings().max_page_size)?,
    };
    let page = ctx.federation().history.after(query, ctx.searching().await).await;
    page.map(ChangeConnection).map_err(|_| ApiError::Internal("cannot read the history of changes"))
}

fn since_of(cursor: Option<String>) -> Result<ChangesSince, ApiError> {
    match cursor.as_deref().map(HistoryPosition::decode) {
        None => Ok(ChangesSince::Beginning),
        Some(Ok(seen)) => Ok(ChangesSince::Seen(seen)),
        // The cursor was valid once: tell the client to start again, as for one that is too old.
        Some(Err(CursorError::Expired)) => Ok(ChangesSince::Lost),
        Some(Err(error @ CursorError::Invalid)) => Err(ApiError::Cursor { argument: "since", error }),
    }
}

fn size(first: Option<i32>, max_page_size: usize) -> Result<usize, ApiError> {
    let paging = PageSizes { default_size: DEFAULT_CHANGES, max_size: max_page_size.max(DEFAULT_CHANGES) };
    Ok(PageRequest::new(paging, first, None, None, None)?.size)
}
