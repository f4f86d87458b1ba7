//! Counts what services state, and turns the counts into a score.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{CheckedRecently, EssentialCompleteness, MOST_EXAMPLES};
use crate::federation::ConformanceSummary;
use crate::model::{EssentialDetail, RecencyBand, RecordId, ServiceFacts};

#[derive(Debug, Default)]
pub(super) struct QualityTally {
    full: Count,
    /// The counts of services whose detail has not been read.
    shallow: Count,
    recency: [(usize, Vec<RecordId>); RecencyBand::ALL.len()],
    newest_assurance: Option<NaiveDate>,
}

#[derive(Debug, Default)]
struct Count {
    services: usize,
    filled: [usize; EssentialDetail::ALL.len()],
    lacking: [Vec<RecordId>; EssentialDetail::ALL.len()],
}

/// The counts as they are shown. Shared, because it names hundreds of records.
#[derive(Clone, Debug, Default)]
pub(super) struct TallySummary {
    pub(super) services: usize,
    /// Shallow services count for a detail only if lists are known to state it. Otherwise their detail pages may.
    pub(super) completeness: Arc<[EssentialCompleteness]>,
    pub(super) recency: Arc<[CheckedRecently]>,
    /// The newest date, up to today, on which a service was checked by its publisher.
    pub(super) newest_assurance: Option<NaiveDate>,
}

/// The weights of completeness, recency and conformance in the score.
const WEIGHTS: [f64; 3] = [0.5, 0.3, 0.2];

impl QualityTally {
    pub(super) fn of<'f>(services: impl Iterator<Item = &'f ServiceFacts>, today: NaiveDate) -> Self {
        let mut tally = Self::default();
        services.for_each(|facts| tally.add(facts, today));
        tally
    }

    pub(super) fn add(&mut self, facts: &ServiceFacts, today: NaiveDate) {
        let count = if facts.shallow { &mut self.shallow } else { &mut self.full };
        count.services += 1;
        let counts = count.filled.iter_mut().zip(&mut count.lacking);
        for ((filled, lacking), essential) in counts.zip(EssentialDetail::ALL) {
            match facts.stated.has(essential) {
                true => *filled += 1,
                false => exemplify(lacking, facts),
            }
        }
        let recency = RecencyBand::of(facts, today);
        if let Some(count) = self.recency.get_mut(recency as usize) {
            count.0 += 1;
            exemplify(&mut count.1, facts);
        }
        let assured = facts.assured_date.filter(|date| *date <= today);
        self.newest_assurance = self.newest_assurance.max(assured);
    }

    pub(super) fn summary(self) -> TallySummary {
        TallySummary {
            services: self.full.services + self.shallow.services,
            completeness: self.completeness().collect(),
            newest_assurance: self.newest_assurance,
            recency: self.recency.into_iter().zip(RecencyBand::ALL).map(checked).collect(),
        }
    }

    fn completeness(&self) -> impl Iterator<Item = EssentialCompleteness> {
        let filled = self.full.filled.iter().zip(&self.shallow.filled);
        let lacking = self.full.lacking.iter().zip(&self.shallow.lacking);
        EssentialDetail::ALL.into_iter().zip(filled).zip(lacking).map(
            |((essential, (full, shallow)), lacking)| {
                let tells = essential.is_in_lists() || *shallow > 0;
                let total = self.full.services + if tells { self.shallow.services } else { 0 };
                let lacking = lacking.0.iter().chain(lacking.1.iter().filter(|_| tells));
                let lacking = lacking.take(MOST_EXAMPLES).cloned().collect();
                EssentialCompleteness { essential, filled: full + shallow, total, lacking }
            },
        )
    }
}

impl TallySummary {
    /// Returns the weighted mean of the three parts, from 0 to 100 with one decimal. Conformance is left out if no
    /// record was checked. Returns `None` if there are no services.
    pub(super) fn score(&self, conformance: &ConformanceSummary) -> Option<f64> {
        let ratios =
            || self.completeness.iter().filter(|one| one.total > 0).map(EssentialCompleteness::ratio);
        let completeness = share(ratios().sum(), ratios().count());
        let recency = self.recency.iter().map(|one| worth(one.recency) * float(one.services)).sum();
        let recency = share(recency, self.services);
        let (checked, departing) = (conformance.records_checked, conformance.records_with_issues);
        let conforming = share(float(checked.saturating_sub(departing)), checked);
        let parts = [Some(completeness?), Some(recency?), conforming];
        let known = || parts.iter().zip(WEIGHTS).filter_map(|(part, weight)| Some(((*part)?, weight)));
        let weight: f64 = known().map(|(_, weight)| weight).sum();
        let mean = known().map(|(part, weight)| part * weight).sum::<f64>() / weight;
        Some((mean * 1_000.0).round() / 10.0)
    }
}

fn checked(((services, examples), recency): ((usize, Vec<RecordId>), RecencyBand)) -> CheckedRecently {
    CheckedRecently { recency, services, examples: examples.into() }
}

fn exemplify(examples: &mut Vec<RecordId>, facts: &ServiceFacts) {
    if examples.len() < MOST_EXAMPLES {
        examples.push(facts.id.clone());
    }
}

/// Returns the value of a service, from 0 to 1, by when it was last checked or changed.
fn worth(recency: RecencyBand) -> f64 {
    match recency {
        RecencyBand::UpTo30 => 1.0,
        RecencyBand::UpTo90 => 0.75,
        RecencyBand::UpTo180 => 0.5,
        RecencyBand::UpTo365 => 0.25,
        RecencyBand::Older | RecencyBand::Unknown => 0.0,
    }
}

fn share(part: f64, of: usize) -> Option<f64> {
    (of > 0).then(|| part / float(of))
}

#[expect(clippy::cast_precision_loss, reason = "nobody has as many services as that")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::federation::statistics::tests::silent;

    fn today() -> NaiveDate {
        "2026-06-30".parse().unwrap()
    }

    /// A service that states these details and was last checked this many days ago.
    fn service(shallow: bool, days: Option<i64>, stated: &[EssentialDetail]) -> ServiceFacts {
        let assured_date = days.map(|days| today() - TimeDelta::days(days));
        ServiceFacts { shallow, assured_date, stated: stated.iter().copied().collect(), ..silent(1) }
    }

    fn shown(tally: &TallySummary, essential: EssentialDetail) -> (usize, usize) {
        let of = tally.completeness.iter().find(|one| one.essential == essential).unwrap();
        (of.filled, of.total)
    }

    fn conformance(records_checked: usize, records_with_issues: usize) -> ConformanceSummary {
        ConformanceSummary { records_checked, records_with_issues, issues: Vec::new() }
    }

    #[test]
    fn what_lists_leave_out_is_judged_by_those_read_in_full() {
        use EssentialDetail::{Description, Schedules, Url};
        let services = [
            service(false, None, &[Schedules]),
            service(false, None, &[]),
            service(true, None, &[Description]),
            service(true, None, &[]),
        ];
        let tally = QualityTally::of(services.iter(), today()).summary();
        assert_eq!(shown(&tally, Schedules), (1, 2));
        assert_eq!(shown(&tally, Description), (1, 4));
        assert_eq!(shown(&tally, Url), (0, 4));
        let lacking = |essential| {
            tally.completeness.iter().find(|one| one.essential == essential).unwrap().lacking.len()
        };
        assert_eq!((lacking(Schedules), lacking(Description), lacking(Url)), (1, 3, 4));
        // Lists that state it for one service would state it for all.
        let tally =
            QualityTally::of(services.iter().chain([&service(true, None, &[Schedules])]), today()).summary();
        assert_eq!(shown(&tally, Schedules), (2, 5));
    }

    #[test]
    fn every_service_falls_into_one_range_of_days() {
        let days = [-5, 0, 30, 31, 90, 91, 180, 181, 365, 366, 9_999];
        let services: Vec<ServiceFacts> = days.iter().map(|days| service(false, Some(*days), &[])).collect();
        let tally = QualityTally::of(services.iter().chain([&service(false, None, &[])]), today()).summary();
        let counts: Vec<usize> = tally.recency.iter().map(|one| one.services).collect();
        assert_eq!(counts, [3, 2, 2, 2, 2, 1]);
        assert!(tally.recency.iter().all(|one| one.examples.len() == one.services));
        // A date that lies ahead is no assurance yet.
        assert_eq!(tally.newest_assurance, Some(today()));
    }

    #[test]
    fn the_score_goes_from_nothing_to_a_hundred_and_leaves_out_what_is_not_known() {
        assert_eq!(TallySummary::default().score(&conformance(5, 0)), None);
        let best =
            QualityTally::of([service(false, Some(1), &EssentialDetail::ALL)].iter(), today()).summary();
        assert_eq!(best.score(&conformance(5, 0)), Some(100.0));
        assert_eq!(best.score(&ConformanceSummary::default()), Some(100.0));
        assert_eq!(best.score(&conformance(4, 1)), Some(95.0));
        assert_eq!(best.score(&conformance(4, 4)), Some(80.0));
        let worst = QualityTally::of([service(false, None, &[])].iter(), today()).summary();
        assert_eq!(worst.score(&conformance(4, 4)), Some(0.0));
        assert_eq!(worst.score(&conformance(4, 2)), Some(10.0));
        let old =
            QualityTally::of([service(false, Some(100), &EssentialDetail::ALL)].iter(), today()).summary();
        assert_eq!(old.score(&conformance(4, 0)), Some(85.0));
        assert_eq!(old.score(&ConformanceSummary::default()), Some(81.3), "65 of 80");
    }
}
