//! Reads a whole list of a live source, up to the scan limit, and publishes what has been read so far.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::ceilings::ListRoom;
use super::collection::FromRow;
use super::conformance::DepartureTally;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{FeedPage, KnownFeed};
use super::set::{RecordSet, SetGathering};
use super::walk::{KnownPages, ListWalk, PageSink, PageTaken, WalkBounds, WalkCourse, WalkWay};
use crate::model::{IssueCode, RecordKind};

/// The result of a walk.
#[derive(Debug)]
pub(crate) struct WalkedList<T> {
    pub set: RecordSet<T>,
    /// How long the records are fresh.
    pub fresh_for: Duration,
    /// Why pages are missing. `None` if the walk reached the end of the list, or the scan limit.
    pub error: Option<SourceError>,
    /// Where the records and the pages differ from the standard.
    pub tally: DepartureTally,
}

/// How often a walk publishes what it has read so far.
const SHOW_EVERY: Duration = Duration::from_millis(200);

/// Walks a feed's list of `T`, with `parameters` in every request. Calls `show` from time to time with the records so
/// far.
///
/// # Errors
/// If not even the first page could be read.
pub(crate) async fn walk<T: FromRow>(
    feed: &KnownFeed,
    parameters: &[(&str, String)],
    show: impl Fn(RecordSet<T>) + Send,
) -> Result<WalkedList<T>, SourceError> {
    let manner = feed.manner().await?;
    let bounds = WalkBounds { records: feed.limits.scan_limit, bad_pages: 0, breaks_off: false };
    let remembered = KnownPages::new();
    let way = WalkWay { feed, manner: &manner, parameters, remembered: &remembered, bounds };
    let first = match manner.address.offers(T::KIND) {
        true => way.first_page::<T>().await?,
        false => None,
    };
    let Some(first) = first else {
        // Every feed has services. If the list is not found, the address is probably wrong.
        if T::KIND == RecordKind::Service {
            return Err(feed.no_services());
        }
        // Fresh for long: a feed without this endpoint will hardly have one in five minutes.
        let set = RecordSet::new(Vec::new(), feed.engine.now());
        return Ok(WalkedList {
            set,
            fresh_for: feed.limits.stale_for,
            error: None,
            tally: DepartureTally::default(),
        });
    };
    let room = ListRoom::of(&feed.limits).with(0, feed.sizes.beside(T::KIND));
    let taker = Gather::new(&first, feed.limits.scan_limit, room, show);
    let mut walk = ListWalk::begin(way, first, taker).await;
    walk.run().await;
    let (taker, mut end) = walk.end();
    feed.sizes.note(T::KIND, taker.room.bytes().saturating_sub(room.bytes()));
    let mut set = taker.gathered.set(taker.most, taker.fetched_at);
    set.truncated |= end.stopped_short;
    set.gap =
        end.gap.take().or(end.shortfall.take()).or_else(|| set.truncated.then(|| too_many_to_scan(feed)));
    // Not a failure: the list was read as far as configured, and reading it again would bring no more.
    set.ceiling = end.ceiling;
    let tally = with_duplicates(taker.tally, &set);
    Ok(WalkedList { set, fresh_for: taker.fresh_for, error: end.error, tally })
}

struct Gather<T, S> {
    gathered: SetGathering<T>,
    most: usize,
    room: ListRoom,
    show: S,
    shown_at: Instant,
    fetched_at: DateTime<Utc>,
    fresh_for: Duration,
    tally: DepartureTally,
}

impl<T: FromRow, S: Fn(RecordSet<T>) + Send> Gather<T, S> {
    fn new(first: &FeedPage<T>, most: usize, room: ListRoom, show: S) -> Self {
        Self {
            gathered: SetGathering::default(),
            most,
            room,
            show,
            shown_at: Instant::now(),
            fetched_at: first.fetched_at,
            fresh_for: first.fresh_for,
            tally: DepartureTally::default(),
        }
    }
}

impl<T: FromRow, S: Fn(RecordSet<T>) + Send> PageSink<T> for Gather<T, S> {
    async fn take(&mut self, page: FeedPage<T>, _: &WalkCourse) -> PageTaken {
        self.tally.take_in(page.tally);
        self.fetched_at = self.fetched_at.min(page.fetched_at);
        self.fresh_for = self.fresh_for.min(page.fresh_for);
        let is_unreadable = page.rows > 0 && page.records.is_empty();
        let added = self.gathered.add_within(page.records, &mut self.room);
        if self.shown_at.elapsed() > SHOW_EVERY {
            (self.show)(self.gathered.set(self.most, self.fetched_at));
            self.shown_at = Instant::now();
        }
        match added {
            Err(reason) => PageTaken::Full(reason),
            Ok(_) if is_unreadable => PageTaken::Unreadable,
            Ok(new) => PageTaken::New(new),
        }
    }

    fn known(&self) -> usize {
        self.gathered.len()
    }

    fn knows(&self, upstream_id: &str) -> bool {
        self.gathered.has(upstream_id)
    }

    fn begin_again(&mut self) {
        self.gathered.begin_again();
    }

    fn confirm_repeats(&mut self) {
        self.gathered.confirm_repeats();
    }

    fn overlaps(&self) -> usize {
        self.gathered.overlaps
    }
}

fn too_many_to_scan(feed: &KnownFeed) -> SourceError {
    let most = feed.limits.scan_limit;
    let reason =
        format!("lists more than {most} records; a live query reads no more than that (`scan_limit`)");
    feed.failure(SourceErrorCode::TooLarge, reason)
}

// Duplicate ids show only once all pages have been read.
fn with_duplicates<T: FromRow>(mut tally: DepartureTally, set: &RecordSet<T>) -> DepartureTally {
    for record in set.records() {
        let issues = record.provenance().issues.iter();
        for issue in issues.filter(|issue| issue.code == IssueCode::DuplicateId) {
            tally.add_to(record.id().upstream(), issue);
        }
    }
    tally
}
