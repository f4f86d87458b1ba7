//! What writing a row needs in addition to its record: publishers, positions of postcodes and today's date.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::{Coordinates, Location, PostcodePlaces, SourceKey, place_of};

/// Who publishes a source and under which terms.
#[derive(Clone, Debug, Default)]
pub struct SourcePublication {
    /// The display name of the source.
    pub name: String,
    /// The name of the publisher.
    pub publisher: Option<String>,
    /// The publisher's web page about the source.
    pub homepage: Option<String>,
    /// The SPDX id of the licence, or otherwise its name.
    pub licence: Option<String>,
    /// The address of the text of the licence.
    pub licence_url: Option<String>,
    /// The words that the licence requires users to show.
    pub attribution: Option<String>,
}

/// What all rows of one export have in common.
#[derive(Clone, Debug)]
pub struct RowContext {
    /// The publication of each source.
    pub publications: HashMap<SourceKey, SourcePublication>,
    /// The positions of postcodes, for locations without coordinates.
    pub postcodes: Arc<PostcodePlaces>,
    /// Today's date in London.
    pub today: NaiveDate,
}

impl RowContext {
    /// Returns the publication of a source. `None` if the source is not configured.
    pub(super) fn publication(&self, source: &SourceKey) -> Option<&SourcePublication> {
        self.publications.get(source)
    }

    /// Returns the position of a location, and whether the position is approximate. `None` if it is not known.
    pub(super) fn place(&self, location: &Location) -> Option<(Coordinates, bool)> {
        place_of(location, &self.postcodes)
    }
}
