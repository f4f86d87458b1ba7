//! The dialects: one folder each, holding only what differs.

mod hsds3;

use std::sync::Arc;

use super::dialect::DialectReader;
use crate::model::Dialect;

/// The reader of a dialect: the only list of them.
pub(super) fn reader(dialect: Dialect) -> Arc<dyn DialectReader> {
    todo!("{dialect:?}")
}
