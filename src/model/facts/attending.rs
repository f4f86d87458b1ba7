//! How people attend a service: at a venue, online, by telephone, at home.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::facts::access::slug;
use crate::model::{Attribute, LocationType, Schedule, Service, ServiceAtLocation, TriState, folded_words};

/// A way of attending, reduced to its letters and digits in lower case: `Home visit`, `HOME_VISIT` and `homevisit` are
/// equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttendingType(Box<str>);

impl AttendingType {
    /// Reads a feed's or a client's word. Returns `None` if it has no letter or digit.
    pub fn read(text: &str) -> Option<Self> {
        let letters = folded_words(text).concat();
        (!letters.is_empty()).then(|| Self(letters.into()))
    }

    /// Returns the reduced text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The ways of attending that a service states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendingTypes(Box<[AttendingType]>);

impl AttendingTypes {
    /// Collects what a service's schedules state, and what the feed states for the service as a whole.
    pub fn of(service: &Service) -> Self {
        let places = service.service_at_locations.iter();
        let schedules = service.schedules.iter().chain(places.clone().flat_map(|place| &place.schedules));
        // A location's opening times describe the service only if there are no others.
        let is_scheduled = schedules.clone().next().is_some();
        let locations = places.filter(|_| !is_scheduled).filter_map(|place| place.location.as_ref());
        let schedules = schedules.chain(locations.flat_map(|location| &location.schedules));
        let named = schedules.filter_map(|schedule: &Arc<Schedule>| schedule.attending_type.as_deref());
        let named =
            Self::named(named.chain(service.attributes.iter().filter_map(|attribute| annotated(attribute))));
        if named.0.is_empty() && is_virtual(service) { Self::named(std::iter::once("online")) } else { named }
    }

    fn named<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let types = texts.flat_map(|text| text.split([',', ';'])).filter_map(AttendingType::read);
        Self(types.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Returns whether the service states any of these. Unknown if it states none at all.
    pub fn matches(&self, any_of: &[AttendingType]) -> TriState {
        let is_asked = |named: &AttendingType| any_of.contains(named);
        TriState::any_known(self.0.iter().map(is_asked))
    }

    /// Returns the stated ways, sorted.
    pub fn named_types(&self) -> &[AttendingType] {
        &self.0
    }
}

// A service that has only virtual locations counts as online, unless it says how it is attended.
fn is_virtual(service: &Service) -> bool {
    let mut places = service.service_at_locations.iter().peekable();
    let is_virtual = |place: &Arc<ServiceAtLocation>| {
        place.location.as_ref().is_some_and(|location| location.location_type == LocationType::Virtual)
    };
    places.peek().is_some() && places.all(is_virtual)
}

// If the feed states a way for the service and there is no schedule to attach it to, it is stored as an annotation.
fn annotated(attribute: &Attribute) -> Option<&str> {
    let aspect = attribute.link_type.as_deref().filter(|aspect| *slug(aspect) == *"attending-type");
    let term = aspect.map(|_| attribute.taxonomy_term.as_ref())?;
    term.map(|term| term.name.as_str()).or(attribute.value.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(named: &[&str], asked: &[&str]) -> TriState {
        let asked: Vec<AttendingType> = asked.iter().filter_map(|text| AttendingType::read(text)).collect();
        AttendingTypes::named(named.iter().copied()).matches(&asked)
    }

    #[test]
    fn words_are_compared_by_their_letters_alone() {
        assert_eq!(matches(&["Home visit"], &["HOME_VISIT", "online"]), TriState::Yes);
        for spelling in ["homevisit", "home-visit", "home_visit", "Home visit"] {
            assert_eq!(matches(&[spelling], &["home visit"]), TriState::Yes, "{spelling}");
            assert_eq!(matches(&["home visit"], &[spelling]), TriState::Yes, "{spelling}");
        }
        assert_eq!(matches(&["venue, online"], &["Online"]), TriState::Yes);
        assert_eq!(matches(&["venue"], &["online"]), TriState::No);
        assert_eq!(matches(&[" - "], &["online"]), TriState::Unknown);
    }

    #[test]
    fn each_is_named_once() {
        let named = AttendingTypes::named(["online;venue", "Online"].into_iter());
        let named: Vec<&str> = named.named_types().iter().map(AttendingType::as_str).collect();
        assert_eq!(named, ["online", "venue"]);
    }
}
