//! What probes found a source to do: kept, refreshed now and then, and made use of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::FeedSource;
use super::collection::endpoint_name;
use super::conformance::ValidatorVerdict;
use super::depth::ListDepth;
use super::probe::{EndpointPresence, EndpointReport, ParameterHonour, ParameterReport, ProbeReport};
use crate::model::RecordKind;

/// What a source is known to do.
#[derive(Clone, Debug, Default)]
pub struct FeedCapabilities {
    /// When it was last probed; none before the first time.
    pub probed_at: Option<DateTime<Utc>>,
    /// Its endpoints; none before the first probe.
    pub endpoints: Vec<EndpointReport>,
    /// What it makes of query parameters; nothing before the first probe.
    pub parameters: Vec<ParameterReport>,
    /// The most records it puts on a page; none where it did not show.
    pub page_size_limit: Option<usize>,
    /// Whether its lists carry all that its records' own pages do.
    pub list_depth: ListDepth,
    /// Whether the validator of Open Referral UK would pass it. `None` before the first probe.
    pub validator: Option<ValidatorVerdict>,
}

/// Keeps what the last probe of a source found.
#[derive(Default)]
pub(super) struct LastProbe {
    last: ArcSwapOption<(DateTime<Utc>, ProbeReport)>,
    own_pages: Mutex<HashMap<RecordKind, OwnPages>>,
}

/// What has been seen of records' own pages since the last probe.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnPages {
    Found,
    OnlyMissing,
}

/// The share of the time between two probes that the first one waits, give or take half of it, so that not all
/// sources are probed at once, nor while the first questions are asked: ten seconds of a day.
const FIRST_WAIT_SHARE: f64 = 1.0 / 8640.0;
/// How much earlier or later than due a probe may be, as a share of the time between two.
const JITTER: f64 = 0.1;

impl LastProbe {
    /// Keeps what a probe found. One that could not read the feed found nothing that is worth more than what is known.
    fn keep(&self, at: DateTime<Utc>, report: ProbeReport) {
        if report.is_reachable {
            self.own_pages.lock().unwrap_or_else(PoisonError::into_inner).clear();
            self.last.store(Some(Arc::new((at, report))));
        }
    }

    /// Recalls what was found before the start, unless something has been found since.
    pub(super) fn recall(&self, at: DateTime<Utc>, report: ProbeReport) {
        if self.last.load().is_none() {
            self.keep(at, report);
        }
    }

    /// What the last probe found, and when; none before the first.
    pub(super) fn last(&self) -> Option<Arc<(DateTime<Utc>, ProbeReport)>> {
        self.last.load_full()
    }

    /// How long after `now` the next probe is due; at once where that cannot be told.
    fn rests_for(&self, every: Duration, now: DateTime<Utc>) -> Duration {
        let ago = self.last.load().as_ref().and_then(|last| (now - last.0).to_std().ok());
        ago.map_or(Duration::ZERO, |ago| every.saturating_sub(ago))
    }

    /// Whether the feed narrows its list by a parameter.
    pub(super) fn honours(&self, parameter: &str) -> bool {
        let honoured =
            |one: &ParameterReport| one.name == parameter && one.honoured == ParameterHonour::Honoured;
        self.last.load().as_ref().is_some_and(|last| last.1.parameters.iter().any(honoured))
    }

    /// Whether the feed has no list of a kind: then it is not asked for one before the next probe.
    pub(super) fn lacks_list(&self, kind: RecordKind) -> bool {
        let absent = |one: &EndpointReport| {
            one.name == endpoint_name(kind) && one.presence == EndpointPresence::Absent
        };
        self.last.load().as_ref().is_some_and(|last| last.1.endpoints.iter().any(absent))
    }

    /// Whether the feed has no own pages of records of a kind: no list of them, and not one that was asked for.
    pub(super) fn lacks_own_pages(&self, kind: RecordKind) -> bool {
        let seen = self.own_pages.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied();
        seen == Some(OwnPages::OnlyMissing) && self.lacks_list(kind)
    }

    /// Notes whether a record's own page was there.
    pub(super) fn note_own_page(&self, kind: RecordKind, found: bool) {
        let mut seen = self.own_pages.lock().unwrap_or_else(PoisonError::into_inner);
        if found {
            seen.insert(kind, OwnPages::Found);
        } else {
            seen.entry(kind).or_insert(OwnPages::OnlyMissing);
        }
    }
}

impl FeedSource {
    /// What it is known to do.
    pub fn capabilities(&self) -> FeedCapabilities {
        let list_depth = self.depth.known();
        let Some(last) = self.probed.last() else {
            return FeedCapabilities { list_depth, ..FeedCapabilities::default() };
        };
        let (at, report) = &*last;
        FeedCapabilities {
            probed_at: Some(*at),
            endpoints: report.endpoints.clone(),
            parameters: report.parameters.clone(),
            page_size_limit: report.page_limit.filter(|limit| limit.is_reached).map(|limit| limit.rows),
            list_depth,
            validator: report.validator.clone(),
        }
    }

    /// Probes it once it has been read, and then every so often as is configured; for ever. A source that fails, or
    /// that nobody asks for anything, is left alone; one that was probed before the start, until that is due again.
    /// `probed` is done after each.
    pub async fn keep_probed<F: Future<Output = ()>>(&self, probed: impl Fn() -> F) {
        let every = self.limits.probe_every;
        if every.is_zero() || self.quarantined().is_some() {
            return;
        }
        self.standings.until_well().await;
        let first_wait = every.mul_f64(FIRST_WAIT_SHARE * (0.5 + rand::random::<f64>()));
        tokio::time::sleep(first_wait.max(self.probed.rests_for(every, self.clock.now()))).await;
        loop {
            self.standings.until_well().await;
            self.probe_and_keep().await;
            probed().await;
            tokio::time::sleep(about(every)).await;
        }
    }

    async fn probe_and_keep(&self) {
        let report = self.probe().await;
        if let Some(error) = &report.error {
            let (code, reason) = (error.code.as_str(), &error.message);
            tracing::debug!(source = %self.info.key, code, reason, "cannot probe the source");
        }
        self.probed.keep(self.clock.now(), report);
        self.lists_in_full(Instant::now() + self.limits.deadline).await;
    }
}

fn about(every: Duration) -> Duration {
    every.mul_f64(1.0 - JITTER + 2.0 * JITTER * rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FeedDeclaration;

    fn report(presence: EndpointPresence, honoured: ParameterHonour) -> ProbeReport {
        let endpoint = EndpointReport {
            name: "taxonomies",
            path: String::new(),
            presence,
            http_status: None,
            records: None,
            failure: None,
        };
        ProbeReport {
            key: crate::model::SourceKey::parse("elmshire").unwrap(),
            is_reachable: true,
            declared: FeedDeclaration::default(),
            dialect: None,
            endpoints: vec![endpoint],
            parameters: vec![ParameterReport { name: "modified_after", honoured }],
            page_limit: None,
            records: None,
            conformance: crate::source::ConformanceSummary::default(),
            validator: None,
            latency: None,
            error: None,
        }
    }

    #[test]
    fn what_was_found_is_used_until_the_next_probe_finds_otherwise() {
        let probed = LastProbe::default();
        let kind = RecordKind::Taxonomy;
        assert!(!probed.honours("modified_after") && !probed.lacks_list(kind));
        probed.keep(DateTime::UNIX_EPOCH, report(EndpointPresence::Absent, ParameterHonour::Honoured));
        assert!(probed.honours("modified_after") && !probed.honours("search"));
        assert!(probed.lacks_list(kind) && !probed.lacks_own_pages(kind), "nobody has asked for one yet");
        probed.note_own_page(kind, false);
        assert!(probed.lacks_own_pages(kind));
        probed.keep(
            DateTime::UNIX_EPOCH,
            ProbeReport { is_reachable: false, ..report(EndpointPresence::Failed, ParameterHonour::Unknown) },
        );
        assert!(probed.lacks_own_pages(kind), "a probe that reached nothing changes nothing");
        probed.keep(DateTime::UNIX_EPOCH, report(EndpointPresence::Available, ParameterHonour::Ignored));
        assert!(
            !probed.honours("modified_after") && !probed.lacks_list(kind) && !probed.lacks_own_pages(kind)
        );
    }

    #[test]
    fn own_pages_that_were_found_once_are_asked_for_again() {
        let probed = LastProbe::default();
        probed.keep(DateTime::UNIX_EPOCH, report(EndpointPresence::Absent, ParameterHonour::Unknown));
        probed.note_own_page(RecordKind::Taxonomy, true);
        probed.note_own_page(RecordKind::Taxonomy, false);
        assert!(!probed.lacks_own_pages(RecordKind::Taxonomy));
    }
}
