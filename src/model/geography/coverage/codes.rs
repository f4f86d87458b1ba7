//! Areas given by their official codes.

use super::AskedPlace;
use crate::model::{AreaCode, AreaKind, TriState};

/// Returns the codes in a text, such as a list or a URL. Returns `None` if there are none.
pub(super) fn named(text: &str) -> Option<Box<[AreaCode]>> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let codes: Box<[AreaCode]> = words.filter_map(|word| AreaCode::parse(word).ok()).collect();
    (!codes.is_empty()).then_some(codes)
}

/// Returns whether a place lies in one of these areas.
pub(super) fn any_holds(codes: &[AreaCode], place: &AskedPlace) -> TriState {
    TriState::any(codes.iter().map(|code| holds(*code, place)))
}

fn holds(area: AreaCode, place: &AskedPlace) -> TriState {
    let known = place.areas();
    if known.contains(&area) || area == AreaCode::UNITED_KINGDOM {
        return TriState::Yes;
    }
    let Some(kind) = area.kind() else { return TriState::Unknown };
    if let Some(country) = place.country() {
        match (kind, area.countries()) {
            (AreaKind::Union | AreaKind::Country, countries) => return countries.contains(&country).into(),
            (_, countries) if !countries.contains(&country) => return TriState::No,
            _ => {}
        }
    }
    let mut others = known.iter().filter(|known| known.kind() == Some(kind) || is_no_part_of(area, **known));
    if others.any(|other| place.tells_apart(*other, area)) { TriState::No } else { TriState::Unknown }
}

// Counties consist of districts, metropolitan counties and London of boroughs. Other council areas are never part of
// one.
fn is_no_part_of(area: AreaCode, council: AreaCode) -> bool {
    let parts = match area.as_str().get(..3) {
        Some("E10") => "E07",
        Some("E11") => "E08",
        _ if area == AreaCode::LONDON => "E09",
        _ => return false,
    };
    council.kind() == Some(AreaKind::LocalAuthority) && !council.as_str().starts_with(parts)
}
