//! Finds words with similar spelling: corrections for a word that occurs nowhere.

use std::collections::HashMap;

/// The least length of a word, and how many of its letters may then be wrong, missing, additional or swapped.
const SLIPS: [(usize, usize); 2] = [(7, 2), (4, 1)];
/// Longer words are not compared: the time taken grows with the square of the length.
const LONGEST: usize = 32;

/// Collects words that are spelt like another.
#[derive(Clone, Debug)]
pub struct NearSpellings {
    word: Box<str>,
    letters: usize,
    most_slips: usize,
    found: HashMap<Box<str>, (usize, usize)>,
}

impl NearSpellings {
    /// Collects for a folded word. Returns `None` if the word is too short or too long for corrections.
    pub fn of(word: &str) -> Option<Self> {
        let letters = word.chars().count();
        let (_, most_slips) = SLIPS.into_iter().find(|(least, _)| letters >= *least && letters <= LONGEST)?;
        Some(Self { word: word.into(), letters, most_slips, found: HashMap::new() })
    }

    /// Returns the word.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Adds a folded word with this number of occurrences, if its spelling is similar.
    pub fn offer(&mut self, word: &str, times: usize) {
        // Rule out words by length first. Letters may take several bytes in other scripts.
        let is_far = word.len().abs_diff(self.word.len()) > 4 * self.most_slips;
        if is_far || word.len() > 4 * LONGEST || word.chars().count().abs_diff(self.letters) > self.most_slips
        {
            return;
        }
        let slips = strsim::osa_distance(&self.word, word);
        if (1..=self.most_slips).contains(&slips) {
            match self.found.get_mut(word) {
                Some((_, known)) => *known += times,
                None => drop(self.found.insert(word.into(), (slips, times))),
            }
        }
    }

    /// Adds the words that another collector has found for the same word.
    pub fn merge(&mut self, other: Self) {
        for (word, (slips, times)) in other.found {
            self.found.entry(word).or_insert((slips, 0)).1 += times;
        }
    }

    /// Returns the most similar words, at most `most`. Among equally similar ones, the most frequent come first.
    pub fn nearest(self, most: usize) -> Vec<String> {
        let mut found: Vec<_> = self.found.into_iter().collect();
        found.sort_unstable_by(|(a, (slips_a, times_a)), (b, (slips_b, times_b))| {
            slips_a.cmp(slips_b).then(times_b.cmp(times_a)).then_with(|| a.cmp(b))
        });
        found.into_iter().take(most).map(|(word, _)| word.into()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_and_most_frequent_words_are_found() {
        let mut near = NearSpellings::of("greiving").unwrap();
        for (word, times) in [
            ("grieving", 3),
            ("giving", 90),
            ("graving", 2),
            ("grieving", 4),
            ("greening", 5),
            ("greiving", 1),
        ] {
            near.offer(word, times);
        }
        assert_eq!(near.nearest(3), ["grieving", "giving", "greening"]);
        assert!(NearSpellings::of("tea").is_none() && NearSpellings::of(&"x".repeat(1 << 20)).is_none());
        let mut near = NearSpellings::of("club").unwrap();
        ["clubs", "clob", "cloud"].into_iter().for_each(|word| near.offer(word, 1));
        assert_eq!(near.nearest(9), ["clob", "clubs"]);
    }
}
