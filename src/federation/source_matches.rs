//! Considers one source for a query: the records it has, without those that do not match.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{QueryContext, ReportStatus, SourceReport, giving_way};
use crate::model::{Record, SearchText, TextQuery};
use crate::source::{CachedRead, FeedSource, RecordSet, SourceError};

pub(super) struct SourceMatches<T> {
    pub source: Arc<FeedSource>,
    pub matches: MatchingRecords<T>,
    /// Whether all records of the source were considered.
    pub is_complete: bool,
    /// Whether any records could be considered.
    pub answered: bool,
    pub stale: bool,
    pub fetched_at: Option<DateTime<Utc>>,
    pub error: Option<SourceError>,
    began: Instant,
    took: Duration,
}

/// The matching records. Without a filter, they are the cached list itself.
pub(super) enum MatchingRecords<T> {
    All(Arc<RecordSet<T>>),
    Some(Vec<Arc<T>>),
}

impl<T: Record> MatchingRecords<T> {
    pub(super) fn as_slice(&self) -> &[Arc<T>] {
        match self {
            Self::All(set) => set.records(),
            Self::Some(records) => records,
        }
    }
}

impl<T: Record> SourceMatches<T> {
    /// Starts with all records that a source returned. Nothing is filtered yet.
    pub(super) fn of(
        source: &Arc<FeedSource>,
        began: Instant,
        seen: CachedRead<RecordSet<T>>,
        asking: &QueryContext,
        now: DateTime<Utc>,
    ) -> Self {
        note(source, &seen, asking, now);
        let set = seen.value.as_ref();
        Self {
            source: Arc::clone(source),
            is_complete: seen.whole && set.is_some_and(|set| !set.truncated && set.lacks().is_none()),
            answered: set.is_some(),
            stale: seen.stale,
            fetched_at: set.map(|set| set.fetched_at),
            error: seen.error.or_else(|| set.and_then(|set| set.lacks().cloned())),
            matches: match seen.value {
                Some(set) => MatchingRecords::All(set),
                None => MatchingRecords::Some(Vec::new()),
            },
            began,
            took: began.elapsed(),
        }
    }

    pub(super) async fn retain(mut self, matches: impl Fn(&T) -> bool) -> Self {
        self.replace(giving_way::filtered(self.matches.as_slice(), matches).await);
        self
    }

    /// Keeps the records whose words contain the text. `words` returns the words of a record.
    pub(super) async fn holding(
        mut self,
        text: Option<&TextQuery>,
        words: impl Fn(&T) -> SearchText,
    ) -> Self {
        let Some(text) = text else { return self };
        let retained = match &self.matches {
            MatchingRecords::All(set) => {
                giving_way::filtered_by(set.records(), set.texts(words), |has| text.matches(has)).await
            }
            MatchingRecords::Some(records) => {
                giving_way::filtered(records, |record| text.matches(&words(record))).await
            }
        };
        self.replace(retained);
        self
    }

    pub(super) fn replace(&mut self, matches: Vec<Arc<T>>) {
        self.matches = MatchingRecords::Some(matches);
        self.took = self.began.elapsed();
    }

    pub(super) fn lacks(&mut self, error: Option<SourceError>, asking: &QueryContext) {
        self.is_complete = false;
        if error.is_some() {
            asking.degraded(self.source.limits().fresh_for);
        }
        self.error = self.error.take().or(error);
        self.took = self.began.elapsed();
    }

    /// Turns this into matches of other records, made from these.
    pub(super) fn into_other<U: Record>(self, mut records: Vec<Arc<U>>) -> SourceMatches<U> {
        records.sort_by(|a, b| (a.order_key(), a.id()).cmp(&(b.order_key(), b.id())));
        let Self { source, matches: _, is_complete, answered, stale, fetched_at, error, began, took: _ } =
            self;
        let matches = MatchingRecords::Some(records);
        SourceMatches {
            source,
            matches,
            is_complete,
            answered,
            stale,
            fetched_at,
            error,
            began,
            took: began.elapsed(),
        }
    }

    pub(super) fn report(&self, now: DateTime<Utc>) -> SourceReport {
        let status = match (self.answered, self.is_complete, self.stale) {
            (false, ..) => ReportStatus::Failed,
            (true, false, _) => ReportStatus::Partial,
            (true, true, true) => ReportStatus::Stale,
            (true, true, false) => ReportStatus::Complete,
        };
        SourceReport {
            info: Arc::clone(self.source.info()),
            status,
            matched: self.answered.then(|| self.matches.as_slice().len()),
            age: self.fetched_at.map(|at| age(at, now)),
            took: self.took,
            error: self.error.clone(),
        }
    }
}

/// Notes in the query how fresh the data is.
pub(super) fn note<T: Record>(
    source: &FeedSource,
    seen: &CachedRead<RecordSet<T>>,
    asking: &QueryContext,
    now: DateTime<Utc>,
) {
    let is_degraded = seen.error.is_some() || !seen.whole || seen.stale;
    if is_degraded {
        asking.degraded(source.limits().fresh_for);
    }
    match &seen.value {
        Some(set) if is_degraded => asking.took_aged(age(set.fetched_at, now)),
        Some(set) => asking.took(seen.fresh_for, age(set.fetched_at, now)),
        None => {}
    }
}

pub(super) fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (now - at).to_std().unwrap_or_default()
}
