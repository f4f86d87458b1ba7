//! Records of kinds that a feed has no endpoint for, collected from its services.

use std::sync::Arc;

use tokio::time::Instant;

use super::FeedSource;
use super::collection::FromRow;
use super::error::SourceError;
use super::set::RecordSet;
use super::slot::CachedRead;
use crate::model::{Attribute, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};

/// A kind of record that is nested in services.
pub(crate) trait NestedRecord: FromRow {
    /// The field of a service that contains it, if that is a scalar field like those that even short rows have.
    const FIELD: Option<&'static str> = None;

    /// Returns the records of this kind in a service.
    fn within(service: &Service) -> Vec<Arc<Self>>;

    /// Returns the records of this kind in the feed's other lists.
    fn elsewhere(
        _source: &FeedSource,
        _until: Instant,
    ) -> impl Future<Output = NestedElsewhere<Self>> + Send {
        std::future::ready(NestedElsewhere { records: Vec::new(), error: None })
    }

    /// Returns whether a row leaves it out, though the service's detail may contain it.
    fn is_left_out_of(row: &Service) -> bool {
        Self::FIELD.is_none_or(|field| row.leaves_out(field))
    }
}

impl FeedSource {
    /// Returns whether the details of services may contain records of a kind that the rows of their list leave out.
    pub(crate) async fn rows_may_lack<T: NestedRecord>(&self, rows: &[Arc<Service>], until: Instant) -> bool {
        if T::FIELD.is_none() {
            return !self.lists_in_full(until).await;
        }
        rows.iter().any(|row| T::is_left_out_of(row)) && !self.rows_say_all(until).await
    }
}

/// Records found inside records of another kind.
pub(crate) struct NestedElsewhere<T> {
    pub records: Vec<Arc<T>>,
    /// Why some may be missing. `None` if none are.
    pub error: Option<SourceError>,
}

impl<T> NestedElsewhere<T> {
    fn within<O: FromRow>(seen: CachedRead<RecordSet<O>>, within: impl Fn(&O) -> Vec<Arc<T>>) -> Self {
        let lists = seen.value.iter().flat_map(|set| set.records());
        let records = lists.flat_map(|record| within(record)).collect();
        let lacks = seen.value.as_ref().and_then(|set| set.lacks().cloned());
        Self { records, error: seen.error.filter(|_| !seen.whole).or(lacks) }
    }
}

impl NestedRecord for Organization {
    const FIELD: Option<&'static str> = Some(Service::PROVIDER);

    fn within(service: &Service) -> Vec<Arc<Self>> {
        service.organization.iter().cloned().collect()
    }
}

impl NestedRecord for ServiceAtLocation {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        service.service_at_locations.clone()
    }
}

impl NestedRecord for Location {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        let places = service.service_at_locations.iter().filter_map(|place| place.location.clone());
        let provider =
            service.organization.iter().flat_map(|organization| organization.locations.iter().cloned());
        places.chain(provider).collect()
    }

    async fn elsewhere(source: &FeedSource, until: Instant) -> NestedElsewhere<Self> {
        let places = source.set::<ServiceAtLocation>(None, until).await;
        NestedElsewhere::within(places, |place| place.location.iter().cloned().collect())
    }
}

impl NestedRecord for TaxonomyTerm {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        terms_of(service.all_attributes())
    }

    async fn elsewhere(source: &FeedSource, until: Instant) -> NestedElsewhere<Self> {
        let taxonomies = source.set::<Taxonomy>(None, until).await;
        NestedElsewhere::within(taxonomies, |taxonomy| taxonomy.terms.clone())
    }
}

impl NestedRecord for Taxonomy {
    fn within(service: &Service) -> Vec<Arc<Self>> {
        TaxonomyTerm::within(service).iter().filter_map(|term| term.taxonomy.clone()).collect()
    }
}

/// Returns the terms that these attributes refer to, and the broader terms that came with them.
pub(crate) fn terms_of<'a>(
    attributes: impl IntoIterator<Item = &'a Arc<Attribute>>,
) -> Vec<Arc<TaxonomyTerm>> {
    let terms = attributes.into_iter().filter_map(|attribute| attribute.taxonomy_term.as_ref());
    // In 1.0, a term's vocabulary contains its broader terms.
    let broader = |term: &Arc<TaxonomyTerm>| {
        term.taxonomy.iter().flat_map(|taxonomy| &taxonomy.terms).cloned().collect::<Vec<_>>()
    };
    terms.flat_map(|term| [Arc::clone(term)].into_iter().chain(broader(term))).collect()
}
