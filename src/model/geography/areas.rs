//! The gazetteer of council areas: their names, which codes are in use, and the county or city that each belongs to.
//! `areas/areas.md` describes the content and its source.

mod names;

use std::hash::{Hash as _, Hasher};
use std::sync::LazyLock;

use csv::StringRecord;

use crate::model::AreaCode;

pub(in crate::model) use names::area_named;

const TEXT: &str = include_str!("areas/areas.csv");

/// Sorted by code.
static AREAS: LazyLock<Box<[CouncilArea]>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
    let mut areas: Vec<CouncilArea> =
        reader.records().filter_map(|row| CouncilArea::of(&row.ok()?)).collect();
    areas.sort_unstable_by_key(|area| area.code);
    areas.into()
});

/// One area.
struct CouncilArea {
    code: AreaCode,
    name: Box<str>,
    /// The county that it belongs to, or London.
    within: Option<AreaCode>,
    is_former: bool,
}

impl CouncilArea {
    fn of(row: &StringRecord) -> Option<Self> {
        let code = |column| AreaCode::parse(row.get(column)?).ok();
        let is_former = !row.get(3)?.is_empty();
        Some(Self { code: code(0)?, name: row.get(1)?.into(), within: code(2), is_former })
    }

    fn named(code: AreaCode) -> Option<&'static Self> {
        let areas: &'static [Self] = &AREAS;
        areas.binary_search_by_key(&code, |area| area.code).ok().and_then(|place| areas.get(place))
    }
}

impl AreaCode {
    /// Returns the official name, e.g. `Bristol, City of`. `None` if only the code is known. Council areas, counties,
    /// regions and countries have names here, including former ones.
    pub fn name(self) -> Option<&'static str> {
        CouncilArea::named(self).map(|area| &*area.name)
    }

    /// Returns whether the gazetteer lists the code as in use.
    pub(in crate::model) fn is_in_use(self) -> bool {
        CouncilArea::named(self).is_some_and(|area| !area.is_former)
    }
}

/// Adds the wider areas that the council area in `areas` belongs to: its county or London, and its country.
pub(in crate::model) fn complete(areas: &mut Vec<AreaCode>) {
    let within = areas.iter().find_map(|area| CouncilArea::named(*area)?.within);
    add_one_of_its_kind(within, areas);
    let country = areas.iter().find_map(|area| area.country());
    add_one_of_its_kind(country, areas);
}

fn add_one_of_its_kind(area: Option<AreaCode>, areas: &mut Vec<AreaCode>) {
    if let Some(area) = area
        && areas.iter().all(|other| other.kind() != area.kind())
    {
        areas.push(area);
    }
}

/// Hashes the gazetteer, so that different versions can be distinguished.
pub(in crate::model) fn fingerprint(hasher: &mut impl Hasher) {
    TEXT.hash(hasher);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        AreaCode::parse(text).unwrap()
    }

    #[test]
    fn every_row_is_an_area_and_none_stands_there_twice() {
        assert_eq!(AREAS.len(), TEXT.lines().skip(1).count());
        assert!(AREAS.is_sorted_by(|one, next| one.code < next.code));
        for area in AREAS.iter() {
            assert!(area.code.kind().is_some() && !area.name.is_empty(), "{:?}", area.code);
            let around = area.within.map(|around| (around, around.is_in_use()));
            let expected = match area.code.as_str().get(..3) {
                Some("E07") => "E10",
                Some("E08") => "E11",
                Some("E09") => "E12000007",
                _ => "",
            };
            match around {
                Some((around, is_in_use)) => assert!(
                    is_in_use && !expected.is_empty() && around.as_str().starts_with(expected),
                    "{:?}",
                    area.code
                ),
                None => assert!(expected.is_empty() || area.is_former, "{:?}", area.code),
            }
        }
    }

    #[test]
    fn all_councils_of_today_are_there() {
        let in_use = |prefix: &str| {
            let in_use = AREAS.iter().filter(|area| !area.is_former);
            in_use.filter(|area| area.code.as_str().starts_with(prefix)).count()
        };
        let counts = ["E06", "E07", "E08", "E09", "E10", "E11", "E12", "W06", "S12", "N09"].map(in_use);
        assert_eq!(counts, [63, 164, 36, 33, 21, 6, 9, 22, 32, 11]);
    }

    #[test]
    fn codes_have_names_and_out_of_use_ones_too() {
        assert_eq!(code("E06000023").name(), Some("Bristol, City of"));
        assert_eq!((code("E07000026").name(), code("E07000026").is_in_use()), (Some("Allerdale"), false));
        assert_eq!((code("E05000001").name(), code("E05000001").is_in_use()), (None, false));
    }

    #[test]
    fn what_a_council_is_part_of_is_added_where_nothing_says_otherwise() {
        let completed = |areas: &[&str]| {
            let mut areas: Vec<AreaCode> = areas.iter().map(|area| code(area)).collect();
            complete(&mut areas);
            areas
        };
        assert_eq!(completed(&["E07000040"]), ["E07000040", "E10000008", "E92000001"].map(code));
        assert_eq!(completed(&["E09000007"]), ["E09000007", "E12000007", "E92000001"].map(code));
        assert_eq!(completed(&["W06000015"]), ["W06000015", "W92000004"].map(code));
        assert_eq!(completed(&["E10000012", "E07000040"]), ["E10000012", "E07000040", "E92000001"].map(code));
        assert_eq!(completed(&["K02000001"]), [code("K02000001")]);
        assert_eq!(completed(&[]), []);
    }
}
