//! Reads what Open Referral UK's validator reads, and notes where it departs from the standard.

use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use url::Url;

use super::RunningProbe;
use crate::model::RecordKind;
use crate::source::conformance::{
    ConformanceLedger, DepartureTally, FeedStandard, RecordDepartures, ValidatorAudit, ValidatorEndpoint,
    ValidatorProfile, ValidatorVerdict,
};
use crate::source::dialect::{NotAPage, RecordUrl as _};
use crate::source::dialects;
use crate::source::engine::{BodyReader, EngineAnswer};
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::page_form::PageForm;

/// How many records of a list are checked.
const ROWS: usize = 10;
/// How many detail pages of each kind are read.
const DETAILS: usize = 2;

/// A response, checked.
struct LookedOver {
    /// Whether the response is JSON without mending.
    is_strict: bool,
    /// The members around the list.
    envelope: Map<String, Value>,
    /// The number of rows.
    rows: usize,
    /// The first records of the response.
    records: Vec<LookedAt>,
}

struct LookedAt {
    id: Option<String>,
    /// Where the record departs from the standard that the feed declares.
    departures: RecordDepartures,
    /// What the validator's schema says.
    by_schema: RecordDepartures,
}

impl RunningProbe<'_> {
    /// Reads the root document, the lists and some detail pages, and returns what the validator would say.
    pub(super) async fn audit(
        &mut self,
        declared: Option<FeedStandard>,
        ledger: &ConformanceLedger,
    ) -> ValidatorVerdict {
        let root = self.root().await;
        let profile = ValidatorProfile::of(root.as_ref().ok().and_then(Option::as_ref));
        let mut audit = ValidatorAudit::new(profile);
        match &root {
            Ok(root) => audit.root(root.as_ref()),
            Err(status) => audit.failed(ValidatorEndpoint::Root, *status),
        }
        let manner = Arc::clone(&self.manner);
        for kind in profile.kinds().iter().copied().filter(|kind| manner.address.offers(*kind)) {
            let standards = (declared, profile.standard());
            let ids = self.audit_list(kind, standards, &mut audit, ledger).await;
            for id in ids {
                self.audit_detail(kind, &id, standards, &mut audit, ledger).await;
            }
        }
        audit.verdict()
    }

    // Returns the root document, or `None` if the response is not JSON. An error is the HTTP status of the failure.
    async fn root(&mut self) -> Result<Option<Value>, Option<u16>> {
        let read: BodyReader<Option<Value>> =
            Arc::new(|body, _, patience| Ok(dialects::json_of(body, patience)));
        match self.feed.engine.glance(&self.feed.spoken.address().root(), read).await {
            Ok(EngineAnswer::Found(root, _)) => Ok(root),
            Ok(EngineAnswer::NoContent(_)) => Ok(None),
            Ok(EngineAnswer::NotFound) => Err(Some(404)),
            Err(error) => Err(error.http_status),
        }
    }

    // Returns the ids of records whose detail pages are to be read.
    async fn audit_list(
        &mut self,
        kind: RecordKind,
        standards: (Option<FeedStandard>, Option<FeedStandard>),
        audit: &mut ValidatorAudit,
        ledger: &ConformanceLedger,
    ) -> Vec<String> {
        let endpoint = ValidatorEndpoint::List(kind);
        let url = self.manner.address.page(kind, 1, PageForm::of(ROWS), &[]);
        let Some(looked) = self.look(endpoint, &url, standards, audit).await else { return Vec::new() };
        audit.envelope(kind, &looked.envelope);
        if looked.rows == 0 {
            audit.empty(kind);
        }
        let mut tally = DepartureTally::default();
        let mut ids = Vec::new();
        for LookedAt { id, departures, by_schema } in looked.records {
            audit.departs(endpoint, &by_schema);
            let Some(id) = id else { continue };
            tally.add(&Arc::from(&*id), departures);
            ids.push(id);
        }
        // Services have already been counted when their dialect read them.
        if kind != RecordKind::Service {
            ledger.walked(kind, tally, true);
        }
        ids.truncate(DETAILS);
        ids
    }

    async fn audit_detail(
        &mut self,
        kind: RecordKind,
        id: &str,
        standards: (Option<FeedStandard>, Option<FeedStandard>),
        audit: &mut ValidatorAudit,
        ledger: &ConformanceLedger,
    ) {
        let Some(url) = self.manner.address.record_url(kind, id) else { return };
        let endpoint = ValidatorEndpoint::Detail(kind);
        let Some(looked) = self.look(endpoint, &url, standards, audit).await else { return };
        for LookedAt { departures, by_schema, .. } in looked.records {
            audit.departs(endpoint, &by_schema);
            self.feed.ledger.read(kind, id, departures.clone());
            ledger.read(kind, id, departures);
        }
    }

    async fn look(
        &mut self,
        endpoint: ValidatorEndpoint,
        url: &Url,
        (declared, validated): (Option<FeedStandard>, Option<FeedStandard>),
        audit: &mut ValidatorAudit,
    ) -> Option<LookedOver> {
        let read: BodyReader<LookedOver> = Arc::new(move |body, _, patience| {
            let is_strict = serde_json::from_slice::<IgnoredAny>(body).is_ok();
            let answer = dialects::json_of(body, patience).ok_or(NotAPage::NoList { expected: "record" })?;
            Ok(looked(endpoint, answer, is_strict, (declared, validated)))
        });
        let asked = tokio::time::Instant::now();
        let got = self.feed.engine.glance(url, read).await;
        self.questions.took(asked.elapsed());
        match got {
            Ok(EngineAnswer::Found(looked, _)) => {
                if !looked.is_strict {
                    audit.not_json(endpoint);
                }
                Some(looked)
            }
            Ok(EngineAnswer::NotFound) => {
                audit.failed(endpoint, Some(404));
                None
            }
            Ok(EngineAnswer::NoContent(_))
            | Err(SourceError { code: SourceErrorCode::InvalidResponse, .. }) => {
                audit.not_json(endpoint);
                None
            }
            Err(error) => {
                audit.failed(endpoint, error.http_status);
                None
            }
        }
    }
}

fn looked(
    endpoint: ValidatorEndpoint,
    answer: Value,
    is_strict: bool,
    (declared, validated): (Option<FeedStandard>, Option<FeedStandard>),
) -> LookedOver {
    let (kind, (envelope, rows)) = match endpoint {
        ValidatorEndpoint::List(kind) => (kind, dialects::rows_of(answer)),
        ValidatorEndpoint::Detail(kind) => (kind, (Map::new(), vec![answer])),
        ValidatorEndpoint::Root => (RecordKind::Service, (Map::new(), Vec::new())),
    };
    let records = rows.iter().filter(|row| row.is_object()).take(ROWS).map(|row| LookedAt {
        id: match row.get("id") {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Number(id)) => Some(id.to_string()),
            _ => None,
        },
        departures: RecordDepartures::by_rule(declared, kind, row),
        by_schema: RecordDepartures::by_schema(validated, kind, row),
    });
    LookedOver { is_strict, rows: rows.len(), records: records.collect(), envelope }
}
