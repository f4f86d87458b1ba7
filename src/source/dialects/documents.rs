//! What the documents of publishers' own systems share: terms without the standard's annotations around them.

mod access;
mod annotations;
mod links;

pub(super) use access::access_statements;
pub(super) use annotations::{PublisherVocabulary, annotate_flag, annotate_list, attribute};
pub(super) use links::links;

use serde_json::{Map, Value};

use super::lenient::{MemberShaper, ShapedMembers, take_member};
use crate::model::{IssueCode, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};
use crate::source::dialect::{DialectReader, ReadingContext};

/// Reads documents after bringing them to the shape of a standard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentsReader<R> {
    /// Brings records to the standard's shape.
    pub shape: MemberShaper,
    /// The reader of the standard.
    pub standard: R,
}

impl<R> DocumentsReader<R> {
    fn shaped<'a>(&self, reading: &ReadingContext<'a>) -> ReadingContext<'a> {
        ReadingContext { shape: Some(self.shape), ..*reading }
    }
}

impl<R: DialectReader> DialectReader for DocumentsReader<R> {
    fn read_service(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Service> {
        self.standard.read_service(row, &self.shaped(reading))
    }

    fn read_organization(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Organization> {
        self.standard.read_organization(row, &self.shaped(reading))
    }

    fn read_location(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Location> {
        self.standard.read_location(row, &self.shaped(reading))
    }

    fn read_service_at_location(
        &self,
        row: Value,
        reading: &ReadingContext<'_>,
    ) -> Option<ServiceAtLocation> {
        self.standard.read_service_at_location(row, &self.shaped(reading))
    }

    fn read_taxonomy(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Taxonomy> {
        self.standard.read_taxonomy(row, &self.shaped(reading))
    }

    fn read_taxonomy_term(&self, row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm> {
        self.standard.read_taxonomy_term(row, &self.shaped(reading))
    }
}

/// Renames a member of a list element at `path` to the standard's name, unless that name is taken.
pub(super) fn rename(
    shaping: &ShapedMembers<'_>,
    path: &str,
    members: &mut Map<String, Value>,
    from: &str,
    to: &str,
) {
    if members.get(to).is_some_and(|value| !value.is_null()) {
        return;
    }
    let Some((key, value)) = take_member(members, from) else { return };
    let (from, to_path) = (format!("{path}.{key}"), format!("{path}.{to}"));
    shaping.note(IssueCode::MisspelledMember, &from, &format!("is read as `{to}`"));
    shaping.moved(&from, &to_path);
    members.insert(to.to_owned(), value);
}
