//! Counts the services that a search found by the cells of a map's grid.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::query_context::StillAsked;
use super::rows::{MatchedRows, first};
use crate::model::{Coordinates, MapTile, ServiceFacts, ServiceFilter};

/// The zoom levels of the grids to count, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridsWanted(u32);

/// For each zoom level asked for, the number of services with a place in each cell.
#[derive(Clone, Debug, Default)]
pub struct GridCounts(Vec<GridCount>);

/// The cells of one zoom level.
#[derive(Clone, Debug)]
pub struct GridCount {
    /// The zoom level.
    pub zoom: u8,
    /// The cells with the most services, at most [`GridCount::MOST`]. The most services come first; cells with equally
    /// many run from north-west to south-east.
    pub cells: Vec<CellCount>,
    /// The number of cells with services, including those left out.
    pub total: usize,
}

/// The services in one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellCount {
    /// The cell.
    pub tile: MapTile,
    /// The number of services that have a place in it.
    pub services: usize,
    /// The mean position of these places.
    pub middle: Coordinates,
}

impl GridsWanted {
    /// Adds a zoom level. One finer than [`MapTile::FINEST`] is ignored.
    #[must_use]
    pub fn and(self, zoom: u8) -> Self {
        if zoom <= MapTile::FINEST { Self(self.0 | 1 << zoom) } else { self }
    }

    /// Returns whether no grid was asked for.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn zooms(self) -> impl Iterator<Item = u8> {
        (0..=MapTile::FINEST).filter(move |zoom| self.0 >> zoom & 1 == 1)
    }
}

impl GridCount {
    /// The most cells that are listed.
    pub const MOST: usize = 2000;
}

impl GridCounts {
    /// Counts these grids. Only places within the boxes and circles that the filter requires count.
    pub(super) fn of(
        wanted: GridsWanted,
        filter: &ServiceFilter,
        found: &MatchedRows<'_>,
        asked: &StillAsked,
    ) -> Self {
        let zooms: Vec<u8> = wanted.zooms().collect();
        let Some(finest) = zooms.last().copied() else { return Self::default() };
        let mut cells: Vec<HashMap<MapTile, CellSum, RandomState>> = vec![HashMap::default(); zooms.len()];
        for (number, facts) in asked.while_asked(found.facts().enumerate()) {
            for point in points_of(facts, filter) {
                let fine = MapTile::of(point, finest);
                for (zoom, cells) in zooms.iter().zip(&mut cells) {
                    cells.entry(fine.at(*zoom)).or_default().add(number, point);
                }
            }
        }
        Self(zooms.into_iter().zip(cells).map(|(zoom, cells)| counted(zoom, cells)).collect())
    }

    /// Returns the grid of a zoom level. `None` if it was not asked for.
    pub fn at(&self, zoom: u8) -> Option<&GridCount> {
        self.0.iter().find(|grid| grid.zoom == zoom)
    }
}

fn points_of(facts: &ServiceFacts, filter: &ServiceFilter) -> impl Iterator<Item = Coordinates> {
    facts.points.iter().map(|point| point.coordinates).filter(|point| filter.has_place_at(*point))
}

fn counted(zoom: u8, cells: HashMap<MapTile, CellSum, RandomState>) -> GridCount {
    let total = cells.len();
    let cells = cells.into_iter().map(|(tile, sum)| sum.count(tile)).collect();
    let cells = first(cells, GridCount::MOST, |a: &CellCount, b: &CellCount| {
        b.services.cmp(&a.services).then_with(|| (a.tile.y, a.tile.x).cmp(&(b.tile.y, b.tile.x)))
    });
    GridCount { zoom, cells, total }
}

#[derive(Clone, Copy, Debug, Default)]
struct CellSum {
    services: usize,
    /// One more than the index of the service that was counted last.
    last: usize,
    places: u32,
    latitude: f64,
    longitude: f64,
}

impl CellSum {
    fn add(&mut self, row: usize, point: Coordinates) {
        // Services come one after the other, so one with several places in a cell counts once.
        self.services += usize::from(self.last != row + 1);
        self.last = row + 1;
        self.places += 1;
        self.latitude += point.latitude;
        self.longitude += point.longitude;
    }

    fn count(self, tile: MapTile) -> CellCount {
        let of = f64::from(self.places.max(1));
        let middle = Coordinates { latitude: self.latitude / of, longitude: self.longitude / of };
        CellCount { tile, services: self.services, middle }
    }
}
