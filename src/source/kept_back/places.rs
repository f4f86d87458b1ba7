//! What is shown of a place that was read before its feed said that it is private.

use std::sync::Arc;

use super::clean::{IS_HIDDEN, IS_MASKED, note};
use crate::model::{Address, Coordinates, Location, Part, Stub as _};
use crate::source::dialects::{HIDDEN, MASKED, outcode};

impl Location {
    /// All that is shown of a place that is hidden.
    pub(super) fn hidden(&self) -> Self {
        let mut provenance = self.provenance.clone();
        note(&mut provenance, HIDDEN, IS_HIDDEN);
        let read = (provenance.fetched_at, provenance.fresh_until);
        // What is not named here is not shown, whatever is added to places later.
        Self {
            carried: self.carried,
            location_type: self.location_type,
            accessibility: self.accessibility.clone(),
            languages: self.languages.clone(),
            provenance,
            ..Self::stub(self.id.clone(), read)
        }
    }

    /// All that is shown of a place that is masked.
    pub(super) fn coarse(&self) -> Self {
        let mut coarse = self.hidden();
        coarse.provenance = self.provenance.clone();
        note(&mut coarse.provenance, MASKED, IS_MASKED);
        coarse.coordinates = self.coordinates.and_then(rounded);
        coarse.addresses = self.addresses.iter().map(|address| Arc::new(coarse_address(address))).collect();
        coarse
    }
}

// To two decimals: about a kilometre.
fn rounded(point: Coordinates) -> Option<Coordinates> {
    let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
    Coordinates::new(round(point.latitude), round(point.longitude))
}

fn coarse_address(address: &Address) -> Address {
    let part = Part { id: address.part.id.clone(), attributes: Vec::new(), metadata: Vec::new() };
    Address {
        part,
        attention: None,
        address_1: None,
        address_2: None,
        city: address.city.clone(),
        region: address.region.clone(),
        state_province: address.state_province.clone(),
        postal_code: address.postal_code.as_deref().and_then(outcode),
        postcode: None,
        country: address.country.clone(),
        address_type: address.address_type,
    }
}
