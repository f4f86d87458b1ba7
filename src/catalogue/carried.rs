//! Reads the locations nested in a stored record without the rest of it. Nearly every feed lists everything else
//! separately.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::store::StoredMark;
use crate::model::{Location, ReadAgain};

/// The part of a service, an organisation or a service at a location that leads to locations.
#[derive(Deserialize)]
pub(super) struct LocationCarrier {
    provenance: FetchedAt,
    #[serde(default)]
    location: Option<Arc<Location>>,
    #[serde(default)]
    service_at_locations: Vec<LocationCarrier>,
    #[serde(default)]
    locations: Vec<Arc<Location>>,
    #[serde(default)]
    organization: Option<Box<LocationCarrier>>,
    #[serde(default)]
    services: Vec<LocationCarrier>,
}

#[derive(Deserialize)]
struct FetchedAt {
    fetched_at: DateTime<Utc>,
}

impl LocationCarrier {
    /// Returns the locations. If the record was seen again after it was read, updates their read times too.
    pub(super) fn into_locations(self, mark: &StoredMark) -> Vec<Arc<Location>> {
        let again = ReadAgain {
            read_at: self.provenance.fetched_at,
            at: mark.seen_at,
            fresh_until: mark.fresh_until(),
        };
        let mut locations = Vec::new();
        self.unpack(&mut locations);
        for location in locations.iter_mut().filter(|_| again.at > again.read_at) {
            again.seen(location);
        }
        locations
    }

    fn unpack(self, into: &mut Vec<Arc<Location>>) {
        into.extend(self.location);
        self.service_at_locations.into_iter().for_each(|place| place.unpack(into));
        into.extend(self.locations);
        self.services.into_iter().for_each(|service| service.unpack(into));
        self.organization.into_iter().for_each(|provider| provider.unpack(into));
    }
}
