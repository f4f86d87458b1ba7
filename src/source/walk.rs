//! Reading a whole list, page by page, from feeds that count wrongly, clamp, repeat and never say where they end.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use url::Url;

use super::collection::FromRow;
use super::conformance::Tally;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{Feed, Page};
use super::set::{Gathering, Set};
use super::spoken::Manner;
use crate::model::IssueCode;
use crate::model::RecordKind;

/// What a walk came to.
#[derive(Debug)]
pub(crate) struct Walked<T> {
    /// All records read.
    pub set: Set<T>,
    /// How long they are fresh.
    pub fresh_for: Duration,
    /// Why pages are missing, where some are. Without it the walk reached the end, or the most it may read.
    pub error: Option<SourceError>,
    /// Where the records, and the pages themselves, depart from the standard.
    pub tally: Tally,
}

/// How often to show what a walk has so far.
const SHOW_EVERY: Duration = Duration::from_millis(200);
/// How many pages in a row without anything new are the end, among those a feed claims: one may be a slip.
const PATIENCE: usize = 2;

/// Walks a feed's list of `T`, giving `parameters` with every request; shows now and then what it has so far.
///
/// # Errors
/// When not even the first page could be read.
pub(crate) async fn walk<T: FromRow>(
    feed: &Feed,
    parameters: &[(&str, String)],
    show: impl Fn(Set<T>),
) -> Result<Walked<T>, SourceError> {
    let manner = feed.manner().await?;
    let first_url = manner.address.page(T::KIND, 1, feed.limits.page_size, parameters);
    let first = match manner.address.offers(T::KIND) {
        true => feed.page::<T>(&manner, first_url.clone()).await?,
        false => None,
    };
    let Some(first) = first else {
        // Every feed has services; one that answers 404 for them is not there, or not where it is looked for.
        if T::KIND == RecordKind::Service {
            return Err(feed.no_services());
        }
        // A feed without an endpoint will not have one in five minutes either.
        let set = Set::new(Vec::new(), feed.engine.now());
        return Ok(Walked { set, fresh_for: feed.limits.stale_for, error: None, tally: Tally::default() });
    };
    let mut walk = Walk::begin(feed, &manner, parameters, first, show);
    match walk.first.next.take() {
        Some(next) => walk.follow_links(first_url, next).await,
        None => walk.follow_numbers().await,
    }
    Ok(walk.end())
}

struct Walk<'a, T, S> {
    feed: &'a Feed,
    manner: &'a Arc<Manner>,
    parameters: &'a [(&'a str, String)],
    show: S,
    shown_at: Instant,
    first: First,
    gathered: Gathering<T>,
    rows: usize,
    last_rows: usize,
    /// How many records the first page had.
    first_known: usize,
    /// Whether a later page was the first one again.
    turned_back: bool,
    /// How many pages in a row had nothing new.
    barren: usize,
    /// Whether a page with something new came after one without.
    has_gap: bool,
    ended: bool,
    fetched_at: DateTime<Utc>,
    fresh_for: Duration,
    error: Option<SourceError>,
    /// What is wrong with a page of which only a part could be read: no reason to stop.
    broken: Option<SourceError>,
    tally: Tally,
}

/// What the first page says of the whole.
struct First {
    rows: usize,
    total_items: Option<u64>,
    total_pages: Option<u64>,
    next: Option<Url>,
}

impl First {
    /// How many pages there may be, if the feed says anything of it: a hint.
    fn pages(&self) -> Option<u64> {
        let rows = u64::try_from(self.rows).ok().filter(|rows| *rows > 0)?;
        self.total_pages.or_else(|| self.total_items.map(|items| items.div_ceil(rows)))
    }
}

impl<'a, T: FromRow, S: Fn(Set<T>)> Walk<'a, T, S> {
    fn begin(
        feed: &'a Feed,
        manner: &'a Arc<Manner>,
        parameters: &'a [(&'a str, String)],
        first: Page<T>,
        show: S,
    ) -> Self {
        let (total_items, total_pages, next) = (first.total_items, first.total_pages, first.next.clone());
        let mut walk = Self {
            feed,
            manner,
            parameters,
            show,
            shown_at: Instant::now(),
            first: First { rows: first.rows, total_items, total_pages, next },
            gathered: Gathering::default(),
            rows: 0,
            last_rows: 0,
            first_known: 0,
            turned_back: false,
            barren: 0,
            has_gap: false,
            ended: false,
            fetched_at: first.fetched_at,
            fresh_for: first.fresh_for,
            error: None,
            broken: None,
            tally: Tally::default(),
        };
        walk.take(Some(first));
        walk.first_known = walk.gathered.len();
        walk
    }

    /// For feeds that link each page to the next.
    async fn follow_links(&mut self, first: Url, next: Url) {
        let mut seen = HashSet::from([first]);
        let mut next = Some(next);
        while let Some(url) = next.take().filter(|_| !self.is_over()) {
            if !seen.insert(url.clone()) {
                self.ended = true;
                return;
            }
            match self.feed.page::<T>(self.manner, url).await {
                Ok(page) => {
                    next = page.as_ref().and_then(|page| page.next.clone());
                    self.take(page);
                }
                Err(error) => self.error = Some(error),
            }
        }
        self.ended |= next.is_none();
    }

    /// For feeds that number their pages.
    async fn follow_numbers(&mut self) {
        let claimed = self.first.pages().unwrap_or(1).min(self.most_pages()).max(1);
        self.read_claimed(claimed, PATIENCE).await;
        self.read_beyond(claimed + 1).await;
        if self.may_have_missed_some() {
            tracing::debug!(source = %self.feed.key, "pages shifted while they were read; reading them again");
            self.ended = false;
            self.read_claimed(claimed, usize::MAX).await;
            self.ended = true;
        }
    }

    /// The pages the feed claims to have, several at once, until `patience` of them in a row had nothing new.
    async fn read_claimed(&mut self, pages: u64, patience: usize) {
        let (feed, manner) = (self.feed, self.manner);
        let parameters = self.parameters;
        let size = feed.limits.page_size;
        let mut pages = stream::iter(2..=pages)
            .map(|number| feed.page::<T>(manner, manner.address.page(T::KIND, number, size, parameters)))
            .buffered(feed.limits.max_concurrency.max(1));
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => self.take(page),
                // A bad page costs itself; the others are read all the same.
                Err(error) => self.error = Some(error),
            }
            self.ended &= self.barren >= patience;
            if self.is_over_but_for_errors() {
                return;
            }
        }
        self.ended |= self.barren > 0;
    }

    /// The pages past those claimed, one by one, for as long as something speaks for there being more.
    async fn read_beyond(&mut self, mut number: u64) {
        while !self.is_over() && !self.has_all_claimed() {
            let url = self.manner.address.page(T::KIND, number, self.feed.limits.page_size, self.parameters);
            match self.feed.page::<T>(self.manner, url).await {
                Ok(page) => {
                    let known = self.gathered.len();
                    self.take(page);
                    self.ended |= self.gathered.len() == known;
                }
                Err(error) => self.error = Some(error),
            }
            number += 1;
        }
    }

    /// Takes a page's records. A page with nothing new is the end: past it feeds clamp, repeat, or have nothing.
    fn take(&mut self, page: Option<Page<T>>) {
        let Some(page) = page else {
            (self.ended, self.barren) = (true, usize::MAX);
            return;
        };
        self.tally.take_in(page.tally);
        if let Some(fault) = page.broken {
            self.broken = Some(self.feed.failure(SourceErrorCode::InvalidResponse, fault));
        }
        self.rows += page.rows;
        self.last_rows = page.rows;
        self.fetched_at = self.fetched_at.min(page.fetched_at);
        self.fresh_for = self.fresh_for.min(page.fresh_for);
        let unreadable = page.rows > 0 && page.records.is_empty();
        let known = self.gathered.len();
        if self.gathered.add(page.records) == 0 && !unreadable {
            self.ended = true;
            self.barren += 1;
            self.turned_back |= page.rows > 0 && known == self.first_known;
        } else {
            self.has_gap |= self.barren > 0;
            self.barren = 0;
        }
        if self.shown_at.elapsed() > SHOW_EVERY {
            (self.show)(self.gathered.set(self.feed.limits.scan_limit, self.fetched_at));
            self.shown_at = Instant::now();
        }
    }

    fn is_over(&self) -> bool {
        self.error.is_some() || self.is_over_but_for_errors()
    }

    fn is_over_but_for_errors(&self) -> bool {
        self.ended || self.gathered.len() > self.feed.limits.scan_limit || self.rows > self.most_rows()
    }

    /// Whether what has been read is all that the feed's own numbers speak of. Where they speak of nothing, or of
    /// fewer records than there were, only a page with nothing new, or one that is not full, is the end.
    fn has_all_claimed(&self) -> bool {
        let rows = self.rows as u64;
        let is_full = self.last_rows >= self.first.rows;
        match (self.first.total_items, self.first.total_pages) {
            (Some(items), _) => rows == items || (rows > items && !is_full),
            (None, Some(_)) => !is_full,
            (None, None) => false,
        }
    }

    fn may_have_missed_some(&self) -> bool {
        let claims_more = self.first.total_items.map(|items| (self.gathered.len() as u64) < items);
        self.error.is_none()
            && self.gathered.len() < self.feed.limits.scan_limit
            && ((self.gathered.overlaps > 0 && claims_more == Some(true))
                || (self.has_gap && claims_more != Some(false)))
    }

    fn most_pages(&self) -> u64 {
        (self.feed.limits.scan_limit as u64).div_ceil(self.first.rows.max(1) as u64)
    }

    // Rows that repeat or cannot be read must not keep a walk going for ever.
    fn most_rows(&self) -> usize {
        self.feed.limits.scan_limit.saturating_mul(4)
    }

    fn end(self) -> Walked<T> {
        let limit = self.feed.limits.scan_limit;
        let claims_more = self.first.total_items.is_some_and(|items| items > self.gathered.len() as u64);
        // A feed that speaks of more pages and shows its first one for each takes no notice of the number.
        let ignores_page = self.turned_back && self.first.pages().is_some_and(|pages| pages > 1);
        let unsteady = self.may_have_missed_some() || ignores_page;
        let mut set = self.gathered.set(limit, self.fetched_at);
        let stopped_short = !self.ended && self.error.is_none() && self.gathered.len() >= limit;
        set.truncated |= stopped_short && (claims_more || self.first.total_items.is_none());
        set.unsteady = unsteady;
        let tally = with_duplicates(self.tally, &set);
        Walked { set, fresh_for: self.fresh_for, error: self.error.or(self.broken), tally }
    }
}

// That an id stands for several records shows only once they have been gathered.
fn with_duplicates<T: FromRow>(mut tally: Tally, set: &Set<T>) -> Tally {
    for record in set.records() {
        let issues = record.provenance().issues.iter();
        for issue in issues.filter(|issue| issue.code == IssueCode::DuplicateId) {
            tally.add_to(record.id().upstream(), issue);
        }
    }
    tally
}
