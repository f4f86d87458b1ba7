//! The table of locations.

use std::sync::Arc;

use super::RowsOf;
use super::service_columns::{columns, exactness, location_type};
use crate::model::{Coordinates, Location, wheelchair_accessible};
use crate::writers::contact_words::{address_in_words, phone_in_words, postcode_in_words};
use crate::writers::export_column::{ColumnValue, ExportColumn, ExportRow};
use crate::writers::geojson::PlacedRow;
use crate::writers::opening_words::opening_in_words;
use crate::writers::row_context::RowContext;

/// One row of the table of locations.
#[derive(Debug)]
pub struct LocationRow {
    location: Arc<Location>,
    context: Arc<RowContext>,
}

impl LocationRow {
    fn position(&self) -> Option<(Coordinates, bool)> {
        self.context.place(&self.location)
    }
}

impl ExportRow for LocationRow {
    type Record = Location;
    const COLUMNS: &'static [ExportColumn<Self>] = columns! {
        "id", "The id of the location in this gateway: opaque, stable, and unique over all sources.",
            |row| (&row.location.id).into();
        "name", "The name of the place.", |row| row.location.name.as_deref().into();
        "alternate_name", "Another name.", |row| row.location.alternate_name.as_deref().into();
        "location_type", "`physical`, `postal` or `virtual`; empty if the feed does not say.",
            |row| location_type(row.location.location_type).into();
        "description", "A description, as plain text.", |row| row.location.description.as_ref().into();
        "transportation", "How to get there.", |row| row.location.transportation.as_deref().into();
        "url", "The web address of a virtual place.", |row| row.location.url.as_ref().into();
        "addresses", "Addresses, without postcodes. Empty where the publisher keeps an address private.",
            |row| ColumnValue::texts(row.location.addresses.iter().map(|address| address_in_words(address)));
        "cities", "The towns or cities of the addresses.",
            |row| ColumnValue::texts(row.location.addresses.iter().filter_map(|address| address.city.as_deref()));
        "postcodes", "The postcodes of the addresses.",
            |row| {
                let addresses = row.location.addresses.iter();
                ColumnValue::texts(addresses.filter_map(|address| postcode_in_words(address)))
            };
        "latitude", "Degrees north (WGS 84).", |row| row.position().map(|(point, _)| point.latitude).into();
        "longitude", "Degrees east (WGS 84).", |row| row.position().map(|(point, _)| point.longitude).into();
        "position", "`exact`, or `approximate` if it is the middle of a postcode or was rounded by its publisher.",
            |row| row.position().map(|(_, is_approximate)| exactness(is_approximate)).into();
        "accessibility", "Statements about access for disabled people.",
            |row| {
                let each = row.location.accessibility.iter();
                ColumnValue::texts(each.filter_map(|one| one.description.as_deref().or(one.details.as_deref())))
            };
        "wheelchair", "Whether a wheelchair user can get in: `true` or `false`; empty if unknown.",
            |row| wheelchair_accessible(&row.location).into();
        "phones", "Telephone numbers.",
            |row| ColumnValue::texts(row.location.phones.iter().map(|phone| phone_in_words(phone)));
        "opening_times", "When the place is open.",
            |row| ColumnValue::texts(row.location.schedules.iter().map(|schedule| opening_in_words(schedule)));
        "external_identifier", "An identifier from another scheme, e.g. a UPRN.",
            |row| row.location.external_identifier.as_deref().into();
        "external_identifier_type", "The name of that scheme.",
            |row| row.location.external_identifier_type.as_deref().into();
        "organization_id", "The id of the organisation that maintains the record.",
            |row| row.location.organization_id.as_ref().into();
    };

    fn rows(record: &Arc<Location>, _: RowsOf, context: &Arc<RowContext>) -> Vec<Self> {
        vec![Self { location: Arc::clone(record), context: Arc::clone(context) }]
    }

    fn record(&self) -> &Location {
        &self.location
    }

    fn context(&self) -> &RowContext {
        &self.context
    }
}

impl PlacedRow for LocationRow {
    fn feature_id(&self) -> String {
        self.location.id.as_str().to_owned()
    }

    fn point(&self) -> Option<Coordinates> {
        self.position().map(|(point, _)| point)
    }
}
