//! The dialects: one folder each, holding only what differs, and the lenient reading they share.

#[cfg(test)]
mod conformance;
mod detect;
mod hsds3;
mod lenient;

use std::sync::Arc;

pub(super) use detect::{Answers, Detection, detect};

use super::dialect::DialectReader;
use crate::model::Dialect;

/// The reader of a dialect: the only list of them. None where this release cannot read it.
pub(super) fn reader(dialect: Dialect) -> Option<Arc<dyn DialectReader>> {
    match dialect {
        Dialect::Oruk3 | Dialect::Hsds3 => Some(Arc::new(hsds3::Hsds3Reader { dialect })),
        Dialect::Oruk1
        | Dialect::Placecube1
        | Dialect::Outpost
        | Dialect::LocalgovDrupal
        | Dialect::ConnectToSupport
        | Dialect::Southampton => None,
    }
}
