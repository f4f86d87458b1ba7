//! Answers `nodes`.

use async_graphql::ID;
use futures_util::future::join_all;

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::lookup::{self, MAX_IDS};
use crate::graphql::types::Node;

/// Returns objects by their ids.
pub(crate) async fn nodes(
    ctx: &FieldContext<'_>,
    ids: &[ID],
) -> Result<Vec<Option<Result<Node, ApiError>>>, ApiError> {
    if ids.len() > MAX_IDS {
        return Err(ApiError::bad_input(format!(
            "`ids` has {} entries; at most {MAX_IDS} are allowed",
            ids.len()
        )));
    }
    let nodes = join_all(ids.iter().map(|id| lookup::node(ctx, "ids", id))).await;
    Ok(nodes.into_iter().map(Result::transpose).collect())
}
