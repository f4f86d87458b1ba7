//! The fields that a record says nothing about. List pages leave out fields that the detail page has.

use crate::model::{Organization, Service, TaxonomyTerm};

/// A set of a record's scalar fields, by their names in the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnsaidFields(u32);

/// A field's name in the graph, and a function that returns whether a record leaves the field out.
pub type NamedField<T> = (&'static str, fn(&T) -> bool);

/// A record of which the missing fields can be listed.
pub trait SilentRecord: Sized + 'static {
    /// The fields in question. At most 32, as [`UnsaidFields`] has one bit for each.
    const FIELDS: &[NamedField<Self>];
}

impl UnsaidFields {
    /// No field.
    pub const NONE: Self = Self(0);

    /// Returns the fields whose names `is_named` accepts.
    pub fn named<T: SilentRecord>(mut is_named: impl FnMut(&str) -> bool) -> Self {
        Self::those(|(name, _): &NamedField<T>| is_named(name))
    }

    /// Returns the fields that `record` leaves out.
    pub fn by<T: SilentRecord>(record: &T) -> Self {
        Self::those(|(_, is_silent): &NamedField<T>| is_silent(record))
    }

    fn those<T: SilentRecord>(mut is_wanted: impl FnMut(&NamedField<T>) -> bool) -> Self {
        let wanted = T::FIELDS.iter().enumerate().filter(|(_, field)| is_wanted(field));
        Self(wanted.fold(0, |all, (at, _)| all | 1 << at))
    }

    /// Returns the number of fields.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the intersection of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns these fields without those of `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl Service {
    /// The provider's record, as opposed to its id.
    pub const PROVIDER: &str = "organization {}";

    /// Returns how many scalar fields and kinds of nested members the record states.
    pub fn said(&self) -> usize {
        Self::FIELDS.len() - UnsaidFields::by(self).count() + self.carried.count()
    }

    /// Returns whether the record leaves out the scalar field with this name.
    pub fn leaves_out(&self, field: &str) -> bool {
        Self::FIELDS.iter().any(|(name, is_silent)| *name == field && is_silent(self))
    }
}

impl SilentRecord for Service {
    const FIELDS: &[NamedField<Self>] = &[
        ("accreditations", |one| one.accreditations.is_none()),
        ("alert", |one| one.alert.is_none()),
        ("alternateName", |one| one.alternate_name.is_none()),
        ("applicationProcess", |one| one.application_process.is_none()),
        ("assuredDate", |one| one.assured_date.is_none()),
        ("assurerEmail", |one| one.assurer_email.is_none()),
        ("description", |one| one.description.is_none()),
        ("eligibilityDescription", |one| one.eligibility_description.is_none()),
        ("email", |one| one.email.is_none()),
        ("extra", |one| one.extra.is_empty()),
        ("fees", |one| one.fees.is_none()),
        ("feesDescription", |one| one.fees_description.is_none()),
        ("interpretationServices", |one| one.interpretation_services.is_none()),
        ("lastModified", |one| one.last_modified.is_none()),
        ("licenses", |one| one.licenses.is_none()),
        ("maximumAge", |one| one.maximum_age.is_none()),
        ("minimumAge", |one| one.minimum_age.is_none()),
        ("organization", |one| one.organization_id.is_none()),
        // Rows may name their provider without describing it.
        (Self::PROVIDER, |one| one.organization.is_none()),
        ("program", |one| one.program.is_none()),
        ("status", |one| !one.states_status()),
        ("url", |one| one.url.is_none()),
        ("waitTime", |one| one.wait_time.is_none()),
    ];
}

impl SilentRecord for Organization {
    const FIELDS: &[NamedField<Self>] = &[
        ("alternateName", |one| one.alternate_name.is_none()),
        ("description", |one| one.description.is_none()),
        ("email", |one| one.email.is_none()),
        ("extra", |one| one.extra.is_empty()),
        ("legalStatus", |one| one.legal_status.is_none()),
        ("logo", |one| one.logo.is_none()),
        ("name", Organization::is_nameless),
        ("parentOrganization", |one| one.parent_organization_id.is_none()),
        ("taxId", |one| one.tax_id.is_none()),
        ("taxStatus", |one| one.tax_status.is_none()),
        ("uri", |one| one.uri.is_none()),
        ("website", |one| one.website.is_none()),
        ("yearIncorporated", |one| one.year_incorporated.is_none()),
    ];
}

impl SilentRecord for TaxonomyTerm {
    const FIELDS: &[NamedField<Self>] = &[
        ("code", |one| one.code.is_none()),
        ("description", |one| one.description.is_none()),
        ("extra", |one| one.extra.is_empty()),
        ("language", |one| one.language.is_none()),
        ("metadata", |one| one.metadata.is_empty()),
        ("name", TaxonomyTerm::is_nameless),
        ("parent", |one| one.parent_id.is_none()),
        ("taxonomy", |one| one.taxonomy.is_none() && one.taxonomy_id.is_none()),
        ("taxonomyName", |one| one.taxonomy_name.is_none()),
        ("termUri", |one| one.term_uri.is_none()),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_bit() {
        let lengths = [Service::FIELDS.len(), Organization::FIELDS.len(), TaxonomyTerm::FIELDS.len()];
        assert!(lengths.iter().all(|fields| *fields <= 32), "{lengths:?}");
    }
}
