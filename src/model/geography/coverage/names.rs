//! Areas given by their names: the United Kingdom and its countries, which have several names, and the areas of the
//! gazetteer.

use super::CoveredArea;
use crate::model::geography::areas;
use crate::model::{AreaCode, folded_words};

/// The longest text that is read as a name, in bytes.
const LONGEST: usize = 120;

/// Returns the area with this name, if there is exactly one.
pub(super) fn area(name: &str) -> Option<CoveredArea> {
    if name.len() > LONGEST {
        return None;
    }
    country(name).or_else(|| Some(CoveredArea::Codes([areas::area_named(name)?].into())))
}

fn country(name: &str) -> Option<CoveredArea> {
    let words = folded_words(name);
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| *word != "the").collect();
    let code = match words.as_slice() {
        ["uk"] | ["u", "k"] | ["united", "kingdom"] | ["national" | "nationally" | "nationwide"] => {
            return Some(CoveredArea::Everywhere);
        }
        ["great", "britain"] | ["gb"] => AreaCode::GREAT_BRITAIN,
        ["england", "and", "wales"] => AreaCode::ENGLAND_AND_WALES,
        ["england"] => AreaCode::ENGLAND,
        ["scotland"] => AreaCode::SCOTLAND,
        ["wales" | "cymru"] => AreaCode::WALES,
        ["northern", "ireland"] => AreaCode::NORTHERN_IRELAND,
        _ => return None,
    };
    Some(CoveredArea::Codes([code].into()))
}
