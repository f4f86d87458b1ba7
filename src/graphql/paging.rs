//! The four paging arguments of a connection.

use super::error::ApiError;
use crate::federation::PageRequest;
use crate::graphql::context::FieldContext;
use crate::model::{Cursor, RecordKind, SortOrder, SortPosition};

/// The arguments as the client gave them.
pub(super) struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArguments {
    /// Returns the page that they ask for, of the list of `kind` in this order.
    pub(super) fn page(
        self,
        ctx: &FieldContext<'_>,
        kind: RecordKind,
        order: SortOrder,
    ) -> Result<PageRequest, ApiError> {
        let after = position(kind, order, "after", self.after)?;
        let before = position(kind, order, "before", self.before)?;
        Ok(PageRequest::new(ctx.settings().paging(), self.first, after, self.last, before)?)
    }
}

fn position(
    kind: RecordKind,
    order: SortOrder,
    argument: &'static str,
    cursor: Option<String>,
) -> Result<Option<SortPosition>, ApiError> {
    let read = cursor.map(|text| Cursor::decode(kind, order, &text)).transpose();
    read.map_err(|error| ApiError::Cursor { argument, error })
}
