//! Counts by the cells of a grid, for maps that cannot draw everything.

use crate::federation::{CellCount, GridCount, GridsWanted};
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;
use crate::model::{GeoBox, MapTile};
use async_graphql::Value;
use oruk_gateway_derive::{GraphObject, graph_object};

/// The cells that a client gets if it does not say how many.
pub(crate) const DEFAULT_CELLS: i32 = 500;

/// Which grids the client asks for: every `grid` of the selection.
pub(crate) fn wanted(ctx: &FieldContext<'_>) -> GridsWanted {
    let zooms = ctx.field().fields("grid").filter_map(|grid| match ctx.given(grid, 0)? {
        Value::Number(zoom) => u8::try_from(zoom.as_u64()?).ok(),
        _ => None,
    });
    zooms.fold(GridsWanted::default(), GridsWanted::and)
}

/// The zoom level that a client gives.
pub(super) fn zoom(zoom: i32) -> Result<u8, ApiError> {
    let zoom = u8::try_from(zoom).ok().filter(|zoom| *zoom <= MapTile::FINEST);
    zoom.ok_or_else(|| ApiError::bad_input(format!("`grid.zoom` must be 0 to {}", MapTile::FINEST)))
}

/// Counts by the cells of a grid.
pub(crate) struct ServiceGrid {
    count: GridCount,
    first: usize,
}

impl ServiceGrid {
    pub(super) fn new(count: GridCount, first: i32) -> Result<Self, ApiError> {
        let most = GridCount::MOST;
        match usize::try_from(first) {
            Ok(first) if (1..=most).contains(&first) => Ok(Self { count, first }),
            _ => Err(ApiError::bad_input(format!("`grid.first` must be 1 to {most}"))),
        }
    }
}

/// Matches per cell of a map grid, over all pages. If the filter has `withinBox` or `near`, only places inside it
/// count.
#[graph_object]
impl ServiceGrid {
    /// The zoom level of the cells.
    fn zoom(&self) -> i32 {
        int(self.count.zoom)
    }

    /// The cells with at least one service, those with the most services first.
    fn cells(&self) -> Vec<GridCell> {
        self.count.cells.iter().take(self.first).filter_map(GridCell::of).collect()
    }

    /// Whether there are more cells than `first` returns.
    fn truncated(&self) -> bool {
        self.count.total > self.first
    }
}

/// A cell of a map grid.
#[derive(GraphObject)]
pub(crate) struct GridCell {
    /// The column of the Web Mercator tile `zoom/x/y` that is the cell.
    x: i32,
    /// The row of that tile, counted from the north.
    y: i32,
    /// The number of services with a place in the cell. A service with places in several cells counts in each.
    services: i32,
    /// The centre of those places: the point to draw the number at.
    middle: PointOnMap,
    /// The centre of the cell.
    centre: PointOnMap,
    /// The edges of the cell. Use them as `withinBox` to find its services.
    #[graphql(name = "box")]
    bounds: BoxOnMap,
}

/// A point, in degrees (WGS84).
#[derive(GraphObject)]
#[graphql(name = "MapPoint")]
pub(crate) struct PointOnMap {
    /// Degrees north of the equator.
    pub(super) latitude: f64,
    /// Degrees east of Greenwich.
    pub(super) longitude: f64,
}

/// A box, in degrees (WGS84).
#[derive(GraphObject)]
#[graphql(name = "MapBox")]
pub(crate) struct BoxOnMap {
    /// The southern edge.
    south: f64,
    /// The western edge.
    west: f64,
    /// The northern edge.
    north: f64,
    /// The eastern edge.
    east: f64,
}

impl GridCell {
    fn of(count: &CellCount) -> Option<Self> {
        let CellCount { tile, services, middle } = count;
        Some(Self {
            x: int(tile.x),
            y: int(tile.y),
            services: int(*services),
            middle: (*middle).into(),
            centre: tile.centre()?.into(),
            bounds: tile.bounds()?.into(),
        })
    }
}

impl From<crate::model::Coordinates> for PointOnMap {
    fn from(point: crate::model::Coordinates) -> Self {
        Self { latitude: point.latitude, longitude: point.longitude }
    }
}

impl From<GeoBox> for BoxOnMap {
    fn from(bounds: GeoBox) -> Self {
        let (from, to) = (bounds.south_west(), bounds.north_east());
        Self { south: from.latitude, west: from.longitude, north: to.latitude, east: to.longitude }
    }
}
