//! Finds places by what somebody typed: all that may be meant, and the one that is certainly meant, if there is one.

use strsim::osa_distance;

use super::readings::{NameReading, TownAndPostcode, is_like_a_postcode, readings};
use super::spelling::{NameBeginning, NameSpelling};
use super::table::PlaceTable;
use super::{NamedPlace, PlaceKind, PlaceNames, PlaceOrigin, counties, leave_areas_to_their_towns};
use crate::model::geography::areas::area_named;
use crate::model::{AskedPostcode, PostcodeDoubt, PostcodePlaces};

/// A place that may be meant, and how its name matches what was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPlace {
    /// The place.
    pub place: NamedPlace,
    /// How its name matches.
    pub by: NameMatch,
}

/// How a name matches what was typed; the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameMatch {
    /// The names are equal.
    Exact,
    /// The name begins with what was typed and goes on to say where the place lies: Newcastle upon Tyne.
    Short,
    /// The name begins with what was typed.
    Beginning,
    /// The spelling is similar.
    Similar,
}

/// Why a name does not determine a place.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceError {
    /// Several places may be meant.
    Ambiguous(Vec<NamedPlace>),
    /// No place has the name. Contains places with similar spelling.
    Unknown(Vec<NamedPlace>),
    /// The name is a country, which is too large to be near to. Contains other places with the name.
    Country(Vec<NamedPlace>),
    /// The text is a postcode, or ends in one, with no known position.
    Postcode(PostcodeDoubt),
    /// The text looks like a postcode, but is not one.
    NoPostcode,
}

/// Of two places with one name, one is meant if it is a council's seat and at least this many times as large as the
/// other…
const FAR_LARGER_SEAT: u32 = 10;
/// …or at least this many times as large, if the other is no more than a hamlet.
const FAR_LARGER: u32 = 20;
/// A hamlet has fewer postcodes than this within two kilometres.
const HAMLET: u32 = 100;
/// Fewer addresses than this elsewhere with the name of a council's seat are taken for errors.
const SLIPS: u32 = 5;
/// The distance in metres at which a place still counts as near the one that qualifies it: Clifton, Bristol.
const NEARBY: f64 = 20_000.0;
/// The greatest distance in metres between a town and a postcode written with it: `London SE25`.
const IN_A_TOWN: f64 = 30_000.0;
/// The fewest letters at the beginning of a name that may stand for all of it: `Letchworth`.
const SHORTEST_BEGINNING: usize = 4;
/// The most candidates in an error.
const MOST_NAMED: usize = 20;
/// The most names with similar spelling in an error.
const MOST_SIMILAR: usize = 5;

impl PlaceNames {
    /// Returns the places that may be meant by a name, a name with its county or council (`Newport, Isle of Wight`), a
    /// postcode or the first part of one. The likeliest come first. Returns at most `most`.
    pub fn find(&self, text: &str, postcodes: &PostcodePlaces, most: usize) -> Vec<FoundPlace> {
        let certain = by_postcode(text, postcodes).or_else(|| self.asked_in_full(text)).or_else(|| {
            let split = TownAndPostcode::read(text)?;
            self.in_town(&split, postcodes).ok()
        });
        match certain {
            Some(place) => vec![exactly(place)],
            None => self.find_by_name(text, postcodes, most),
        }
    }

    fn find_by_name(&self, text: &str, postcodes: &PostcodePlaces, most: usize) -> Vec<FoundPlace> {
        let found = readings(text).into_iter().map(|reading| self.read(&reading, postcodes));
        let mut found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        if found.is_empty() {
            found = self.similar(text);
        }
        found.truncate(most);
        found
    }

    /// Returns the place that the text asks for uniquely, if the text is more than its name.
    fn asked_in_full(&self, text: &str) -> Option<NamedPlace> {
        let place = self.known.asked(text)?;
        (NameSpelling::of(&place.name) != NameSpelling::of(text)).then(|| place.clone())
    }

    /// Returns the place that a name, a postcode or the first part of one certainly means.
    ///
    /// # Errors
    /// Returns [`PlaceError`] if no place has the name, if several have it and none is much larger than the others, if
    /// it is a country, and if it is a postcode with no known position.
    pub fn resolve(&self, text: &str, postcodes: &PostcodePlaces) -> Result<NamedPlace, PlaceError> {
        if counties::is_country(text) {
            return Err(PlaceError::Country(self.exact(text)));
        }
        if let Ok(asked) = AskedPostcode::parse(text) {
            return placed(&asked, postcodes);
        }
        if is_like_a_postcode(text) {
            return Err(PlaceError::NoPostcode);
        }
        if let Some(place) = self.known.asked(text) {
            return Ok(place.clone());
        }
        match TownAndPostcode::read(text) {
            Some(split) => self.in_town(&split, postcodes),
            None => self.resolve_name(text, postcodes),
        }
    }

    /// Returns the place of a postcode, or part of one, that is written with a town. The postcode is more precise than
    /// the town, unless its purpose is to say which of several towns is meant.
    fn in_town(
        &self,
        split: &TownAndPostcode<'_>,
        postcodes: &PostcodePlaces,
    ) -> Result<NamedPlace, PlaceError> {
        let place = placed(&split.postcode, postcodes)?;
        let is_there = |town: &NamedPlace| {
            let is_in = town.area.zip(place.area).is_some_and(|(town, area)| counties::is_in(area, &[town]));
            (town.kind != PlaceKind::Settlement && is_in) || town.point.metres_to(place.point) <= IN_A_TOWN
        };
        let mut towns = match self
            .known
            .asked(split.town)
            .cloned()
            .map_or_else(|| self.resolve_name(split.town, postcodes), Ok)
        {
            Ok(town) if is_there(&town) => return Ok(place),
            Ok(town) => vec![town],
            Err(PlaceError::Ambiguous(towns)) => towns,
            // The text may be the name of a street, for example.
            Err(_) => return Ok(place),
        };
        let there: Vec<&NamedPlace> = towns.iter().filter(|town| is_there(town)).collect();
        match *there {
            [one] if place.kind == PlaceKind::PostcodeDistrict => Ok(one.clone()),
            [] => {
                towns.truncate(MOST_NAMED - 1);
                towns.push(place);
                Err(PlaceError::Ambiguous(towns))
            }
            _ => Ok(place),
        }
    }

    fn resolve_name(&self, text: &str, postcodes: &PostcodePlaces) -> Result<NamedPlace, PlaceError> {
        let found = self.find_by_name(text, postcodes, usize::MAX);
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
                let begun = of(&[NameMatch::Beginning]);
                if let Some(place) = the_one_begun(text, &begun) {
                    return Ok(place.clone());
                }
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
    fn read(&self, reading: &NameReading<'_>, postcodes: &PostcodePlaces) -> Vec<FoundPlace> {
        let wanted = NameSpelling::of(reading.name);
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

    /// Returns the places with a name, without duplicates.
    fn exact(&self, name: &str) -> Vec<NamedPlace> {
        let mut places = self.known.named(NameSpelling::of(name).key());
        // Recognise councils by any style: South Gloucestershire Council.
        if let Some(area) = area_named(name).and_then(|area| PlaceTable::get().area(area)) {
            // Both `City of Bristol` and `Bristol` mean the town.
            let towns = self.known.named(NameSpelling::of(&area.name).key()).into_iter();
            let towns = towns.filter(|town| town.kind == PlaceKind::Settlement);
            let more: Vec<NamedPlace> = towns
                .filter(|town| {
                    town.area.zip(area.area).is_some_and(|(town, area)| counties::is_in(town, &[area]))
                })
                .chain([area.clone()])
                .filter(|place| places.iter().all(|known| known.ask_as != place.ask_as))
                .collect();
            places.extend(more);
        }
        leave_areas_to_their_towns(&mut places);
        places
    }

    /// Returns the places whose names begin with `wanted`. `is_a_name` says whether a place has exactly that name.
    fn beginning_with(&self, wanted: &NameSpelling, is_a_name: bool) -> Vec<FoundPlace> {
        let by = |beginning: NameBeginning| match beginning {
            NameBeginning::Short => NameMatch::Short,
            NameBeginning::Head if !is_a_name => NameMatch::Short,
            NameBeginning::Head | NameBeginning::Words | NameBeginning::Letters => NameMatch::Beginning,
        };
        let places = self.known.beginning_with(wanted.key());
        let found = places.filter_map(|place| {
            let by = by(NameSpelling::of(&place.name).beginning(wanted)?);
            Some(FoundPlace { place: place.clone(), by })
        });
        found.collect()
    }

    /// Returns the places with similar spelling, the most similar first.
    fn similar(&self, text: &str) -> Vec<FoundPlace> {
        let name = text.split([',', '(']).next().unwrap_or_default();
        let wanted = NameSpelling::of(name);
        let most = match wanted.key().len() {
            0..=3 => return Vec::new(),
            4..=7 => 1,
            _ => 2,
        };
        let distance = |key: &str| {
            let is_close = key.len().abs_diff(wanted.key().len()) <= most;
            is_close.then(|| osa_distance(key, wanted.key())).filter(|distance| *distance <= most)
        };
        let mut near: Vec<(usize, &NamedPlace)> =
            self.known.each().filter_map(|(key, place)| Some((distance(key)?, place))).collect();
        near.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| rank(b).cmp(&rank(a))));
        let found = near.into_iter().map(|(_, place)| place.clone());
        found.map(|place| FoundPlace { place, by: NameMatch::Similar }).collect()
    }

    /// Returns a function that tells whether a place is one that the qualifier means.
    fn near_qualifier(&self, qualifier: &str, postcodes: &PostcodePlaces) -> impl Fn(&NamedPlace) -> bool {
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

fn by_postcode(text: &str, postcodes: &PostcodePlaces) -> Option<NamedPlace> {
    placed(&AskedPostcode::parse(text).ok()?, postcodes).ok()
}

/// The place of a postcode, or of the first part of one.
fn placed(asked: &AskedPostcode, postcodes: &PostcodePlaces) -> Result<NamedPlace, PlaceError> {
    let placed = postcodes.lookup_asked(asked);
    let placed = placed.ok_or_else(|| PlaceError::Postcode(PostcodeDoubt::of(asked)))?;
    let name: Box<str> = asked.to_string().into();
    Ok(NamedPlace {
        ask_as: name.clone(),
        name,
        kind: placed.accuracy.into(),
        point: placed.coordinates,
        area: placed.local_authority(),
        known_from: vec![PlaceOrigin::Postcodes],
        size: None,
    })
}

/// Returns the place whose name continues after these words, if there is one, or one much larger than the others:
/// Letchworth Garden City.
fn the_one_begun<'p>(text: &str, begun: &'p [NamedPlace]) -> Option<&'p NamedPlace> {
    let name = text.split([',', '(']).next().unwrap_or_default();
    let wanted = NameSpelling::of(name);
    let has_words =
        |place: &&NamedPlace| NameSpelling::of(&place.name).beginning(&wanted) == Some(NameBeginning::Words);
    let begun: Vec<&NamedPlace> = begun.iter().filter(has_words).collect();
    let (first, others) = begun.split_first()?;
    let is_long = wanted.key().len() >= SHORTEST_BEGINNING;
    (is_long && others.iter().all(|other| is_far_larger(first, other))).then_some(*first)
}

fn exactly(place: NamedPlace) -> FoundPlace {
    FoundPlace { place, by: NameMatch::Exact }
}

/// Sorts towns before areas, and large places before small ones.
fn rank(place: &NamedPlace) -> (bool, bool, Option<u32>) {
    let is_learnt = place.known_from == [PlaceOrigin::Addresses];
    (place.kind == PlaceKind::Settlement, !is_learnt, place.size)
}

/// Returns whether a place is the one that its council is named after.
fn is_seat(place: &NamedPlace) -> bool {
    let named = area_named(&place.name);
    place.kind == PlaceKind::Settlement
        && place.area.zip(named).is_some_and(|(area, named)| counties::is_in(area, &[named]))
}

/// Returns whether a place is so much larger than another with its name that it must be meant. A place known only from
/// addresses may be close to the user, so it is not ruled out by size; but a few addresses do not make another Leeds.
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
