//! Stubs: records of which only the id is known, used where a record names one that its feed does not have.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use serde_json::Map;

use crate::model::{
    CarriedMembers, ContentHash, IssueCode, Location, LocationType, OrderKey, Organization, Provenance,
    RecordId, RecordIssue, Service, ServiceStatus, Taxonomy, TaxonomyTerm,
};

/// When a response arrived, and when its freshness target ends.
type ReadTimes = (DateTime<Utc>, DateTime<Utc>);

/// The name of a stub.
const UNNAMED: &str = "(unnamed)";

/// A record of which only the id is known.
pub trait StubRecord: Sized {
    /// Creates a stub for an id that a record names. `read` has the times of that record.
    fn stub(id: RecordId, read: ReadTimes) -> Self;
}

impl RecordIssue {
    /// Creates the issue that the id at `path` names no record of the feed.
    pub fn dangling(path: String, id: &RecordId) -> Self {
        let message = format!("names a {} that the feed does not have", id.kind().type_name());
        let original = Some(id.upstream().into());
        Self { code: IssueCode::DanglingReference, path, message, original }
    }
}

fn provenance(id: &RecordId, (fetched_at, fresh_until): ReadTimes) -> Provenance {
    Provenance {
        upstream_url: None,
        fetched_at,
        fresh_until,
        last_modified: None,
        assured_date: None,
        assurer_email: None,
        shallow: true,
        content_hash: ContentHash::of(id.upstream().as_bytes()),
        issues: vec![RecordIssue::dangling("id".to_owned(), id)],
        read_bytes: 0,
        origin: None,
    }
}

impl StubRecord for Organization {
    fn stub(id: RecordId, read: ReadTimes) -> Self {
        Self {
            provenance: provenance(&id, read),
            id,
            order_key: OrderKey::of(UNNAMED),
            carried: CarriedMembers::default(),
            name: UNNAMED.to_owned(),
            alternate_name: None,
            description: None,
            email: None,
            website: None,
            additional_websites: Vec::new(),
            legal_status: None,
            year_incorporated: None,
            tax_status: None,
            tax_id: None,
            logo: None,
            uri: None,
            parent_organization_id: None,
            identifiers: Vec::new(),
            funding: Vec::new(),
            contacts: Vec::new(),
            phones: Vec::new(),
            locations: Vec::new(),
            services: Vec::new(),
            programs: Vec::new(),
            attributes: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl StubRecord for Location {
    fn stub(id: RecordId, read: ReadTimes) -> Self {
        Self {
            provenance: provenance(&id, read),
            id,
            order_key: OrderKey::of(""),
            carried: CarriedMembers::default(),
            location_type: LocationType::Unknown,
            name: None,
            alternate_name: None,
            description: None,
            url: None,
            transportation: None,
            coordinates: None,
            external_identifier: None,
            external_identifier_type: None,
            organization_id: None,
            addresses: Vec::new(),
            accessibility: Vec::new(),
            languages: Vec::new(),
            contacts: Vec::new(),
            phones: Vec::new(),
            schedules: Vec::new(),
            attributes: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl StubRecord for Service {
    fn stub(id: RecordId, read: ReadTimes) -> Self {
        Self {
            provenance: provenance(&id, read),
            id,
            order_key: OrderKey::of(UNNAMED),
            carried: CarriedMembers::default(),
            name: UNNAMED.to_owned(),
            alternate_name: None,
            description: None,
            url: None,
            additional_urls: Vec::new(),
            email: None,
            status: ServiceStatus::Unknown,
            interpretation_services: None,
            application_process: None,
            fees_description: None,
            wait_time: None,
            fees: None,
            accreditations: None,
            eligibility_description: None,
            minimum_age: None,
            maximum_age: None,
            age_bands: Vec::new(),
            unread_ages: crate::model::UnreadBounds::default(),
            alert: None,
            licenses: None,
            assured_date: None,
            assurer_email: None,
            last_modified: None,
            organization_id: None,
            organization: None,
            program: None,
            phones: Vec::new(),
            contacts: Vec::new(),
            schedules: Vec::new(),
            service_areas: Vec::new(),
            service_at_locations: Vec::new(),
            languages: Vec::new(),
            funding: Vec::new(),
            cost_options: Vec::new(),
            free: None,
            required_documents: Vec::new(),
            capacities: Vec::new(),
            attributes: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
            search_text: OnceLock::new(),
            ask_text: OnceLock::new(),
            facts: OnceLock::new(),
            renderings: Default::default(),
        }
    }
}

impl StubRecord for Taxonomy {
    fn stub(id: RecordId, read: ReadTimes) -> Self {
        Self {
            provenance: provenance(&id, read),
            id,
            order_key: OrderKey::of(UNNAMED),
            carried: CarriedMembers::default(),
            name: UNNAMED.to_owned(),
            description: None,
            uri: None,
            version: None,
            terms: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl StubRecord for TaxonomyTerm {
    fn stub(id: RecordId, read: ReadTimes) -> Self {
        Self {
            provenance: provenance(&id, read),
            id,
            order_key: OrderKey::of(UNNAMED),
            carried: CarriedMembers::default(),
            code: None,
            name: UNNAMED.to_owned(),
            description: None,
            language: None,
            term_uri: None,
            taxonomy_name: None,
            taxonomy_id: None,
            taxonomy: None,
            parent_id: None,
            metadata: Vec::new(),
            extra: Map::new(),
        }
    }
}
