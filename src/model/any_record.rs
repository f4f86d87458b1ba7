//! A record of any kind.

use std::sync::Arc;

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

macro_rules! of_kind {
    ($($kind:ident)*) => {
        $(impl From<Arc<$kind>> for AnyRecord {
            fn from(record: Arc<$kind>) -> Self {
                Self::$kind(record)
            }
        })*
    };
}
of_kind!(Service Organization Location ServiceAtLocation Taxonomy TaxonomyTerm);
