//! The dialects: one folder each, holding only what differs, and the lenient reading they share.

#[cfg(test)]
mod conformance;
mod connect_to_support;
mod detect;
mod documents;
mod hsds3;
mod lenient;
mod localgov_drupal;
#[cfg(test)]
mod lossless;
mod oruk1;
mod outpost;
mod placecube1;
#[cfg(test)]
mod saved;
mod southampton;
mod withheld;

use std::sync::Arc;

pub(super) use detect::{Answers, Detection, detect};
pub(crate) use lenient::{RepeatedTerms, Shape};
pub(super) use lenient::{
    claims_beside, json_of, mended, mended_first, mended_in, packed_issue, rows_of, salvage, standard_date,
    without_cdata,
};
pub(crate) use withheld::Signs;
pub(super) use withheld::{
    HIDDEN, MASKED, PERSONAL, WITHHOLDING, clear_addresses, id_of, is_about_assurers, is_plain_access,
    is_plain_language, outcode, says_where, stated, withheld_from,
};

use super::dialect::DialectReader;
use crate::model::Dialect;

/// The reader of a dialect: the only list of them. None where this release cannot read it.
pub(super) fn reader(dialect: Dialect) -> Option<Arc<dyn DialectReader>> {
    match dialect {
        Dialect::Oruk3 | Dialect::Hsds3 => Some(Arc::new(hsds3::Hsds3Reader { dialect })),
        Dialect::Oruk1 => Some(Arc::new(oruk1::READER)),
        Dialect::Placecube1 => Some(Arc::new(placecube1::READER)),
        Dialect::LocalgovDrupal => Some(Arc::new(localgov_drupal::READER)),
        Dialect::ConnectToSupport => Some(Arc::new(connect_to_support::READER)),
        Dialect::Outpost => Some(Arc::new(outpost::READER)),
        Dialect::Southampton => Some(Arc::new(southampton::READER)),
    }
}
