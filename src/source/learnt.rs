//! Stores what was learnt about a feed, so that it is known after a restart.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::FeedSource;
use super::collection::endpoint_name;
use super::conformance::ValidatorVerdict;
use super::declared::FeedDeclaration;
use super::depth::ListDepth;
use super::probe::{
    EndpointPresence, EndpointReport, PARAMETERS, PageLimit, ParameterHonour, ParameterReport, ProbeReport,
};
use crate::model::{Dialect, RecordKind};

/// The version of the stored form. Raise it when the form is no longer read as before.
const FORMAT: u32 = 1;

/// What is stored about a feed.
#[derive(Debug, Serialize, Deserialize)]
struct LearntFeed {
    format: u32,
    /// The URL that the rest is true of.
    url: String,
    dialect: Option<Dialect>,
    declared: FeedDeclaration,
    list_depth: ListDepth,
    probed: Option<LearntProbe>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LearntProbe {
    at: DateTime<Utc>,
    endpoints: Vec<LearntEndpoint>,
    parameters: Vec<(String, ParameterHonour)>,
    page_limit: Option<PageLimit>,
    #[serde(default)]
    validator: Option<ValidatorVerdict>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LearntEndpoint {
    name: String,
    path: String,
    presence: EndpointPresence,
    http_status: Option<u16>,
    records: Option<u64>,
}

impl FeedSource {
    /// Returns what has been learnt so far, serialised. Returns `None` if that is nothing.
    pub(crate) fn learnt(&self) -> Option<Vec<u8>> {
        let feed = &self.feed;
        let declared =
            feed.spoken.declared().map(|declared| FeedDeclaration::clone(&declared)).unwrap_or_default();
        let learnt = LearntFeed {
            format: FORMAT,
            url: self.info.url.to_string(),
            dialect: feed.spoken.dialect().filter(|_| !feed.spoken.is_configured()),
            declared,
            list_depth: self.depth.known(),
            probed: self.probed.last().map(|last| LearntProbe::of(last.0, &last.1)),
        };
        let is_something = learnt.dialect.is_some()
            || learnt.declared != FeedDeclaration::default()
            || learnt.list_depth != ListDepth::Unknown
            || learnt.probed.is_some();
        serde_json::to_vec(&learnt).ok().filter(|_| is_something)
    }

    /// Restores what was learnt before the restart. Ignores what is unreadable, or belongs to another URL.
    pub(crate) fn recall_learnt(&self, written: &[u8]) {
        let Ok(learnt) = serde_json::from_slice::<LearntFeed>(written) else { return };
        if learnt.format != FORMAT || learnt.url != self.info.url.as_str() {
            return;
        }
        self.feed.spoken.recall(learnt.dialect, learnt.declared);
        self.depth.recall(learnt.list_depth);
        // Without regular probes, nothing would ever correct an outdated result.
        if let Some(found) = learnt.probed.filter(|_| !self.limits.probe_every.is_zero()) {
            let at = found.at;
            self.probed.recall(at, found.into_report(ProbeReport::blank(&self.info)));
        }
    }
}

impl LearntProbe {
    fn of(at: DateTime<Utc>, report: &ProbeReport) -> Self {
        let endpoints = report.endpoints.iter().map(|one| LearntEndpoint {
            name: one.name.to_owned(),
            path: one.path.clone(),
            presence: one.presence,
            http_status: one.http_status,
            records: one.records,
        });
        let parameters = report.parameters.iter().map(|one| (one.name.to_owned(), one.honoured));
        let (endpoints, parameters) = (endpoints.collect(), parameters.collect());
        let validator = report.validator.clone();
        Self { at, endpoints, parameters, page_limit: report.page_limit, validator }
    }

    fn into_report(self, blank: ProbeReport) -> ProbeReport {
        let endpoints = self.endpoints.into_iter().filter_map(|one| {
            let mut names = RecordKind::ALL.into_iter().map(endpoint_name);
            Some(EndpointReport {
                name: names.find(|name| *name == one.name)?,
                path: one.path,
                presence: one.presence,
                http_status: one.http_status,
                records: one.records,
                failure: None,
            })
        });
        let parameters = self.parameters.into_iter().filter_map(|(name, honoured)| {
            let name = PARAMETERS.into_iter().find(|known| *known == name)?;
            Some(ParameterReport { name, honoured })
        });
        ProbeReport {
            is_reachable: true,
            endpoints: endpoints.collect(),
            parameters: parameters.collect(),
            page_limit: self.page_limit,
            validator: self.validator,
            ..blank
        }
    }
}
