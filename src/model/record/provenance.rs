//! Where a record came from, when, and what normalising did to it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{ContentHash, RecordIssue, RecordOrigin};

/// A record's history, part of the record itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Provenance {
    /// Address of the record in its feed; none where the feed has no endpoint for its kind.
    pub upstream_url: Option<Url>,
    /// When the answer it was read from arrived.
    pub fetched_at: DateTime<Utc>,
    /// Until when that answer is within its freshness target.
    pub fresh_until: DateTime<Utc>,
    /// The publisher's statement of the last change.
    pub last_modified: Option<DateTime<Utc>>,
    /// The publisher's statement of the last check, which is not a change.
    pub assured_date: Option<NaiveDate>,
    /// Who made that check.
    pub assurer_email: Option<String>,
    /// Read from a list page or from inside another record, its own detail not fetched.
    pub shallow: bool,
    /// Fingerprint of the record's own JSON.
    pub content_hash: ContentHash,
    /// What normalising changed or could not read.
    pub issues: Vec<RecordIssue>,
    /// The size of its own JSON in bytes.
    pub read_bytes: usize,
    /// The first publisher, where the feed is another gateway's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Arc<RecordOrigin>>,
}

impl Provenance {
    /// When the answer it was read from arrived, and until when that is within its freshness target.
    pub fn read(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.fetched_at, self.fresh_until)
    }

    /// True once the freshness target of the answer has passed.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        now > self.fresh_until
    }
}
