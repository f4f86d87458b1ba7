//! Where a record came from, when, and what normalising did to it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{ContentHash, RecordIssue, RecordOrigin};

/// A record's history, part of the record itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Provenance {
    /// Address of the record in its feed. `None` if the feed has no endpoint for this kind of record.
    pub upstream_url: Option<Url>,
    /// When the response that contained the record arrived.
    pub fetched_at: DateTime<Utc>,
    /// When that response's freshness target ends.
    pub fresh_until: DateTime<Utc>,
    /// When the publisher says the record last changed.
    pub last_modified: Option<DateTime<Utc>>,
    /// When the publisher says the record was last checked. A check is not a change.
    pub assured_date: Option<NaiveDate>,
    /// Who made that check.
    pub assurer_email: Option<String>,
    /// Whether the record was read from a list page or from inside another record, and not from its detail page.
    pub shallow: bool,
    /// Fingerprint of the record's own JSON.
    pub content_hash: ContentHash,
    /// What normalising changed or could not read.
    pub issues: Vec<RecordIssue>,
    /// The size of the record's own JSON in bytes.
    pub read_bytes: usize,
    /// The first publisher, if the feed is another gateway's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Arc<RecordOrigin>>,
}

impl Provenance {
    /// Returns `fetched_at` and `fresh_until`.
    pub fn read(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.fetched_at, self.fresh_until)
    }

    /// Returns whether the freshness target has passed.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        now > self.fresh_until
    }
}
