//! Counting what a question found, by what services say.

use super::query_context::StillAsked;
use super::rows::MatchedRows;
use crate::model::{
    AreaCode, DayOfWeek, FacetDimension, FacetKey, RecordId, ServiceStatus, SourceKey, TriState,
};

/// What is to be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set")]
pub struct FacetsWanted {
    /// By source.
    pub sources: bool,
    /// By taxonomy term.
    pub taxonomy_terms: bool,
    /// However many terms there are: not only the most frequent.
    pub all_terms: bool,
    /// By status.
    pub statuses: bool,
    /// By day of the week on which they open.
    pub days: bool,
    /// By provider.
    pub organizations: bool,
    /// By council area.
    pub local_authorities: bool,
    /// By whether they are free.
    pub free: bool,
    /// By what is known of their terms, later: the lists of terms are needed.
    pub by_terms: bool,
}

impl FacetsWanted {
    /// Whether nothing is counted at once.
    pub fn is_empty(self) -> bool {
        Self { by_terms: false, ..self } == Self::default()
    }
}

/// How many of the services found say what; the most frequent first. A service that says several things of a kind
/// counts for each.
#[derive(Clone, Debug, Default)]
pub struct FacetCounts {
    /// By source.
    pub sources: Vec<(SourceKey, usize)>,
    /// By taxonomy term.
    pub taxonomy_terms: Vec<(RecordId, usize)>,
    /// By status.
    pub statuses: Vec<(ServiceStatus, usize)>,
    /// By day of the week on which they open within 35 days from today on.
    pub days: Vec<(DayOfWeek, usize)>,
    /// By provider.
    pub organizations: Vec<(RecordId, usize)>,
    /// By council area.
    pub local_authorities: Vec<(AreaCode, usize)>,
    /// By whether they are free today.
    pub free: Vec<(TriState, usize)>,
}

/// What is said in one way, and how often.
macro_rules! only {
    ($said:path, $counted:expr) => {
        $counted
            .into_iter()
            .filter_map(|(said, count)| if let $said(value) = said { Some((value, count)) } else { None })
            .collect::<Vec<_>>()
    };
}

impl FacetCounts {
    /// The most values of a kind that are counted, but for terms where all of these are wanted.
    pub const MOST: usize = 1000;

    /// Counts what is wanted.
    pub(super) fn of(wanted: FacetsWanted, found: &MatchedRows<'_>, asked: &StillAsked) -> Self {
        let most_terms = if wanted.all_terms { usize::MAX } else { Self::MOST };
        let said = |is_wanted: bool, dimension: FacetDimension, most| match is_wanted && asked.is_asked() {
            true => found.most_said(dimension.into(), most),
            false => Vec::new(),
        };
        let most_said = |is_wanted, dimension| said(is_wanted, dimension, Self::MOST);
        let mut days = only!(FacetKey::Day, most_said(wanted.days, FacetDimension::Day));
        // A week is read in its own order.
        days.sort_unstable_by_key(|(day, _)| *day);
        Self {
            sources: only!(FacetKey::Source, most_said(wanted.sources, FacetDimension::Source)),
            taxonomy_terms: only!(
                FacetKey::Record,
                said(wanted.taxonomy_terms, FacetDimension::TaxonomyTerm, most_terms)
            ),
            statuses: only!(FacetKey::Status, most_said(wanted.statuses, FacetDimension::Status)),
            days,
            organizations: only!(
                FacetKey::Record,
                most_said(wanted.organizations, FacetDimension::Organization)
            ),
            local_authorities: only!(
                FacetKey::LocalAuthority,
                most_said(wanted.local_authorities, FacetDimension::LocalAuthority)
            ),
            free: only!(FacetKey::Cost, most_said(wanted.free, FacetDimension::Cost)),
        }
    }
}
