//! What is shown of a place that was read before its feed said that it is private.

use std::sync::Arc;

use serde_json::Map;

use super::clean::{IS_HIDDEN, IS_MASKED, note, unnamed};
use crate::model::{Address, Coordinates, Location, Part};
use crate::source::dialects::{HIDDEN, MASKED, outcode};

impl Location {
    /// All that is shown of a place that is hidden.
    pub(super) fn hidden(&self) -> Self {
        let mut provenance = self.provenance.clone();
        note(&mut provenance, HIDDEN, IS_HIDDEN);
        Self {
            id: self.id.clone(),
            provenance,
            order_key: unnamed(),
            carried: self.carried,
            location_type: self.location_type,
            name: None,
            alternate_name: None,
            description: None,
            url: None,
            transportation: None,
            coordinates: None,
            external_identifier: None,
            external_identifier_type: None,
            organization_id: None,
            addresses: Vec::new(),
            accessibility: self.accessibility.clone(),
            languages: self.languages.clone(),
            contacts: Vec::new(),
            phones: Vec::new(),
            schedules: Vec::new(),
            attributes: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
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
