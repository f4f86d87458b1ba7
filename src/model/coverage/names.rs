//! Areas by the names of the kingdom's countries. Other names are nobody's alone: a city, its council and a ward may
//! share one.

use super::Area;
use crate::model::AreaCode;

/// The area with this name, if it is one of the few.
pub(super) fn area(name: &str) -> Option<Area> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "the").collect();
    let code = match words.as_slice() {
        ["uk"] | ["u", "k"] | ["united", "kingdom"] | ["national" | "nationally" | "nationwide"] => {
            return Some(Area::Everywhere);
        }
        ["great", "britain"] | ["gb"] => AreaCode::GREAT_BRITAIN,
        ["england", "and", "wales"] => AreaCode::ENGLAND_AND_WALES,
        ["england"] => AreaCode::ENGLAND,
        ["scotland"] => AreaCode::SCOTLAND,
        ["wales" | "cymru"] => AreaCode::WALES,
        ["northern", "ireland"] => AreaCode::NORTHERN_IRELAND,
        _ => return None,
    };
    Some(Area::Codes([code].into()))
}
