//! The facts of a service: everything that filters, orders, facets and statistics read, and nothing else, so that the
//! facts of many services can be held in memory and scanned quickly.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{
    AccessFacts, Address, AgeRanges, AreaCode, AttendingTypes, Attribute, DeliveryPoints, EssentialDetails,
    FreePlaces, IdentifierFacts, NotedIssues, OpeningHours, OrderKey, PostcodePlaces, PriceFacts, RecordId,
    Service, ServiceCoverage, ServiceStatus, SpokenLanguages,
};

/// The facts of one service, for finding and counting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceFacts {
    /// The service.
    pub id: RecordId,
    /// The key that sorts services by name.
    pub order_key: OrderKey,
    /// Whether the detail page has not been read. Missing facts may then be on it.
    pub shallow: bool,
    /// Whether it operates.
    pub status: ServiceStatus,
    /// Whether the record has no status. The service then counts as active if only active ones are asked for.
    pub status_is_missing: bool,
    /// The provider.
    pub organization: Option<RecordId>,
    /// The provider's registration numbers.
    pub identifiers: IdentifierFacts,
    /// The ages it is for.
    pub ages: AgeRanges,
    /// The taxonomy terms of the service, its provider, its locations, prices and areas; sorted, without duplicates.
    pub terms: Box<[RecordId]>,
    /// The location of each of its `service_at_locations`, in order. `None` if it is not known.
    pub locations: Box<[Option<RecordId>]>,
    /// The coordinates of these locations.
    pub points: DeliveryPoints,
    /// The areas it covers.
    pub coverage: ServiceCoverage,
    /// When it is open.
    pub hours: OpeningHours,
    /// What it costs.
    pub prices: PriceFacts,
    /// The capacities it states.
    pub free_places: FreePlaces,
    /// Languages spoken.
    pub languages: SpokenLanguages,
    /// What its locations state about access.
    pub access: AccessFacts,
    /// Ways of attending.
    pub attending_types: AttendingTypes,
    /// The postcode areas of its locations, e.g. `BS`; sorted, without duplicates.
    pub postcode_areas: Box<[Box<str>]>,
    /// The local authorities of its locations, as far as postcodes tell; sorted, without duplicates.
    pub local_authorities: Box<[AreaCode]>,
    /// Instant of the last change.
    pub last_modified: Option<DateTime<Utc>>,
    /// When synchronisation found the record changed or, if the record does not say when it was changed, first found
    /// it.
    #[serde(skip)]
    pub noticed_at: Option<DateTime<Utc>>,
    /// Date of the last check.
    pub assured_date: Option<NaiveDate>,
    /// The issues of the record and of the records nested in it.
    pub issues: NotedIssues,
    /// Which essential details the record states.
    pub stated: EssentialDetails,
}

impl ServiceFacts {
    /// Derives the facts of a service from this form of its record. `postcodes` locates the addresses.
    pub fn of(service: &Service, postcodes: &PostcodePlaces) -> Self {
        let at_locations = &service.service_at_locations;
        let locations = at_locations.iter().filter_map(|place| place.location.as_ref());
        let postcodes_of = || {
            let addresses = locations.clone().flat_map(|location| &location.addresses);
            addresses.filter_map(|address: &Arc<Address>| address.postcode.as_ref())
        };
        let authority = |postcode| postcodes.lookup(postcode).and_then(|placed| placed.local_authority());
        let facts = Self {
            id: service.id.clone(),
            order_key: service.order_key.clone(),
            shallow: service.provenance.shallow,
            status: service.status,
            status_is_missing: !service.states_status(),
            organization: service.organization_id.clone(),
            identifiers: IdentifierFacts::of_provider(service),
            ages: AgeRanges::of(service.ages()),
            terms: distinct(service.all_attributes().filter_map(term)),
            locations: at_locations.iter().map(|place| place.location_id.clone()).collect(),
            points: DeliveryPoints::of(service, postcodes),
            coverage: ServiceCoverage::of(service),
            hours: OpeningHours::of(service),
            prices: PriceFacts::of(service),
            free_places: FreePlaces::of(service),
            languages: SpokenLanguages::of(service),
            access: AccessFacts::of(service),
            attending_types: AttendingTypes::of(service),
            postcode_areas: distinct(postcodes_of().map(|postcode| postcode.area().into())),
            local_authorities: distinct(postcodes_of().filter_map(authority)),
            last_modified: service.last_modified.or(service.provenance.last_modified),
            noticed_at: None,
            assured_date: service.assured_date,
            issues: NotedIssues::of(service),
            stated: EssentialDetails::default(),
        };
        Self { stated: EssentialDetails::of(service, &facts), ..facts }
    }

    /// Returns when the service last changed: the later of the date it states and the date synchronisation noticed,
    /// because many feeds do not date changes in nested records.
    pub fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.last_modified.max(self.noticed_at)
    }

    /// Returns the location that a point belongs to.
    pub fn location_of(&self, point: crate::model::DeliveryPoint) -> Option<&RecordId> {
        self.locations.get(point.service_at_location())?.as_ref()
    }
}

fn term(attribute: &Arc<Attribute>) -> Option<RecordId> {
    let carried = || attribute.taxonomy_term.as_ref().map(|term| term.id.clone());
    attribute.taxonomy_term_id.clone().or_else(carried)
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Box<[T]> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items.into()
}
