//! Counties in everyday use, which need not be any council's: Berkshire, Gwent, Yorks.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::spelling::NameSpelling;
use crate::model::geography::areas::{area_named, complete};
use crate::model::{AreaCode, AreaKind};

const TEXT: &str = include_str!("counties.csv");

static COUNTIES: LazyLock<Counties> = LazyLock::new(Counties::read);

/// The counties by name, and the county to show for each council.
#[derive(Default)]
struct Counties {
    rows: Vec<CountyRow>,
    members: HashMap<Box<str>, Vec<AreaCode>>,
    shown: HashMap<AreaCode, String>,
}

/// A county in everyday use.
pub(super) struct CountyRow {
    pub(super) name: Box<str>,
    /// The councils and present-day counties that lie in it.
    pub(super) members: Box<[AreaCode]>,
    is_shown: bool,
}

const GREAT_BRITAIN: [AreaCode; 3] = [AreaCode::ENGLAND, AreaCode::SCOTLAND, AreaCode::WALES];
const KINGDOM: [AreaCode; 4] =
    [AreaCode::ENGLAND, AreaCode::SCOTLAND, AreaCode::WALES, AreaCode::NORTHERN_IRELAND];

/// Countries by name.
const COUNTRIES: [(&str, &[AreaCode]); 14] = [
    ("England", &[AreaCode::ENGLAND]),
    ("Lloegr", &[AreaCode::ENGLAND]),
    ("Scotland", &[AreaCode::SCOTLAND]),
    ("Alba", &[AreaCode::SCOTLAND]),
    ("Wales", &[AreaCode::WALES]),
    ("Cymru", &[AreaCode::WALES]),
    ("Northern Ireland", &[AreaCode::NORTHERN_IRELAND]),
    ("N Ireland", &[AreaCode::NORTHERN_IRELAND]),
    ("NI", &[AreaCode::NORTHERN_IRELAND]),
    ("United Kingdom", &KINGDOM),
    ("UK", &KINGDOM),
    ("Great Britain", &GREAT_BRITAIN),
    ("Britain", &GREAT_BRITAIN),
    ("GB", &GREAT_BRITAIN),
];

impl Counties {
    fn read() -> Self {
        let mut counties = Self::default();
        let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
        for row in reader.records().flatten() {
            let (Some(name), Some(members)) = (row.get(0), row.get(1)) else { continue };
            let of_today: Box<[AreaCode]> = members.split(';').filter_map(area_named).collect();
            let is_shown = row.get(2).is_some_and(|shown| !shown.is_empty());
            if is_shown {
                counties.shown.extend(of_today.iter().map(|member| (*member, name.to_owned())));
            }
            // Places that used to be in a county are still said to be: Croydon, Surrey.
            let once = row.get(3).unwrap_or_default().split(';').filter_map(area_named);
            let members = of_today.iter().copied().chain(once).collect();
            counties.members.insert(NameSpelling::of(name).into_key(), members);
            counties.rows.push(CountyRow { name: name.into(), members: of_today, is_shown });
        }
        for (name, countries) in COUNTRIES {
            counties.members.insert(NameSpelling::of(name).into_key(), countries.to_vec());
        }
        counties
    }
}

/// Returns the everyday name of the county, or council area, that an area is or lies in.
pub(super) fn county_of(area: AreaCode) -> Option<String> {
    let counties = &*COUNTIES;
    let mut around = vec![area];
    complete(&mut around);
    let told = around.iter().find_map(|area| counties.shown.get(area).cloned());
    told.or_else(|| {
        let is_wider =
            |wider: &AreaCode| matches!(wider.kind(), Some(AreaKind::County)) || *wider == AreaCode::LONDON;
        let wider = around.iter().copied().find(is_wider).unwrap_or(area);
        wider.name().map(spoken)
    })
}

/// Returns the counties in everyday use, starting with those used to distinguish places.
pub(super) fn rows() -> impl Iterator<Item = &'static CountyRow> {
    let rows = &COUNTIES.rows;
    rows.iter().filter(|row| row.is_shown).chain(rows.iter().filter(|row| !row.is_shown))
}

/// Returns the everyday name of the county that consists of exactly these areas.
pub(super) fn usual_name(members: &[AreaCode]) -> Option<&'static str> {
    rows().find(|row| *row.members == *members).map(|row| &*row.name)
}

/// Returns whether a text is the name of a country.
pub(super) fn is_country(text: &str) -> bool {
    let wanted = NameSpelling::of(text);
    COUNTRIES.iter().any(|(name, _)| NameSpelling::of(name).key() == wanted.key())
}

/// Returns the areas that the name of a council, county or country stands for. Empty if it stands for none.
pub(super) fn areas_called(name: &str) -> Vec<AreaCode> {
    let counties = &*COUNTIES;
    let mut areas: Vec<AreaCode> = area_named(name).into_iter().collect();
    areas.extend(counties.members.get(NameSpelling::of(name).key()).into_iter().flatten());
    areas
}

/// Returns whether an area is, or lies in, one of the areas `wanted`.
pub(super) fn is_in(area: AreaCode, wanted: &[AreaCode]) -> bool {
    let mut around = vec![area];
    complete(&mut around);
    around.iter().any(|area| wanted.contains(area))
}

/// Returns the everyday form of an official name: `Bristol, City of` becomes Bristol.
pub(super) fn spoken(name: &str) -> String {
    let name = name.strip_suffix(", City of").or_else(|| name.strip_suffix(", County of")).unwrap_or(name);
    let name = name.strip_suffix(" City").unwrap_or(name);
    name.strip_prefix("City of ").filter(|rest| *rest != "London").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(code: &str) -> Option<String> {
        county_of(AreaCode::parse(code).unwrap())
    }

    #[test]
    fn every_member_is_an_area() {
        let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            rows += 1;
            for member in row[1].split(';').chain(row[3].split(';')).filter(|member| !member.is_empty()) {
                assert!(area_named(member).is_some(), "{member} of {}", &row[0]);
            }
        }
        assert_eq!(rows + COUNTRIES.len(), COUNTIES.members.len(), "none stands there twice");
    }

    #[test]
    fn counties_are_those_that_people_say() {
        for (code, expected) in [
            ("E06000020", "Shropshire"),
            ("E06000038", "Berkshire"),
            ("E07000044", "Devon"),
            ("E08000029", "West Midlands"),
            ("E09000007", "London"),
            ("E06000023", "Bristol"),
            ("W06000022", "Newport"),
            ("E06000046", "Isle of Wight"),
            ("S12000049", "Glasgow"),
        ] {
            assert_eq!(county(code).as_deref(), Some(expected), "{code}");
        }
    }
}
