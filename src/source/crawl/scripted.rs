//! Lists that follow a script, for simulations. No requests are sent.

use std::any::Any;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{CrawlOutcome, CrawlStart, CrawledPage};
use crate::model::{
    AnyRecord, Location, Organization, RecordKind, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use crate::source::FeedSource;
use crate::source::collection::FromRow;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::walk::WalkCourse;

/// Decides what the lists of a feed contain.
pub(crate) trait FeedScript: Send + Sync {
    /// Returns a page of a list. Pages are numbered from 1.
    fn page(&self, kind: RecordKind, number: u64) -> ScriptedPage;
}

/// How the feed responds to a request for a page.
pub(crate) enum ScriptedPage {
    /// The feed has no such list.
    NoList,
    /// The request fails.
    Fails,
    /// The page has these rows.
    Rows(ScriptedRows),
}

pub(crate) struct ScriptedRows {
    pub(crate) records: Vec<AnyRecord>,
    /// How many records the list claims to have.
    pub(crate) claimed: u64,
    /// A number that changes whenever the list changes.
    pub(crate) edition: u64,
    pub(crate) is_last: bool,
    /// How long the page takes to arrive.
    pub(crate) takes: Duration,
}

/// How far a crawl has come.
struct ScriptedCrawl {
    course: Option<WalkCourse>,
    seen: HashSet<Box<str>>,
    is_resumed: bool,
    stands_still: bool,
}

impl FeedSource {
    /// Makes the source read its lists from a script.
    #[must_use]
    pub(crate) fn scripted(self, script: Arc<dyn FeedScript>) -> Self {
        Self { script: Some(script), ..self }
    }

    pub(super) async fn crawl_scripted<T: FromRow>(
        &self,
        script: &dyn FeedScript,
        start: CrawlStart,
        pages: mpsc::Sender<CrawledPage<T>>,
    ) -> Result<CrawlOutcome, SourceError> {
        let mut crawl = ScriptedCrawl::from(start);
        loop {
            let number = crawl.course.as_ref().map_or(1, |course| course.pages + 1);
            let rows = match script.page(T::KIND, number) {
                ScriptedPage::NoList => return Ok(CrawlOutcome::not_offered()),
                ScriptedPage::Fails => {
                    let error = SourceError::new(SourceErrorCode::Connection, "it is down", self.clock.now());
                    return match crawl.course.take() {
                        None => Err(error),
                        Some(course) => Ok(crawl.broken_off(course, error)),
                    };
                }
                ScriptedPage::Rows(rows) => rows,
            };
            tokio::time::sleep(rows.takes).await;
            let is_last = rows.is_last;
            let page = crawl.take::<T>(rows);
            let goes_on = pages.send(page).await.is_ok();
            if is_last || !goes_on {
                return Ok(crawl.ended(is_last && goes_on));
            }
        }
    }
}

impl From<CrawlStart> for ScriptedCrawl {
    fn from(start: CrawlStart) -> Self {
        match start {
            CrawlStart::Afresh { .. } => {
                Self { course: None, seen: HashSet::new(), is_resumed: false, stands_still: true }
            }
            CrawlStart::From { course, seen, .. } => {
                let seen = seen.into_iter().collect();
                Self { course: Some(*course), seen, is_resumed: true, stands_still: true }
            }
        }
    }
}

impl ScriptedCrawl {
    fn take<T: FromRow>(&mut self, rows: ScriptedRows) -> CrawledPage<T> {
        let course = self.course.get_or_insert_with(|| WalkCourse::scripted(rows.claimed, rows.edition));
        self.stands_still &= course.edition() == Some(rows.edition);
        course.pages += 1;
        course.rows += rows.records.len();
        let mut records: Vec<T> = rows.records.into_iter().filter_map(of).collect();
        records.retain(|record| self.seen.insert(record.id().upstream().into()));
        CrawledPage {
            records,
            unchanged: Vec::new(),
            unread: 0,
            course: course.clone(),
            in_full: true,
            known: None,
            shares: Vec::new(),
            duplicates: Vec::new(),
        }
    }

    fn ended(self, is_whole: bool) -> CrawlOutcome {
        let to_the_end = is_whole && self.stands_still;
        CrawlOutcome {
            is_offered: true,
            to_the_end,
            has_read_all: to_the_end && !self.is_resumed,
            records: self.seen.len() as u64,
            rows: self.course.as_ref().map_or(0, |course| course.rows as u64),
            claimed: self.course.as_ref().and_then(WalkCourse::claimed).filter(|_| self.stands_still),
            ..CrawlOutcome::default()
        }
    }

    fn broken_off(self, course: WalkCourse, error: SourceError) -> CrawlOutcome {
        let (broke_off, error) = (Some(course), Some(error));
        CrawlOutcome { broke_off, error, ..self.ended(false) }
    }
}

/// Converts a record to `T`. Returns `None` if it is of another kind.
fn of<T: FromRow>(record: AnyRecord) -> Option<T> {
    let record: Box<dyn Any> = match record {
        AnyRecord::Service(record) => Box::new(Service::clone(&record)),
        AnyRecord::Organization(record) => Box::new(Organization::clone(&record)),
        AnyRecord::Location(record) => Box::new(Location::clone(&record)),
        AnyRecord::ServiceAtLocation(record) => Box::new(ServiceAtLocation::clone(&record)),
        AnyRecord::Taxonomy(record) => Box::new(Taxonomy::clone(&record)),
        AnyRecord::TaxonomyTerm(record) => Box::new(TaxonomyTerm::clone(&record)),
    };
    record.downcast().ok().map(|record| *record)
}
