//! Hands over the pages of a crawl with each record once, and reports ids that stand for several records.

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

/// Hands over pages. Keeps only a fingerprint of each record.
pub(super) struct HandOn<T> {
    pages: mpsc::Sender<CrawledPage<T>>,
    /// The fingerprint of each record by id. `None` if it is not known, as after an interruption.
    seen: HashMap<Arc<str>, Option<ContentPrint>>,
    pub(super) in_full: bool,
    overlaps: usize,
    room: ListRoom,
    tally: DepartureTally,
    pub(super) any_unchanged: bool,
    /// Whether pages are being read for the second time.
    is_again: bool,
    /// For ids that stand for several records, the hash of the one that was chosen last time.
    pub(super) winners: WinningRecords,
    /// Records that were not chosen last time, until the chosen one appears. Otherwise the receiver would get both in
    /// turn.
    held_back: HashMap<Arc<str>, T>,
    /// Records that a later page repeated unchanged, each with the issue to report if the list turns out not to have
    /// moved.
    unconfirmed: Vec<(Box<str>, RecordIssue)>,
    /// Those of them for which that is certain.
    confirmed: Vec<(Box<str>, RecordIssue)>,
}

struct ContentPrint {
    hash: ContentHash,
    last_modified: Option<DateTime<Utc>>,
}

/// The rows of a page that were taken, with the issues of ids that occur again.
#[derive(Default)]
struct MetRows {
    count: usize,
    /// Issues of ids that occur twice on the page.
    on_page: Vec<(Box<str>, RecordIssue)>,
    /// Issues of ids that an earlier page had with the same content.
    alike: Vec<(Box<str>, RecordIssue)>,
    /// Issues of ids that an earlier page had with other content.
    others: Vec<(Box<str>, RecordIssue)>,
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

    /// Notes the size of the list. Unchanged pages are assumed to be as large as before.
    pub(super) fn note_size(&self, feed: &KnownFeed) {
        let bytes = self.room.bytes().saturating_sub(feed.sizes.beside(T::KIND));
        let before = if self.any_unchanged { feed.sizes.of(T::KIND) } else { 0 };
        feed.sizes.note(T::KIND, bytes.max(before));
    }

    /// Hands over the records whose formerly chosen record is no longer listed, and the issues that only the end of the
    /// list has confirmed.
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
        // Fails only if the receiver is gone.
        let _ = self.pages.send(page).await;
    }

    /// Returns whether a record must wait for the one that was chosen last time for its id.
    fn is_to_wait(&self, id: &str, hash: ContentHash) -> bool {
        self.winners.get(id).is_some_and(|winner| *winner != hash) && !self.seen.contains_key(id)
    }

    /// Notes that an id occurs again. `is_news`: this record replaces the earlier one. Returns the issue to report, and
    /// whether both are equal, so that it may be one record that moved between pages.
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

    /// Returns whether a record is to be handed over: its id is new, or the record differs from the earlier one and is
    /// newer.
    fn is_news(&self, record: &T) -> bool {
        match self.seen.get(record.id().upstream()) {
            None | Some(None) => true,
            Some(Some(before)) => {
                let provenance = record.provenance();
                before.hash != provenance.content_hash && before.last_modified < provenance.last_modified
            }
        }
    }

    /// Leaves in the page the records to hand over. Returns an error if there is no room for all.
    fn take_rows(&mut self, page: &mut FeedPage<T>, met: &mut MetRows) -> Result<(), String> {
        for record in each_once(std::mem::take(&mut page.records)) {
            page.records.extend(self.take_record(record, met)?);
            met.count += 1;
        }
        for id in &page.unchanged {
            if !self.seen.contains_key(&**id) {
                self.room.take(0)?;
                self.seen.insert(Arc::from(&**id), None);
            }
            met.count += 1;
        }
        Ok(())
    }

    /// Returns the record if it is to be handed over.
    fn take_record(&mut self, record: T, met: &mut MetRows) -> Result<Option<T>, String> {
        let is_news = self.is_news(&record);
        let provenance = record.provenance();
        let print = ContentPrint { hash: provenance.content_hash, last_modified: provenance.last_modified };
        let id = Arc::clone(record.id().shared_upstream());
        let on_page = provenance.issues.iter().filter(|issue| issue.is_of_duplicate());
        met.on_page.extend(on_page.map(|issue| (Box::from(&*id), issue.clone())));
        let is_to_wait = self.is_to_wait(&id, print.hash);
        match self.meet(&id, &record, is_news) {
            Some((issue, true)) => met.alike.push((Box::from(&*id), issue)),
            Some((issue, false)) => met.others.push((Box::from(&*id), issue)),
            None => {}
        }
        if !self.seen.contains_key(&id) {
            self.room.take(counted(&record))?;
        }
        if is_to_wait || is_news {
            self.seen.insert(Arc::clone(&id), Some(print));
        }
        if is_to_wait {
            self.held_back.insert(id, record);
            return Ok(None);
        }
        Ok(is_news.then_some(record))
    }

    /// Returns the issues to report with the page.
    fn note_duplicates(&mut self, met: MetRows, any_new: bool) -> Vec<(Box<str>, RecordIssue)> {
        let mut duplicates = Vec::new();
        // A page that only repeats another one, or is read for the second time, does not show that ids occur twice.
        if any_new && !self.is_again {
            duplicates.extend(met.on_page);
            self.unconfirmed.extend(met.alike);
        }
        // A row with other content is another row, whatever page it is on.
        if !self.is_again {
            duplicates.extend(met.others);
        }
        duplicates.iter().for_each(|(id, issue)| self.tally.add_to(id, issue));
        duplicates
    }

    pub(super) fn note_departures(self, feed: &KnownFeed, is_resumed: bool, crawled: &CrawlOutcome) {
        // A resumed crawl and unchanged pages leave rows unchecked.
        if !is_resumed && !self.any_unchanged {
            feed.ledger.walked(T::KIND, self.tally, crawled.to_the_end);
        }
    }
}

/// Returns the records of a page, each once.
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
        // What is remembered of an unchanged page stays valid, and keeps its age.
        let known = page.unchanged.is_empty().then(|| KnownPage::of(&page)).flatten();
        let known = known.map(|known| (KnownPage::name(&page.url), known));
        let is_unreadable = page.rows > 0 && page.records.is_empty() && page.unchanged.is_empty();
        let unread = page.rows.saturating_sub(page.records.len() + page.unchanged.len());
        self.any_unchanged |= !page.unchanged.is_empty();
        let (mut met, before) = (MetRows::default(), self.seen.len());
        let full = self.take_rows(&mut page, &mut met).err();
        let new = self.seen.len() - before;
        self.overlaps += usize::from(new > 0 && met.count > new && !self.is_again);
        let duplicates = self.note_duplicates(met, new > 0);
        // If part of the page was left out, the page must be read again.
        let known = known.filter(|_| full.is_none() && page.left_out.is_none());
        let (course, in_full) = (course.clone(), self.in_full);
        let (records, unchanged, shares) = (page.records, page.unchanged, page.shares);
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
