//! Places named in the addresses of published locations, such as parts of towns that no table has.

use std::collections::{BTreeMap, HashMap};

use super::spelling::NameSpelling;
use super::tell_apart::is_post_town;
use super::{NamedPlace, PlaceKind, PlaceOrigin, counties};
use crate::model::geography::areas::area_named;
use crate::model::{AreaCode, Coordinates, Location, PostcodePlaces, place_of};

/// The place names in addresses, by name and council area.
#[derive(Debug, Default)]
pub struct AddressNames {
    groups: HashMap<(Box<str>, Option<AreaCode>), NameGroup>,
}

/// Places learnt from addresses, by the key of their spelling.
#[derive(Debug, Default)]
pub struct LearntPlaces(BTreeMap<Box<str>, Vec<NamedPlace>>);

/// Addresses with the same name in one council area.
#[derive(Debug, Default)]
struct NameGroup {
    spellings: HashMap<Box<str>, u32>,
    points: Vec<Coordinates>,
    /// Whether any address has it as its town.
    is_town: bool,
}

/// If half of the addresses are farther than this from their centre, in metres, the name is not a place's.
const WIDEST: f64 = 8_000.0;
/// The distance in metres between the centres of groups that are one place on both sides of a border.
const ACROSS_A_BORDER: f64 = 8_000.0;
/// A name given once or twice in one area is an error if it occurs this many times as often elsewhere.
const SLIP: u32 = 10;

/// Last words of the names of streets, buildings and organisations. Nobody asks for services near those.
const NO_PLACE: [&str; 46] = [
    "avenue",
    "block",
    "building",
    "buildings",
    "business",
    "campus",
    "centre",
    "chambers",
    "church",
    "clinic",
    "close",
    "club",
    "college",
    "council",
    "court",
    "crescent",
    "drive",
    "estate",
    "farm",
    "flat",
    "floor",
    "gardens",
    "grove",
    "hall",
    "hospital",
    "house",
    "hub",
    "lane",
    "library",
    "mews",
    "office",
    "offices",
    "parade",
    "park",
    "place",
    "road",
    "room",
    "rooms",
    "school",
    "square",
    "street",
    "surgery",
    "terrace",
    "unit",
    "walk",
    "way",
];

impl AddressNames {
    /// Adds the place names in the addresses of a location. Ignores locations with only approximate coordinates.
    pub fn add(&mut self, location: &Location, postcodes: &PostcodePlaces) {
        let Some((point, is_rounded)) = place_of(location, postcodes) else { return };
        if !point.is_near_uk() || (is_rounded && location.coordinates.is_some()) {
            return;
        }
        for address in &location.addresses {
            let placed = address.postcode.as_ref().and_then(|postcode| postcodes.lookup(postcode));
            let council = placed.and_then(|placed| placed.local_authority());
            let line = address.address_1.as_deref().and_then(|line| Some(line.rsplit_once(',')?.1));
            let parts = [line, address.address_2.as_deref(), address.region.as_deref()];
            parts.into_iter().flatten().for_each(|name| self.note(name, council, point, false));
            address.city.iter().for_each(|name| self.note(name, council, point, true));
        }
    }

    fn note(&mut self, name: &str, council: Option<AreaCode>, point: Coordinates, is_town: bool) {
        let name = name.trim().trim_end_matches([',', '.']);
        if !is_name(name) {
            return;
        }
        let key = NameSpelling::of(name).into_key();
        let group = self.groups.entry((key, council)).or_default();
        *group.spellings.entry(name.into()).or_default() += 1;
        group.points.push(point);
        group.is_town |= is_town;
    }

    /// Returns the places on which enough addresses agree.
    pub fn places(self) -> LearntPlaces {
        let mut named: BTreeMap<Box<str>, Vec<NamedPlace>> = BTreeMap::new();
        for ((key, council), group) in self.groups {
            if let Some(place) = group.place(council) {
                named.entry(key).or_default().push(place);
            }
        }
        named.values_mut().for_each(fold);
        LearntPlaces(named)
    }
}

impl LearntPlaces {
    /// Returns the number of places.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Returns whether there are no places.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the places of each name, with the key of its spelling.
    pub(super) fn into_names(self) -> impl Iterator<Item = (Box<str>, Vec<NamedPlace>)> {
        self.0.into_iter()
    }
}

impl NameGroup {
    /// Returns the place. Returns `None` if its addresses are far apart, or too few name it.
    fn place(self, council: Option<AreaCode>) -> Option<NamedPlace> {
        let Self { spellings, mut points, is_town } = self;
        let count = u32::try_from(points.len()).unwrap_or(u32::MAX);
        if count < 2 && !is_town {
            return None;
        }
        let point = Coordinates {
            latitude: median(&mut points, |point| point.latitude)?,
            longitude: median(&mut points, |point| point.longitude)?,
        };
        if median(&mut points, |other| other.metres_to(point))? > WIDEST {
            return None;
        }
        // The most frequent spelling. Ties go to the alphabetically first, so that the result is always the same.
        let (name, _) = spellings.into_iter().max_by(|(a, of_a), (b, of_b)| of_a.cmp(of_b).then(b.cmp(a)))?;
        Some(NamedPlace {
            name: in_title_case(&name).into(),
            ask_as: Box::default(),
            kind: PlaceKind::Settlement,
            point,
            area: council,
            known_from: vec![PlaceOrigin::Addresses],
            size: Some(count),
        })
    }
}

/// Merges groups that are one place in several council areas, and drops errors.
fn fold(places: &mut Vec<NamedPlace>) {
    places.sort_by(|one, other| other.size.cmp(&one.size).then(one.area.cmp(&other.area)));
    let mut kept: Vec<NamedPlace> = Vec::new();
    for place in places.drain(..) {
        let larger = kept.iter_mut().find(|larger| {
            let is_far_larger = larger.size >= place.size.map(|size| size.saturating_mul(3));
            larger.point.metres_to(place.point) <= ACROSS_A_BORDER
                || (is_far_larger && is_post_town(larger, &place))
        });
        match larger {
            Some(larger) => larger.size = larger.size.zip(place.size).map(|(one, other)| one + other),
            None => kept.push(place),
        }
    }
    let most = kept.iter().filter_map(|place| place.size).max().unwrap_or_default();
    kept.retain(|place| place.size.is_some_and(|size| size > 2 || size * SLIP > most));
    *places = kept;
}

/// Returns whether a line of an address may name a place. Counties and countries are excluded: they are known better
/// from elsewhere.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let last = words.last().map(|word| word.to_lowercase()).unwrap_or_default();
    let is_short = (3..=40).contains(&line.len()) && words.len() <= 5;
    let is_plain =
        line.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '.'));
    is_short
        && is_plain
        && !NO_PLACE.contains(&&*last)
        && (counties::areas_called(line).is_empty() || area_named(line).is_some())
}

fn in_title_case(name: &str) -> String {
    if name.chars().any(char::is_lowercase) && name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect::<String>())
    };
    name.split_whitespace().filter_map(capital).collect::<Vec<_>>().join(" ")
}

fn median(points: &mut [Coordinates], number: impl Fn(&Coordinates) -> f64) -> Option<f64> {
    let half = points.len() / 2;
    (half < points.len())
        .then(|| number(points.select_nth_unstable_by(half, |a, b| number(a).total_cmp(&number(b))).1))
}
