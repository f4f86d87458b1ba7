//! The places known by name now: those of the built-in table, and those learnt from addresses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use super::spelling::NameSpelling;
use super::table::PlaceTable;
use super::tell_apart::{is_one, tell_apart};
use super::{LearntPlaces, NamedPlace, PlaceKind, PlaceOrigin, leave_areas_to_their_towns};

/// What addresses add to the table.
#[derive(Debug, Default)]
pub(super) struct KnownPlaces {
    /// All places with a name that occurs in addresses, by the key of their spelling.
    taught: BTreeMap<Box<str>, Vec<NamedPlace>>,
    /// By the key of `ask_as`: the key of the place's name, and its position among the places with that key.
    asked: HashMap<Box<str>, (Box<str>, usize)>,
}

impl KnownPlaces {
    pub(super) fn of(learnt: LearntPlaces) -> Self {
        let mut known = Self::default();
        for (key, learnt) in learnt.into_names() {
            let places = taught(&key, learnt);
            for (at, place) in places.iter().enumerate().filter(|(_, place)| is_own(&key, place)) {
                known.asked.entry(NameSpelling::of(&place.ask_as).into_key()).or_insert((key.clone(), at));
            }
            known.taught.insert(key, places);
        }
        known
    }

    /// Returns the places with the name that has this key.
    pub(super) fn named(&self, key: &str) -> Vec<NamedPlace> {
        self.taught.get(key).cloned().unwrap_or_else(|| PlaceTable::get().named(key).cloned().collect())
    }

    /// Returns the place that the text asks for uniquely.
    pub(super) fn asked(&self, text: &str) -> Option<&NamedPlace> {
        let wanted = NameSpelling::of(text);
        if let Some((key, at)) = self.asked.get(wanted.key()) {
            return self.taught.get(key)?.get(*at);
        }
        // If addresses have more places with the name, the ways of asking are those worked out with them.
        let (_, place) =
            PlaceTable::get().asked(wanted.key()).filter(|(key, _)| !self.taught.contains_key(*key))?;
        Some(place)
    }

    /// Returns the settlements whose names begin with `key`.
    pub(super) fn beginning_with<'p>(&'p self, key: &'p str) -> impl Iterator<Item = &'p NamedPlace> {
        let built_in = PlaceTable::get().each().filter(move |(own, _)| own.starts_with(key));
        let built_in = built_in.filter(|(own, _)| !self.taught.contains_key(*own)).map(|(_, place)| place);
        let from = self.taught.range::<str, _>((Bound::Included(key), Bound::Unbounded));
        let taught = from
            .take_while(move |(name, _)| name.starts_with(key))
            .flat_map(|(key, places)| own_places(key, places));
        built_in.chain(taught).filter(|place| place.kind == PlaceKind::Settlement)
    }

    /// Returns all places without duplicates, each with the key of its name.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &NamedPlace)> {
        let built_in = PlaceTable::get().each().filter(|(key, _)| !self.taught.contains_key(*key));
        let taught = self.taught.iter();
        built_in
            .chain(taught.flat_map(|(key, places)| own_places(key, places).map(move |place| (&**key, place))))
    }

    /// Returns the places to suggest: all except areas that have the name of a town in them.
    pub(super) fn offered(&self) -> Vec<NamedPlace> {
        let table = PlaceTable::get();
        let keys: HashSet<&str> = self.each().map(|(key, _)| key).collect();
        let mut offered = Vec::new();
        for key in keys {
            match self.taught.get(key) {
                Some(places) => {
                    let mut own: Vec<NamedPlace> =
                        places.iter().filter(|place| is_own(key, place)).cloned().collect();
                    leave_areas_to_their_towns(&mut own);
                    offered.extend(own);
                }
                None => offered.extend(table.shown(key)),
            }
        }
        offered
    }
}

/// Returns the places with a name, after adding those that addresses have.
fn taught(key: &str, learnt: Vec<NamedPlace>) -> Vec<NamedPlace> {
    let mut places: Vec<NamedPlace> = PlaceTable::get().named(key).cloned().collect();
    let known = places.len();
    for learnt in learnt {
        let (built_in, _) = places.split_at_mut(known);
        // If an area and a town have the same name, the addresses are in the town.
        let same = built_in.iter_mut().filter(|place| is_one(place, &learnt));
        match same.max_by_key(|place| place.kind == PlaceKind::Settlement) {
            Some(same) if same.known_from.contains(&PlaceOrigin::Addresses) => {}
            Some(same) => same.known_from.push(PlaceOrigin::Addresses),
            None => places.push(learnt),
        }
    }
    if places.len() > known {
        // Places with this as an alternative name keep their way of being asked for.
        let (mut own, others): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| is_own(key, place));
        let ways = others.iter().map(|place| NameSpelling::of(&place.ask_as).into_key());
        let taken = ways.chain(others.first().map(|_| key.into())).collect();
        tell_apart(&mut own, &taken, PlaceTable::get().places());
        own.extend(others);
        places = own;
    }
    places
}

fn is_own(key: &str, place: &NamedPlace) -> bool {
    NameSpelling::of(&place.name).key() == key
}

fn own_places<'p>(key: &'p str, places: &'p [NamedPlace]) -> impl Iterator<Item = &'p NamedPlace> {
    places.iter().filter(move |place| is_own(key, place))
}
