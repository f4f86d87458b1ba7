//! The built-in directory: the position and council area of every postcode of Great Britain. `postcodes.md` describes
//! content and format.
//!
//! A sector is decoded whenever one of its postcodes is asked for, which takes microseconds, and is not kept. The
//! centre of a district requires many sectors, so recent centres are cached.

mod bits;
mod block;
#[cfg(test)]
mod encoder;

use std::hash::{Hash as _, Hasher};
use std::sync::{Arc, LazyLock};

use moka::sync::Cache;

use super::grid;
use super::key::{PostcodeKey, PostcodeSpan};
use super::{PostcodeAccuracy, PostcodePlace};
use crate::model::geography::areas;
use crate::model::{AreaCode, Coordinates};
use block::{SectorBounds, SectorPostcode};

const BYTES: &[u8] = include_bytes!("postcodes.bin");
const MAGIC: &[u8] = b"ORUKPC01";
const DIGEST_LEN: usize = 8;
const CODE_LEN: usize = 9;
const ENTRY_LEN: usize = 16;

static BUILT_IN: LazyLock<PostcodeDirectory> =
    LazyLock::new(|| PostcodeDirectory::read(BYTES).unwrap_or_default());

/// The postcodes by sector.
#[derive(Default)]
pub(super) struct PostcodeDirectory {
    digest: &'static [u8],
    councils: &'static [u8],
    index: &'static [u8],
    blocks: &'static [u8],
    middles: Middles,
}

/// The cached centres of spans.
struct Middles(Cache<PostcodeSpan, Option<Middle>>);

/// A centre, and the areas that contain the whole span.
type Middle = (Coordinates, Arc<[AreaCode]>);

/// The most centres that are cached: the districts and sectors of a few counties, in less than a megabyte.
const MOST_MIDDLES: u64 = 4096;

impl Default for Middles {
    fn default() -> Self {
        Self(Cache::new(MOST_MIDDLES))
    }
}

/// An entry of the index.
#[derive(Clone, Copy)]
struct SectorEntry {
    sector: u32,
    offset: u32,
    bounds: SectorBounds,
}

impl PostcodeDirectory {
    /// Returns the built-in directory.
    pub(super) fn get() -> &'static Self {
        &BUILT_IN
    }

    fn read(bytes: &'static [u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(MAGIC)?;
        let (counts, bytes) = bytes.split_first_chunk::<4>()?;
        let [a, b, c, d] = *counts;
        let (councils, sectors) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
        let (digest, bytes) = bytes.split_at_checked(DIGEST_LEN)?;
        let (councils, bytes) = bytes.split_at_checked(usize::from(councils) * CODE_LEN)?;
        let (index, blocks) = bytes.split_at_checked(usize::from(sectors) * ENTRY_LEN)?;
        Some(Self { digest, councils, index, blocks, middles: Middles::default() })
    }

    /// Returns where a postcode is.
    pub(super) fn itself(&self, key: PostcodeKey) -> Option<PostcodePlace> {
        let row = self
            .sectors(key.itself())
            .flat_map(|entry| self.rows(entry))
            .find(|row| row.unit == key.unit())?;
        let coordinates = to_a_metre(grid::point(row.east.into(), row.north.into())?);
        let accuracy = if row.is_coarse { PostcodeAccuracy::Approximate } else { PostcodeAccuracy::Postcode };
        Some(PostcodePlace { coordinates, accuracy, areas: self.areas(row) })
    }

    /// Returns whether the directory has a postcode.
    pub(super) fn has(&self, key: PostcodeKey) -> bool {
        self.sectors(key.itself()).flat_map(|entry| self.rows(entry)).any(|row| row.unit == key.unit())
    }

    /// Returns whether a postcode that the directory does not have may be at a point: near others of its sector or, if
    /// there are none, of its district or area. If the directory does not have the area, any point is accepted, except
    /// that postcodes of Northern Ireland must be there.
    pub(super) fn may_have(&self, key: PostcodeKey, point: Coordinates) -> bool {
        let around = [(key.sector(), 5_000.0), (key.district(), 10_000.0), (key.area(), 20_000.0)];
        let Some((span, metres)) = around.into_iter().find(|(span, _)| self.has_any(*span)) else {
            let is_there = |point: Coordinates| {
                (54.0..=55.4).contains(&point.latitude) && (-8.2..=-5.4).contains(&point.longitude)
            };
            return is_there(point) || !PostcodeSpan::of_area("BT").is_some_and(|area| area.holds(key));
        };
        self.near(point, metres, |entry| span.holds_sector(entry.sector)).next().is_some()
    }

    /// Returns the postcode that is nearest to a point, if there is one within `metres`.
    pub(super) fn nearest(&self, point: Coordinates, metres: f64) -> Option<PostcodeKey> {
        let near = self.near(point, metres, |_| true);
        let nearest = near.min_by(|(one, ..), (other, ..)| one.total_cmp(other));
        nearest.map(|(_, sector, unit)| PostcodeKey::in_sector(sector, unit))
    }

    /// Returns the postcodes around a point in the wanted sectors: distance, sector, and number in the sector.
    fn near(
        &self,
        point: Coordinates,
        metres: f64,
        is_wanted: impl Fn(&SectorEntry) -> bool,
    ) -> impl Iterator<Item = (f64, u32, u32)> {
        let at = grid::metres(point).into_iter();
        at.flat_map(move |(east, north)| {
            let entries: Vec<SectorEntry> = self
                .entries()
                .filter(|entry| is_wanted(entry) && entry.bounds.is_within(east, north, metres))
                .collect();
            let rows = entries
                .into_iter()
                .flat_map(move |entry| self.rows(entry).into_iter().map(move |row| (entry.sector, row)));
            let placed = rows.map(move |(sector, row)| {
                let metres = (f64::from(row.east) - east).hypot(f64::from(row.north) - north);
                (metres, sector, row.unit)
            });
            placed.filter(move |(away, ..)| *away <= metres)
        })
    }

    /// Returns whether the directory has any postcode of a span.
    pub(super) fn has_any(&self, span: PostcodeSpan) -> bool {
        self.sectors(span).next().is_some()
    }

    /// Returns the centre of the postcodes in a span of whole sectors, and the areas that all of them lie in. The
    /// centre is the median easting and the median northing. Returns `None` if there are no such postcodes.
    pub(super) fn middle(&self, span: PostcodeSpan) -> Option<(Coordinates, Vec<AreaCode>)> {
        let (middle, areas) = self.middles.0.get_with(span, || self.worked_out_middle(span))?;
        Some((middle, areas.to_vec()))
    }

    fn worked_out_middle(&self, span: PostcodeSpan) -> Option<Middle> {
        let rows: Vec<SectorPostcode> = self.sectors(span).flat_map(|entry| self.rows(entry)).collect();
        let median = |number: fn(&SectorPostcode) -> u32| {
            let mut numbers: Vec<u32> = rows.iter().map(number).collect();
            let half = numbers.len() / 2;
            (half < numbers.len()).then(|| *numbers.select_nth_unstable(half).1)
        };
        let (east, north) = (median(|row| row.east)?, median(|row| row.north)?);
        Some((to_a_metre(grid::point(east.into(), north.into())?), self.shared(rows.iter()).into()))
    }

    /// Returns the areas that every postcode within `metres` of a point lies in.
    pub(super) fn areas_at(&self, point: Coordinates, metres: f64) -> Vec<AreaCode> {
        let Some((east, north)) = grid::metres(point) else { return Vec::new() };
        let near = self.entries().filter(|entry| entry.bounds.is_within(east, north, metres));
        let rows: Vec<SectorPostcode> = near.flat_map(|entry| self.rows(entry)).collect();
        let is_near = |row: &&SectorPostcode| {
            (f64::from(row.east) - east).hypot(f64::from(row.north) - north) <= metres && !row.is_coarse
        };
        self.shared(rows.iter().filter(is_near))
    }

    /// Returns the areas of a postcode or, if the directory does not have it, those that contain its whole sector or
    /// else its whole district.
    pub(super) fn areas_of(&self, key: PostcodeKey) -> Vec<AreaCode> {
        if let Some(placed) = self.itself(key) {
            return placed.areas;
        }
        let around = self.middle(key.sector()).or_else(|| self.middle(key.district()));
        around.map(|(_, areas)| areas).unwrap_or_default()
    }

    /// Hashes what identifies this version of the directory.
    pub(super) fn fingerprint(&self, hasher: &mut impl Hasher) {
        self.digest.hash(hasher);
    }

    fn areas(&self, row: SectorPostcode) -> Vec<AreaCode> {
        let mut around = Vec::from_iter(self.council(row.council));
        areas::complete(&mut around);
        around
    }

    fn shared<'r>(&self, rows: impl Iterator<Item = &'r SectorPostcode>) -> Vec<AreaCode> {
        let mut councils: Vec<u32> = rows.map(|row| row.council).collect();
        councils.sort_unstable();
        councils.dedup();
        let mut around = councils.into_iter().map(|council| {
            let mut around = Vec::from_iter(self.council(council));
            areas::complete(&mut around);
            around
        });
        let mut shared = around.next().unwrap_or_default();
        around.for_each(|others| shared.retain(|area| others.contains(area)));
        shared
    }

    fn council(&self, number: u32) -> Option<AreaCode> {
        let from = usize::try_from(number).ok()? * CODE_LEN;
        let code = self.councils.get(from..from + CODE_LEN)?;
        AreaCode::parse(std::str::from_utf8(code).ok()?).ok()
    }

    fn rows(&self, entry: SectorEntry) -> Vec<SectorPostcode> {
        let from = usize::try_from(entry.offset).unwrap_or(usize::MAX);
        block::rows(self.blocks.get(from..).unwrap_or_default(), entry.bounds)
    }

    /// Returns the sectors from the one in which a span begins to the one in which it ends.
    fn sectors(&self, span: PostcodeSpan) -> impl Iterator<Item = SectorEntry> {
        let (entries, _) = self.index.as_chunks::<ENTRY_LEN>();
        let (first, last) = (span.first.sector_number(), span.last.sector_number());
        let from = entries.partition_point(|entry| SectorEntry::read(entry).sector < first);
        let rest = entries.get(from..).unwrap_or_default();
        rest.iter().map(SectorEntry::read).take_while(move |entry| entry.sector <= last)
    }

    fn entries(&self) -> impl Iterator<Item = SectorEntry> {
        self.index.as_chunks::<ENTRY_LEN>().0.iter().map(SectorEntry::read)
    }
}

impl SectorEntry {
    fn read(bytes: &[u8; ENTRY_LEN]) -> Self {
        let [a, b, c, d, e, f, g, h, bounds @ ..] = *bytes;
        Self {
            sector: u32::from_le_bytes([a, b, c, d]),
            offset: u32::from_le_bytes([e, f, g, h]),
            bounds: SectorBounds::read(bounds),
        }
    }
}

/// Rounds to five decimals, about a metre. More would claim a precision that the data lacks.
fn to_a_metre(point: Coordinates) -> Coordinates {
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    Coordinates { latitude: round(point.latitude), longitude: round(point.longitude) }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::model::AreaKind;

    #[test]
    fn the_file_is_whole() {
        let directory = PostcodeDirectory::get();
        let content = BYTES.get(MAGIC.len() + 4 + DIGEST_LEN..).unwrap();
        assert_eq!(Sha256::digest(content).get(..DIGEST_LEN), Some(directory.digest));
        let (councils, sectors) = (directory.councils.len() / CODE_LEN, directory.entries().count());
        assert_eq!((councils, sectors), (350, 12_008));
    }

    #[test]
    fn every_postcode_lies_in_the_kingdom_and_in_a_council_in_use() {
        let directory = PostcodeDirectory::get();
        let (mut postcodes, mut coarse, mut last) = (0, 0, 0);
        for entry in directory.entries() {
            assert!(last < entry.sector, "in order");
            last = entry.sector;
            let rows = directory.rows(entry);
            assert!(rows.is_sorted_by(|one, next| one.unit < next.unit), "{last}");
            postcodes += rows.len();
            coarse += rows.iter().filter(|row| row.is_coarse).count();
            for row in [rows.first(), rows.last()].into_iter().flatten() {
                assert!(grid::point(row.east.into(), row.north.into()).is_some_and(Coordinates::is_near_uk));
                let council = directory.council(row.council).unwrap();
                assert!(
                    council.is_in_use() && council.kind() == Some(AreaKind::LocalAuthority),
                    "{council:?}"
                );
            }
        }
        assert_eq!((postcodes, coarse), (2_633_704, 183_616));
    }
}
