//! Connections of locations: pages by name or by distance.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::{Distance, Location, PageInfo, SourceReport, views};
use crate::federation::{FoundLocation, LocationPage};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::LocationFilterInput;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::int;
use crate::model::{self, Cursor, RecordKind, SortOrder};

/// A page of locations as clients see it.
pub(crate) struct LocationConnection(LocationPage);

/// A page of locations: nearest first if the filter has `near`, otherwise by name.
#[graph_object]
impl LocationConnection {
    /// The records with their cursors and distances.
    fn edges(&self) -> Vec<LocationEdge> {
        let each = self.0.connection.records.iter().zip(&self.0.found);
        each.map(|(location, found)| LocationEdge {
            location: Arc::clone(location),
            found: found.clone(),
            order: self.0.order,
        })
        .collect()
    }

    /// The records.
    fn nodes(&self) -> Vec<Location> {
        views(&self.0.connection.records, Location)
    }

    /// The page's position in the list.
    fn page_info(&self) -> PageInfo {
        let of = |found: &FoundLocation| cursor(self.0.order, found);
        PageInfo {
            has_next_page: self.0.connection.has_next_page,
            has_previous_page: self.0.connection.has_previous_page,
            start_cursor: self.0.found.first().map(of),
            end_cursor: self.0.found.last().map(of),
        }
    }

    /// The number of matches known over all sources. It is exact when `complete` is true; otherwise some sources are
    /// counted only in part or not at all. Never `null`.
    fn total_count(&self) -> Option<i32> {
        Some(int(self.0.connection.total_count))
    }

    /// Whether every source asked was considered in full.
    fn complete(&self) -> bool {
        self.0.connection.is_complete()
    }

    /// How far each source asked was considered, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.0.connection.reports.iter().cloned().map(SourceReport).collect()
    }
}

/// A location, with its cursor and distance.
pub(crate) struct LocationEdge {
    location: Arc<model::Location>,
    found: FoundLocation,
    order: SortOrder,
}

/// A location, with its cursor and distance.
#[graph_object]
impl LocationEdge {
    /// The record's position in the list, for `after` or `before`. Opaque; survives restarts.
    fn cursor(&self) -> String {
        cursor(self.order, &self.found)
    }

    /// The record.
    fn node(&self) -> Location {
        Location(Arc::clone(&self.location))
    }

    /// The distance. `null` when the filter has no `near`, or the location's position is not known.
    fn distance(&self) -> Option<Distance> {
        self.found.distance.clone().map(Distance)
    }
}

/// The locations that a client asks for.
pub(crate) async fn locations(
    ctx: &FieldContext<'_>,
    filter: Option<LocationFilterInput>,
    page: PageArguments,
) -> Result<LocationConnection, ApiError> {
    let filter = filter.unwrap_or_default();
    ctx.knowing_names(filter.names_a_place()).await;
    let filter = filter.into_filter(ctx)?;
    let page = page.page(ctx, RecordKind::Location, filter.natural_order())?;
    let found = ctx.federation().lists.locations(&filter, &page, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    Ok(LocationConnection(found))
}

fn cursor(order: SortOrder, found: &FoundLocation) -> String {
    Cursor::encode(RecordKind::Location, order, &found.position)
}
