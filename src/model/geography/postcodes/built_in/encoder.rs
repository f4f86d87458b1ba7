//! Writes the format that `block` reads, like `scripts/make_postcodes.py`; for tests.

use super::bits::{ESCAPE, ESCAPED_BITS, RUN_MEAN, RunningMean};
use super::block::{SectorBounds, SectorPostcode};
use crate::model::geography::postcodes::key::UNITS;

#[derive(Default)]
struct BitWriter(Vec<bool>);

impl BitWriter {
    fn put(&mut self, number: u32, width: u32) {
        self.0.extend((0..width).rev().map(|place| number >> place & 1 == 1));
    }

    fn rice(&mut self, number: u32, mean: &mut RunningMean) {
        let (quotient, width) = (number >> mean.width(), mean.width());
        self.0.extend((0..quotient.min(ESCAPE)).map(|_| true));
        if quotient < ESCAPE {
            self.put(0, 1);
            self.put(number & ((1 << width) - 1), width);
        } else {
            self.put(number, ESCAPED_BITS);
        }
        mean.take_in(number);
    }

    fn step(&mut self, from: i64, to: i64, mean: &mut RunningMean) {
        let step = to - from;
        self.rice(u32::try_from(if step >= 0 { step * 2 } else { -step * 2 - 1 }).unwrap(), mean);
    }

    fn flags(&mut self, flags: &[bool]) {
        self.put(flags.contains(&true).into(), 1);
        if !flags.contains(&true) {
            return;
        }
        let mut means = [RUN_MEAN, RUN_MEAN];
        let (mut value, mut rest) = (false, flags);
        while !rest.is_empty() {
            let run = rest.iter().take_while(|flag| **flag == value).count();
            let written = run - usize::from(value || rest.len() < flags.len());
            self.rice(written.try_into().unwrap(), &mut means[usize::from(value)]);
            (value, rest) = (!value, &rest[run..]);
        }
    }
}

/// Returns the bounding box of rows.
pub(super) fn bounds(rows: &[SectorPostcode]) -> SectorBounds {
    let extent = |number: fn(&SectorPostcode) -> u32| {
        let hundreds = rows.iter().map(|row| u16::try_from(number(row) / 100).unwrap());
        let (least, most) = (hundreds.clone().min().unwrap(), hundreds.max().unwrap());
        (least, most - least)
    };
    let ((west, width), (south, height)) = (extent(|row| row.east), extent(|row| row.north));
    SectorBounds { west, south, width, height }
}

/// Encodes the block of a sector.
pub(super) fn block(rows: &[SectorPostcode], bounds: SectorBounds) -> Vec<u8> {
    let mut writer = BitWriter::default();
    let is_there: Vec<bool> = (0..UNITS).map(|unit| rows.iter().any(|row| row.unit == unit)).collect();
    writer.flags(&is_there);
    writer.flags(&rows.iter().map(|row| row.is_coarse).collect::<Vec<_>>());
    councils(&mut writer, rows);
    for (is_coarse, metres, mean) in [(false, 10, 64 << 2), (true, 100, 8 << 2)] {
        let mut mean = RunningMean(mean);
        let chosen = rows.iter().filter(|row| row.is_coarse == is_coarse);
        let places: Vec<(i64, i64)> =
            chosen.map(|row| ((row.east / metres).into(), (row.north / metres).into())).collect();
        let origins: Vec<(i64, i64)> =
            std::iter::once(bounds.middle(metres)).chain(places.iter().copied()).collect();
        writer.flags(&places.iter().zip(&origins).map(|(place, origin)| place == origin).collect::<Vec<_>>());
        for (place, origin) in places.iter().zip(&origins).filter(|(place, origin)| place != origin) {
            writer.step(origin.0, place.0, &mut mean);
            writer.step(origin.1, place.1, &mut mean);
        }
    }
    let bytes = writer.0.chunks(8);
    bytes
        .map(|byte| byte.iter().enumerate().fold(0, |sum, (at, bit)| sum | u8::from(*bit) << (7 - at)))
        .collect()
}

fn councils(writer: &mut BitWriter, rows: &[SectorPostcode]) {
    let mut councils: Vec<u32> = rows.iter().map(|row| row.council).collect();
    councils.sort_unstable();
    councils.dedup();
    writer.put(u32::try_from(councils.len()).unwrap() - 1, 4);
    councils.iter().for_each(|council| writer.put(*council, 9));
    let told: Vec<usize> =
        rows.iter().map(|row| councils.iter().position(|council| *council == row.council).unwrap()).collect();
    let before = std::iter::once(&0).chain(&told);
    let changes: Vec<bool> = told.iter().zip(before).map(|(now, before)| now != before).collect();
    if councils.len() > 1 {
        writer.flags(&changes);
    }
    if councils.len() > 2 {
        let changed = told.iter().zip(&changes).filter(|(_, is_change)| **is_change);
        changed.for_each(|(now, _)| writer.put(u32::try_from(*now).unwrap(), 4));
    }
}
