//! Names found by how they, or words of theirs, begin: for suggesting while somebody types.
//!
//! The folded names stand one after the other in one text. For each word of each name the table holds where it begins,
//! sorted by what follows there, so that all words with one beginning lie side by side. The best of very many are found
//! without looking at each: every 64 numbers have their least noted, every 64 of these again. A word takes about eight
//! bytes beside its letters.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

use super::tokens::folded_words;

/// Names that can be found by their beginnings.
#[derive(Debug, Default)]
pub struct NameBeginnings {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<u32>,
    /// Where each word begins in the text, in the order of what follows.
    starts: Vec<u32>,
    /// The number of the name of each word, with [`INNER`] set where it is not the first; and the least of every 64 of
    /// these, and so on.
    ranks: Vec<Vec<u32>>,
}

/// A name that has the beginning looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BegunName {
    /// The number of the name, in the order given.
    pub number: usize,
    /// Whether the name itself begins so; otherwise a later word of it does.
    pub is_first: bool,
}

/// Marks a word that is not the first of its name.
const INNER: u32 = 1 << 31;
/// How many numbers have their least noted together.
const BLOCK: usize = 64;

/// A name folded as [`NameBeginnings`] compares it: the words of [`folded_words`], one blank between two.
pub fn folded_name(name: &str) -> String {
    folded_words(name).join(" ")
}

impl NameBeginnings {
    /// Of these names, folded by [`folded_name`], the best first. Names past two billion, or past four gigabytes of text,
    /// are left out.
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
        // The first letters decide nearly always, and are at hand.
        words.sort_unstable_by(|a, b| match a.letters.cmp(&b.letters) {
            Ordering::Equal => (table.from(a.at, a.rank), a.rank).cmp(&(table.from(b.at, b.rank), b.rank)),
            decided => decided,
        });
        table.starts = words.iter().map(|word| word.at).collect();
        table.ranks = levels(words.iter().map(|word| word.rank).collect());
        table
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A name, folded.
    pub fn name(&self, number: usize) -> Option<&str> {
        let begins = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(begins as usize..*self.ends.get(number)? as usize)
    }

    /// The names that begin so, and then those with a later word that does, the best first: at most `most`. A `prefix` is
    /// folded by [`folded_name`]; none has the empty one.
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
            // Several words of a name may begin alike.
            if !found.iter().any(|one| one.number == number) {
                found.push(BegunName { number, is_first: rank & INNER == 0 });
            }
            open(&mut parts, start..at);
            open(&mut parts, at + 1..end);
        }
        found
    }

    /// The number of the name that is this, folded. Of several, the best.
    pub fn exactly(&self, name: &str) -> Option<usize> {
        let range = self.range(name);
        let words = self.starts.get(range.clone())?.iter().zip(self.ranks.first()?.get(range)?);
        // Shorter texts come before longer ones that begin with them.
        let whole = words.take_while(|(start, rank)| self.from(**start, **rank) == name);
        whole.map(|(_, rank)| *rank).find(|rank| rank & INNER == 0).map(|rank| rank as usize)
    }

    /// Roughly what it occupies in memory, in bytes.
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

    /// A name from a word on.
    fn from(&self, start: u32, rank: u32) -> &str {
        let end = self.ends.get((rank & !INNER) as usize).copied().unwrap_or_default();
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Where a word begins, while the table is being made.
struct WordStart {
    /// The first letters of what follows, as a number that sorts as they do.
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

/// Numbers, the least of every block of them, the least of every block of these, until one block is left.
fn levels(ranks: Vec<u32>) -> Vec<Vec<u32>> {
    let mut levels = vec![ranks];
    while let Some(last) = levels.last().filter(|last| last.len() > BLOCK) {
        let least = last.chunks(BLOCK).map(|block| block.iter().copied().min().unwrap_or(u32::MAX)).collect();
        levels.push(least);
    }
    levels
}

/// The least number within a range, and where it is; of several the first.
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
