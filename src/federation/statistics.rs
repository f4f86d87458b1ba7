//! Statistics: the services that match, counted in groups.

mod dimension;
mod groups;
#[cfg(test)]
pub(super) mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::asking::StillAsked;
use super::find::Matching;
use super::report::damaged;
use super::{Asking, Federation, Report};
use crate::model::{
    Dimension, LanguageCode, Postcodes, RecordId, Said, ServiceFilter, SourceKey, london_today,
};

pub use dimension::{Dimensions, DimensionsError};

use groups::Groups;

/// Services counted in groups.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// All services that match.
    pub total_count: usize,
    /// The groups with the most services, in order.
    pub rows: Vec<Row>,
    /// Whether there are groups beyond these.
    pub truncated: bool,
    /// How each source took part, in configuration order.
    pub reports: Vec<Report>,
}

/// One group of services.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What its services have in common, in the order of the dimensions asked for.
    pub keys: Vec<Key>,
    /// How many services.
    pub services: usize,
    /// How many organisations run them.
    pub organizations: usize,
    /// At how many locations.
    pub locations: usize,
    /// How many days ago half of those that state it were last checked; none where none states it.
    pub median_assured_age_days: Option<f64>,
    /// Some of its services, as many as were asked for.
    pub examples: Vec<RecordId>,
}

/// What the services of a group have in common in one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// In what.
    pub dimension: Dimension,
    /// The code, key or id; none for services that state nothing.
    pub value: Option<String>,
    /// A name for people, where there is one.
    pub label: Option<String>,
}

impl Statistics {
    /// Whether every source asked was considered in full.
    pub fn is_complete(&self) -> bool {
        self.reports.iter().all(|report| report.status.is_complete())
    }
}

impl Federation {
    /// The services of all sources that match, grouped by what they say; at most `first` groups, each with `examples` of its
    /// services.
    pub async fn statistics(
        &self,
        filter: &ServiceFilter,
        by: Dimensions,
        (first, examples): (usize, usize),
        asking: &Asking,
    ) -> Statistics {
        let matching = self.matching(filter, asking).await;
        let mut reports = self.reports_of(&matching);
        let (today, places) = (london_today(self.clock.now()), self.places());
        let names = self.sources.iter().map(|source| (source.info().key.clone(), source.info().name.clone()));
        let names: HashMap<SourceKey, String> = names.collect();
        // Counting many services takes longer than a thread that serves others may be held up.
        let counting = asking.off_thread_if_many(matching.considered(), move |asked| {
            count(&matching, &by, (first, examples), today, &places, &names, asked)
        });
        let counted = counting.await;
        if counted.is_none() {
            asking.failed();
            let error = damaged("what matches could not be counted", self.clock.now());
            reports = reports.into_iter().map(|report| report.failed(error.clone())).collect();
        }
        let (total_count, rows, truncated) = counted.unwrap_or_default();
        Statistics { total_count, rows, truncated, reports }
    }
}

fn count(
    matching: &Matching,
    by: &Dimensions,
    (first, examples): (usize, usize),
    today: NaiveDate,
    places: &Postcodes,
    names: &HashMap<SourceKey, String>,
    asked: &StillAsked,
) -> (usize, Vec<Row>, bool) {
    let found = matching.rows(places, today);
    let (groups, truncated) = Groups::of(&found, by, examples, asked).largest(first);
    let named = groups.iter().flat_map(|group| &group.values).filter_map(|value| value.record());
    let records = matching.names_of(asked.while_asked(named));
    let rows = groups.iter().map(|group| {
        let keys = by.iter().zip(&group.values).map(|(dimension, value)| Key {
            dimension,
            value: value.text(),
            label: label(value, names, &records),
        });
        Row {
            keys: keys.collect(),
            services: group.services,
            organizations: group.organizations,
            locations: group.locations,
            median_assured_age_days: group.median_assured_age_days,
            examples: group.examples.clone(),
        }
    });
    (found.len(), rows.collect(), truncated)
}

fn label(
    value: &Said,
    sources: &HashMap<SourceKey, String>,
    records: &HashMap<&RecordId, String>,
) -> Option<String> {
    match value {
        Said::Source(key) => sources.get(key).cloned(),
        Said::Record(id) => records.get(id).cloned(),
        Said::Language(code) => Some(LanguageCode::name(*code).to_owned()),
        Said::LocalAuthority(code) => code.name().map(str::to_owned),
        Said::Freshness(recency) => Some(recency.label().to_owned()),
        _ => None,
    }
}
