//! How records relate: the records that a record holds, and those that it only names.

use std::sync::Arc;

use crate::model::{
    Attribute, Location, Organization, Record, RecordId, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};

/// A record that another one names by its id, without holding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRecord<'r> {
    /// The path of the id in the record's own JSON, in the standard's names, e.g. `attributes[2].taxonomy_term_id`.
    pub path: String,
    /// The id.
    pub id: &'r RecordId,
}

/// The path to a record that another one holds, and that record.
pub(in crate::model) type HeldRecord<'r> = (&'static str, &'r dyn Record);

/// How a record relates to other records.
pub trait RecordTies {
    /// Returns the records that this one names and does not hold. Excludes what the held records name.
    fn named(&self) -> Vec<NamedRecord<'_>>;

    /// Returns the records that this one holds.
    fn held(&self) -> Vec<HeldRecord<'_>>;
}

impl RecordTies for Service {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        let provider = apart("organization_id", self.organization_id.as_ref(), self.organization.is_some());
        provider.into_iter().chain(terms_named(&self.attributes)).collect()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        let provider = self.organization.iter().map(|one| ("organization", &**one as &dyn Record));
        let places = self.service_at_locations.iter();
        let places = places.map(|one| ("service_at_locations[]", &**one as &dyn Record));
        // Annotations of parts hold terms as well.
        let parts = self.cost_options.iter().map(|price| &price.part);
        let parts = parts.chain(self.service_areas.iter().map(|area| &area.part));
        let parts = parts.flat_map(|part| terms_held(&part.attributes));
        provider.chain(places).chain(terms_held(&self.attributes)).chain(parts).collect()
    }
}

impl RecordTies for Organization {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        let parent = apart("parent_organization_id", self.parent_organization_id.as_ref(), false);
        parent.into_iter().chain(terms_named(&self.attributes)).collect()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        let places = self.locations.iter().map(|one| ("locations[]", &**one as &dyn Record));
        let services = self.services.iter().map(|one| ("services[]", &**one as &dyn Record));
        places.chain(services).chain(terms_held(&self.attributes)).collect()
    }
}

impl RecordTies for Location {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        let keeper = apart("organization_id", self.organization_id.as_ref(), false);
        keeper.into_iter().chain(terms_named(&self.attributes)).collect()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        terms_held(&self.attributes).collect()
    }
}

impl RecordTies for ServiceAtLocation {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        let service = apart("service_id", self.service_id.as_ref(), self.service.is_some());
        let location = apart("location_id", self.location_id.as_ref(), self.location.is_some());
        service.into_iter().chain(location).chain(terms_named(&self.attributes)).collect()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        let service = self.service.iter().map(|one| ("service", &**one as &dyn Record));
        let location = self.location.iter().map(|one| ("location", &**one as &dyn Record));
        service.chain(location).chain(terms_held(&self.attributes)).collect()
    }
}

impl RecordTies for Taxonomy {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        Vec::new()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        self.terms.iter().map(|term| ("taxonomy_terms[]", &**term as &dyn Record)).collect()
    }
}

impl RecordTies for TaxonomyTerm {
    fn named(&self) -> Vec<NamedRecord<'_>> {
        let taxonomy = apart("taxonomy_id", self.taxonomy_id.as_ref(), self.taxonomy.is_some());
        let parent = apart("parent_id", self.parent_id.as_ref(), false);
        taxonomy.into_iter().chain(parent).collect()
    }

    fn held(&self) -> Vec<HeldRecord<'_>> {
        self.taxonomy.iter().map(|one| ("taxonomy_detail", &**one as &dyn Record)).collect()
    }
}

fn apart<'r>(path: &str, id: Option<&'r RecordId>, is_held: bool) -> Option<NamedRecord<'r>> {
    id.filter(|_| !is_held).map(|id| NamedRecord { path: path.to_owned(), id })
}

fn terms_named(attributes: &[Arc<Attribute>]) -> impl Iterator<Item = NamedRecord<'_>> {
    attributes.iter().enumerate().filter_map(|(index, attribute)| {
        let id = attribute.taxonomy_term_id.as_ref().filter(|_| attribute.taxonomy_term.is_none())?;
        Some(NamedRecord { path: format!("attributes[{index}].taxonomy_term_id"), id })
    })
}

fn terms_held(attributes: &[Arc<Attribute>]) -> impl Iterator<Item = HeldRecord<'_>> {
    let terms = attributes.iter().filter_map(|attribute| attribute.taxonomy_term.as_deref());
    terms.map(|term| ("attributes[].taxonomy_term", term as &dyn Record))
}
