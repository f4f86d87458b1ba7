//! The built-in table of towns, villages, councils and counties, and how to ask for each uniquely.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::spelling::NameSpelling;
use super::tell_apart::tell_apart;
use super::{NamedPlace, PlaceKind, PlaceOrigin, counties, leave_areas_to_their_towns};
use crate::model::geography::areas::area_named;
use crate::model::{AreaCode, AreaKind, Coordinates};

const PLACES: &str = include_str!("places.csv");
const MIDDLES: &str = include_str!("middles.csv");

static TABLE: LazyLock<PlaceTable> = LazyLock::new(PlaceTable::read);

/// All built-in places: towns, villages, councils and counties.
#[derive(Default)]
pub(super) struct PlaceTable {
    places: Vec<NamedPlace>,
    /// The key of the name of each place.
    keys: Vec<Box<str>>,
    /// Places by the keys of all their names.
    named: HashMap<Box<str>, Vec<u32>>,
    /// Places by the key of the text that asks for them uniquely.
    asked: HashMap<Box<str>, u32>,
}

/// Alternative names that the data does not have, the name in the data, and the country if there are several.
const ALSO: [(&str, &str, Option<AreaCode>); 14] = [
    ("Hull", "Kingston upon Hull", None),
    ("Londonderry", "Londonderry County Borough", None),
    ("Derry", "Londonderry County Borough", None),
    ("Leamington", "Royal Leamington Spa", None),
    ("Merthyr", "Merthyr Tydfil", None),
    ("Aberdâr", "Aberdare", None),
    ("Hay-on-Wye", "Hay", Some(AreaCode::WALES)),
    ("Skye", "Isle of Skye", None),
    ("Mull", "Isle of Mull", None),
    ("Arran", "Isle of Arran", None),
    ("Islay", "Isle of Islay", None),
    ("Bute", "Isle of Bute", None),
    ("Lewis", "Isle of Lewis", None),
    // There are several Newports. The Welsh name means the one in Wales.
    ("Casnewydd", "Newport", Some(AreaCode::WALES)),
];

impl PlaceTable {
    /// Returns the table. Reads it on first use.
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    fn read() -> Self {
        let mut table = Self::default();
        for row in csv::Reader::from_reader(PLACES.as_bytes()).records().flatten() {
            let others = row.get(5).unwrap_or_default().split(';').filter(|other| !other.is_empty());
            let place = settlement(&row);
            place.into_iter().for_each(|place| table.add(place, others.clone()));
        }
        for row in csv::Reader::from_reader(MIDDLES.as_bytes()).records().flatten() {
            area(&row).into_iter().for_each(|place| table.add(place, []));
        }
        table.add_counties();
        for (other, name, country) in ALSO {
            let known = table.named.get(NameSpelling::of(name).key()).cloned().unwrap_or_default();
            let is_meant = |number: &u32| country.is_none() || table.country(*number) == country;
            let known: Vec<u32> = known.into_iter().filter(is_meant).collect();
            table.call(other, &known);
        }
        table.tell_all_apart();
        table
    }

    fn add<'n>(&mut self, place: NamedPlace, others: impl IntoIterator<Item = &'n str>) {
        let number = number(self.places.len());
        let spelling = NameSpelling::of(&place.name);
        let keys = [Some(spelling.key().to_owned()), spelling.without_honour()].into_iter().flatten();
        keys.for_each(|key| self.named.entry(key.into()).or_default().push(number));
        others.into_iter().for_each(|other| self.call(other, &[number]));
        self.keys.push(spelling.into_key());
        self.places.push(place);
    }

    /// Adds an alternative name to places.
    fn call(&mut self, other: &str, places: &[u32]) {
        let known = self.named.entry(NameSpelling::of(other).into_key()).or_default();
        let new: Vec<u32> = places.iter().copied().filter(|place| !known.contains(place)).collect();
        known.extend(new);
    }

    /// Adds counties in everyday use that are not council areas, such as Berkshire. If a county has several names, the
    /// first is kept.
    fn add_counties(&mut self) {
        for county in counties::rows() {
            let known = self.areas_named(&county.name);
            if area_named(&county.name).is_some() || !known.is_empty() {
                continue;
            }
            let usual = counties::usual_name(&county.members).map(|name| self.areas_named(name));
            let meant = match *county.members {
                [one] => self.places.iter().position(|place| is_area(place) && place.area == Some(one)),
                _ => None,
            };
            let meant = meant.map(|place| vec![number(place)]).or(usual).unwrap_or_default();
            if !meant.is_empty() {
                self.call(&county.name, &meant);
            } else if let Some(place) = self.county(&county.name, &county.members) {
                self.add(place, []);
            }
        }
    }

    fn areas_named(&self, name: &str) -> Vec<u32> {
        let named = self.named.get(NameSpelling::of(name).key()).into_iter().flatten();
        let is_one = |number: &&u32| self.get_one(**number).is_some_and(is_area);
        named.filter(is_one).copied().collect()
    }

    /// Returns a county that consists of several councils, at the centre of theirs.
    fn county(&self, name: &str, members: &[AreaCode]) -> Option<NamedPlace> {
        let points = members.iter().filter_map(|member| Some(self.area(*member)?.point));
        let points: Vec<Coordinates> = points.collect();
        let mean = |of: fn(&Coordinates) -> f64| {
            let count = f64::from(u32::try_from(points.len()).ok()?);
            // Four decimals, like the other centres.
            Some((points.iter().map(of).sum::<f64>() / count * 1e4).round() / 1e4)
        };
        Some(NamedPlace {
            name: name.into(),
            ask_as: Box::default(),
            kind: PlaceKind::County,
            point: Coordinates::new(mean(|point| point.latitude)?, mean(|point| point.longitude)?)?,
            area: None,
            known_from: vec![PlaceOrigin::Areas],
            size: None,
        })
    }

    /// Determines how to ask for each place uniquely, and indexes it.
    fn tell_all_apart(&mut self) {
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        self.keys.iter().enumerate().for_each(|(at, key)| groups.entry(key).or_default().push(at));
        let mut told: Vec<(usize, NamedPlace)> = Vec::new();
        for (key, numbers) in groups {
            let mut group: Vec<NamedPlace> =
                numbers.iter().filter_map(|at| self.places.get(*at)).cloned().collect();
            tell_apart(&mut group, &self.taken(key), &self.places);
            told.extend(numbers.into_iter().zip(group));
        }
        told.sort_unstable_by_key(|(at, _)| *at);
        for (at, place) in told {
            self.asked.entry(NameSpelling::of(&place.ask_as).into_key()).or_insert(number(at));
            if let Some(slot) = self.places.get_mut(at) {
                *slot = place;
            }
        }
    }

    /// Returns the name itself if it is also another place's alternative name: Tunbridge Wells is a town before it is a
    /// council.
    fn taken(&self, key: &str) -> HashSet<Box<str>> {
        let is_other = |place: &NamedPlace| NameSpelling::of(&place.name).key() != key;
        self.named(key).any(is_other).then(|| key.into()).into_iter().collect()
    }

    fn country(&self, number: u32) -> Option<AreaCode> {
        self.get_one(number)?.area?.country()
    }

    /// Returns the places with the name that has this key.
    pub(super) fn named(&self, key: &str) -> impl Iterator<Item = &NamedPlace> {
        let numbers = self.named.get(key).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.get_one(*number))
    }

    /// Returns the place that the key asks for uniquely, and the key of its name.
    pub(super) fn asked(&self, key: &str) -> Option<(&str, &NamedPlace)> {
        let number = *self.asked.get(key)?;
        Some((self.keys.get(usize::try_from(number).ok()?)?, self.get_one(number)?))
    }

    /// Returns a council or county.
    pub(super) fn area(&self, area: AreaCode) -> Option<&NamedPlace> {
        let areas = self.places.iter().rev().take_while(|place| is_area(place));
        areas.into_iter().find(|place| place.area == Some(area))
    }

    /// Returns all places, each with the key of its name.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &NamedPlace)> {
        self.keys.iter().map(AsRef::as_ref).zip(&self.places)
    }

    /// Returns all places.
    pub(super) fn places(&self) -> &[NamedPlace] {
        &self.places
    }

    /// Returns the places of a name, except areas that have the name of a town in them.
    pub(super) fn shown(&self, key: &str) -> Vec<NamedPlace> {
        let own = self.named(key).filter(|place| NameSpelling::of(&place.name).key() == key);
        let mut own: Vec<NamedPlace> = own.cloned().collect();
        leave_areas_to_their_towns(&mut own);
        own
    }

    fn get_one(&self, number: u32) -> Option<&NamedPlace> {
        self.places.get(usize::try_from(number).ok()?)
    }
}

fn is_area(place: &NamedPlace) -> bool {
    place.kind != PlaceKind::Settlement
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn settlement(row: &csv::StringRecord) -> Option<NamedPlace> {
    Some(NamedPlace {
        name: row.get(0)?.into(),
        ask_as: Box::default(),
        kind: PlaceKind::Settlement,
        point: Coordinates::new(row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?)?,
        area: AreaCode::parse(row.get(3)?).ok(),
        known_from: vec![PlaceOrigin::Gazetteer],
        size: row.get(4)?.parse().ok(),
    })
}

fn area(row: &csv::StringRecord) -> Option<NamedPlace> {
    let area = AreaCode::parse(row.get(0)?).ok()?;
    let kind = match area.kind() {
        Some(AreaKind::LocalAuthority) => PlaceKind::Council,
        _ => PlaceKind::County,
    };
    Some(NamedPlace {
        name: counties::spoken(area.name()?).into(),
        ask_as: Box::default(),
        kind,
        point: Coordinates::new(row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?)?,
        area: Some(area),
        known_from: vec![PlaceOrigin::Areas],
        size: None,
    })
}
