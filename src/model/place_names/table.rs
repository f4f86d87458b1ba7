//! The table of towns and villages that is built in, and the middles of councils and counties.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::spelling::Spelling;
use super::{NamedPlace, PlaceKind, PlaceOrigin, counties};
use crate::model::{AreaCode, AreaKind, Coordinates};

const PLACES: &str = include_str!("places.csv");
const MIDDLES: &str = include_str!("middles.csv");

static TABLE: LazyLock<PlaceTable> = LazyLock::new(PlaceTable::read);

/// Towns and villages, councils and counties.
pub(super) struct PlaceTable {
    entries: Vec<Entry>,
    /// By what two names have in common if they are one.
    named: HashMap<Box<str>, Vec<u32>>,
}

/// One of them.
pub(super) struct Entry {
    pub(super) spelling: Spelling,
    pub(super) place: NamedPlace,
}

/// What some places go by beside the name that the table has.
const ALSO: [(&str, &str); 12] = [
    ("Hull", "Kingston upon Hull"),
    ("Londonderry", "Londonderry County Borough"),
    ("Derry", "Londonderry County Borough"),
    ("Leamington", "Royal Leamington Spa"),
    ("Caerdydd", "Cardiff"),
    ("Abertawe", "Swansea"),
    ("Casnewydd", "Newport"),
    ("Wrecsam", "Wrexham"),
    ("Aberteifi", "Cardigan"),
    ("Caerfyrddin", "Carmarthen"),
    ("Y Fenni", "Abergavenny"),
    ("Hwlffordd", "Haverfordwest"),
];

impl PlaceTable {
    /// Returns the one there is; read when it is first asked for.
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    fn read() -> Self {
        let mut table = Self { entries: Vec::new(), named: HashMap::new() };
        let mut places = csv::Reader::from_reader(PLACES.as_bytes());
        places.records().flatten().filter_map(|row| settlement(&row)).for_each(|place| table.add(place));
        let mut middles = csv::Reader::from_reader(MIDDLES.as_bytes());
        middles.records().flatten().filter_map(|row| area(&row)).for_each(|place| table.add(place));
        for (other, name) in ALSO {
            let known = table.named.get(Spelling::of(name).key()).cloned().unwrap_or_default();
            // Of several Newports, the Welsh name means that in Wales.
            let is_meant = |number: &u32| other != "Casnewydd" || table.is_in_wales(*number);
            let known = known.into_iter().filter(is_meant).collect();
            table.named.insert(Spelling::of(other).into_key(), known);
        }
        table
    }

    fn add(&mut self, place: NamedPlace) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let spelling = Spelling::of(&place.name);
        let keys = std::iter::once(spelling.key().to_owned()).chain(spelling.without_honour());
        for key in keys {
            self.named.entry(key.into()).or_default().push(number);
        }
        self.entries.push(Entry { spelling, place });
    }

    fn is_in_wales(&self, number: u32) -> bool {
        let place = self.get_one(number).map(|entry| &entry.place);
        place.and_then(|place| place.area?.country()) == Some(AreaCode::WALES)
    }

    /// Returns the places of a name.
    pub(super) fn named(&self, key: &str) -> impl Iterator<Item = &NamedPlace> {
        let numbers = self.named.get(key).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| Some(&self.get_one(*number)?.place))
    }

    /// Returns a council or county.
    pub(super) fn area(&self, area: AreaCode) -> Option<&NamedPlace> {
        let areas = self.entries.iter().rev().map(|entry| &entry.place);
        areas.take_while(|place| place.kind != PlaceKind::Settlement).find(|place| place.area == Some(area))
    }

    /// Returns all of them.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn get_one(&self, number: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }
}

fn settlement(row: &csv::StringRecord) -> Option<NamedPlace> {
    Some(NamedPlace {
        name: row.get(0)?.into(),
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
        kind,
        point: Coordinates::new(row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?)?,
        area: Some(area),
        known_from: vec![PlaceOrigin::Areas],
        size: None,
    })
}
