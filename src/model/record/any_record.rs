//! A record of any kind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::model::{
    CarriedMembers, Location, OrderKey, Organization, Provenance, Record, RecordId, RecordIssue, RecordKind,
    Service, ServiceAtLocation, Taxonomy, TaxonomyTerm, said,
};

macro_rules! each {
    ($any:expr, $record:ident => $said:expr) => {
        match $any {
            AnyRecord::Service($record) => $said,
            AnyRecord::Organization($record) => $said,
            AnyRecord::Location($record) => $said,
            AnyRecord::ServiceAtLocation($record) => $said,
            AnyRecord::Taxonomy($record) => $said,
            AnyRecord::TaxonomyTerm($record) => $said,
        }
    };
}

/// A record of any kind, behind an `Arc`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the record of that name")]
pub enum AnyRecord {
    Service(Arc<Service>),
    Organization(Arc<Organization>),
    Location(Arc<Location>),
    ServiceAtLocation(Arc<ServiceAtLocation>),
    Taxonomy(Arc<Taxonomy>),
    TaxonomyTerm(Arc<TaxonomyTerm>),
}

impl AnyRecord {
    /// Returns the record's kind.
    pub fn kind(&self) -> RecordKind {
        self.id().kind()
    }

    /// Returns the record's id.
    pub fn id(&self) -> &RecordId {
        self.record().id()
    }

    /// Returns where the record came from.
    pub fn provenance(&self) -> &Provenance {
        self.record().provenance()
    }

    /// Returns which nested members the feed sent with the record.
    pub fn carried(&self) -> CarriedMembers {
        self.record().carried()
    }

    /// Returns roughly how many bytes the record takes in memory.
    pub fn weight(&self) -> usize {
        self.record().weight()
    }

    /// Returns the key that sorts records of one kind by name.
    pub fn order_key(&self) -> &OrderKey {
        self.record().order_key()
    }

    /// Updates the read times after the record was read again unchanged, also of records inside it that were read with
    /// it.
    pub fn see_again(&mut self, at: DateTime<Utc>, fresh_until: DateTime<Utc>) {
        let again = ReadAgain { read_at: self.provenance().fetched_at, at, fresh_until };
        match self {
            Self::Service(record) => again.service(record),
            Self::Organization(record) => again.organization(record),
            Self::Location(record) => drop(again.seen(record)),
            Self::ServiceAtLocation(record) => again.service_at_location(record),
            Self::Taxonomy(record) => drop(again.seen(record)),
            Self::TaxonomyTerm(record) => drop(again.seen(record)),
        }
    }

    /// Replaces the issues that say that the feed lists this id more than once.
    #[must_use]
    pub fn with_duplicates(mut self, duplicates: Vec<RecordIssue>) -> Self {
        each!(&mut self, record => {
            let issues = &mut Arc::make_mut(record).provenance_mut().issues;
            issues.retain(|issue| !issue.is_of_duplicate());
            issues.extend(duplicates);
        });
        self
    }

    /// Returns the record's content as [`said`] writes it.
    pub(crate) fn said(&self) -> Value {
        each!(self, record => said(&**record))
    }

    /// Returns the whole record as JSON, including provenance.
    pub(in crate::model) fn written(&self) -> Value {
        each!(self, record => serde_json::to_value(record).unwrap_or_default())
    }

    fn record(&self) -> &dyn Record {
        each!(self, record => &**record)
    }
}

/// A record that was read once and read again, unchanged, later.
pub(crate) struct ReadAgain {
    /// When it was first read.
    pub read_at: DateTime<Utc>,
    /// When it was read again.
    pub at: DateTime<Utc>,
    /// Until when it is fresh now.
    pub fresh_until: DateTime<Utc>,
}

impl ReadAgain {
    /// Updates the read times of a record, or of one inside it. Returns `None`, and changes nothing, if the record was
    /// not read at `read_at`.
    pub(crate) fn seen<'r, T: Record + Clone>(&self, record: &'r mut Arc<T>) -> Option<&'r mut T> {
        // A member that was filled in from an older response keeps that response's age.
        if record.provenance().fetched_at != self.read_at {
            return None;
        }
        let record = Arc::make_mut(record);
        let provenance = record.provenance_mut();
        (provenance.fetched_at, provenance.fresh_until) = (self.at, self.fresh_until);
        Some(record)
    }

    fn service(&self, service: &mut Arc<Service>) {
        let Some(service) = self.seen(service) else { return };
        service.organization.iter_mut().for_each(|provider| self.organization(provider));
        service.service_at_locations.iter_mut().for_each(|place| self.service_at_location(place));
    }

    fn organization(&self, organization: &mut Arc<Organization>) {
        let Some(organization) = self.seen(organization) else { return };
        for location in &mut organization.locations {
            self.seen(location);
        }
    }

    fn service_at_location(&self, place: &mut Arc<ServiceAtLocation>) {
        let Some(place) = self.seen(place) else { return };
        if let Some(location) = &mut place.location {
            self.seen(location);
        }
        place.service.iter_mut().for_each(|service| self.service(service));
    }
}

/// The error for a record of another kind than the caller wanted. Contains the kind that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherKind(pub RecordKind);

macro_rules! of_kind {
    ($($kind:ident)*) => {
        $(impl From<Arc<$kind>> for AnyRecord {
            fn from(record: Arc<$kind>) -> Self {
                Self::$kind(record)
            }
        }

        impl TryFrom<AnyRecord> for Arc<$kind> {
            type Error = OtherKind;

            fn try_from(record: AnyRecord) -> Result<Self, OtherKind> {
                match record {
                    AnyRecord::$kind(record) => Ok(record),
                    other => Err(OtherKind(other.kind())),
                }
            }
        })*
    };
}
of_kind!(Service Organization Location ServiceAtLocation Taxonomy TaxonomyTerm);
