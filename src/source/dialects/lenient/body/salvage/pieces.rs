//! Finds the intact records of a broken list, and distinguishes them from objects nested in broken records.
//!
//! Before the first break, records are the elements of the list. After it, an object counts as a record only if all of
//! this is true:
//!
//! - It is not the value of a member, and is not the first element of a list.
//! - The brackets since the break close what the broken record had open, except for one more or less, which may be the
//!   break itself. If there is an intact record before the break, the difference may be larger, unless records nest
//!   objects of their own kind.
//! - It has more of the names that only records have than of those that only nested objects have. It is compared with
//!   the first intact record before the break, or else with the first one whose brackets match the end of the page.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::MOST_WORK;
use super::list::List;
use crate::source::dialects::lenient::body::mend::mend_first;
use crate::source::dialects::lenient::body::strict::parse;
use crate::source::memory::{MOST_IN_VALUES, MemoryEstimate};
use crate::source::patience::ReadingPatience;

/// How many kinds of nested object a record is compared with.
const MOST_NESTED: usize = 24;
/// How far off the number of open brackets may be for a record: one missing or one too many, or the two of the list and
/// the record that are closed after objects that a broken record spilled.
const FAULTS: RangeInclusive<isize> = -2..=1;

/// The intact objects of a list that may be records, none nested in another.
pub(super) struct WholeObjects {
    found: Vec<Piece>,
    /// The number of places that could not be read.
    pub breaks: usize,
    /// The position after the last record.
    pub end: usize,
    /// The number of brackets that are still open at the end of the page. Negative if too many are closed.
    left: isize,
}

struct Piece {
    value: Value,
    place: ObjectPlace,
    depth: isize,
}

/// Whether an object is where a record should be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ObjectPlace {
    /// It is, and there was no break before it.
    Right,
    /// It is, judging by its brackets.
    Likely,
    /// It may have spilled from a broken record.
    Doubtful,
}

/// The state of the scan.
struct ListScan {
    at: usize,
    /// Whether everything since the last record was correct.
    in_place: bool,
    /// The number of brackets opened since the break, beyond those of the list.
    depth: isize,
    /// Whether the last object was in a list nested in a record. The next one may be, too.
    in_nested_list: bool,
    work: usize,
    /// The memory left for values, in bytes.
    room: usize,
}

impl WholeObjects {
    /// Scans a list. Returns `None` if that would take too long.
    pub(super) fn of(text: &str, list: &List, patience: &ReadingPatience) -> Option<Self> {
        let mut pieces = Self { found: Vec::new(), breaks: 0, end: list.start, left: 0 };
        let mut way = ListScan {
            at: list.start,
            in_place: true,
            depth: 0,
            in_nested_list: false,
            work: 0,
            room: MOST_IN_VALUES,
        };
        while let Some(rest) =
            text.get(way.at..).filter(|_| way.room > 0 && !pieces.is_over(text, list, way.in_place))
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
                // The object's opening brace stays open.
                way.depth += 1;
                way.in_place = false;
                way.in_nested_list = false;
                way.work += read;
                way.at += 1;
            }
        }
    }

    // A bracket ends the list if the page ends after what follows. Otherwise it should have been a comma, or belongs to
    // a truncated record.
    fn is_over(&self, text: &str, list: &List, in_place: bool) -> bool {
        if !in_place {
            return false;
        }
        let rest = text.get(self.end..).unwrap_or_default().trim_start();
        let ends_page = |after: &str| {
            let page = format!("{}[]{after}", "{\"\":".repeat(list.objects().max(1)));
            after.trim().is_empty() || serde_json::from_str::<IgnoredAny>(&page).is_ok()
        };
        rest.strip_prefix(']').is_some_and(ends_page)
    }

    // If a gap closes more brackets than it opens, an earlier record was truncated and its nested objects spilled into
    // the list. There is no telling which.
    fn break_at(&mut self, gap: &str) {
        self.breaks += 1;
        if depth_of(gap) < 0 {
            self.found.iter_mut().for_each(|piece| piece.place = ObjectPlace::Doubtful);
        }
    }

    /// Returns the records.
    pub(super) fn rows(self, list: &List) -> Vec<Value> {
        let around = isize::try_from(list.objects() + 1).unwrap_or(isize::MAX);
        let level = Some(self.left.saturating_add(around)).filter(|level| FAULTS.contains(level));
        let Some(model) = self.model(level) else { return Vec::new() };
        let likeness = Likeness::of(&model.value);
        let is_sure = model.place == ObjectPlace::Right && !likeness.nests_its_like();
        let is_record = |piece: &Piece| match piece.place {
            ObjectPlace::Right => true,
            ObjectPlace::Likely => likeness.is_record(&piece.value),
            ObjectPlace::Doubtful => {
                (is_sure || FAULTS.contains(&piece.depth))
                    && likeness.is_record(&piece.value)
                    && (Some(piece.depth) == level || likeness.is_alike(&piece.value))
            }
        };
        self.found.into_iter().filter(is_record).map(|piece| piece.value).collect()
    }

    // Returns the object that others are compared with.
    fn model(&self, level: Option<isize>) -> Option<&Piece> {
        let first = |place: ObjectPlace| self.found.iter().find(|piece| piece.place == place);
        let of_level = || self.found.iter().rfind(|piece| Some(piece.depth) == level);
        first(ObjectPlace::Right).or_else(of_level).or_else(|| first(ObjectPlace::Likely))
    }
}

impl ListScan {
    // Returns `None` for an object nested in a record.
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

// Also counts brackets inside texts: after a break there is no telling where texts begin, and most brackets come in
// pairs.
fn depth_of(gap: &str) -> isize {
    gap.bytes()
        .map(|byte| match byte {
            b'{' | b'[' => 1,
            b'}' | b']' => -1,
            _ => 0,
        })
        .sum()
}

/// The names that distinguish records from objects nested in them.
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

    // Returns whether a nested object may look like a record.
    fn nests_its_like(&self) -> bool {
        self.nested.iter().any(|nested| nested.is_superset(&self.record))
    }

    // Returns whether the object has more names that only records have than names that only any one kind of nested
    // object has.
    fn is_record(&self, piece: &Value) -> bool {
        let piece = names(piece);
        let shared = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            piece.iter().filter(|name| one.contains(*name) && !other.contains(*name)).count()
        };
        let is_closer =
            |nested: &BTreeSet<String>| shared(&self.record, nested) > shared(nested, &self.record);
        // Kinds with all the names of a record cannot be distinguished by name.
        let mut others = self.nested.iter().filter(|nested| !nested.is_superset(&self.record));
        self.record.intersection(&piece).next().is_some() && others.all(is_closer)
    }

    // Returns whether more names are shared than not.
    fn is_alike(&self, piece: &Value) -> bool {
        let piece = names(piece);
        let common = self.record.intersection(&piece).count();
        common * 2 >= self.record.union(&piece).count()
    }
}

fn names(piece: &Value) -> BTreeSet<String> {
    piece.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

// Returns the value at the start of a text, mended if necessary, and its length. The error is the number of bytes read.
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

// A truncated record does not count.
fn whole(json: &str, patience: &ReadingPatience) -> Option<Value> {
    parse(json, patience).ok().filter(|parsed| !parsed.is_cut).map(|parsed| parsed.value)
}
