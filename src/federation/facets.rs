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

impl FacetCounts {
    /// The most values of a kind that are counted, but for terms where all of these are wanted.
    pub const MOST: usize = 1000;

    pub(super) fn of(wanted: FacetsWanted, found: &MatchedRows<'_>, asked: &StillAsked) -> Self {
        let most_terms = if wanted.all_terms { usize::MAX } else { Self::MOST };
        // What is said in one way, and how often.
        macro_rules! count {
            ($said:ident, $is_wanted:ident, $dimension:ident, $most:expr) => {{
                let is_counted = wanted.$is_wanted && asked.is_asked();
                let counted = is_counted.then(|| found.most_said(FacetDimension::$dimension.into(), $most));
                let each = counted.into_iter().flatten();
                each.filter_map(|(said, count)| match said {
                    FacetKey::$said(value) => Some((value, count)),
                    _ => None,
                })
                .collect::<Vec<_>>()
            }};
        }
        let mut days = count!(Day, days, Day, Self::MOST);
        // A week is read in its own order.
        days.sort_unstable_by_key(|(day, _)| *day);
        Self {
            sources: count!(Source, sources, Source, Self::MOST),
            taxonomy_terms: count!(Record, taxonomy_terms, TaxonomyTerm, most_terms),
            statuses: count!(Status, statuses, Status, Self::MOST),
            days,
            organizations: count!(Record, organizations, Organization, Self::MOST),
            local_authorities: count!(LocalAuthority, local_authorities, LocalAuthority, Self::MOST),
            free: count!(Cost, free, Cost, Self::MOST),
        }
    }
}
