//! Counts the services that a search found by what they say.

use super::WantedFacts;
use super::query_context::StillAsked;
use super::rows::MatchedRows;
use crate::model::{
    AreaCode, DayOfWeek, FacetDimension, FacetKey, RecordId, ServiceStatus, SourceKey, TriState,
};

/// The facets to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set")]
pub struct FacetsWanted {
    /// By source.
    pub sources: bool,
    /// By taxonomy term.
    pub taxonomy_terms: bool,
    /// Whether to count all terms, rather than only the most frequent.
    pub all_terms: bool,
    /// By status.
    pub statuses: bool,
    /// By day of the week on which services open.
    pub days: bool,
    /// By provider.
    pub organizations: bool,
    /// By council area.
    pub local_authorities: bool,
    /// By whether services are free.
    pub free: bool,
    /// Whether something is counted later that needs the lists of terms.
    pub by_terms: bool,
    /// What is counted later needs this of every service.
    pub counted_later: WantedFacts,
}

impl FacetsWanted {
    /// Returns whether nothing is to be counted at once.
    pub fn is_empty(self) -> bool {
        Self { by_terms: false, counted_later: WantedFacts::default(), ..self } == Self::default()
    }

    /// Returns the dimensions that are counted at once.
    pub(super) fn dimensions(self) -> impl Iterator<Item = FacetDimension> {
        let each = [
            (self.sources, FacetDimension::Source),
            (self.taxonomy_terms, FacetDimension::TaxonomyTerm),
            (self.statuses, FacetDimension::Status),
            (self.days, FacetDimension::Day),
            (self.organizations, FacetDimension::Organization),
            (self.local_authorities, FacetDimension::LocalAuthority),
            (self.free, FacetDimension::Cost),
        ];
        each.into_iter().filter_map(|(is_wanted, dimension)| is_wanted.then_some(dimension))
    }
}

/// How many of the services found have each value, the most frequent value first. A service with several values of a
/// kind counts for each.
#[derive(Clone, Debug, Default)]
pub struct FacetCounts {
    /// By source.
    pub sources: Vec<(SourceKey, usize)>,
    /// By taxonomy term.
    pub taxonomy_terms: Vec<(RecordId, usize)>,
    /// By status.
    pub statuses: Vec<(ServiceStatus, usize)>,
    /// By day of the week on which services open within 35 days from today.
    pub days: Vec<(DayOfWeek, usize)>,
    /// By provider.
    pub organizations: Vec<(RecordId, usize)>,
    /// By council area.
    pub local_authorities: Vec<(AreaCode, usize)>,
    /// By whether services are free today.
    pub free: Vec<(TriState, usize)>,
}

impl FacetCounts {
    /// The most values of a kind that are counted, unless all terms were asked for.
    pub const MOST: usize = 1000;

    pub(super) fn of(wanted: FacetsWanted, found: &MatchedRows<'_>, asked: &StillAsked) -> Self {
        let most_terms = if wanted.all_terms { usize::MAX } else { Self::MOST };
        // Counts the values of one facet.
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
        // Days are in the order of the week.
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
