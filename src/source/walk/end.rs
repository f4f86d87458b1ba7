//! What a walk came to.

use super::course::Course;
use crate::source::error::SourceError;

/// How a walk ended.
#[derive(Debug)]
pub(in crate::source) struct End {
    /// Why pages are missing, where some are. Without it the walk reached the end, or the most it may read.
    pub error: Option<SourceError>,
    /// Which ceiling of the configuration it reached, if it did: why records are missing although the feed answered.
    pub ceiling: Option<SourceError>,
    /// Whether it broke off and can be gone on with.
    pub broke_off: bool,
    /// Whether it read as much as it may before it came to an end.
    pub stopped_short: bool,
    /// Whether pages shifted while they were read, or could not be turned, so that records may be missing.
    pub unsteady: bool,
    /// Whether it came to where the list ends, as far as can be told.
    pub at_the_end: bool,
    /// How far it came.
    pub course: Course,
}
