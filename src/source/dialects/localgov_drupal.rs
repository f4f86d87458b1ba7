//! Open Referral UK 1.0 as LocalGov Drupal writes it: one object in a list's place, an empty list in a value's,
//! texts with their markup beside them. The lenient reading takes all that; what is left is where things are.

#[cfg(test)]
mod tests;

use super::oruk1::{self, Oruk1Reader};
use crate::model::{Dialect, RecordKind};

/// Reads LocalGov Drupal's 1.0.
pub(super) const READER: Oruk1Reader =
    Oruk1Reader { dialect: Dialect::LocalgovDrupal, list, record, ..oruk1::READER };

// Its list of terms is of one vocabulary only, which has to be named.
fn list(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Service => Some("services"),
        RecordKind::Taxonomy => Some("vocabulary"),
        _ => None,
    }
}

fn record(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Service => Some("services"),
        RecordKind::Organization => Some("organization"),
        RecordKind::Location => Some("location"),
        _ => None,
    }
}
