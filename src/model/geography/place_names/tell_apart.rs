//! How to ask for each of several places with the same name, so that only this place is meant.

use std::collections::{HashMap, HashSet};

use super::spelling::NameSpelling;
use super::{NamedPlace, PlaceKind, counties};
use crate::model::PostcodePlaces;
use crate::model::geography::areas::area_named;

/// The ways to distinguish a place from others with its name, the best first.
const WAYS: [TellingWay; 6] = [
    TellingWay::County,
    TellingWay::Council,
    TellingWay::Town,
    TellingWay::Country,
    TellingWay::PostcodeDistrict,
    TellingWay::Point,
];

#[derive(Clone, Copy)]
enum TellingWay {
    County,
    Council,
    Town,
    Country,
    PostcodeDistrict,
    Point,
}

/// The distance in metres within which a larger town is used as a qualifier.
const NEAR_A_TOWN: f64 = 25_000.0;
/// The fewest postcodes within two kilometres of a town.
const TOWN: u32 = 400;

/// Sets `ask_as` for each of these places, which share a name. A text that would fit two of them is used for none. No
/// place gets a text in `taken`.
pub(super) fn tell_apart(places: &mut [NamedPlace], taken: &HashSet<Box<str>>, towns: &[NamedPlace]) {
    let mut used = taken.clone();
    let mut open: Vec<usize> = (0..places.len()).collect();
    for way in WAYS {
        if open.is_empty() {
            return;
        }
        let group = &*places;
        let ways: Vec<(usize, String, Box<str>)> = open
            .iter()
            .filter_map(|at| Some((*at, way.of(group.get(*at)?, group, towns)?)))
            .map(|(at, way)| (at, NameSpelling::of(&way).into_key(), way))
            .map(|(at, key, way)| (at, way, key))
            .collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        ways.iter().for_each(|(_, _, key)| *counts.entry(key).or_default() += 1);
        let alone: Vec<&(usize, String, Box<str>)> =
            ways.iter().filter(|(_, _, key)| counts.get(&**key) == Some(&1) && !used.contains(key)).collect();
        for (at, ask_as, _) in &alone {
            if let Some(place) = places.get_mut(*at) {
                place.ask_as = ask_as.as_str().into();
            }
        }
        open.retain(|at| alone.iter().all(|(told, _, _)| told != at));
        used.extend(ways.into_iter().map(|(_, _, key)| key));
    }
}

impl TellingWay {
    /// Returns how to ask for a place in this way. Returns `None` if the way does not apply to it.
    fn of(self, place: &NamedPlace, namesakes: &[NamedPlace], towns: &[NamedPlace]) -> Option<String> {
        let towns_of_its_name = namesakes.iter().filter(|other| other.kind == PlaceKind::Settlement).count();
        let name = &place.name;
        if place.kind != PlaceKind::Settlement {
            return match self {
                Self::County if towns_of_its_name == 0 => Some(name.to_string()),
                Self::Council => Some(format!("{name}, {}", place.county()?)),
                Self::Town if place.kind == PlaceKind::Council => Some(format!("{name} Council")),
                Self::Town => Some(format!("{name} (county)")),
                Self::Point => Some(by_point(place)),
                _ => None,
            };
        }
        let qualifier = match self {
            Self::County => match place.county() {
                Some(county) if county != **name => county,
                // "Newport, Newport" would not distinguish it.
                Some(_) if towns_of_its_name > 1 => place.area?.country()?.name()?.to_owned(),
                None if towns_of_its_name > 1 => return None,
                _ => return Some(name.to_string()),
            },
            Self::Council => counties::spoken(place.council()?.name()?),
            Self::Town => nearest_town(place, towns)?.name.to_string(),
            Self::Country => place.area?.country()?.name()?.to_owned(),
            Self::PostcodeDistrict => {
                return Some(format!("{name} ({})", PostcodePlaces::district_at(place.point)?));
            }
            Self::Point => return Some(by_point(place)),
        };
        (qualifier != **name).then(|| format!("{name}, {qualifier}"))
    }
}

fn by_point(place: &NamedPlace) -> String {
    format!("{} ({:.2}, {:.2})", place.name, place.point.latitude, place.point.longitude)
}

/// Returns the nearest town that is much larger than the place.
fn nearest_town<'t>(place: &NamedPlace, towns: &'t [NamedPlace]) -> Option<&'t NamedPlace> {
    let least = place.size.unwrap_or(0).saturating_mul(2).max(TOWN);
    let near = towns.iter().filter(|town| {
        town.kind == PlaceKind::Settlement && town.size >= Some(least) && town.name != place.name
    });
    let near = near.map(|town| (town.point.metres_to(place.point), town));
    let near = near.filter(|(metres, _)| *metres <= NEAR_A_TOWN);
    near.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, town)| town)
}

/// The distance in metres within which addresses belong to a place with the same name. The larger the place, the
/// greater.
fn reach(place: &NamedPlace) -> f64 {
    match place.size {
        Some(2_000..) => 8_000.0,
        Some(300..) | None => 5_000.0,
        Some(_) => 3_000.0,
    }
}

/// How far post towns reach, in metres: the many villages with `Bristol` in their address are not other Bristols.
const POST_TOWN: f64 = 40_000.0;

/// Returns whether a place learnt from addresses is the same as a known one with its name: they are close together, the
/// learnt one lies in the area with the name, or the known one is its post town.
pub(super) fn is_one(known: &NamedPlace, learnt: &NamedPlace) -> bool {
    let is_in = |area| learnt.area.is_some_and(|of_learnt| counties::is_in(of_learnt, &[area]));
    if known.kind != PlaceKind::Settlement {
        return known.area.is_some_and(is_in);
    }
    let metres = known.point.metres_to(learnt.point);
    let is_seat = || {
        let named = area_named(&known.name);
        named.is_some_and(|named| {
            is_in(named) && known.area.is_some_and(|area| counties::is_in(area, &[named]))
        })
    };
    metres <= reach(known) || is_seat() || (known.size >= Some(TOWN) && is_post_town(known, learnt))
}

/// Returns whether `town` may be the post town of `place`: near enough, and in the same postcode area.
pub(super) fn is_post_town(town: &NamedPlace, place: &NamedPlace) -> bool {
    let letters = |place: &NamedPlace| {
        let district = PostcodePlaces::district_at(place.point)?;
        Some(district.chars().take_while(char::is_ascii_alphabetic).collect::<String>())
    };
    town.point.metres_to(place.point) <= POST_TOWN && letters(town) == letters(place)
}
