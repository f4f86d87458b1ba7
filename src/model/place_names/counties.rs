//! Counties as people say them, which need not be those of any council: Berkshire, Gwent, Yorks.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::spelling::Spelling;
use crate::model::areas::{area_named, complete};
use crate::model::{AreaCode, AreaKind};

const TEXT: &str = include_str!("counties.csv");

static COUNTIES: LazyLock<Counties> = LazyLock::new(Counties::read);

/// Counties by their names, and the one to name for each council.
#[derive(Default)]
struct Counties {
    members: HashMap<Box<str>, Vec<AreaCode>>,
    shown: HashMap<AreaCode, String>,
}

const COUNTRIES: [(&str, AreaCode); 4] = [
    ("England", AreaCode::ENGLAND),
    ("Scotland", AreaCode::SCOTLAND),
    ("Wales", AreaCode::WALES),
    ("Northern Ireland", AreaCode::NORTHERN_IRELAND),
];

impl Counties {
    fn read() -> Self {
        let mut counties = Self::default();
        let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
        for row in reader.records().flatten() {
            let (Some(name), Some(members)) = (row.get(0), row.get(1)) else { continue };
            let members: Vec<AreaCode> = members.split(';').filter_map(area_named).collect();
            if row.get(2).is_some_and(|shown| !shown.is_empty()) {
                counties.shown.extend(members.iter().map(|member| (*member, name.to_owned())));
            }
            counties.members.insert(Spelling::of(name).into_key(), members);
        }
        for (name, country) in COUNTRIES {
            counties.members.insert(Spelling::of(name).into_key(), vec![country]);
        }
        counties
    }
}

/// Returns what people call the county, or the council's area, that an area is or lies in.
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

/// Returns the areas that a name of a council, county or country stands for; none if it stands for none.
pub(super) fn areas_called(name: &str) -> Vec<AreaCode> {
    let counties = &*COUNTIES;
    let mut areas: Vec<AreaCode> = area_named(name).into_iter().collect();
    areas.extend(counties.members.get(Spelling::of(name).key()).into_iter().flatten());
    areas
}

/// Returns whether an area is, or lies in, one of some areas.
pub(super) fn is_in(area: AreaCode, wanted: &[AreaCode]) -> bool {
    let mut around = vec![area];
    complete(&mut around);
    around.iter().any(|area| wanted.contains(area))
}

/// Returns a name of the statistics as people say it: `Bristol, City of` is Bristol.
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
            for member in row[1].split(';') {
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
