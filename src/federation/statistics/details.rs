//! Details of the groups that are shown: the organisations and locations of their services, when these were last
//! checked, and examples.

use std::collections::BTreeMap;

use super::groups::{CountedGroup, FastMap, GroupCell, ServiceGroups, each_cell};
use crate::federation::WantedFacts;
use crate::federation::rows::RowSayings;
use crate::model::{FacetDimension, FacetKey, RecordId, ServiceAspect};

/// The details wanted of each group. For any of them, all matching services are gone through once more.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetailsWanted {
    /// The number of organisations.
    pub organizations: bool,
    /// The number of locations.
    pub locations: bool,
    /// The median of the days since the services were last checked.
    pub assured_age: bool,
    /// The most example services. 0 for none.
    pub examples: usize,
}

impl DetailsWanted {
    /// Returns what the details need of every service.
    pub(super) fn of_rows(self) -> WantedFacts {
        let each = [
            (self.organizations, ServiceAspect::Of(FacetDimension::Organization)),
            (self.locations, ServiceAspect::Location),
            (self.assured_age, ServiceAspect::AssuredDate),
        ];
        let wanted = each.into_iter().filter(|(is_wanted, _)| *is_wanted);
        wanted.map(|(_, aspect)| WantedFacts::of_aspect(aspect)).fold(WantedFacts::default(), WantedFacts::or)
    }

    fn is_nothing(self) -> bool {
        !(self.organizations || self.locations || self.assured_age) && self.examples == 0
    }
}

/// The details of a group, as far as they were wanted.
#[derive(Debug)]
pub(super) struct GroupDetail {
    pub(super) organizations: usize,
    pub(super) locations: usize,
    pub(super) median_assured_age_days: Option<f64>,
    pub(super) examples: Vec<RecordId>,
}

impl ServiceGroups<'_> {
    pub(super) fn detailed(&self, groups: &[CountedGroup], wanted: DetailsWanted) -> Vec<GroupDetail> {
        let cells: Vec<GroupCell> = groups.iter().map(|group| group.cell).collect();
        let detail = |detail: Detail| GroupDetail {
            organizations: detail.organizations.len(),
            locations: detail.locations.len(),
            median_assured_age_days: median(&detail.ages),
            examples: detail.examples.into_iter().filter_map(|row| self.rows.id(row)).collect(),
        };
        self.details(&cells, wanted).into_iter().map(detail).collect()
    }

    fn details(&self, cells: &[GroupCell], wanted: DetailsWanted) -> Vec<Detail> {
        let places: FastMap<GroupCell, usize> =
            cells.iter().zip(0..).map(|(cell, place)| (*cell, place)).collect();
        let mut details: Vec<Detail> = cells.iter().map(|_| Detail::default()).collect();
        if wanted.is_nothing() {
            return details;
        }
        let sayings = |is_wanted: bool, aspect| is_wanted.then(|| NamedBy::of(self.rows.sayings(aspect)));
        let organizations = sayings(wanted.organizations, FacetDimension::Organization.into());
        let locations = sayings(wanted.locations, ServiceAspect::Location);
        let dates = wanted.assured_age.then(|| self.rows.sayings(ServiceAspect::AssuredDate));
        let ages = dates.as_ref().map(|dates| self.ages(dates)).unwrap_or_default();
        for row in self.asked.while_asked(0..self.rows.len()) {
            let date = dates.as_ref().and_then(|dates| dates.get(row).first());
            let age = date.and_then(|number| *ages.get(*number as usize)?);
            each_cell(&self.columns, row, |cell| {
                let detail = places.get(&cell).and_then(|place| details.get_mut(*place));
                let Some(detail) = detail else { return };
                organizations.iter().for_each(|named| named.add_to(&mut detail.organizations, row));
                locations.iter().for_each(|named| named.add_to(&mut detail.locations, row));
                if detail.examples.len() < wanted.examples {
                    detail.examples.push(row);
                }
                age.iter().for_each(|age| *detail.ages.entry(*age).or_default() += 1);
            });
        }
        details
    }

    /// Returns how many days ago each date was, by the number of the date.
    fn ages(&self, dates: &RowSayings<'_>) -> Vec<Option<i64>> {
        let age = |said: &FacetKey| match said {
            FacetKey::Date(date) => Some((self.rows.today() - *date).num_days()),
            _ => None,
        };
        dates.numbers().as_slice().iter().map(age).collect()
    }
}

#[derive(Debug, Default)]
struct Detail {
    organizations: Distinct,
    locations: Distinct,
    /// The number of services by the days since they were last checked.
    ages: BTreeMap<i64, usize>,
    examples: Vec<usize>,
}

/// The records that services name, and the number that stands for naming none.
struct NamedBy<'r> {
    sayings: RowSayings<'r>,
    nothing: Option<u32>,
}

impl<'r> NamedBy<'r> {
    fn of(sayings: RowSayings<'r>) -> Self {
        let nothing = sayings.numbers().as_slice().iter().position(|said| *said == FacetKey::Nothing);
        Self { nothing: nothing.and_then(|number| u32::try_from(number).ok()), sayings }
    }

    fn add_to(&self, distinct: &mut Distinct, row: usize) {
        distinct.add_all(self.sayings.get(row), self.nothing);
    }
}

/// Counts distinct numbers. Repetitions are removed now and then, so that memory grows with the distinct numbers only.
#[derive(Debug, Default)]
struct Distinct {
    seen: Vec<u32>,
    sift_at: usize,
}

impl Distinct {
    /// The fewest numbers for which removing repetitions is worth it.
    const FEW: usize = 64;

    fn add_all(&mut self, numbers: &[u32], but: Option<u32>) {
        numbers.iter().filter(|number| Some(**number) != but).for_each(|number| self.add(*number));
    }

    fn add(&mut self, number: u32) {
        if self.seen.last() == Some(&number) {
            return;
        }
        self.seen.push(number);
        if self.seen.len() >= self.sift_at.max(Self::FEW) {
            self.sift();
            self.sift_at = self.seen.len() * 2;
        }
    }

    fn sift(&mut self) {
        self.seen.sort_unstable();
        self.seen.dedup();
    }

    fn len(mut self) -> usize {
        self.sift();
        self.seen.len()
    }
}

fn median(ages: &BTreeMap<i64, usize>) -> Option<f64> {
    let count: usize = ages.values().sum();
    let nth = |wanted: usize| {
        let mut before = 0;
        let found = ages.iter().find(|(_, of_age)| {
            before += **of_age;
            before > wanted
        });
        #[expect(clippy::cast_precision_loss, reason = "days stay exact")]
        found.map(|(age, _)| *age as f64)
    };
    Some(f64::midpoint(nth(count.checked_sub(1)? / 2)?, nth(count / 2)?))
}
