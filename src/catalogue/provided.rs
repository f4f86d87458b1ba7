//! Combines a service with its provider's own record, so that the service is found by what either says.

use std::sync::Arc;

use super::store::StoreError;
use crate::model::{AnyRecord, RecordId, Service};

/// A service read from the catalogue.
pub struct ReadService {
    /// The service, with its provider nested if the catalogue has it.
    pub service: Arc<Service>,
    /// Whether the service is stored like this: with its provider nested, or without one.
    pub is_as_stored: bool,
}

/// Returns the service with what its provider's own record says of the provider, if `find` returns that record.
/// Otherwise returns the service as it is.
///
/// # Errors
/// If the store cannot be read.
pub(super) fn provided(
    service: &Arc<Service>,
    find: impl FnOnce(&RecordId) -> Result<Option<AnyRecord>, StoreError>,
) -> Result<Arc<Service>, StoreError> {
    let Some(provider) = service.provider() else { return Ok(Arc::clone(service)) };
    match find(provider) {
        Ok(Some(AnyRecord::Organization(provider))) => Ok(service.completed_by(&provider)),
        // The service is still usable if its provider cannot be read.
        Ok(_) | Err(StoreError::Record(_)) => Ok(Arc::clone(service)),
        Err(error) => Err(error),
    }
}
