//! Counting what a question found, by what services say.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use crate::model::{AreaCode, DayOfWeek, Facts, RecordId, ServiceStatus, SourceKey, TriState};

/// What is to be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of seven")]
pub struct FacetsWanted {
    /// By source.
    pub sources: bool,
    /// By taxonomy term.
    pub taxonomy_terms: bool,
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
}

impl FacetsWanted {
    /// Whether nothing is.
    pub fn is_empty(self) -> bool {
        self == Self::default()
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
    /// Counts what is wanted.
    pub(super) fn of<'f>(
        wanted: FacetsWanted,
        all: impl Iterator<Item = &'f Facts> + Clone,
        today: NaiveDate,
    ) -> Self {
        let mut counts = Self::default();
        if wanted.sources {
            counts.sources = owned(count(all.clone().map(|facts| facts.id.source())));
        }
        if wanted.taxonomy_terms {
            counts.taxonomy_terms = owned(count(all.clone().flat_map(|facts| &facts.terms)));
        }
        if wanted.statuses {
            counts.statuses = count(all.clone().map(|facts| facts.status));
        }
        if wanted.days {
            let mut days = DayOfWeek::ALL.map(|day| (day, 0));
            for open in all.clone().map(|facts| facts.hours.days(today)) {
                days.iter_mut().for_each(|(day, count)| *count += usize::from(open.contains(*day)));
            }
            // A week is read in its own order.
            counts.days = days.into_iter().filter(|(_, count)| *count > 0).collect();
        }
        if wanted.organizations {
            counts.organizations = owned(count(all.clone().filter_map(|facts| facts.organization.as_ref())));
        }
        if wanted.local_authorities {
            counts.local_authorities =
                count(all.clone().flat_map(|facts| facts.local_authorities.iter().copied()));
        }
        if wanted.free {
            counts.free = count(all.map(|facts| facts.prices.free(today)));
        }
        counts
    }
}

/// Counts equal things; the most frequent first, those as frequent as each other in the order of what they are.
fn count<T: Hash + Ord>(all: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counted: HashMap<T, usize, RandomState> = HashMap::default();
    all.for_each(|one| *counted.entry(one).or_default() += 1);
    let mut counted: Vec<(T, usize)> = counted.into_iter().collect();
    counted.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
    counted
}

fn owned<T: Clone>(counted: Vec<(&T, usize)>) -> Vec<(T, usize)> {
    counted.into_iter().map(|(one, count)| (one.clone(), count)).collect()
}
