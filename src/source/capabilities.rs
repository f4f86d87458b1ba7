//! What probes have found a feed to support. It is cached, refreshed regularly, and used when the feed is read.

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

/// What a source is known to support.
#[derive(Clone, Debug, Default)]
pub struct FeedCapabilities {
    /// When the source was last probed. `None` before the first probe.
    pub probed_at: Option<DateTime<Utc>>,
    /// The source's endpoints. Empty before the first probe.
    pub endpoints: Vec<EndpointReport>,
    /// How the source treats query parameters. Empty before the first probe.
    pub parameters: Vec<ParameterReport>,
    /// The most records that the source puts on a page. `None` if no limit has been reached.
    pub page_size_limit: Option<usize>,
    /// Whether list rows contain everything that detail pages do.
    pub list_depth: ListDepth,
    /// Whether Open Referral UK's validator would pass the feed. `None` before the first probe.
    pub validator: Option<ValidatorVerdict>,
}

/// Holds the result of the last probe of a source.
#[derive(Default)]
pub(super) struct LastProbe {
    last: ArcSwapOption<(DateTime<Utc>, ProbeReport)>,
    own_pages: Mutex<HashMap<RecordKind, OwnPages>>,
}

/// Whether detail pages of a kind have been found since the last probe.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnPages {
    Found,
    OnlyMissing,
}

/// How long after the start the first probe waits, as a share of the time between probes (10 s of a day), plus or minus
/// half of it. This spreads the probes of all sources, and keeps them out of the way of the first queries.
const FIRST_WAIT_SHARE: f64 = 1.0 / 8640.0;
/// How much earlier or later than due a probe may run, as a share of the time between probes.
const JITTER: f64 = 0.1;

impl LastProbe {
    /// Stores the result of a probe. Discards it if the feed could not be read, because earlier results are worth more.
    fn keep(&self, at: DateTime<Utc>, report: ProbeReport) {
        if report.is_reachable {
            self.own_pages.lock().unwrap_or_else(PoisonError::into_inner).clear();
            self.last.store(Some(Arc::new((at, report))));
        }
    }

    /// Restores the result of a probe from before the restart, unless there has been a probe since.
    pub(super) fn recall(&self, at: DateTime<Utc>, report: ProbeReport) {
        if self.last.load().is_none() {
            self.keep(at, report);
        }
    }

    /// Returns the last probe and its time. Returns `None` before the first probe.
    pub(super) fn last(&self) -> Option<Arc<(DateTime<Utc>, ProbeReport)>> {
        self.last.load_full()
    }

    /// Returns how long after `now` the next probe is due: zero if there was none yet, or if its time is in the future.
    fn rests_for(&self, every: Duration, now: DateTime<Utc>) -> Duration {
        let ago = self.last.load().as_ref().and_then(|last| (now - last.0).to_std().ok());
        ago.map_or(Duration::ZERO, |ago| every.saturating_sub(ago))
    }

    /// Returns whether the feed filters its list by this parameter.
    pub(super) fn honours(&self, parameter: &str) -> bool {
        let honoured =
            |one: &ParameterReport| one.name == parameter && one.honoured == ParameterHonour::Honoured;
        self.last.load().as_ref().is_some_and(|last| last.1.parameters.iter().any(honoured))
    }

    /// Returns whether the feed has no list of this kind. Such a list is not requested again before the next probe.
    pub(super) fn lacks_list(&self, kind: RecordKind) -> bool {
        let absent = |one: &EndpointReport| {
            one.name == endpoint_name(kind) && one.presence == EndpointPresence::Absent
        };
        self.last.load().as_ref().is_some_and(|last| last.1.endpoints.iter().any(absent))
    }

    /// Returns whether the feed has no detail pages of this kind: it has no such list, and every detail page requested
    /// was missing.
    pub(super) fn lacks_own_pages(&self, kind: RecordKind) -> bool {
        let seen = self.own_pages.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied();
        seen == Some(OwnPages::OnlyMissing) && self.lacks_list(kind)
    }

    /// Notes whether a detail page existed.
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
    /// Returns what the source is known to support.
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

    /// Probes the source once it has been read, and then at the configured interval, forever. Sources that fail, or
    /// that have not been queried yet, are not probed. A source that was probed before the restart waits until the next
    /// probe is due. Calls `probed` after each probe.
    pub async fn keep_probed<F: Future<Output = ()>>(&self, probed: impl Fn() -> F) {
        let every = self.limits.probe_every;
        if every.is_zero() {
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
        // Reads the whole list of a synchronised source, whose walks usually tell.
        if self.depth.known() == ListDepth::Unknown {
            self.lists_in_full(Instant::now() + self.limits.deadline).await;
        }
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
