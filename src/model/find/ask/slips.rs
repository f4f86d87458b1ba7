//! Slips of the keyboard and of spelling: which known word one that nobody knows may be meant for.

use strsim::osa_distance;

/// How many slips make one word the other, where they are no more than `most` and such as people make.
pub fn slips(known: &str, written: &str, most: usize) -> Option<usize> {
    if known.len().abs_diff(written.len()) > most || !begin_alike(known, written) {
        return None;
    }
    // Of four letters, too many words are alike but for one: only what is missing is put in.
    if written.len() < SHORT && known.len() <= written.len() {
        return None;
    }
    let slips = osa_distance(known, written);
    (slips <= most && (slips != 1 || is_likely(known, written))).then_some(slips)
}

/// The letters that a word and those it may be meant for have in common, where there are too many words to look at.
pub fn slip_beginning(stem: &str) -> &str {
    let end = stem.char_indices().nth(2).map_or(stem.len(), |(at, _)| at);
    stem.split_at_checked(end).map_or(stem, |(beginning, _)| beginning)
}

/// Whether two words begin with one letter, or with two in another order: slips spare beginnings.
fn begin_alike(a: &str, b: &str) -> bool {
    let first_two = |word: &str| {
        let mut letters = word.chars();
        (letters.next(), letters.next())
    };
    let ((a, then_a), (b, then_b)) = (first_two(a), first_two(b));
    a == b || (a == then_b && b == then_a)
}

/// Whether people make this one slip: "cough" is none of "couch", nor "sling" of "sing".
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

/// Shorter words may only lack a letter.
const SHORT: usize = 5;

/// Words of so many letters are known by the others where one is missing.
const SURE: usize = 7;

/// Whether the letter that one word has more is a vowel, or doubles the one beside it: "borow", "lonly".
fn is_unheard(longer: &str, shorter: &str) -> bool {
    let mut letters = longer.chars().zip(shorter.chars().chain([' ']));
    let Some((more, _)) = letters.find(|(a, b)| a != b) else { return true };
    is_vowel(more) || longer.contains(&format!("{more}{more}"))
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Of letters in order.
fn sound_alike(a: char, b: char) -> bool {
    ["bp", "ck", "cs", "dt", "fv", "gj", "kq", "mn", "sz"].iter().any(|pair| pair.chars().eq([a, b]))
}

/// Whether two keys lie side by side.
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
