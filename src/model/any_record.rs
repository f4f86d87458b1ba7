//! A record of any kind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    Carried, Location, OrderKey, Organization, Provenance, Record, RecordId, RecordKind, Service,
    ServiceAtLocation, Taxonomy, TaxonomyTerm,
};

/// A record of any kind, shared.
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
    /// Its kind.
    pub fn kind(&self) -> RecordKind {
        self.id().kind()
    }

    /// Its identity.
    pub fn id(&self) -> &RecordId {
        self.record().id()
    }

    /// Where it came from.
    pub fn provenance(&self) -> &Provenance {
        self.record().provenance()
    }

    /// The nested members it came with.
    pub fn carried(&self) -> Carried {
        self.record().carried()
    }

    /// Its place among its kind.
    pub fn order_key(&self) -> &OrderKey {
        self.record().order_key()
    }

    /// Notes that it was met again, saying the same, so that it is as fresh as that.
    pub fn see_again(&mut self, at: DateTime<Utc>, fresh_until: DateTime<Utc>) {
        let provenance = match self {
            Self::Service(record) => Arc::make_mut(record).provenance_mut(),
            Self::Organization(record) => Arc::make_mut(record).provenance_mut(),
            Self::Location(record) => Arc::make_mut(record).provenance_mut(),
            Self::ServiceAtLocation(record) => Arc::make_mut(record).provenance_mut(),
            Self::Taxonomy(record) => Arc::make_mut(record).provenance_mut(),
            Self::TaxonomyTerm(record) => Arc::make_mut(record).provenance_mut(),
        };
        provenance.fetched_at = at;
        provenance.fresh_until = fresh_until;
    }

    // Our records hold nothing that does not serialise.
    pub(super) fn written(&self) -> Value {
        let written = match self {
            Self::Service(record) => serde_json::to_value(record),
            Self::Organization(record) => serde_json::to_value(record),
            Self::Location(record) => serde_json::to_value(record),
            Self::ServiceAtLocation(record) => serde_json::to_value(record),
            Self::Taxonomy(record) => serde_json::to_value(record),
            Self::TaxonomyTerm(record) => serde_json::to_value(record),
        };
        written.unwrap_or_default()
    }

    fn record(&self) -> &dyn Record {
        match self {
            Self::Service(record) => &**record,
            Self::Organization(record) => &**record,
            Self::Location(record) => &**record,
            Self::ServiceAtLocation(record) => &**record,
            Self::Taxonomy(record) => &**record,
            Self::TaxonomyTerm(record) => &**record,
        }
    }
}

/// A record of another kind than was wanted.
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
