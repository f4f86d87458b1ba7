//! What is remembered about pages and records, for conditional requests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::FeedPage;
use crate::model::{ContentHash, Record};
use crate::source::engine::{AnswerArrival, CacheValidators};
use crate::source::onward::NextPage;

/// What is remembered about a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KnownPage {
    pub(super) validators: CacheValidators,
    ids: Vec<Box<str>>,
    rows: usize,
    total_items: Option<u64>,
    total_pages: Option<u64>,
    /// When the page was read.
    pub read_at: DateTime<Utc>,
    is_first: Option<bool>,
    onward: Option<NextPage>,
    skipped: usize,
}

/// The result of reading a detail page.
#[derive(Debug)]
pub(crate) enum OwnPage<T> {
    /// The record.
    Read(T, AnswerArrival),
    /// The page has not changed.
    Unchanged,
    /// There is no such page.
    Missing,
}

impl KnownPage {
    /// Remembers a page. Returns `None` if the feed sent no validators.
    pub(crate) fn of<T: Record>(page: &FeedPage<T>) -> Option<Self> {
        if page.validators.is_empty() {
            return None;
        }
        Some(Self {
            validators: page.validators.clone(),
            ids: page.records.iter().map(|record| record.id().upstream().into()).collect(),
            rows: page.rows,
            total_items: page.total_items,
            total_pages: page.total_pages,
            read_at: page.fetched_at,
            is_first: page.is_first,
            onward: page.onward.clone(),
            skipped: page.skipped,
        })
    }

    /// Returns a name for the page at a URL. It is a hash, so it reveals nothing about the URL.
    pub(crate) fn name(url: &Url) -> Box<str> {
        ContentHash::of(url.as_str().as_bytes()).as_str().into()
    }

    /// Returns the ids of the page's records.
    pub(crate) fn ids(&self) -> &[Box<str>] {
        &self.ids
    }

    /// Returns the page as it was when it was read, without its records.
    pub(super) fn page<T>(&self, url: Url, now: DateTime<Utc>, fresh_for: Duration) -> FeedPage<T> {
        FeedPage {
            rows: self.rows,
            total_items: self.total_items,
            total_pages: self.total_pages,
            is_first: self.is_first,
            onward: self.onward.clone(),
            skipped: self.skipped,
            validators: self.validators.clone(),
            unchanged: self.ids.clone(),
            ..FeedPage::empty(url, now, fresh_for)
        }
    }
}
