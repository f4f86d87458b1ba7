//! The dialects: one folder each, holding only what differs, and the lenient reading they share.

#[cfg(test)]
mod conformance;
mod documents;
mod hsds3;
mod lenient;
mod outpost;
mod southampton;

use std::sync::Arc;

pub(crate) use lenient::Shape;

use super::dialect::DialectReader;
use crate::model::Dialect;

/// The reader of a dialect: the only list of them. None where this release cannot read it.
pub(super) fn reader(dialect: Dialect) -> Option<Arc<dyn DialectReader>> {
    match dialect {
        Dialect::Oruk3 | Dialect::Hsds3 => Some(Arc::new(hsds3::Hsds3Reader { dialect })),
        Dialect::Outpost => Some(Arc::new(outpost::OutpostReader)),
        Dialect::Southampton => Some(Arc::new(southampton::SouthamptonReader)),
        Dialect::Oruk1 | Dialect::Placecube1 | Dialect::LocalgovDrupal | Dialect::ConnectToSupport => None,
    }
}
