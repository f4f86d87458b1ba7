//! Reduces places that were read before their feed said that they are private.

use std::sync::Arc;

use super::clean::{IS_HIDDEN, IS_MASKED, note};
use crate::model::{Accessibility, Address, Coordinates, Language, Location, RecordPart, StubRecord as _};
use crate::source::dialects::{HIDDEN, MASKED, is_plain_access, is_plain_language, outcode};

impl Location {
    /// Returns what may be shown of a hidden place.
    pub(super) fn hidden(&self) -> Self {
        let mut provenance = self.provenance.clone();
        note(&mut provenance, HIDDEN, IS_HIDDEN);
        let read = (provenance.fetched_at, provenance.fresh_until);
        // Members are listed one by one, so that whatever is added to places later stays hidden.
        Self {
            carried: self.carried,
            location_type: self.location_type,
            accessibility: self.accessibility.iter().map(|one| Arc::new(plain_access(one))).collect(),
            languages: self.languages.iter().map(|one| Arc::new(plain_language(one))).collect(),
            provenance,
            ..Self::stub(self.id.clone(), read)
        }
    }

    /// Returns what may be shown of a masked place.
    pub(super) fn coarse(&self) -> Self {
        let mut coarse = self.hidden();
        coarse.provenance = self.provenance.clone();
        note(&mut coarse.provenance, MASKED, IS_MASKED);
        coarse.coordinates = self.coordinates.and_then(rounded);
        coarse.addresses = self.addresses.iter().map(|address| Arc::new(coarse_address(address))).collect();
        coarse
    }
}

fn plain_access(access: &Accessibility) -> Accessibility {
    let description = access.description.clone().filter(|text| is_plain_access(text));
    Accessibility { part: RecordPart::bare(access.part.id.clone()), description, details: None, url: None }
}

fn plain_language(language: &Language) -> Language {
    let plain = |text: &Option<String>| text.clone().filter(|text| is_plain_language(text));
    let (name, code) = (plain(&language.name), plain(&language.code));
    Language { part: RecordPart::bare(language.part.id.clone()), name, code, note: None }
}

// Rounds to two decimals, which is about a kilometre.
fn rounded(point: Coordinates) -> Option<Coordinates> {
    let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
    Coordinates::new(round(point.latitude), round(point.longitude))
}

fn coarse_address(address: &Address) -> Address {
    let part = RecordPart::bare(address.part.id.clone());
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
