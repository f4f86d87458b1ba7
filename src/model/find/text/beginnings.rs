//! Finds names by the beginning of the name or of a later word in it, for suggestions while somebody types.
//!
//! The folded names are concatenated in one text. For each word of each name the table has the offset of the word,
//! sorted by the text from there on, so that words with a common beginning are adjacent. The best of very many are
//! found without scanning: the minimum of every block of 64 ranks is stored, and that of every 64 minima. A word takes
//! about eight bytes in addition to its letters.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

use super::tokens::folded_words;

/// A table of names that can be found by their beginnings.
#[derive(Debug, Default)]
pub struct NameBeginnings {
    text: String,
    /// The end of each name in the text.
    ends: Vec<u32>,
    /// The start of each word in the text, sorted by the text from there on.
    starts: Vec<u32>,
    /// The first level has the number of the name of each word, with [`INNER`] set if the word is not the first of its
    /// name. Each further level has the minima of blocks of the one before.
    ranks: Vec<Vec<u32>>,
}

/// A name with the wanted beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BegunName {
    /// The number of the name, in the order given.
    pub number: usize,
    /// Whether the name itself has the beginning, rather than a later word.
    pub is_first: bool,
}

/// Marks a word that is not the first of its name.
const INNER: u32 = 1 << 31;
/// The size of a block.
const BLOCK: usize = 64;

/// Folds a name as [`NameBeginnings`] compares it: the words of [`folded_words`], separated by single spaces.
pub fn folded_name(name: &str) -> String {
    folded_words(name).join(" ")
}

impl NameBeginnings {
    /// Builds the table from names folded by [`folded_name`], the best first. Leaves out names beyond two thousand
    /// million, or beyond four gigabytes of text.
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut table = Self::default();
        let mut words: Vec<WordStart> = Vec::new();
        for (name, number) in names.zip(0..INNER) {
            let Ok(begins) = u32::try_from(table.text.len()) else { break };
            let Some(ends) = u32::try_from(name.len()).ok().and_then(|len| begins.checked_add(len)) else {
                break;
            };
            table.text.push_str(name);
            table.ends.push(ends);
            let inner = name.match_indices(' ').filter_map(|(at, _)| u32::try_from(at + 1).ok());
            words.push(WordStart::new(name, begins, number));
            words.extend(inner.filter_map(|at| {
                let rest = name.get(at as usize..)?;
                Some(WordStart::new(rest, begins + at, number | INNER))
            }));
        }
        // The first letters nearly always decide, and need no lookup.
        words.sort_unstable_by(|a, b| match a.letters.cmp(&b.letters) {
            Ordering::Equal => (table.from(a.at, a.rank), a.rank).cmp(&(table.from(b.at, b.rank), b.rank)),
            decided => decided,
        });
        table.starts = words.iter().map(|word| word.at).collect();
        table.ranks = levels(words.iter().map(|word| word.rank).collect());
        table
    }

    /// Returns the number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns a name, folded.
    pub fn name(&self, number: usize) -> Option<&str> {
        let begins = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(begins as usize..*self.ends.get(number)? as usize)
    }

    /// Returns names that have the prefix, then names with a later word that has it, the best first; at most `most`.
    /// `prefix` must be folded by [`folded_name`]. An empty prefix finds nothing.
    pub fn find(&self, prefix: &str, most: usize) -> Vec<BegunName> {
        let mut found: Vec<BegunName> = Vec::new();
        let mut parts: BinaryHeap<Reverse<(u32, usize, usize, usize)>> = BinaryHeap::new();
        let open = |parts: &mut BinaryHeap<_>, range: Range<usize>| {
            let (start, end) = (range.start, range.end);
            parts.extend(least(&self.ranks, range).map(|(rank, at)| Reverse((rank, at, start, end))));
        };
        open(&mut parts, self.range(prefix));
        while found.len() < most {
            let Some(Reverse((rank, at, start, end))) = parts.pop() else { break };
            let number = (rank & !INNER) as usize;
            // Several words of a name may have the prefix.
            if !found.iter().any(|one| one.number == number) {
                found.push(BegunName { number, is_first: rank & INNER == 0 });
            }
            open(&mut parts, start..at);
            open(&mut parts, at + 1..end);
        }
        found
    }

    /// Returns the number of the name that equals the folded `name`; the best, if there are several.
    pub fn exactly(&self, name: &str) -> Option<usize> {
        let range = self.range(name);
        let words = self.starts.get(range.clone())?.iter().zip(self.ranks.first()?.get(range)?);
        // A text sorts before longer texts that begin with it.
        let whole = words.take_while(|(start, rank)| self.from(**start, **rank) == name);
        whole.map(|(_, rank)| *rank).find(|rank| rank & INNER == 0).map(|rank| rank as usize)
    }

    /// Returns roughly how many bytes the table takes in memory.
    pub fn weight(&self) -> usize {
        self.text.len()
            + 4 * (self.ends.len() + self.starts.len() + self.ranks.iter().map(Vec::len).sum::<usize>())
    }

    fn range(&self, prefix: &str) -> Range<usize> {
        let Some(ranks) = self.ranks.first().filter(|_| !prefix.is_empty()) else { return 0..0 };
        let text = |at: usize| match (self.starts.get(at), ranks.get(at)) {
            (Some(start), Some(rank)) => self.from(*start, *rank),
            _ => "",
        };
        let first = partition_point(0..ranks.len(), |at| text(at) < prefix);
        let behind = partition_point(first..ranks.len(), |at| text(at).starts_with(prefix));
        first..behind
    }

    /// Returns the rest of a name from a word on.
    fn from(&self, start: u32, rank: u32) -> &str {
        let end = self.ends.get((rank & !INNER) as usize).copied().unwrap_or_default();
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The start of a word, while the table is built.
struct WordStart {
    /// The first eight bytes of the text from there on, as a number that sorts in the same order.
    letters: u64,
    at: u32,
    rank: u32,
}

impl WordStart {
    fn new(follows: &str, at: u32, rank: u32) -> Self {
        let mut first = [0; 8];
        first.iter_mut().zip(follows.bytes()).for_each(|(at, byte)| *at = byte);
        Self { letters: u64::from_be_bytes(first), at, rank }
    }
}

/// Returns the numbers, the minima of their blocks, the minima of blocks of those, and so on until one block is left.
fn levels(ranks: Vec<u32>) -> Vec<Vec<u32>> {
    let mut levels = vec![ranks];
    while let Some(last) = levels.last().filter(|last| last.len() > BLOCK) {
        let least = last.chunks(BLOCK).map(|block| block.iter().copied().min().unwrap_or(u32::MAX)).collect();
        levels.push(least);
    }
    levels
}

/// Returns the least number in a range and its index; the first, if there are several.
fn least(levels: &[Vec<u32>], range: Range<usize>) -> Option<(u32, usize)> {
    let [numbers, above @ ..] = levels else { return None };
    let scan = |range: Range<usize>| {
        let start = range.start;
        let numbers = numbers.get(range).unwrap_or_default().iter().zip(start..);
        numbers.map(|(number, at)| (*number, at)).min()
    };
    if range.len() <= 2 * BLOCK {
        return scan(range);
    }
    let (first, last) = (range.start.div_ceil(BLOCK), range.end / BLOCK);
    let within = least(above, first..last).and_then(|(_, block)| scan(block * BLOCK..(block + 1) * BLOCK));
    [scan(range.start..first * BLOCK), within, scan(last * BLOCK..range.end)].into_iter().flatten().min()
}

fn partition_point(range: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (range.start, range.end);
    while from < to {
        let middle = from.midpoint(to);
        if holds(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_begin_so_come_before_those_with_a_word_that_does() {
        let names =
            ["Bristol food bank", "Foodshare", "Café Foyer", "Food for all", "Women’s Aid"].map(folded_name);
        let table = NameBeginnings::of(names.iter().map(String::as_str));
        let found = |prefix: &str| {
            let found = table.find(&folded_name(prefix), 9);
            found.iter().map(|one| (one.number, one.is_first)).collect::<Vec<_>>()
        };
        assert_eq!(found("FOO"), [(1, true), (3, true), (0, false)]);
        assert_eq!(found("food b"), [(0, false)]);
        assert_eq!(found("cafe fo"), [(2, true)]);
        assert_eq!(found("womens"), [(4, true)]);
        assert!(found("x").is_empty() && found(" - ").is_empty());
        assert_eq!(
            (table.exactly("food for all"), table.exactly("food"), table.exactly("foyer")),
            (Some(3), None, None)
        );
        assert_eq!(table.name(2), Some("cafe foyer"));
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_looking_at_each_name_finds(
            names in prop::collection::vec("[ab]{1,3}( [abß]{1,3}){0,3}", 0..400), prefix in "[ab]{1,2}( [ab])?", most in 1..30_usize,
        ) {
            let names: Vec<String> = names.iter().map(|name| folded_name(name)).collect();
            let table = NameBeginnings::of(names.iter().map(String::as_str));
            let begins = |name: &String| {
                let mut inner = name.match_indices(' ').filter_map(|(at, _)| name.get(at + 1..));
                if name.starts_with(&prefix) { Some(true) } else { inner.any(|rest| rest.starts_with(&prefix)).then_some(false) }
            };
            let mut expected: Vec<BegunName> = names.iter().enumerate()
                .filter_map(|(number, name)| Some(BegunName { number, is_first: begins(name)? }))
                .collect();
            expected.sort_by_key(|one| (!one.is_first, one.number));
            expected.truncate(most);
            prop_assert_eq!(table.find(&prefix, most), expected);
            for (number, name) in names.iter().enumerate() {
                prop_assert_eq!(table.name(number), Some(name.as_str()));
                let first = names.iter().position(|other| other == name);
                prop_assert_eq!(table.exactly(name), first);
            }
        }
    }
}
