//! Misspellings and typing errors: which known word an unknown one may be meant for.

use strsim::osa_distance;

/// Returns the number of slips between two words. Returns `None` if there are more than `most`, or if people do not
/// make such slips.
pub fn slips(known: &str, written: &str, most: usize) -> Option<usize> {
    if known.len().abs_diff(written.len()) > most || !begin_alike(known, written) {
        return None;
    }
    // Too many words of four letters differ by one letter only, so for these only missing letters are corrected.
    if written.len() < SHORT && known.len() <= written.len() {
        return None;
    }
    let slips = osa_distance(known, written);
    (slips <= most && (slips != 1 || is_likely(known, written))).then_some(slips)
}

/// Returns the letters that a word shares with all words it may be meant for, to limit the words compared.
pub fn slip_beginning(stem: &str) -> &str {
    let end = stem.char_indices().nth(2).map_or(stem.len(), |(at, _)| at);
    stem.split_at_checked(end).map_or(stem, |(beginning, _)| beginning)
}

/// Returns whether two words begin with the same letter, or with the same two letters swapped: people seldom misspell
/// the beginning.
fn begin_alike(a: &str, b: &str) -> bool {
    let first_two = |word: &str| {
        let mut letters = word.chars();
        (letters.next(), letters.next())
    };
    let ((a, then_a), (b, then_b)) = (first_two(a), first_two(b));
    a == b || (a == then_b && b == then_a)
}

/// Returns whether people make this single slip: "cough" is not a slip for "couch", nor "sling" for "sing".
fn is_likely(known: &str, written: &str) -> bool {
    let (longer, shorter) = if known.len() > written.len() { (known, written) } else { (written, known) };
    if longer.len() != shorter.len() {
        return shorter.len() >= SURE || is_unheard(longer, shorter);
    }
    let differing = known.chars().zip(written.chars()).filter(|(a, b)| a != b);
    let mut differing = differing.map(|(a, b)| (a.min(b), a.max(b)));
    match (differing.next(), differing.next()) {
        (Some((a, b)), None) => (is_vowel(a) && is_vowel(b)) || sound_alike(a, b) || are_neighbours(a, b),
        _ => true,
    }
}

/// In shorter words only missing letters are corrected.
const SHORT: usize = 5;

/// In words of at least this many letters, any missing letter is corrected.
const SURE: usize = 7;

/// Returns whether the additional letter is a vowel or doubles its neighbour: "borow", "lonly".
fn is_unheard(longer: &str, shorter: &str) -> bool {
    let mut letters = longer.chars().zip(shorter.chars().chain([' ']));
    let Some((more, _)) = letters.find(|(a, b)| a != b) else { return true };
    is_vowel(more) || longer.contains(&format!("{more}{more}"))
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Takes letters in alphabetical order.
fn sound_alike(a: char, b: char) -> bool {
    ["bp", "ck", "cs", "dt", "fv", "gj", "kq", "mn", "sz"].iter().any(|pair| pair.chars().eq([a, b]))
}

/// Returns whether two keys are adjacent on the keyboard.
fn are_neighbours(a: char, b: char) -> bool {
    let beside = |row: &str| {
        let (first, second) = (row.find(a), row.find(b));
        first.zip(second).is_some_and(|(first, second)| first.abs_diff(second) == 1)
    };
    ["qwertyuiop", "asdfghjkl", "zxcvbnm"].into_iter().any(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_such_as_people_make() {
        for (known, written, expected) in [
            ("grieving", "greiving", Some(1)),
            ("lonely", "lonley", Some(1)),
            ("wheelchair", "wheelchiar", Some(1)),
            ("dementia", "dementa", Some(1)),
            ("advice", "advise", Some(1)),
            ("alzheimers", "altzeimers", Some(2)),
            ("borrow", "borow", Some(1)),
            ("lonely", "lonly", Some(1)),
            ("sing", "sling", None),
            ("couch", "cough", None),
            ("larder", "ladder", None),
            ("death", "deth", Some(1)),
            ("paws", "pawn", None),
        ] {
            assert_eq!(
                slips(known, written, if known.len() < 8 { 1 } else { 2 }),
                expected,
                "{known} {written}"
            );
        }
    }
}
