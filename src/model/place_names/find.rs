//! Looking for places by what somebody typed: all that it may mean, and the one that it means if that is certain.

use strsim::osa_distance;

use super::learnt::SAME_AS_KNOWN;
use super::readings::{Reading, readings};
use super::spelling::{Beginning, Spelling};
use super::table::PlaceTable;
use super::{NamedPlace, PlaceKind, PlaceNames, PlaceOrigin, counties};
use crate::model::areas::area_named;
use crate::model::{AreaCode, AskedPostcode, Postcodes};

/// A place that may be meant, and how its name is like what was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPlace {
    /// The place.
    pub place: NamedPlace,
    /// How its name is like the one asked for.
    pub by: NameMatch,
}

/// How a name is like the one asked for; the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameMatch {
    /// It is that name.
    Exact,
    /// It begins with it, and goes on to say where it lies: Newcastle upon Tyne.
    Short,
    /// It begins with it.
    Beginning,
    /// It is spelt nearly so.
    Similar,
}

/// Why a name does not say where to look.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceError {
    /// It may be any of these.
    Ambiguous(Vec<NamedPlace>),
    /// No place is known by it; these are spelt nearly so.
    Unknown(Vec<NamedPlace>),
}

/// Of two places with one name, the one this many times as large as the other is meant if it is a council's seat…
const FAR_LARGER_SEAT: u32 = 10;
/// …or this many times, if the other is no more than a hamlet.
const FAR_LARGER: u32 = 20;
/// Postcodes within two kilometres of a hamlet, at most.
const HAMLET: u32 = 100;
/// So many addresses elsewhere with the name of a council's seat are no slips any more.
const SLIPS: u32 = 5;
/// Metres within which a place lies near the one that is named with it: Clifton, Bristol.
const NEARBY: f64 = 20_000.0;
/// How many candidates an error names.
const MOST_NAMED: usize = 20;
/// How many names that are spelt nearly so an error names.
const MOST_SIMILAR: usize = 5;

impl PlaceNames {
    /// Returns the places that may be meant by a name, a name with its county or council (`Newport, Isle of Wight`), a
    /// postcode or the first part of one; the likeliest first, at most so many.
    pub fn find(&self, text: &str, postcodes: &Postcodes, most: usize) -> Vec<FoundPlace> {
        if let Some(place) = by_postcode(text, postcodes) {
            return vec![FoundPlace { place, by: NameMatch::Exact }];
        }
        let found = readings(text).into_iter().map(|reading| self.read(&reading, postcodes));
        let mut found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        if found.is_empty() {
            found = self.similar(text);
        }
        found.truncate(most);
        found
    }

    /// Returns the place that a name, a postcode or the first part of one certainly means.
    ///
    /// # Errors
    /// When no place has that name, or several have and none of them is so much larger that it must be meant.
    pub fn resolve(&self, text: &str, postcodes: &Postcodes) -> Result<NamedPlace, PlaceError> {
        let found = self.find(text, postcodes, usize::MAX);
        let of = |wanted: &[NameMatch]| -> Vec<NamedPlace> {
            let found = found.iter().filter(|found| wanted.contains(&found.by));
            found.map(|found| found.place.clone()).collect()
        };
        let (exact, short) = (of(&[NameMatch::Exact]), of(&[NameMatch::Short]));
        if let Some(largest) = exact.first()
            && exact.iter().skip(1).all(|other| is_far_larger(largest, other))
            && (short.is_empty() || is_seat(largest))
        {
            return Ok(largest.clone());
        }
        let mut candidates = exact;
        candidates.extend(short);
        match candidates.as_slice() {
            [] => {
                let similar = of(&[NameMatch::Similar, NameMatch::Beginning]);
                Err(PlaceError::Unknown(similar.into_iter().take(MOST_SIMILAR).collect()))
            }
            [one] => Ok(one.clone()),
            _ => {
                candidates.truncate(MOST_NAMED);
                Err(PlaceError::Ambiguous(candidates))
            }
        }
    }

    /// Returns the places that may be meant by one reading of what was typed.
    fn read(&self, reading: &Reading<'_>, postcodes: &Postcodes) -> Vec<FoundPlace> {
        let wanted = Spelling::of(reading.name);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<FoundPlace> = self.exact(reading.name).into_iter().map(exactly).collect();
        let is_a_name = !found.is_empty();
        found.extend(self.beginning_with(&wanted, is_a_name));
        if let Some(qualifier) = reading.qualifier {
            let is_there = self.near_qualifier(qualifier, postcodes);
            found.retain(|found| is_there(&found.place));
        }
        found.sort_by(|one, other| {
            one.by.cmp(&other.by).then_with(|| rank(&other.place).cmp(&rank(&one.place)))
        });
        found
    }

    /// Returns the places of a name, each once.
    fn exact(&self, name: &str) -> Vec<NamedPlace> {
        let wanted = Spelling::of(name);
        let mut places: Vec<NamedPlace> = PlaceTable::get().named(wanted.key()).cloned().collect();
        // However its council is styled: South Gloucestershire Council.
        let area = area_named(name).and_then(|area| PlaceTable::get().area(area));
        places.extend(area.filter(|area| !places.contains(area)).cloned());
        leave_areas_to_their_towns(&mut places);
        for learnt in self.learnt.named(wanted.key()) {
            let known = places.iter_mut().find(|known| is_same(known, learnt));
            match known {
                Some(known) => known.known_from.push(PlaceOrigin::Addresses),
                None => places.push(learnt.clone()),
            }
        }
        places
    }

    /// Returns the places whose names begin with one that may be a place's own.
    fn beginning_with(&self, wanted: &Spelling, is_a_name: bool) -> Vec<FoundPlace> {
        let by = |beginning: Beginning| match beginning {
            Beginning::Short => NameMatch::Short,
            Beginning::Head if !is_a_name => NameMatch::Short,
            Beginning::Head | Beginning::Words | Beginning::Letters => NameMatch::Beginning,
        };
        let built_in = PlaceTable::get().entries().iter();
        let built_in =
            built_in.filter(|entry| entry.place.kind == PlaceKind::Settlement).filter_map(|entry| {
                Some(FoundPlace { by: by(entry.spelling.beginning(wanted)?), place: entry.place.clone() })
            });
        let mut found: Vec<FoundPlace> = built_in.collect();
        for learnt in self.learnt.beginning_with(wanted.key()) {
            if let Some(beginning) = Spelling::of(&learnt.name).beginning(wanted) {
                add_learnt(&mut found, learnt, by(beginning));
            }
        }
        found
    }

    /// Returns the places that are spelt nearly as what was typed, the nearest first.
    fn similar(&self, text: &str) -> Vec<FoundPlace> {
        let name = text.split([',', '(']).next().unwrap_or_default();
        let wanted = Spelling::of(name);
        let most = match wanted.key().len() {
            0..=3 => return Vec::new(),
            4..=7 => 1,
            _ => 2,
        };
        let distance = |key: &str| {
            let is_close = key.len().abs_diff(wanted.key().len()) <= most;
            is_close.then(|| osa_distance(key, wanted.key())).filter(|distance| *distance <= most)
        };
        let built_in = PlaceTable::get().entries().iter();
        let mut near: Vec<(usize, &NamedPlace)> =
            built_in.filter_map(|entry| Some((distance(entry.spelling.key())?, &entry.place))).collect();
        let learnt = self.learnt.by_key().filter_map(|(key, place)| Some((distance(key)?, place)));
        near.extend(learnt);
        near.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| rank(b).cmp(&rank(a))));
        let mut found: Vec<FoundPlace> = Vec::new();
        for (_, place) in near {
            match place.known_from == [PlaceOrigin::Addresses] {
                true => add_learnt(&mut found, place, NameMatch::Similar),
                false => found.push(FoundPlace { place: place.clone(), by: NameMatch::Similar }),
            }
        }
        found
    }

    /// Returns what tells whether a place is the one that a qualifier means.
    fn near_qualifier(&self, qualifier: &str, postcodes: &Postcodes) -> impl Fn(&NamedPlace) -> bool {
        let areas = counties::areas_called(qualifier);
        let places = match by_postcode(qualifier, postcodes) {
            Some(place) => vec![place],
            None => self.exact(qualifier),
        };
        move |place: &NamedPlace| {
            let is_in = place.area.is_some_and(|area| counties::is_in(area, &areas));
            let towns = places
                .iter()
                .filter(|near| near.kind != PlaceKind::County && near.kind != PlaceKind::Council);
            is_in || towns.into_iter().any(|near| near.point.metres_to(place.point) <= NEARBY)
        }
    }
}

fn by_postcode(text: &str, postcodes: &Postcodes) -> Option<NamedPlace> {
    let asked = AskedPostcode::parse(text).ok()?;
    let placed = postcodes.lookup_asked(&asked)?;
    Some(NamedPlace {
        name: asked.to_string().into(),
        kind: placed.accuracy.into(),
        point: placed.coordinates,
        area: placed.local_authority(),
        known_from: vec![PlaceOrigin::Postcodes],
        size: None,
    })
}

/// Adds a place learnt from addresses, unless it is one that was found already.
fn add_learnt(found: &mut Vec<FoundPlace>, learnt: &NamedPlace, by: NameMatch) {
    let key = Spelling::of(&learnt.name);
    let is_known = |known: &&mut FoundPlace| {
        is_same(&known.place, learnt) && Spelling::of(&known.place.name).key() == key.key()
    };
    match found.iter_mut().find(is_known) {
        Some(known) => known.place.known_from.push(PlaceOrigin::Addresses),
        None => found.push(FoundPlace { place: learnt.clone(), by }),
    }
}

fn exactly(place: NamedPlace) -> FoundPlace {
    FoundPlace { place, by: NameMatch::Exact }
}

/// Leaves out councils and counties that are called as a town in them is: that town is meant.
fn leave_areas_to_their_towns(places: &mut Vec<NamedPlace>) {
    let towns: Vec<AreaCode> = places
        .iter()
        .filter(|place| place.kind == PlaceKind::Settlement)
        .filter_map(|place| place.area)
        .collect();
    places.retain(|place| {
        place.kind == PlaceKind::Settlement
            || !place.area.is_some_and(|area| towns.iter().any(|town| counties::is_in(*town, &[area])))
    });
    // A county comes before the council that bears its name.
    let counties: Vec<NamedPlace> =
        places.iter().filter(|place| place.kind == PlaceKind::County).cloned().collect();
    places.retain(|place| {
        let is_in = |county: &NamedPlace| {
            county.area.zip(place.area).is_some_and(|(county, council)| counties::is_in(council, &[county]))
        };
        place.kind != PlaceKind::Council || !counties.iter().any(is_in)
    });
}

/// Whether a place learnt from addresses is one that is known already.
fn is_same(known: &NamedPlace, learnt: &NamedPlace) -> bool {
    if known.kind != PlaceKind::Settlement {
        return learnt
            .area
            .zip(known.area)
            .is_some_and(|(of_learnt, area)| counties::is_in(of_learnt, &[area]));
    }
    known.point.metres_to(learnt.point) <= SAME_AS_KNOWN
}

/// Towns before areas, and large ones before small ones.
fn rank(place: &NamedPlace) -> (bool, bool, Option<u32>) {
    let is_learnt = place.known_from == [PlaceOrigin::Addresses];
    (place.kind == PlaceKind::Settlement, !is_learnt, place.size)
}

/// Whether a place is the one that its council is named after.
fn is_seat(place: &NamedPlace) -> bool {
    let named = area_named(&place.name);
    place.kind == PlaceKind::Settlement
        && place.area.zip(named).is_some_and(|(area, named)| counties::is_in(area, &[named]))
}

/// Whether a place is so much larger than another of its name that it must be meant. What is known from addresses alone
/// is near to somebody who publishes there, however small; but a few of them do not make another Leeds.
fn is_far_larger(place: &NamedPlace, other: &NamedPlace) -> bool {
    let is_seat = is_seat(place);
    if other.known_from == [PlaceOrigin::Addresses] {
        return is_seat && other.size < Some(SLIPS);
    }
    let Some((size, of_other)) = place.size.zip(other.size) else { return false };
    let times = |factor: u32| size >= of_other.saturating_mul(factor);
    let is_known = place.known_from.contains(&PlaceOrigin::Gazetteer);
    is_known && ((is_seat && times(FAR_LARGER_SEAT)) || (times(FAR_LARGER) && of_other < HAMLET))
}
