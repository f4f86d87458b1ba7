//! What rows are written with beside their records: who publishes them, where postcodes are, and what day it is.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::{Coordinates, Location, PostcodePlaces, SourceKey, place_of};

/// Who publishes a source, and on what terms.
#[derive(Clone, Debug, Default)]
pub struct SourcePublication {
    /// The source's name for people.
    pub name: String,
    /// Its publisher.
    pub publisher: Option<String>,
    /// The publisher's page about it.
    pub homepage: Option<String>,
    /// The licence: its SPDX id, or its name.
    pub licence: Option<String>,
    /// The licence's text.
    pub licence_url: Option<String>,
    /// Words the licence asks to be shown.
    pub attribution: Option<String>,
}

/// What all rows of one export have in common.
#[derive(Clone, Debug)]
pub struct RowContext {
    /// Who publishes each source.
    pub publications: HashMap<SourceKey, SourcePublication>,
    /// Where postcodes are.
    pub postcodes: Arc<PostcodePlaces>,
    /// Today's date in London.
    pub today: NaiveDate,
}

impl RowContext {
    /// Returns who publishes a source. `None` if it is not configured.
    pub(super) fn publication(&self, source: &SourceKey) -> Option<&SourcePublication> {
        self.publications.get(source)
    }

    /// Returns where a location is, and whether that is only approximate.
    pub(super) fn place(&self, location: &Location) -> Option<(Coordinates, bool)> {
        place_of(location, &self.postcodes)
    }
}
