//! The encoded block of one sector: its postcodes, their positions and their council areas.

use super::bits::{BitReader, RunningMean};
use crate::model::geography::postcodes::key::UNITS;

/// One postcode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SectorPostcode {
    /// Its number in the sector.
    pub(super) unit: u32,
    /// The number of the council.
    pub(super) council: u32,
    /// Metres on the National Grid: the centre of a square of ten metres or, for coarse positions, the corner of one of
    /// a hundred.
    pub(super) east: u32,
    pub(super) north: u32,
    /// Whether the position was only recorded to a hundred metres.
    pub(super) is_coarse: bool,
}

/// The bounding box of a sector's postcodes, in hundreds of metres on the National Grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SectorBounds {
    pub(super) west: u16,
    pub(super) south: u16,
    pub(super) width: u16,
    pub(super) height: u16,
}

/// How positions of one precision are encoded.
struct SectorScale {
    is_coarse: bool,
    metres: u32,
    /// The offset from the corner of a cell to the point that stands for it.
    to_point: u32,
    mean: RunningMean,
}

const SCALES: [SectorScale; 2] = [
    SectorScale { is_coarse: false, metres: 10, to_point: 5, mean: RunningMean(64 << 2) },
    SectorScale { is_coarse: true, metres: 100, to_point: 0, mean: RunningMean(8 << 2) },
];

/// Decodes a block.
pub(super) fn rows(block: &[u8], bounds: SectorBounds) -> Vec<SectorPostcode> {
    let mut bits = BitReader::new(block);
    let units = bits.flags(UNITS as usize);
    let units = (0..).zip(units).filter_map(|(unit, is_there)| is_there.then_some(unit));
    let mut rows: Vec<SectorPostcode> = units.map(SectorPostcode::unplaced).collect();
    let coarse = bits.flags(rows.len());
    rows.iter_mut().zip(coarse).for_each(|(row, is_coarse)| row.is_coarse = is_coarse);
    read_councils(&mut bits, &mut rows);
    SCALES.into_iter().for_each(|scale| read_positions(&mut bits, &mut rows, bounds, scale));
    rows
}

// Most sectors lie in one council area. In others, neighbouring postcodes are mostly in the same one.
fn read_councils(bits: &mut BitReader<'_>, rows: &mut [SectorPostcode]) {
    let count = bits.take(4) + 1;
    let councils: Vec<u32> = (0..count).map(|_| bits.take(9)).collect();
    let changes = if count > 1 { bits.flags(rows.len()) } else { vec![false; rows.len()] };
    let mut now = 0;
    for (row, is_change) in rows.iter_mut().zip(changes) {
        if is_change {
            now = if count > 2 { bits.take(4) } else { 1 - now };
        }
        row.council = councils.get(now as usize).copied().unwrap_or(u32::MAX);
    }
}

/// Reads positions as differences from the previous postcode of the same precision.
fn read_positions(
    bits: &mut BitReader<'_>,
    rows: &mut [SectorPostcode],
    bounds: SectorBounds,
    scale: SectorScale,
) {
    let SectorScale { is_coarse, metres, to_point, mut mean } = scale;
    let chosen = rows.iter_mut().filter(|row| row.is_coarse == is_coarse);
    let chosen: Vec<&mut SectorPostcode> = chosen.collect();
    let stays = bits.flags(chosen.len());
    let (mut east, mut north) = bounds.middle(metres);
    for (row, stays) in chosen.into_iter().zip(stays) {
        if !stays {
            east += bits.signed_rice(&mut mean);
            north += bits.signed_rice(&mut mean);
        }
        let at = |cells: i64| u32::try_from(cells).unwrap_or_default() * metres + to_point;
        (row.east, row.north) = (at(east), at(north));
    }
}

impl SectorPostcode {
    fn unplaced(unit: u32) -> Self {
        Self { unit, council: 0, east: 0, north: 0, is_coarse: false }
    }
}

impl SectorBounds {
    pub(super) fn read(bytes: [u8; 8]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self {
            west: u16::from_le_bytes([a, b]),
            south: u16::from_le_bytes([c, d]),
            width: u16::from_le_bytes([e, f]),
            height: u16::from_le_bytes([g, h]),
        }
    }

    /// Returns the cell in the centre of the box, for cells of this many metres.
    pub(super) fn middle(self, metres: u32) -> (i64, i64) {
        let middle =
            |from: u16, size: u16| (i64::from(from) + i64::from(size) / 2) * (100 / i64::from(metres));
        (middle(self.west, self.width), middle(self.south, self.height))
    }

    /// Returns whether any of the box may be within `metres` of a point on the grid.
    pub(super) fn is_within(self, east: f64, north: f64, metres: f64) -> bool {
        let reaches = |at: f64, from: u16, size: u16| {
            let (first, last) = (f64::from(from) * 100.0, (f64::from(from) + f64::from(size) + 1.0) * 100.0);
            first - metres <= at && at <= last + metres
        };
        reaches(east, self.west, self.width) && reaches(north, self.south, self.height)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::geography::postcodes::built_in::encoder;

    fn some_rows() -> impl Strategy<Value = Vec<SectorPostcode>> {
        // Some are at the same place, as those of large users are.
        let place = prop_oneof![
            Just((43_210_u32, 90_000_u32)),
            (0..70_000_u32, 0..130_000_u32),
            (43_000..43_400_u32, 89_900..90_100_u32),
        ];
        let row = (place, 0..3_u32, prop::bool::weighted(0.2));
        prop::collection::btree_map(0..UNITS, row, 1..120).prop_map(|rows| {
            let row = |(unit, ((east, north), council, is_coarse)): (u32, ((u32, u32), u32, bool))| {
                let (metres, to_point) = if is_coarse { (100, 0) } else { (10, 5) };
                let at = |tens: u32| tens * 10 / metres * metres + to_point;
                SectorPostcode { unit, council: council * 100, east: at(east), north: at(north), is_coarse }
            };
            rows.into_iter().map(row).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rows in some_rows()) {
            let bounds = encoder::bounds(&rows);
            prop_assert_eq!(super::rows(&encoder::block(&rows, bounds), bounds), rows);
        }

        #[test]
        fn whatever_the_bytes_reading_ends(block in prop::collection::vec(any::<u8>(), 0..300)) {
            let bounds = SectorBounds { west: 10, south: 10, width: 3, height: 3 };
            prop_assert!(super::rows(&block, bounds).len() <= UNITS as usize);
        }
    }
}
