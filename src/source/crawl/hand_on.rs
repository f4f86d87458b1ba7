//! Handing the pages of a crawl on, with each record once, and with what was found out about ids that stand for several.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::{CrawlOutcome, CrawlStart, CrawledPage};
use crate::model::{ContentHash, RecordIssue};
use crate::source::ceilings::{ListRoom, counted};
use crate::source::collection::FromRow;
use crate::source::conformance::DepartureTally;
use crate::source::feed::{FeedPage, KnownFeed, KnownPage};
use crate::source::page_form::WinningRecords;
use crate::source::set::{DuplicateRule, SetGathering, duplicate_id};
use crate::source::walk::{PageSink, PageTaken, WalkCourse};

/// Hands pages on, and remembers of their records only which they were.
pub(super) struct HandOn<T> {
    pages: mpsc::Sender<CrawledPage<T>>,
    /// By id: what the record was like; none where that is not known any more.
    seen: HashMap<Arc<str>, Option<ContentPrint>>,
    pub(super) in_full: bool,
    overlaps: usize,
    room: ListRoom,
    tally: DepartureTally,
    pub(super) any_unchanged: bool,
    /// Whether pages are being read for the second time.
    is_again: bool,
    /// Of ids that stand for several records, which of these was kept the last time.
    pub(super) winners: WinningRecords,
    /// Records that were not kept the last time, until the one that was comes along: whoever keeps records is not to be
    /// shown both in turns.
    held_back: HashMap<Arc<str>, T>,
    /// Records that a later page had just so, each with the issue that says so if they have not moved meanwhile.
    unconfirmed: Vec<(Box<str>, RecordIssue)>,
    /// Those that have not.
    confirmed: Vec<(Box<str>, RecordIssue)>,
}

struct ContentPrint {
    hash: ContentHash,
    last_modified: Option<DateTime<Utc>>,
}

impl<T: FromRow> HandOn<T> {
    pub(super) fn new(pages: mpsc::Sender<CrawledPage<T>>, start: &CrawlStart, feed: &KnownFeed) -> Self {
        let (seen, in_full, had) = match start {
            CrawlStart::Afresh { .. } => (HashMap::new(), false, 0),
            CrawlStart::From { seen, in_full, .. } => {
                let seen: HashMap<_, _> = seen.iter().map(|id| (Arc::from(&**id), None)).collect();
                (seen, *in_full, feed.sizes.of(T::KIND))
            }
        };
        Self {
            pages,
            room: ListRoom::of(&feed.limits).with(seen.len(), feed.sizes.beside(T::KIND) + had),
            seen,
            in_full,
            overlaps: 0,
            tally: DepartureTally::default(),
            any_unchanged: false,
            is_again: false,
            winners: feed.habits.winners(T::KIND),
            held_back: HashMap::new(),
            unconfirmed: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    /// Notes how large the list is. Pages that have not changed are as large as they were.
    pub(super) fn note_size(&self, feed: &KnownFeed) {
        let bytes = self.room.bytes().saturating_sub(feed.sizes.beside(T::KIND));
        let before = if self.any_unchanged { feed.sizes.of(T::KIND) } else { 0 };
        feed.sizes.note(T::KIND, bytes.max(before));
    }

    /// Hands on what was held back in vain, since the record that was kept the last time is not listed any more, and what
    /// only the end of the list has shown.
    pub(super) async fn hand_on_what_is_held_back(&mut self, course: &WalkCourse) {
        let records: Vec<T> = std::mem::take(&mut self.held_back).into_values().collect();
        let duplicates = std::mem::take(&mut self.confirmed);
        if records.is_empty() && duplicates.is_empty() {
            return;
        }
        for record in &records {
            self.winners.remove(record.id().upstream());
        }
        let page = CrawledPage {
            records,
            unchanged: Vec::new(),
            unread: 0,
            course: course.clone(),
            in_full: self.in_full,
            known: None,
            shares: Vec::new(),
            duplicates,
        };
        // Fails only where nobody takes pages any more.
        let _ = self.pages.send(page).await;
    }

    /// Whether a record is to wait for the one that was kept in its place the last time.
    fn is_to_wait(&self, id: &str, hash: ContentHash) -> bool {
        self.winners.get(id).is_some_and(|winner| *winner != hash) && !self.seen.contains_key(id)
    }

    /// Notes that a record was met before under its id; `is_news` if this one is kept. Returns the issue that says so, and
    /// whether both are alike, so that it may be one record that has moved.
    fn meet(&mut self, id: &str, record: &T, is_news: bool) -> Option<(RecordIssue, bool)> {
        let before = self.seen.get(id)?.as_ref()?;
        let hash = record.provenance().content_hash;
        Some(if is_news {
            self.winners.insert(id.into(), hash);
            (duplicate_id(self.held_back.remove(id).as_ref(), DuplicateRule::Newer), false)
        } else if before.hash == hash {
            (duplicate_id(Some(record), DuplicateRule::Either), true)
        } else {
            (duplicate_id(Some(record), DuplicateRule::First), false)
        })
    }

    /// Whether a record is not the same as, and no older than, one that went before under its id.
    fn is_news(&self, record: &T) -> bool {
        match self.seen.get(record.id().upstream()) {
            None | Some(None) => true,
            Some(Some(before)) => {
                let provenance = record.provenance();
                before.hash != provenance.content_hash && before.last_modified < provenance.last_modified
            }
        }
    }

    pub(super) fn note_departures(self, feed: &KnownFeed, is_resumed: bool, crawled: &CrawlOutcome) {
        // What was not read anew has not been looked at.
        if !is_resumed && !self.any_unchanged {
            feed.ledger.walked(T::KIND, self.tally, crawled.to_the_end);
        }
    }
}

/// The records of a page, each once.
fn each_once<T: FromRow>(records: Vec<T>) -> Vec<T> {
    let are_unique = {
        let mut ids = HashSet::with_capacity(records.len());
        records.iter().all(|record| ids.insert(record.id().upstream()))
    };
    if are_unique {
        return records;
    }
    let mut once = SetGathering::default();
    once.add(records);
    once.into_records().collect()
}

impl<T: FromRow> PageSink<T> for HandOn<T> {
    async fn take(&mut self, mut page: FeedPage<T>, course: &WalkCourse) -> PageTaken {
        self.tally.take_in(std::mem::take(&mut page.tally));
        // What was remembered of a page that has not changed still holds, and is as old as it was.
        let known = page.unchanged.is_empty().then(|| KnownPage::of(&page)).flatten();
        let known = known.map(|known| (KnownPage::name(&page.url), known));
        let is_unreadable = page.rows > 0 && page.records.is_empty() && page.unchanged.is_empty();
        let unread = page.rows.saturating_sub(page.records.len() + page.unchanged.len());
        let (mut new, mut repeated) = (0, 0);
        let mut count = |is_new: bool| if is_new { new += 1 } else { repeated += 1 };
        let (mut records, mut full) = (Vec::new(), None);
        let (mut duplicates, mut others, mut alike) = (Vec::new(), Vec::new(), Vec::new());
        for record in each_once(page.records) {
            let is_news = self.is_news(&record);
            let provenance = record.provenance();
            let print =
                ContentPrint { hash: provenance.content_hash, last_modified: provenance.last_modified };
            let id = Arc::clone(record.id().shared_upstream());
            let on_page = provenance.issues.iter().filter(|issue| issue.is_of_duplicate());
            on_page.for_each(|issue| duplicates.push((Box::from(&*id), issue.clone())));
            let is_to_wait = self.is_to_wait(&id, print.hash);
            match self.meet(&id, &record, is_news) {
                Some((issue, true)) => alike.push((Box::from(&*id), issue)),
                Some((issue, false)) => others.push((Box::from(&*id), issue)),
                None => {}
            }
            if !self.seen.contains_key(&id)
                && let Err(reason) = self.room.take(counted(&record))
            {
                full = Some(reason);
                break;
            }
            if is_to_wait {
                count(self.seen.insert(id.clone(), Some(print)).is_none());
                self.held_back.insert(id, record);
            } else if is_news {
                records.push(record);
                count(self.seen.insert(id, Some(print)).is_none());
            } else {
                count(false);
            }
        }
        self.any_unchanged |= !page.unchanged.is_empty();
        for id in &page.unchanged {
            if !self.seen.contains_key(&**id)
                && let Err(reason) = self.room.take(0)
            {
                full = Some(reason);
                break;
            }
            count(!self.seen.contains_key(&**id));
            self.seen.entry(Arc::from(&**id)).or_insert(None);
        }
        self.overlaps += usize::from(new > 0 && repeated > 0 && !self.is_again);
        // A page that only repeats another, or is read again, is no list that names records twice.
        let counts = new > 0 && !self.is_again;
        duplicates.retain(|_| counts);
        // A row that says something else is another row, on whatever page.
        duplicates.extend(others.into_iter().filter(|_| !self.is_again));
        self.unconfirmed.extend(alike.into_iter().filter(|_| counts));
        duplicates.iter().for_each(|(id, issue)| self.tally.add_to(id, issue));
        // A page of which something was left is to be read again.
        let known = known.filter(|_| full.is_none() && page.left_out.is_none());
        let (course, in_full) = (course.clone(), self.in_full);
        let (unchanged, shares) = (page.unchanged, page.shares);
        let handed_on =
            CrawledPage { records, unchanged, unread, course, in_full, known, shares, duplicates };
        match self.pages.send(handed_on).await {
            Err(_) => PageTaken::Enough,
            Ok(()) => match full {
                Some(reason) => PageTaken::Full(reason),
                None if is_unreadable => PageTaken::Unreadable,
                None => PageTaken::New(new),
            },
        }
    }

    fn known(&self) -> usize {
        self.seen.len()
    }

    fn knows(&self, upstream_id: &str) -> bool {
        self.seen.contains_key(upstream_id)
    }

    fn confirm_repeats(&mut self) {
        self.confirmed = std::mem::take(&mut self.unconfirmed);
        self.confirmed.iter().for_each(|(id, issue)| self.tally.add_to(id, issue));
    }

    fn begin_again(&mut self) {
        self.is_again = true;
    }

    fn overlaps(&self) -> usize {
        self.overlaps
    }
}
