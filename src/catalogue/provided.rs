//! A service with what its provider says, where its feed only names that one: so it is found by both.

use std::sync::Arc;

use super::store::StoreError;
use crate::model::{AnyRecord, RecordId, Service};

/// A service that was read.
pub struct ReadService {
    /// The service, with its provider in it.
    pub service: Arc<Service>,
    /// Whether it is stored like this, with its provider in it or without any.
    pub is_as_stored: bool,
}

/// The service with its provider in it, where the feed says apart what there is to that one and `find` has it; else as
/// it is.
///
/// # Errors
/// Where the store cannot be read.
pub(super) fn provided(
    service: &Arc<Service>,
    find: impl FnOnce(&RecordId) -> Result<Option<AnyRecord>, StoreError>,
) -> Result<Arc<Service>, StoreError> {
    let Some(provider) = service.provider_apart() else { return Ok(Arc::clone(service)) };
    match find(provider) {
        Ok(Some(AnyRecord::Organization(provider))) => Ok(Arc::new(service.provided_by(provider))),
        // A provider that cannot be read takes nothing from the service.
        Ok(_) | Err(StoreError::Record(_)) => Ok(Arc::clone(service)),
        Err(error) => Err(error),
    }
}
