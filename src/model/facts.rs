//! What finding asks of a service: all that filters, orders, facets and statistics look at, and nothing else, so
//! that many services' can be held and looked through quickly.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Access, Attribute, AttendingTypes, Identifiers, Languages, OrderKey, Prices, RecordId, Service, ServiceStatus,
};

/// The facts of one service that finding asks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The service.
    pub id: RecordId,
    /// Its place in name order.
    pub order_key: OrderKey,
    /// Whether its own page has not been read, so that what is missing here may stand there.
    pub shallow: bool,
    /// Whether it operates.
    pub status: ServiceStatus,
    /// The provider.
    pub organization: Option<RecordId>,
    /// The ranges of ages it is for, in years; a missing bound is no bound.
    pub ages: Vec<(Option<f64>, Option<f64>)>,
    /// The taxonomy terms it carries, as do its provider, places, prices and areas; each once, in order.
    pub terms: Vec<RecordId>,
    /// The places it is delivered at; each once, in order.
    pub locations: Vec<RecordId>,
    /// Registration numbers of its provider.
    pub identifiers: Identifiers,
    /// What it costs.
    pub prices: Prices,
    /// Languages spoken.
    pub languages: Languages,
    /// What is stated of access at its places.
    pub access: Access,
    /// Ways of attending.
    pub attending_types: AttendingTypes,
    /// Letters of the postcodes of its places, e.g. `BS`; each once, in order.
    pub postcode_areas: Vec<Box<str>>,
    /// Instant of the last change.
    pub last_modified: Option<DateTime<Utc>>,
    /// Date of the last check.
    pub assured_date: Option<NaiveDate>,
}

impl Facts {
    /// The facts of a service as far as the record at hand has them.
    pub fn of(service: &Service) -> Self {
        let term = |attribute: &Arc<Attribute>| match (
            &attribute.taxonomy_term_id,
            &attribute.taxonomy_term,
        ) {
            (Some(id), _) => Some(id.clone()),
            (None, term) => term.as_ref().map(|term| term.id.clone()),
        };
        let places = || service.service_at_locations.iter();
        let addresses =
            places().filter_map(|place| place.location.as_ref()).flat_map(|location| &location.addresses);
        Self {
            id: service.id.clone(),
            order_key: service.order_key.clone(),
            shallow: service.provenance.shallow,
            status: service.status,
            organization: service.organization_id.clone(),
            ages: service.ages().collect(),
            terms: distinct(service.all_attributes().filter_map(term)),
            locations: distinct(places().filter_map(|place| place.location_id.clone())),
            identifiers: Identifiers::of_provider(service),
            prices: Prices::of(service),
            languages: Languages::of(service),
            access: Access::of(service),
            attending_types: AttendingTypes::of(service),
            postcode_areas: distinct(
                addresses
                    .filter_map(|address| address.postcode.as_ref())
                    .map(|postcode| postcode.area().into()),
            ),
            last_modified: service.last_modified.or(service.provenance.last_modified),
            assured_date: service.assured_date,
        }
    }
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items.shrink_to_fit();
    items
}
