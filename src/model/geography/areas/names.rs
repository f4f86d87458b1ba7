//! Finds the area that a name means. Only names that a single council area or county in use has count, without the
//! council's style.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::AREAS;
use crate::model::find::text::folded_words;
use crate::model::{AreaCode, AreaKind};

/// The area for each name. `None` if several areas have the name.
type AreaNameIndex = HashMap<String, Option<AreaCode>>;

/// Index of full names, and index of names without the council's style.
static NAMES: LazyLock<(AreaNameIndex, AreaNameIndex)> = LazyLock::new(|| {
    let (mut whole, mut bare) = (AreaNameIndex::new(), AreaNameIndex::new());
    for area in AREAS.iter().filter(|area| !area.is_former) {
        // Countries have several names, and are looked up elsewhere.
        if !matches!(area.code.kind(), Some(AreaKind::Union | AreaKind::Country)) {
            let name = words_of(&area.name);
            note(&mut bare, unstyled(&name).to_owned(), area.code);
            note(&mut whole, name, area.code);
        }
    }
    for (name, official) in ALSO {
        if let Some(area) = whole.get(official).or_else(|| bare.get(official)).copied().flatten() {
            note(&mut whole, name.to_owned(), area);
            note(&mut bare, name.to_owned(), area);
        }
    }
    (whole, bare)
});

/// Other names of areas, including those that their councils use, and the official names.
const ALSO: [(&str, &str); 9] = [
    ("greater london", "london"),
    ("hull", "kingston upon hull"),
    ("durham", "county durham"),
    ("anglesey", "isle of anglesey"),
    ("ynys mon", "isle of anglesey"),
    ("western isles", "na h eileanan siar"),
    ("comhairle nan eilean siar", "na h eileanan siar"),
    ("orkney", "orkney islands"),
    ("shetland", "shetland islands"),
];

fn note(index: &mut AreaNameIndex, name: String, area: AreaCode) {
    index.entry(name).and_modify(|known| *known = None).or_insert(Some(area));
}

/// Returns the council area or county in use with this name, or London. Returns `None` if there is none, or several.
/// Regions do not count: their names are also used for larger and smaller areas.
pub(in crate::model) fn area_named(name: &str) -> Option<AreaCode> {
    let name = words_of(name);
    let (whole, bare) = &*NAMES;
    let area = (*whole.get(&name).or_else(|| bare.get(unstyled(&name)))?)?;
    (area.kind() != Some(AreaKind::Region) || area == AreaCode::LONDON).then_some(area)
}

/// Returns the words of a name, separated by single spaces.
fn words_of(name: &str) -> String {
    let words = folded_words(&name.replace('&', " and "));
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| *word != "the").collect();
    words.join(" ")
}

/// Prefixes of council names; longer ones before those that they begin with.
const BEFORE: [&str; 8] = [
    "london borough of",
    "royal borough of",
    "metropolitan borough of",
    "city and county of",
    "city of",
    "county of",
    "borough of",
    "district of",
];

/// Suffixes of council names, including prefixes that the statistics move to the end; longer ones before those that
/// they end with.
const AFTER: [&str; 16] = [
    "city and district council",
    "metropolitan borough council",
    "metropolitan district council",
    "county borough council",
    "london borough council",
    "borough council",
    "city council",
    "county council",
    "district council",
    "council",
    "metropolitan borough",
    "london borough",
    "county borough",
    "city of",
    "county of",
    "city",
];

/// Returns a name without the council's prefix and suffix.
fn unstyled(name: &str) -> &str {
    let without = |phrase: &&str| name.strip_suffix(phrase)?.strip_suffix(' ');
    let name = AFTER.iter().find_map(without).unwrap_or(name);
    let without = |phrase: &&str| name.strip_prefix(phrase)?.strip_prefix(' ');
    BEFORE.iter().find_map(without).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Option<&'static str> {
        area_named(name).map(|area| AREAS.iter().find(|known| known.code == area).unwrap().code.as_str())
    }

    #[test]
    fn areas_are_told_by_name_however_they_are_styled() {
        for (code, names) in [
            ("E06000023", &["Bristol", "CITY OF BRISTOL", "Bristol, City of", "Bristol City Council"][..]),
            ("E06000025", &["South Gloucestershire", "South Gloucestershire Council"]),
            ("E06000019", &["Herefordshire", "Herefordshire, County of"]),
            ("E06000010", &["Hull", "Hull City Council", "Kingston upon Hull, City of"]),
            ("E06000047", &["Durham", "Durham County Council", "County Durham"]),
            ("W06000001", &["Anglesey", "Ynys Môn", "Isle of Anglesey County Council"]),
            ("S12000013", &["Na h-Eileanan Siar", "Western Isles", "Comhairle nan Eilean Siar"]),
            ("S12000023", &["Orkney", "Orkney Islands Council"]),
            ("S12000027", &["Shetland", "Shetland Islands"]),
            ("E06000014", &["York", "City of York Council"]),
            ("E06000040", &["Windsor & Maidenhead", "the Royal Borough of Windsor and Maidenhead"]),
            ("E07000146", &["Kings Lynn and West Norfolk", "King’s Lynn & West Norfolk Borough Council"]),
            ("E07000240", &["St Albans", "St. Albans City and District Council"]),
            ("E08000032", &["Bradford", "City of Bradford Metropolitan District Council"]),
            ("E08000013", &["St Helens"]),
            ("E08000038", &["Barnsley"]),
            ("E09000007", &["Camden", "London Borough of Camden"]),
            ("E09000001", &["City of London", "The City of London"]),
            ("E09000033", &["Westminster", "City of Westminster"]),
            ("E10000008", &["Devon", "devon county council"]),
            ("E11000001", &["Greater Manchester"]),
            ("E12000007", &["London", "Greater London"]),
            ("W06000011", &["Swansea", "City and County of Swansea"]),
            ("W06000006", &["Wrexham County Borough Council"]),
            ("S12000049", &["Glasgow", "Glasgow City", "Glasgow City Council"]),
            ("S12000036", &["Edinburgh", "City of Edinburgh"]),
            ("N09000005", &["Derry City and Strabane District Council"]),
        ] {
            for name in names {
                assert_eq!(named(name), Some(code), "{name}");
            }
        }
    }

    #[test]
    fn other_names_are_nobodys() {
        for name in [
            "",
            "Council",
            "City",
            "the",
            "Elmshire",
            "Bristol and Bath",
            "Bristol, South Gloucestershire",
            "Cumbria",
            "Allerdale",
            "South West",
            "West Midlands",
            "London Council",
            "England",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn every_area_in_use_is_found_by_its_own_name() {
        for area in AREAS.iter().filter(|area| !area.is_former) {
            let expected = match area.code.kind() {
                Some(AreaKind::LocalAuthority | AreaKind::County) => Some(area.code),
                Some(AreaKind::Region) if area.code == AreaCode::LONDON => Some(area.code),
                _ => None,
            };
            // A county and a region share this name.
            let expected = expected.filter(|_| &*area.name != "West Midlands");
            assert_eq!(area_named(&area.name), expected, "{}", area.name);
        }
    }
}
