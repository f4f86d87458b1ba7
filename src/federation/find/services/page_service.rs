//! A service on a page: its record, or what was written of it before.

use std::sync::Arc;

use crate::model::{Record as _, Rendering, Service};

/// A service on a page.
#[derive(Clone, Debug)]
pub enum PageService {
    /// Its record, made for this page of what is stored apart.
    Made(Arc<Service>),
    /// Its record, read from its detail page, and as the list of its live source has it.
    Detailed(Arc<Service>, Arc<Service>),
    /// Its record, as the list of a live source has it.
    Listed(Arc<Service>),
    /// Its record, as the catalogue has it under this number.
    Stored(Arc<Service>, u32),
    /// What was written of it before in the shape asked for, and its number in the catalogue.
    Written(Rendering, u32),
}

impl PageService {
    /// Returns its record, if that was read.
    pub fn record(&self) -> Option<&Arc<Service>> {
        match self {
            Self::Made(service)
            | Self::Detailed(service, _)
            | Self::Listed(service)
            | Self::Stored(service, _) => Some(service),
            Self::Written(..) => None,
        }
    }

    /// Returns its record as its place in a list goes by, if that was read.
    pub(super) fn listed(&self) -> Option<&Arc<Service>> {
        match self {
            Self::Detailed(_, listed) => Some(listed),
            other => other.record(),
        }
    }

    /// Returns how many bytes it holds, about. A listed service is held by the list, which is cached.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Written(rendering, _) => rendering.bytes.len(),
            Self::Listed(_) => 0,
            other => other.record().map_or(0, |service| service.weight()),
        }
    }
}
