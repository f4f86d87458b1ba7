//! Getting: one record by its id, and what a record at hand does not carry.

use std::sync::Arc;

use super::{Asking, Federation, SourceError};
use crate::model::{
    Location, Organization, RecordId, Service, ServiceAtLocation, SourceKey, Taxonomy, TaxonomyTerm,
};

/// The source of a record cannot answer and nothing of the record is kept.
#[derive(Clone, Debug)]
pub struct Unavailable {
    /// The source.
    pub source: SourceKey,
    /// Why; none where its deadline passed before everything that might hold the record was read.
    pub error: SourceError,
}

impl Federation {
    /// A service with everything its feed has of it; none where the feed has no such service.
    ///
    /// # Errors
    /// When its source cannot answer and nothing is kept.
    pub async fn service(&self, id: &RecordId, asking: &Asking) -> Result<Option<Arc<Service>>, Unavailable> {
        todo!()
    }

    /// An organisation, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn organization(
        &self,
        id: &RecordId,
        asking: &Asking,
    ) -> Result<Option<Arc<Organization>>, Unavailable> {
        todo!()
    }

    /// A location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn location(
        &self,
        id: &RecordId,
        asking: &Asking,
    ) -> Result<Option<Arc<Location>>, Unavailable> {
        todo!()
    }

    /// A service at a location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn service_at_location(
        &self,
        id: &RecordId,
        asking: &Asking,
    ) -> Result<Option<Arc<ServiceAtLocation>>, Unavailable> {
        todo!()
    }

    /// A taxonomy, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy(
        &self,
        id: &RecordId,
        asking: &Asking,
    ) -> Result<Option<Arc<Taxonomy>>, Unavailable> {
        todo!()
    }

    /// A taxonomy term, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy_term(
        &self,
        id: &RecordId,
        asking: &Asking,
    ) -> Result<Option<Arc<TaxonomyTerm>>, Unavailable> {
        todo!()
    }

    /// The same organisation with what only its own page carries; as it is where that cannot be had, with an
    /// issue that says so.
    pub async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &Asking,
    ) -> Arc<Organization> {
        todo!()
    }

    /// What the feed declares at its root; none where it does not answer.
    pub async fn declared(
        &self,
        source: &SourceKey,
        asking: &Asking,
    ) -> Option<Arc<crate::source::Declared>> {
        todo!()
    }
}
