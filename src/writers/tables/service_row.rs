//! A row of the table of services: a service with all its places, or with one of them.

use std::sync::Arc;

use chrono::NaiveDate;

use super::RowsOf;
use super::service_columns::SERVICE_COLUMNS;
use crate::model::{Coordinates, Location, Record as _, Schedule, Service, ServiceAtLocation};
use crate::writers::export_column::{ExportColumn, ExportRow};
use crate::writers::geojson::PlacedRow;
use crate::writers::row_context::RowContext;

/// A service with all its places, or with one of them.
#[derive(Debug)]
pub struct ServiceRow {
    pub(super) service: Arc<Service>,
    /// The position of the row's place in the service's list; `None` if the row has all places.
    place: Option<usize>,
    context: Arc<RowContext>,
}

impl ExportRow for ServiceRow {
    type Record = Service;
    const COLUMNS: &'static [ExportColumn<Self>] = SERVICE_COLUMNS;

    fn rows(record: &Arc<Service>, of: RowsOf, context: &Arc<RowContext>) -> Vec<Self> {
        let row = |place| Self { service: Arc::clone(record), place, context: Arc::clone(context) };
        match (of, record.service_at_locations.len()) {
            (RowsOf::Records, _) | (RowsOf::Places, 0) => vec![row(None)],
            (RowsOf::Places, places) => (0..places).map(Some).map(row).collect(),
        }
    }

    fn record(&self) -> &Service {
        &self.service
    }

    fn context(&self) -> &RowContext {
        &self.context
    }
}

impl PlacedRow for ServiceRow {
    fn feature_id(&self) -> String {
        // A feed may use an id twice; the number of the place keeps the features' ids different.
        match (self.place, self.places().next()) {
            (Some(number), Some(place)) => format!("{}/{number}", place.id().as_str()),
            _ => self.service.id.as_str().to_owned(),
        }
    }

    fn point(&self) -> Option<Coordinates> {
        self.position().map(|(point, _)| point)
    }
}

impl ServiceRow {
    /// Returns the places that the row covers.
    pub(super) fn places(&self) -> impl Iterator<Item = &Arc<ServiceAtLocation>> {
        let all = self.service.service_at_locations.iter();
        let number = self.place;
        all.enumerate()
            .filter(move |(at, _)| number.is_none_or(|number| number == *at))
            .map(|(_, place)| place)
    }

    /// Returns the locations of the row's places. Places whose location the service does not carry are left out.
    pub(super) fn locations(&self) -> impl Iterator<Item = &Arc<Location>> {
        self.places().filter_map(|place| place.location.as_ref())
    }

    /// Returns the position of the first of the row's places whose position is known, and whether it is approximate.
    pub(super) fn position(&self) -> Option<(Coordinates, bool)> {
        self.locations().find_map(|location| self.context.place(location))
    }

    /// Today's date in London.
    pub(super) fn today(&self) -> NaiveDate {
        self.context.today
    }

    /// Returns the schedules of the service and of the service at the row's places. If there are none, returns the
    /// schedules of the locations.
    pub(super) fn schedules(&self) -> Vec<&Arc<Schedule>> {
        let own = self.service.schedules.iter().chain(self.places().flat_map(|place| &place.schedules));
        let own: Vec<_> = own.collect();
        let of_locations = || self.locations().flat_map(|location| &location.schedules).collect();
        if own.is_empty() { of_locations() } else { own }
    }
}
