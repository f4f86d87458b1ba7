//! Reads the values of members: dates, times, numbers, phones, places, prices and texts, in any notation.

pub(super) mod ages;
pub(super) mod closures;
pub(super) mod codelists;
pub(super) mod currencies;
pub(super) mod dates;
mod degrees;
pub(super) mod extents;
mod geojson;
pub(super) mod languages;
pub(super) mod numbers;
pub(super) mod phones;
pub(super) mod places;
mod plain;
pub(super) mod prices;
pub(super) mod recurrence;
pub(super) mod texts;
pub(super) mod times;
mod tokens;
pub(super) mod truth;
mod web;
mod weekdays;
mod wkt;
