//! Open Referral UK 1.0 as Connect to Support writes it: all names in lower case without underscores, most values
//! as text, collections under names that end in `collection`. Names are compared without case and underscores
//! everywhere and the lenient reading takes texts for numbers, so that all that is left is where things are.

#[cfg(test)]
mod tests;

use super::oruk1::{self, Oruk1Reader};
use crate::model::{Dialect, RecordKind};

/// Reads Connect to Support's 1.0.
pub(super) const READER: Oruk1Reader =
    Oruk1Reader { dialect: Dialect::ConnectToSupport, list, ..oruk1::READER };

// Its services carry all the rest.
fn list(kind: RecordKind) -> Option<&'static str> {
    (kind == RecordKind::Service).then_some("services")
}
