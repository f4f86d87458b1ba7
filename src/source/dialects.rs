//! The dialects: one folder each, holding only what differs, and the lenient reading they share.

#[cfg(test)]
mod conformance;
mod hsds3;
mod lenient;

use std::sync::Arc;

use super::dialect::DialectReader;
use crate::model::Dialect;

/// The reader of a dialect: the only list of them.
pub(super) fn reader(dialect: Dialect) -> Arc<dyn DialectReader> {
    Arc::new(hsds3::Hsds3Reader { dialect })
}
