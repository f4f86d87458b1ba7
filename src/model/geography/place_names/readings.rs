//! The ways to read what somebody typed for a place: a name, with or without a qualifier.

use crate::model::AskedPostcode;

/// Words before and after a name that add no information.
const BEFORE: [&str; 6] = ["city of ", "town of ", "village of ", "near ", "around ", "in "];
const AFTER: [&str; 5] = [" city centre", " town centre", " town", " city", " village"];

/// One reading of what somebody typed: a name, and what distinguishes it from others with the same name.
pub(super) struct NameReading<'t> {
    pub(super) name: &'t str,
    pub(super) qualifier: Option<&'t str>,
}

/// The ways to read what was typed, the likeliest first.
pub(super) fn readings(text: &str) -> Vec<NameReading<'_>> {
    let text = text.trim().trim_end_matches([')', '.', ',', ' ']);
    let mut readings = Vec::new();
    if let Some((name, qualifier)) = text.split_once([',', '(']) {
        // The rest may be a single council's name, or any part of it may be the qualifier: `Clifton, Bristol, England`.
        let parts = std::iter::once(qualifier).chain(qualifier.split([',', '(']));
        let parts = parts.map(str::trim).filter(|part| !part.is_empty());
        let name = name.trim();
        readings.extend(parts.map(|qualifier| NameReading { name, qualifier: Some(qualifier) }));
        return readings;
    }
    readings.push(NameReading { name: text, qualifier: None });
    // The county may follow without a comma: `Newport Isle of Wight`, `Clifton near Bristol`.
    for (at, _) in text.match_indices(' ').collect::<Vec<_>>().into_iter().rev() {
        if let Some((name, qualifier)) = text.split_at_checked(at) {
            let qualifier = qualifier.trim();
            let qualifier = qualifier
                .strip_prefix("near ")
                .or_else(|| qualifier.strip_prefix("in "))
                .unwrap_or(qualifier);
            readings.push(NameReading { name: name.trim(), qualifier: Some(qualifier) });
        }
    }
    let without = |phrase: &&str| {
        let (start, rest) = text.split_at_checked(phrase.len())?;
        start.eq_ignore_ascii_case(phrase).then_some(rest)
    };
    let before = BEFORE.iter().find_map(without);
    let after = AFTER.iter().find_map(|phrase| {
        let (rest, end) = text.split_at_checked(text.len().checked_sub(phrase.len())?)?;
        end.eq_ignore_ascii_case(phrase).then_some(rest)
    });
    readings.extend([before, after].into_iter().flatten().map(|name| NameReading { name, qualifier: None }));
    readings
}

/// A town and a postcode, or the first part of one, in either order: `London SE25`, `Bristol, BS3 4DJ`.
pub(super) struct TownAndPostcode<'t> {
    pub(super) town: &'t str,
    pub(super) postcode: AskedPostcode,
}

impl<'t> TownAndPostcode<'t> {
    /// Reads a text as both. Returns `None` if there is no postcode at either end, or nothing else.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')');
        let text = text.trim_matches(is_between);
        let ends: Vec<usize> = text.match_indices(is_between).map(|(at, _)| at).collect();
        // Try longer postcodes first: `NW3 2QG` before `2QG`.
        let behind = ends.iter().rev().take(MOST_BETWEEN).rev().filter_map(|at| text.split_at_checked(*at));
        let before = ends.iter().take(MOST_BETWEEN).rev().filter_map(|at| text.split_at_checked(*at));
        let mut split = behind.chain(before.map(|(start, end)| (end, start)));
        split.find_map(|(town, postcode)| {
            let postcode = AskedPostcode::parse(postcode.trim_matches(is_between)).ok()?;
            let town = town.trim_matches(is_between);
            town.contains(char::is_alphabetic).then_some(Self { town, postcode })
        })
    }
}

/// The most separators to try: there may be a comma and several spaces before a postcode and within it.
const MOST_BETWEEN: usize = 4;

/// Returns whether a text looks like a postcode or part of one: letters followed by digits.
pub(super) fn is_like_a_postcode(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let area = letters.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let has_figure = letters.get(area).is_some_and(char::is_ascii_digit);
    (1..=2).contains(&area)
        && has_figure
        && letters.len() <= 8
        && letters.iter().all(char::is_ascii_alphanumeric)
}
