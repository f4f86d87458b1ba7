//! A compact table of postcodes: sorted rows, with sets of areas by number.

use std::collections::HashMap;

use super::key::{PostcodeKey, PostcodeSpan};
use crate::model::{AreaCode, Coordinates};

/// The positions of postcodes, found by binary search.
#[derive(Debug, Default, Hash)]
pub(super) struct PostcodeTable {
    rows: Box<[PostcodeRow]>,
    /// The end of each set of areas in `members`. The first set begins at zero.
    ends: Box<[u32]>,
    members: Box<[u32]>,
    /// Sorted by code.
    codes: Box<[AreaCode]>,
}

/// One postcode.
#[derive(Clone, Copy, Debug, Hash)]
struct PostcodeRow {
    key: PostcodeKey,
    latitude: FixedDegrees,
    longitude: FixedDegrees,
    /// The number of the postcode's set of areas.
    areas: u32,
}

impl PostcodeRow {
    fn point(self) -> Coordinates {
        Coordinates { latitude: degrees(self.latitude), longitude: degrees(self.longitude) }
    }
}

/// Degrees times ten million: a unit is about a centimetre.
type FixedDegrees = i32;

const PER_DEGREE: f64 = 1e7;

/// Collects the rows of a table.
#[derive(Default)]
pub(super) struct TableBuilder {
    rows: Vec<PostcodeRow>,
    codes: HashMap<AreaCode, u32>,
    sets: HashMap<Box<[u32]>, u32>,
    set: Vec<u32>,
}

impl TableBuilder {
    /// Adds a postcode, its position and the areas that it lies in.
    pub(super) fn add(&mut self, key: PostcodeKey, point: Coordinates, areas: &[AreaCode]) {
        self.set.clear();
        for area in areas {
            let next = number(self.codes.len());
            self.set.push(*self.codes.entry(*area).or_insert(next));
        }
        let areas = match self.sets.get(self.set.as_slice()) {
            Some(known) => *known,
            None => {
                let next = number(self.sets.len());
                self.sets.insert(self.set.as_slice().into(), next);
                next
            }
        };
        let (latitude, longitude) = (fixed(point.latitude), fixed(point.longitude));
        self.rows.push(PostcodeRow { key, latitude, longitude, areas });
    }

    pub(super) fn build(self) -> PostcodeTable {
        let rows = one_each(self.rows);
        let mut codes: Vec<(AreaCode, u32)> = self.codes.into_iter().collect();
        codes.sort_unstable();
        // Maps the number that a code was given to its position in sorted order.
        let mut places = vec![0; codes.len()];
        for (place, (_, given)) in codes.iter().enumerate() {
            if let Some(slot) = places.get_mut(index(*given)) {
                *slot = number(place);
            }
        }
        let mut sets: Vec<(Box<[u32]>, u32)> = self.sets.into_iter().collect();
        sets.sort_unstable_by_key(|(_, number)| *number);
        let (mut ends, mut members) = (Vec::with_capacity(sets.len()), Vec::new());
        for (set, _) in &sets {
            members.extend(set.iter().filter_map(|given| places.get(index(*given))));
            ends.push(number(members.len()));
        }
        let codes = codes.into_iter().map(|(code, _)| code).collect();
        PostcodeTable { rows, ends: ends.into(), members: members.into(), codes }
    }
}

impl PostcodeTable {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.rows)
            + size_of_val(&*self.ends)
            + size_of_val(&*self.members)
            + size_of_val(&*self.codes)
    }

    /// Returns the centre of the postcodes in a span, and the areas that all of them lie in. Returns `None` if there
    /// are no such postcodes.
    ///
    /// The centre is the median of latitudes and that of longitudes, which a single misplaced postcode does not shift.
    pub(super) fn middle(&self, span: PostcodeSpan) -> Option<(Coordinates, Vec<AreaCode>)> {
        let rows = self.within(span);
        let point = middle_of(rows)?;
        Some((point, self.shared(rows.iter().map(|row| row.areas))))
    }

    pub(super) fn has_area(&self, area: AreaCode) -> bool {
        self.codes.binary_search(&area).is_ok()
    }

    /// Returns the areas that every postcode within `metres` of a point lies in. Scans all postcodes.
    pub(super) fn areas_at(&self, point: Coordinates, metres: f64) -> Vec<AreaCode> {
        let reach = (metres / Coordinates::RADIUS_OF_THE_EARTH).to_degrees();
        let (south, north) = (fixed(point.latitude - reach), fixed(point.latitude + reach));
        let near = |row: &&PostcodeRow| {
            (south..=north).contains(&row.latitude) && row.point().metres_to(point) <= metres
        };
        self.shared(self.rows.iter().filter(near).map(|row| row.areas))
    }

    /// The areas that every postcode of an area lies in.
    pub(super) fn around(&self, area: AreaCode) -> Vec<AreaCode> {
        let Ok(place) = self.codes.binary_search(&area) else { return vec![area] };
        let place = number(place);
        let sets = (0..number(self.ends.len())).filter(|set| self.set(*set).contains(&place));
        self.shared(sets)
    }

    fn within(&self, span: PostcodeSpan) -> &[PostcodeRow] {
        let from = self.rows.partition_point(|row| row.key < span.first);
        let rest = self.rows.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|row| row.key <= span.last)).unwrap_or_default()
    }

    fn shared(&self, mut sets: impl Iterator<Item = u32>) -> Vec<AreaCode> {
        let Some(mut last) = sets.next() else { return Vec::new() };
        let mut members = self.set(last).to_vec();
        for set in sets {
            // Neighbouring postcodes mostly have the same set.
            if set != last {
                let others = self.set(set);
                members.retain(|member| others.contains(member));
                last = set;
            }
        }
        members.into_iter().filter_map(|member| self.codes.get(index(member)).copied()).collect()
    }

    fn set(&self, number: u32) -> &[u32] {
        let end = |number: usize| self.ends.get(number).map_or(0, |end| index(*end));
        let from = index(number).checked_sub(1).map_or(0, end);
        self.members.get(from..end(index(number))).unwrap_or_default()
    }
}

/// Returns one row for each postcode, sorted.
fn one_each(mut rows: Vec<PostcodeRow>) -> Box<[PostcodeRow]> {
    rows.sort_unstable_by_key(|row| row.key);
    if rows.is_sorted_by(|one, next| one.key < next.key) {
        return rows.into();
    }
    let folded = rows.chunk_by(|one, next| one.key == next.key).filter_map(|same| {
        let (row, middle) = (same.first()?, middle_of(same)?);
        Some(PostcodeRow { latitude: fixed(middle.latitude), longitude: fixed(middle.longitude), ..*row })
    });
    folded.collect()
}

fn middle_of(rows: &[PostcodeRow]) -> Option<Coordinates> {
    if let [row] = rows {
        return Some(row.point());
    }
    let median = |number: fn(&PostcodeRow) -> FixedDegrees| {
        let mut numbers: Vec<FixedDegrees> = rows.iter().map(number).collect();
        let half = numbers.len() / 2;
        (half < numbers.len()).then(|| degrees(*numbers.select_nth_unstable(half).1))
    };
    Some(Coordinates { latitude: median(|row| row.latitude)?, longitude: median(|row| row.longitude)? })
}

#[expect(clippy::cast_possible_truncation, reason = "180 degrees are 1.8 thousand millions of these")]
fn fixed(degrees: f64) -> FixedDegrees {
    (degrees * PER_DEGREE).round() as FixedDegrees
}

fn degrees(fixed: FixedDegrees) -> f64 {
    f64::from(fixed) / PER_DEGREE
}

// There are fewer than four thousand million postcodes and areas.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
