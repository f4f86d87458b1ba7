//! Finds the whole records of a broken list, and tells them from what is nested in the broken ones.
//!
//! Up to the first break, a record is what stands where one has to. After it, an object is a record only if all of this
//! holds:
//!
//! - It is no member's value, and does not open a list.
//! - The brackets since the break close what the broken record had open; one more or less may be the break itself. Beside
//!   a whole record before the break, more may be wrong, unless records nest their like.
//! - It has more of the names that only records have than of those that only objects nested in them have. It is compared
//!   with the first whole record before the break; else with the first one whose brackets are right, as the page's end
//!   shows.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::MOST_WORK;
use crate::source::dialects::lenient::body::mend::mend_first;
use crate::source::dialects::lenient::body::strict::parse;
use crate::source::memory::{MOST_IN_VALUES, MemoryEstimate};
use crate::source::patience::ReadingPatience;

/// How many kinds of nested object a record is told from.
const MOST_NESTED: usize = 24;
/// How far off the brackets of a record may be: by one that is missing or too many, or by the list and the record that
/// are closed after what a record let out.
const FAULTS: RangeInclusive<isize> = -2..=1;

/// All objects of a list that are whole, none inside another, as far as they may be records.
pub(super) struct WholeObjects {
    found: Vec<Piece>,
    /// How many places nothing could be made of.
    pub breaks: usize,
    /// After the last record.
    pub end: usize,
    /// The brackets that are left open, or closed too often, at the page's end.
    left: isize,
}

struct Piece {
    value: Value,
    place: ObjectPlace,
    depth: isize,
}

/// Where an object stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ObjectPlace {
    /// Where a record has to, with no break before it.
    Right,
    /// Where a record may, as its brackets show.
    Likely,
    /// It may be what a broken record let out.
    Doubtful,
}

/// The way through the list.
struct ListScan {
    at: usize,
    /// Whether everything up to here was as it has to be since the last record.
    in_place: bool,
    /// The brackets that are open beyond the list's own, since the break.
    depth: isize,
    /// Whether the last object was an element of a list that is nested in a record: what follows it may be another.
    in_nested_list: bool,
    work: usize,
    /// The memory that is left for values.
    room: usize,
}

impl WholeObjects {
    /// Returns `None` if the search would take too long.
    pub(super) fn of(text: &str, start: usize, patience: &ReadingPatience) -> Option<Self> {
        let mut pieces = Self { found: Vec::new(), breaks: 0, end: start, left: 0 };
        let mut way = ListScan {
            at: start,
            in_place: true,
            depth: 0,
            in_nested_list: false,
            work: 0,
            room: MOST_IN_VALUES,
        };
        while let Some(rest) =
            text.get(way.at..).filter(|_| way.room > 0 && !pieces.is_over(text, way.in_place))
        {
            let Some(brace) = rest.find('{') else { break };
            let gap = rest.get(..brace)?;
            if way.in_place && !gap.chars().all(|c| c.is_whitespace() || c == ',') {
                (way.in_place, way.depth) = (false, 0);
                pieces.break_at(gap);
            }
            let object = rest.get(brace..)?;
            let read = first_value(object, patience);
            if let Ok((_, length)) = &read {
                let piece = object.as_bytes().get(..*length).unwrap_or_default();
                way.room = way.room.saturating_sub(MemoryEstimate::of(piece).values());
            }
            way.at += brace;
            pieces.step(&mut way, gap, read);
            if way.work > text.len().saturating_mul(MOST_WORK) || patience.is_over() {
                return None;
            }
        }
        pieces.left = way.depth + depth_of(text.get(way.at..).unwrap_or_default());
        Some(pieces)
    }

    fn step(&mut self, way: &mut ListScan, gap: &str, read: Result<(Value, usize), usize>) {
        way.depth += depth_of(gap);
        match read {
            Ok((value, length)) => {
                way.at += length;
                let place = way.place(gap);
                way.in_nested_list = place.is_none() && !gap.trim_end().ends_with(':');
                if let Some(place) = place {
                    self.found.push(Piece { value, place, depth: way.depth });
                    self.end = way.at;
                    way.depth = if way.in_place { 0 } else { way.depth };
                }
            }
            Err(read) => {
                if way.in_place {
                    self.breaks += 1;
                    way.depth = 0;
                }
                // Its brace is open.
                way.depth += 1;
                way.in_place = false;
                way.in_nested_list = false;
                way.work += read;
                way.at += 1;
            }
        }
    }

    // A bracket ends the list if what comes after it ends the page; elsewhere it should have been a comma, or
    // belongs to a record that was cut short.
    fn is_over(&self, text: &str, in_place: bool) -> bool {
        if !in_place {
            return false;
        }
        let rest = text.get(self.end..).unwrap_or_default().trim_start();
        let ends_page = |after: &str| {
            let page = format!("{{\"\":[]{after}");
            after.trim().is_empty() || serde_json::from_str::<IgnoredAny>(&page).is_ok()
        };
        rest.strip_prefix(']').is_some_and(ends_page)
    }

    // What closes more than it opens shows that a record before it was cut short, and let what it nests out into the
    // list. Nobody knows which.
    fn break_at(&mut self, gap: &str) {
        self.breaks += 1;
        if depth_of(gap) < 0 {
            self.found.iter_mut().for_each(|piece| piece.place = ObjectPlace::Doubtful);
        }
    }

    /// The records. `around` is how many brackets the page has around each.
    pub(super) fn rows(self, around: isize) -> Vec<Value> {
        let level = Some(self.left + around).filter(|level| FAULTS.contains(level));
        let is_level = |piece: &&Piece| Some(piece.depth) == level;
        let first = |place: ObjectPlace| self.found.iter().find(|piece| piece.place == place);
        let whole = first(ObjectPlace::Right);
        let model =
            whole.or_else(|| self.found.iter().rfind(is_level)).or_else(|| first(ObjectPlace::Likely));
        let Some(model) = model.map(|piece| Likeness::of(&piece.value)) else { return Vec::new() };
        let is_sure = whole.is_some() && !model.nests_its_like();
        let is_record = |piece: &Piece| match piece.place {
            ObjectPlace::Right => true,
            ObjectPlace::Likely => model.is_record(&piece.value),
            ObjectPlace::Doubtful => {
                (is_sure || FAULTS.contains(&piece.depth))
                    && model.is_record(&piece.value)
                    && (is_level(&piece) || model.is_alike(&piece.value))
            }
        };
        let rows: Vec<bool> = self.found.iter().map(is_record).collect();
        let found = self.found.into_iter().zip(rows);
        found.filter(|(_, is_record)| *is_record).map(|(piece, _)| piece.value).collect()
    }
}

impl ListScan {
    // None for what is nested in a record.
    fn place(&self, gap: &str) -> Option<ObjectPlace> {
        if self.in_place {
            return Some(ObjectPlace::Right);
        }
        let before = gap.trim_end();
        let is_sibling = before.chars().all(|c| c.is_whitespace() || c == ',');
        let is_nested = before.ends_with([':', '[', '{']) || (is_sibling && self.in_nested_list);
        match self.depth {
            0 if !is_nested => Some(ObjectPlace::Likely),
            _ if !is_nested => Some(ObjectPlace::Doubtful),
            _ => None,
        }
    }
}

// Brackets inside texts count as well: where a text begins is not known after a break, and most come in pairs.
fn depth_of(gap: &str) -> isize {
    gap.bytes()
        .map(|byte| match byte {
            b'{' | b'[' => 1,
            b'}' | b']' => -1,
            _ => 0,
        })
        .sum()
}

/// What tells records from the objects nested in them.
struct Likeness {
    record: BTreeSet<String>,
    nested: Vec<BTreeSet<String>>,
}

impl Likeness {
    fn of(record: &Value) -> Self {
        let mut nested = Vec::new();
        let mut left: Vec<&Value> =
            record.as_object().into_iter().flat_map(|members| members.values()).collect();
        while let Some(value) = left.pop().filter(|_| nested.len() < MOST_NESTED) {
            match value {
                Value::Object(members) => {
                    let names = names(value);
                    if !nested.contains(&names) {
                        nested.push(names);
                    }
                    left.extend(members.values());
                }
                Value::Array(elements) => left.extend(elements),
                _ => {}
            }
        }
        Self { record: names(record), nested }
    }

    // Whether something nested in it may pass for a record.
    fn nests_its_like(&self) -> bool {
        self.nested.iter().any(|nested| nested.is_superset(&self.record))
    }

    // More of what only records have than of what only some nested object has, whichever that is.
    fn is_record(&self, piece: &Value) -> bool {
        let piece = names(piece);
        let shared = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            piece.iter().filter(|name| one.contains(*name) && !other.contains(*name)).count()
        };
        let is_closer =
            |nested: &BTreeSet<String>| shared(&self.record, nested) > shared(nested, &self.record);
        // Records nested in their like cannot be told by their names.
        let mut others = self.nested.iter().filter(|nested| !nested.is_superset(&self.record));
        self.record.intersection(&piece).next().is_some() && others.all(is_closer)
    }

    // More names in common than not.
    fn is_alike(&self, piece: &Value) -> bool {
        let piece = names(piece);
        let common = self.record.intersection(&piece).count();
        common * 2 >= self.record.union(&piece).count()
    }
}

fn names(piece: &Value) -> BTreeSet<String> {
    piece.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

// The value a text starts with, mended where need be, and how long it is there; else how much was read in vain.
fn first_value(text: &str, patience: &ReadingPatience) -> Result<(Value, usize), usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let in_vain = match values.next() {
        Some(Ok(_)) => {
            let length = values.byte_offset();
            let json = text.get(..length).unwrap_or_default();
            return whole(json, patience).map(|value| (value, length)).ok_or(length);
        }
        Some(Err(error)) => read_until(text, &error),
        None => 1,
    };
    let almost = mend_first(text, patience).map_err(|read| in_vain + read)?;
    whole(&almost.json, patience).map(|value| (value, almost.length)).ok_or(in_vain + almost.length)
}

fn read_until(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
    lines.sum::<usize>() + error.column() + 1
}

// Half a record is none.
fn whole(json: &str, patience: &ReadingPatience) -> Option<Value> {
    parse(json, patience).ok().filter(|parsed| !parsed.is_cut).map(|parsed| parsed.value)
}
