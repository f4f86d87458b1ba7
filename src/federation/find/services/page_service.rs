//! A service on a page: its record, or its rendering.

use std::sync::Arc;

use crate::model::{Record as _, Rendering, Service};

/// A service on a page.
#[derive(Clone, Debug)]
pub enum PageService {
    /// The record, made for this page from records that are stored apart.
    Made(Arc<Service>),
    /// The record from its detail page, and the record from the list of its live source.
    Detailed(Arc<Service>, Arc<Service>),
    /// The record from the list of a live source.
    Listed(Arc<Service>),
    /// The record as it is stored, and its number in the catalogue.
    Stored(Arc<Service>, u32),
    /// The rendering in the shape asked for, and the service's number in the catalogue.
    Written(Rendering, u32),
}

impl PageService {
    /// Returns the record. `None` if it was not read.
    pub fn record(&self) -> Option<&Arc<Service>> {
        match self {
            Self::Made(service)
            | Self::Detailed(service, _)
            | Self::Listed(service)
            | Self::Stored(service, _) => Some(service),
            Self::Written(..) => None,
        }
    }

    /// Returns the record that decides the service's place in the list. `None` if it was not read.
    pub(super) fn listed(&self) -> Option<&Arc<Service>> {
        match self {
            Self::Detailed(_, listed) => Some(listed),
            other => other.record(),
        }
    }

    /// Returns roughly how many bytes this holds. A listed service counts as none, because the cached list holds it.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Written(rendering, _) => rendering.bytes.len(),
            Self::Listed(_) => 0,
            other => other.record().map_or(0, |service| service.weight()),
        }
    }
}
