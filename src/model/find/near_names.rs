//! Suggests names for an unknown one. Used for arguments, fields, enum values and configuration keys.

use std::cmp::Ordering;

/// The least similarity of a suggestion, from 0 to 1.
const LEAST: f64 = 0.6;
/// The most by which a suggestion's similarity may be below the best.
const BEHIND: f64 = 0.2;
/// The similarity of names of which one begins with the other, such as `lat` and `latitude`.
const OF_BEGINNING: f64 = 0.8;
/// The shortest common beginning that counts.
const SHORTEST_BEGINNING: usize = 3;
/// Longer names are not compared: the time grows with the square of the length, and no real name is so long.
const LONGEST: usize = 64;

/// Returns the `known` names that resemble `name`, at most `most`, the most similar first. Ignores case, `_` and `-`.
/// Empty if none is similar.
pub fn near_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let name = folded(name);
    if name.is_empty() || name.len() > LONGEST {
        return Vec::new();
    }
    let likeness = |candidate| (likeness(&name, &folded(candidate)), candidate);
    let mut near: Vec<(f64, &str)> = known.into_iter().map(likeness).filter(|(is, _)| *is >= LEAST).collect();
    near.sort_by(|(a, first), (b, second)| match b.total_cmp(a) {
        Ordering::Equal => first.cmp(second),
        decided => decided,
    });
    let best = near.first().map_or(0.0, |(best, _)| *best);
    let near = near.into_iter().take_while(|(is, _)| best - is <= BEHIND);
    near.map(|(_, candidate)| candidate).take(most).collect()
}

fn likeness(name: &str, candidate: &str) -> f64 {
    let shorter = name.len().min(candidate.len());
    let begins = name.starts_with(candidate) || candidate.starts_with(name);
    let of_beginning = if begins && shorter >= SHORTEST_BEGINNING { OF_BEGINNING } else { 0.0 };
    strsim::normalized_damerau_levenshtein(name, candidate).max(of_beginning)
}

fn folded(name: &str) -> String {
    let letters = name.chars().take(LONGEST + 1).filter(|c| !matches!(c, '_' | '-'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_beginnings_and_other_cases_are_near_and_the_nearest_comes_first() {
        let known = ["minimumAge", "maximumAge", "latitude", "status", "sources", "orderBy"];
        let near = |name| near_names(name, known, 3);
        assert_eq!(near("statsu"), ["status"]);
        assert_eq!(near("lat"), ["latitude"]);
        assert_eq!(near("ORDER_BY"), ["orderBy"]);
        assert_eq!(near("maxAge"), ["maximumAge"]);
        assert_eq!(near("maximumAgee"), ["maximumAge", "minimumAge"]);
        assert!(near("colour").is_empty() && near("").is_empty() && near(&"a".repeat(1 << 20)).is_empty());
        assert_eq!(near_names("ab", ["ac", "aa", "ab"], 2), ["ab"], "a name itself leaves no doubt");
    }
}
