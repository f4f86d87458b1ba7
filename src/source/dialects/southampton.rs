//! Southampton's own directory: ORUK 1.0 with members of its own, among them the wish that an address be hidden.

mod service;
#[cfg(test)]
mod tests;

use super::documents::{DocumentsReader, Vocabulary, access_statements};
use super::lenient::Shaping;
use super::oruk1::{self, Oruk1Reader};
use crate::model::{Dialect, RecordKind};

/// Reads Southampton's directory.
pub(super) const READER: DocumentsReader<Oruk1Reader> =
    DocumentsReader { shape, standard: Oruk1Reader { dialect: Dialect::Southampton, ..oruk1::READER } };

const ACCESS: Vocabulary = vocabulary("accessibility", "Southampton accessibilities");

/// What each vocabulary that stands beside those of 1.0 is called: it has no name of its own.
const fn vocabulary(id: &'static str, name: &'static str) -> Vocabulary {
    Vocabulary { id, name, link_type: Some(id), plain_ids: false }
}

fn shape(kind: RecordKind, shaping: &mut Shaping<'_>) {
    match kind {
        RecordKind::Service => service::shape(shaping),
        RecordKind::Location => access_statements(shaping, &ACCESS),
        RecordKind::ServiceAtLocation
        | RecordKind::Organization
        | RecordKind::Taxonomy
        | RecordKind::TaxonomyTerm => {}
    }
}
