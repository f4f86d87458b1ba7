//! Records that a feed has no endpoint for, found inside its services.

use std::sync::Arc;

use tokio::time::Instant;

use super::Source;
use super::collection::FromRow;
use crate::model::{Attribute, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};

/// A kind of record that services carry.
pub(crate) trait Nested: FromRow {
    /// Whether even shallow list rows carry it.
    const IN_LISTS: bool = false;

    /// Those that a service carries.
    fn within(service: &Service) -> Vec<Arc<Self>>;

    /// Those that the feed lists inside records of another kind than services.
    fn elsewhere(_source: &Source, _until: Instant) -> impl Future<Output = Vec<Arc<Self>>> + Send {
        std::future::ready(Vec::new())
    }
}

impl Nested for Organization {
    const IN_LISTS: bool = true;

    fn within(service: &Service) -> Vec<Arc<Self>> {
        service.organization.iter().cloned().collect()
    }
}

impl Nested for ServiceAtLocation {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        service.service_at_locations.clone()
    }
}

impl Nested for Location {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        let places = service.service_at_locations.iter().filter_map(|place| place.location.clone());
        let provider =
            service.organization.iter().flat_map(|organization| organization.locations.iter().cloned());
        places.chain(provider).collect()
    }

    async fn elsewhere(source: &Source, until: Instant) -> Vec<Arc<Self>> {
        let places = source.set::<ServiceAtLocation>(None, until).await.value;
        let places = places.iter().flat_map(|set| set.records());
        places.filter_map(|place| place.location.clone()).collect()
    }
}

impl Nested for TaxonomyTerm {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        terms_of(service.all_attributes())
    }

    async fn elsewhere(source: &Source, until: Instant) -> Vec<Arc<Self>> {
        let taxonomies = source.set::<Taxonomy>(None, until).await.value;
        let taxonomies = taxonomies.iter().flat_map(|set| set.records());
        taxonomies.flat_map(|taxonomy| taxonomy.terms.iter().cloned()).collect()
    }
}

impl Nested for Taxonomy {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        TaxonomyTerm::within(service).iter().filter_map(|term| term.taxonomy.clone()).collect()
    }
}

/// The terms that annotations join records to.
pub(crate) fn terms_of<'a>(
    attributes: impl IntoIterator<Item = &'a Arc<Attribute>>,
) -> Vec<Arc<TaxonomyTerm>> {
    let terms = attributes.into_iter().filter_map(|attribute| attribute.taxonomy_term.as_ref());
    // Terms of 1.0 bring the broader ones along, in their vocabulary.
    let broader = |term: &Arc<TaxonomyTerm>| {
        term.taxonomy.iter().flat_map(|taxonomy| &taxonomy.terms).cloned().collect::<Vec<_>>()
    };
    terms.flat_map(|term| [Arc::clone(term)].into_iter().chain(broader(term))).collect()
}
