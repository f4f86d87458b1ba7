//! What finding asks of a service: all that filters, orders, facets and statistics look at, and nothing else, so
//! that many services' can be held and looked through quickly.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{
    AccessFacts, Address, AgeRanges, AreaCode, AttendingTypes, Attribute, DeliveryPoints, EssentialDetails,
    FreePlaces, IdentifierFacts, IssueCode, NotedIssues, OpeningHours, OrderKey, PostcodePlaces, PriceFacts,
    RecordId, Service, ServiceCoverage, ServiceStatus, SpokenLanguages,
};

/// The facts of one service that finding asks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceFacts {
    /// The service.
    pub id: RecordId,
    /// Its place in name order.
    pub order_key: OrderKey,
    /// Whether its own page has not been read, so that what is missing here may stand there.
    pub shallow: bool,
    /// Whether it operates.
    pub status: ServiceStatus,
    /// Whether the record says nothing of that: it is then taken to operate where only those that do are asked for.
    pub status_is_missing: bool,
    /// The provider.
    pub organization: Option<RecordId>,
    /// Registration numbers of its provider.
    pub identifiers: IdentifierFacts,
    /// The ages it is for.
    pub ages: AgeRanges,
    /// The taxonomy terms it carries, as do its provider, places, prices and areas; each once, in order.
    pub terms: Box<[RecordId]>,
    /// Where it is delivered: the location of each of its `service_at_locations`, where that is known.
    pub locations: Box<[Option<RecordId>]>,
    /// The points of those.
    pub points: DeliveryPoints,
    /// The areas it covers.
    pub coverage: ServiceCoverage,
    /// When it is open.
    pub hours: OpeningHours,
    /// What it costs.
    pub prices: PriceFacts,
    /// What is free of its capacities.
    pub free_places: FreePlaces,
    /// Languages spoken.
    pub languages: SpokenLanguages,
    /// What is stated of access at its places.
    pub access: AccessFacts,
    /// Ways of attending.
    pub attending_types: AttendingTypes,
    /// Letters of the postcodes of its places, e.g. `BS`; each once, in order.
    pub postcode_areas: Box<[Box<str>]>,
    /// The council areas of its places, as far as postcodes tell; each once, in order.
    pub local_authorities: Box<[AreaCode]>,
    /// Instant of the last change.
    pub last_modified: Option<DateTime<Utc>>,
    /// When synchronising noticed that it says something else than before; that it is there, where it does not say when
    /// it was changed.
    #[serde(skip)]
    pub noticed_at: Option<DateTime<Utc>>,
    /// Date of the last check.
    pub assured_date: Option<NaiveDate>,
    /// What normalising changed in the record and in those inside it, or could not read.
    pub issues: NotedIssues,
    /// What the record states of what people need to be told.
    pub stated: EssentialDetails,
}

impl ServiceFacts {
    /// The facts of a service as far as the record at hand has them; `postcodes` tell where its places are.
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
            status_is_missing: service.status == ServiceStatus::Unknown && !has_odd_status(service),
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

    /// When it last changed: as it says, or as was noticed where that is later, since many feeds say nothing of changes
    /// in what is nested.
    pub fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.last_modified.max(self.noticed_at)
    }

    /// The location that one of its points belongs to.
    pub fn location_of(&self, point: crate::model::DeliveryPoint) -> Option<&RecordId> {
        self.locations.get(point.service_at_location())?.as_ref()
    }
}

// A status that is no word of the standard's is not kept, but noted.
fn has_odd_status(service: &Service) -> bool {
    let is_of_status =
        |path: &str| path.rsplit('.').next().is_some_and(|key| key.eq_ignore_ascii_case("status"));
    let issues = service.provenance.issues.iter();
    issues.filter(|issue| issue.code == IssueCode::OutsideCodelist).any(|issue| is_of_status(&issue.path))
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
