//! Whether a service has free places, from the capacities that it states.

use serde::{Deserialize, Serialize};

use crate::model::{Service, ServiceCapacity, TriState, folded_words, stem};

/// The conditions on capacities. All that are given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacityFilter {
    /// The unit. `None` means any.
    pub unit: Option<UnitName>,
    /// Whether anything must be free, or nothing.
    pub has_free_places: Option<bool>,
    /// The least number that must be free in one unit.
    pub available_at_least: Option<f64>,
    /// The least total of one unit, free or not.
    pub maximum_at_least: Option<f64>,
}

/// The name, code or address of a unit, as the stems of its words: `beds` and `Bed` are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitName(Box<str>);

/// The capacities that a service states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FreePlaces(Box<[StatedCapacity]>);

/// One capacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StatedCapacity {
    units: Box<[UnitName]>,
    available: Option<f64>,
    maximum: Option<f64>,
}

impl CapacityFilter {
    /// Returns whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        let Self { unit: _, has_free_places, available_at_least, maximum_at_least } = self;
        has_free_places.is_none() && available_at_least.is_none() && maximum_at_least.is_none()
    }
}

impl UnitName {
    /// Reads a name. Returns `None` if it has no letter or digit.
    pub fn read(text: &str) -> Option<Self> {
        let stems: Vec<Box<str>> = folded_words(text).iter().map(|word| stem(word)).collect();
        (!stems.is_empty()).then(|| Self(stems.join(" ").into()))
    }
}

impl FreePlaces {
    /// Collects the capacities that a service states.
    pub fn of(service: &Service) -> Self {
        Self(service.capacities.iter().map(|capacity| StatedCapacity::of(capacity)).collect())
    }

    /// Returns whether the conditions hold. Unknown if the service states no capacity in the unit, or not enough of it.
    pub fn matches(&self, asked: &CapacityFilter) -> TriState {
        let unit = asked.unit.as_ref();
        let mut is_as_asked = TriState::Yes;
        if let Some(wanted) = asked.has_free_places {
            let is_free = self.any_in(unit, StatedCapacity::has_free_places);
            is_as_asked = if wanted { is_free } else { !is_free };
        }
        if asked.available_at_least.is_some() || asked.maximum_at_least.is_some() {
            let is_enough = self.any_in(unit, |capacity| {
                TriState::all([capacity.has_available(asked), capacity.has_maximum(asked)])
            });
            is_as_asked = TriState::all([is_as_asked, is_enough]);
        }
        is_as_asked
    }

    // Unknown if no capacity is in the unit. A capacity of no unit may be in any.
    fn any_in(&self, unit: Option<&UnitName>, holds: impl Fn(&StatedCapacity) -> TriState) -> TriState {
        TriState::any_known(self.0.iter().filter_map(|capacity| match capacity.is_in(unit) {
            TriState::Yes => Some(holds(capacity)),
            TriState::Unknown => Some(TriState::Unknown),
            TriState::No => None,
        }))
    }

    /// Returns whether anything is stated to be free, in any unit.
    pub(in crate::model) fn has_some(&self) -> bool {
        self.0.iter().any(|capacity| capacity.has_free_places() == TriState::Yes)
    }

    /// Returns whether anything is stated to be full, in any unit.
    pub(in crate::model) fn has_full(&self) -> bool {
        self.0.iter().any(|capacity| capacity.has_free_places() == TriState::No)
    }
}

impl StatedCapacity {
    fn of(stated: &ServiceCapacity) -> Self {
        let unit = stated.unit.iter();
        let names = unit.flat_map(|unit| [&unit.name, &unit.identifier, &unit.uri]);
        let units = names.filter_map(|name| UnitName::read(name.as_deref()?)).collect();
        let number = |number: Option<f64>| number.filter(|number| number.is_finite() && *number >= 0.0);
        Self { units, available: number(stated.available), maximum: number(stated.maximum) }
    }

    fn is_in(&self, unit: Option<&UnitName>) -> TriState {
        match unit {
            None => TriState::Yes,
            Some(_) if self.units.is_empty() => TriState::Unknown,
            Some(unit) => self.units.contains(unit).into(),
        }
    }

    fn has_free_places(&self) -> TriState {
        match (self.available, self.maximum) {
            (Some(available), _) => (available > 0.0).into(),
            (None, Some(0.0)) => TriState::No,
            (None, _) => TriState::Unknown,
        }
    }

    fn has_available(&self, asked: &CapacityFilter) -> TriState {
        let Some(least) = asked.available_at_least else { return TriState::Yes };
        match (self.available, self.maximum) {
            (Some(available), _) => (available >= least).into(),
            (None, Some(most)) if most < least => TriState::No,
            (None, _) => TriState::Unknown,
        }
    }

    fn has_maximum(&self, asked: &CapacityFilter) -> TriState {
        let Some(least) = asked.maximum_at_least else { return TriState::Yes };
        match (self.maximum, self.available) {
            (Some(most), _) => (most >= least).into(),
            (None, Some(available)) if available >= least => TriState::Yes,
            (None, _) => TriState::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::sample;

    fn stated(capacities: &[(Option<&str>, Option<f64>, Option<f64>)]) -> FreePlaces {
        let part = || json!({ "id": "Part:elmshire:1" });
        let unit = |name: &str| json!({ "part": part(), "name": name });
        let capacity = |(name, available, maximum): &(Option<&str>, Option<f64>, Option<f64>)| json!({ "part": part(), "unit": name.map(unit), "available": available, "maximum": maximum });
        let capacities: Vec<Value> = capacities.iter().map(capacity).collect();
        FreePlaces::of(&sample::service(&json!({ "capacities": capacities })))
    }

    #[test]
    fn free_places_are_those_stated_in_the_unit_asked_for_and_silence_is_unknown() {
        use TriState::{No, Unknown, Yes};
        let beds_full = stated(&[(Some("Bed"), Some(0.0), Some(8.0)), (Some("day place"), Some(3.0), None)]);
        let nothing = stated(&[]);
        let only_most = stated(&[(Some("bed"), None, Some(4.0))]);
        let no_unit = stated(&[(None, Some(2.0), None)]);
        let free = |unit: Option<&str>, wanted| CapacityFilter {
            unit: unit.and_then(UnitName::read),
            has_free_places: Some(wanted),
            ..CapacityFilter::default()
        };
        let least = |unit: Option<&str>, available: f64| CapacityFilter {
            unit: unit.and_then(UnitName::read),
            available_at_least: Some(available),
            ..CapacityFilter::default()
        };
        let roomy = |most: f64| CapacityFilter { maximum_at_least: Some(most), ..CapacityFilter::default() };
        for (places, asked, expected) in [
            (&beds_full, free(None, true), Yes),
            (&beds_full, free(Some("beds"), true), No),
            (&beds_full, free(Some("BEDS"), false), Yes),
            (&beds_full, free(Some("Day places"), true), Yes),
            (&beds_full, free(Some("seat"), true), Unknown),
            (&beds_full, least(None, 3.0), Yes),
            (&beds_full, least(None, 4.0), No),
            (&beds_full, roomy(8.0), Yes),
            (&nothing, free(None, true), Unknown),
            (&nothing, free(None, false), Unknown),
            (&only_most, free(None, true), Unknown),
            (&only_most, least(None, 5.0), No),
            (&no_unit, least(Some("bed"), 1.0), Unknown),
            (&no_unit, least(None, 2.0), Yes),
        ] {
            assert_eq!(places.matches(&asked), expected, "{places:?} {asked:?}");
        }
    }
}
