//! Pages and records of one feed, read with its dialect.

mod fuzzing;
mod known;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::ceilings::{ListSizes, RecordCeilings};
use super::collection::{FromRow, endpoint_name};
use super::conformance::{ConformanceLedger, DepartureTally};
use super::declared::FeedDeclaration;
use super::dialect::{NotAPage, RecordUrl as _};
use super::dialect_state::{DialectState, FeedManner};
use super::dialects;
use super::engine::{AnswerArrival, BodyReader, CacheValidators, EngineAnswer, FeedEngine};
use super::error::SourceError;
use super::kept_back::KeptBack;
use super::memory::{MemoryShare, ReadingPlace};
use super::onward::NextPage;
use super::page_form::PageHabits;
use crate::config;
use crate::model::{RecordKind, SourceKey};

pub(super) use fuzzing::FuzzedBytes;
pub(crate) use known::{KnownPage, OwnPage};

use rows::ReadingRows;

/// A feed, with all that is needed to read it.
pub(crate) struct KnownFeed {
    pub key: SourceKey,
    pub engine: FeedEngine,
    pub spoken: DialectState,
    pub limits: config::SourceLimits,
    pub omits_assurers: bool,
    pub kept_back: Arc<KeptBack>,
    pub ledger: Arc<ConformanceLedger>,
    /// How large its lists were when last read.
    pub(in crate::source) sizes: ListSizes,
    pub habits: PageHabits,
}

/// A page of records, and what its envelope claims.
#[derive(Debug)]
pub(crate) struct FeedPage<T> {
    pub url: Url,
    /// The records that could be read.
    pub records: Vec<T>,
    /// The number of rows, readable or not.
    pub rows: usize,
    /// The number of rows that are empty.
    pub skipped: usize,
    /// The claimed number of records in the whole list.
    pub total_items: Option<u64>,
    /// The claimed number of pages. `None` if there is no such claim.
    pub total_pages: Option<u64>,
    /// Why rows are missing, if the page is broken and only some could be read.
    pub broken: Option<String>,
    /// Why records were left out, if some exceed the size limits.
    pub left_out: Option<String>,
    /// Whether the page claims to be the first. `None` if it does not say.
    pub is_first: Option<bool>,
    /// How the page says that the list continues. `None` if it does not say.
    pub onward: Option<NextPage>,
    /// When the page arrived.
    pub fetched_at: DateTime<Utc>,
    /// How long the page is fresh.
    pub fresh_for: Duration,
    /// Where the records and the page differ from the standard.
    pub(in crate::source) tally: DepartureTally,
    /// What to send with the next request, so that the feed can say that nothing has changed.
    pub validators: CacheValidators,
    /// The ids of the page's records, if it has not changed since it was last read. `records` is then empty.
    pub unchanged: Vec<Box<str>>,
    /// The memory that the page reserves until it is handed on.
    pub(in crate::source) shares: Vec<MemoryShare>,
}

impl<T> FeedPage<T> {
    /// Creates a page without rows.
    fn empty(url: Url, fetched_at: DateTime<Utc>, fresh_for: Duration) -> Self {
        Self {
            url,
            records: Vec::new(),
            rows: 0,
            skipped: 0,
            total_items: None,
            total_pages: None,
            broken: None,
            left_out: None,
            is_first: None,
            onward: None,
            fetched_at,
            fresh_for,
            tally: DepartureTally::default(),
            validators: CacheValidators::default(),
            unchanged: Vec::new(),
            shares: Vec::new(),
        }
    }
}

impl KnownFeed {
    /// Reads a page for inspection only. Returns `None` if the feed has no such list or page.
    pub(crate) async fn page<T: FromRow>(
        &self,
        manner: &Arc<FeedManner>,
        url: Url,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        self.page_if_changed(manner, url, None, false, &ReadingPlace::passing()).await
    }

    /// Reads a page, unless it has not changed since `known`. With `may_be_past_the_end`, a body that is empty or says
    /// that there is nothing becomes an empty page. The page holds its reserved memory until it is dropped. An error
    /// names the list, except for services.
    pub(crate) async fn page_if_changed<T: FromRow>(
        &self,
        manner: &Arc<FeedManner>,
        url: Url,
        known: Option<&KnownPage>,
        may_be_past_the_end: bool,
        place: &ReadingPlace,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        let page = self.page_at(manner, url, known, may_be_past_the_end, place).await;
        let page = page.map_err(|error| match T::KIND {
            RecordKind::Service => error,
            kind => {
                let message = format!("{} (the list `{}`)", error.message, endpoint_name(kind));
                SourceError { message, ..error }
            }
        });
        Ok(page?.map(|page| FeedPage { shares: place.take_shares(), ..page }))
    }

    async fn page_at<T: FromRow>(
        &self,
        manner: &Arc<FeedManner>,
        url: Url,
        known: Option<&KnownPage>,
        may_be_past_the_end: bool,
        place: &ReadingPlace,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        let read = self.reading_page(manner, &url, may_be_past_the_end);
        if let Some(first) = self.spoken.take_first_page(&url) {
            return self.engine.read(first.body, first.arrival, &read, place).await.map(Some);
        }
        let got = match known {
            None => Some(self.engine.get(&url, read, place).await?),
            Some(known) => self.engine.get_if_changed(&url, read, &known.validators, place).await?,
        };
        Ok(match (got, known) {
            (Some(EngineAnswer::Found(page, _)), _) => Some(page),
            (Some(EngineAnswer::NoContent(arrival)), _) => {
                Some(FeedPage::empty(url, arrival.at, arrival.fresh_for))
            }
            (Some(EngineAnswer::NotFound), _) | (None, None) => None,
            (None, Some(known)) => Some(known.page(url, self.engine.now(), self.limits.fresh_for)),
        })
    }

    /// Reads a page in a single try that does not count against the feed's health. Returns `None` if the page is
    /// missing.
    pub(crate) async fn page_at_a_glance<T: FromRow>(
        &self,
        manner: &Arc<FeedManner>,
        url: Url,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        let read = self.reading_page(manner, &url, true);
        Ok(match self.engine.glance(&url, read).await? {
            EngineAnswer::Found(page, _) => Some(page),
            EngineAnswer::NoContent(_) | EngineAnswer::NotFound => None,
        })
    }

    fn reading_page<T: FromRow>(
        &self,
        manner: &Arc<FeedManner>,
        url: &Url,
        may_be_past_the_end: bool,
    ) -> BodyReader<FeedPage<T>> {
        let (context, from) = (self.context(manner), url.clone());
        Arc::new(move |body, arrival, patience| {
            match context.read_page(&from, body, arrival, patience) {
                // Past the end of a list, some feeds send a message or an empty body.
                Err(NotAPage::Empty | NotAPage::NothingThere | NotAPage::NoList { .. })
                    if may_be_past_the_end =>
                {
                    Ok(FeedPage::empty(from.clone(), arrival.at, arrival.fresh_for))
                }
                read => read,
            }
        })
    }

    /// Reads a single record. Returns `None` if the feed has no such record, or no endpoint for its kind.
    pub(crate) async fn record<T: FromRow>(
        &self,
        upstream_id: &str,
    ) -> Result<Option<(T, AnswerArrival)>, SourceError> {
        match self.record_if_changed(upstream_id, &CacheValidators::default()).await? {
            OwnPage::Read(record, arrival) => Ok(Some((record, arrival))),
            OwnPage::Unchanged | OwnPage::Missing => Ok(None),
        }
    }

    /// Like [`KnownFeed::record`], but conditional: tells whether the record has changed since `known`.
    pub(crate) async fn record_if_changed<T: FromRow>(
        &self,
        upstream_id: &str,
        known: &CacheValidators,
    ) -> Result<OwnPage<T>, SourceError> {
        let manner = self.manner().await?;
        let (context, wanted) = (self.context(&manner), upstream_id.to_owned());
        let read: BodyReader<Option<T>> = Arc::new(move |body, arrival, patience| {
            let read = context.read_single::<T>(body, arrival, patience)?;
            // Some feeds send the same record for every id.
            let of_wanted = read.filter(|(record, _)| record.id().upstream() == wanted);
            let Some((record, departures)) = of_wanted else { return Ok(None) };
            context.ledger.read(T::KIND, &wanted, departures);
            Ok(Some(record))
        });
        // The gateway normalises the notation of ids, but a feed may only know the notation that it uses itself.
        for notation in [upstream_id.to_owned()].into_iter().chain(other_notations(upstream_id)) {
            let Some(url) = manner.address.record_url(T::KIND, &notation) else { continue };
            let place = ReadingPlace::record();
            match self.engine.get_if_changed(&url, Arc::clone(&read), known, &place).await? {
                None => return Ok(OwnPage::Unchanged),
                Some(EngineAnswer::Found(Some(record), arrival)) => {
                    return Ok(OwnPage::Read(record, arrival));
                }
                Some(EngineAnswer::NoContent(_)) => return Ok(OwnPage::Missing),
                Some(EngineAnswer::Found(None, _) | EngineAnswer::NotFound) => {}
            }
        }
        Ok(OwnPage::Missing)
    }

    /// Reads what the root document declares. Returns an empty declaration if there is no root document.
    pub(crate) async fn declared(&self) -> Result<FeedDeclaration, SourceError> {
        let redactor = self.engine.redactor().clone();
        let read: BodyReader<FeedDeclaration> = Arc::new(move |body, _, patience| {
            let mut root =
                dialects::json_of(body, patience).ok_or(NotAPage::NoList { expected: "document" })?;
            redactor.value(&mut root);
            Ok(FeedDeclaration::of(&root))
        });
        let declared =
            match self.engine.get(&self.spoken.address().root(), read, &ReadingPlace::record()).await? {
                EngineAnswer::Found(declared, _) => declared,
                EngineAnswer::NotFound | EngineAnswer::NoContent(_) => FeedDeclaration::default(),
            };
        self.spoken.note_declared(&declared);
        Ok(declared)
    }

    fn context(&self, manner: &Arc<FeedManner>) -> ReadingRows {
        let declared = self.spoken.declared();
        let version = declared.as_ref().and_then(|declared| declared.version.as_deref());
        ReadingRows {
            key: self.key.clone(),
            standard: manner.description.standard.of_version(version),
            manner: Arc::clone(manner),
            omits_assurers: self.omits_assurers,
            kept_back: Arc::clone(&self.kept_back),
            ledger: Arc::clone(&self.ledger),
            ceilings: RecordCeilings::of(&self.limits),
            redactor: self.engine.redactor().clone(),
        }
    }
}

// Returns a GUID in the notations that some databases use: in capitals, or without hyphens.
fn other_notations(upstream_id: &str) -> Vec<String> {
    let Some(guid) = uuid::Uuid::try_parse(upstream_id).ok().filter(|_| upstream_id.len() == 36) else {
        return Vec::new();
    };
    let notations = [upstream_id.to_ascii_uppercase(), guid.simple().to_string()];
    notations.into_iter().filter(|notation| notation != upstream_id).collect()
}
