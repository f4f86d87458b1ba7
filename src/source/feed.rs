//! One feed: pages and records of it, read by its dialect.

mod fuzzing;
mod known;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::ceilings::Ceilings;
use super::collection::{FromRow, endpoint_name};
use super::conformance::{Ledger, Standard, Tally};
use super::declared::Declared;
use super::dialect::{Depth, NotAPage, RecordUrl as _};
use super::dialects;
use super::engine::{Arrival, Engine, Got, Read, Validators};
use super::error::SourceError;
use super::spoken::{Manner, Spoken};
use crate::config;
use crate::model::{RecordKind, SourceKey};

pub(super) use fuzzing::Bytes;
pub(crate) use known::{KnownPage, OwnPage};

use rows::{At, Context};

/// A feed that can be read.
pub(crate) struct Feed {
    pub key: SourceKey,
    pub engine: Engine,
    pub spoken: Spoken,
    pub limits: config::Limits,
    pub omits_assurers: bool,
    pub ledger: Arc<Ledger>,
}

/// A page of records, and what its envelope claims.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// Where it is.
    pub url: Url,
    /// The records that could be read.
    pub records: Vec<T>,
    /// How many rows there were, read or not.
    pub rows: usize,
    /// Claimed number of records in all.
    pub total_items: Option<u64>,
    /// Claimed number of pages in all; none where it is nothing.
    pub total_pages: Option<u64>,
    /// Why rows are missing, where the page is broken and only some of them could be read.
    pub broken: Option<String>,
    /// Where the feed says the next page is.
    pub next: Option<Url>,
    /// When it arrived.
    pub fetched_at: DateTime<Utc>,
    /// How long it is fresh.
    pub fresh_for: Duration,
    /// Where its records, and the page itself, depart from the standard.
    pub(in crate::source) tally: Tally,
    /// What to ask by next time whether the page has changed.
    pub validators: Validators,
    /// The ids of its records, in place of the records, where the page has not changed since it was last read.
    pub unchanged: Vec<Box<str>>,
}

impl Feed {
    /// Reads the page at an address; none where the feed has no such list or page.
    pub(crate) async fn page<T: FromRow>(
        &self,
        manner: &Arc<Manner>,
        url: Url,
    ) -> Result<Option<Page<T>>, SourceError> {
        self.page_if_changed(manner, url, None).await
    }

    /// The same, read anew only where it has changed since it was last read. A failure says which list it is of, unless
    /// that is the services'.
    pub(crate) async fn page_if_changed<T: FromRow>(
        &self,
        manner: &Arc<Manner>,
        url: Url,
        known: Option<&KnownPage>,
    ) -> Result<Option<Page<T>>, SourceError> {
        let page = self.changed_page(manner, url, known).await;
        page.map_err(|error| match T::KIND {
            RecordKind::Service => error,
            kind => {
                let message = format!("{} (the list `{}`)", error.message, endpoint_name(kind));
                SourceError { message, ..error }
            }
        })
    }

    async fn changed_page<T: FromRow>(
        &self,
        manner: &Arc<Manner>,
        url: Url,
        known: Option<&KnownPage>,
    ) -> Result<Option<Page<T>>, SourceError> {
        let context = self.context(manner);
        let from = url.clone();
        let read: Read<Page<T>> =
            Arc::new(move |body, arrival, patience| context.read_page(&from, body, arrival, patience));
        if let Some(first) = self.spoken.take_first_page(&url) {
            return self.engine.read(first.body, first.arrival, &read).await.map(Some);
        }
        let Some(known) = known else {
            return Ok(match self.engine.get(&url, read).await? {
                Got::Found(page, _) => Some(page),
                Got::NotFound => None,
            });
        };
        Ok(match self.engine.get_if_changed(&url, read, &known.validators).await? {
            Some(Got::Found(page, _)) => Some(page),
            Some(Got::NotFound) => None,
            None => Some(known.page(url, self.engine.now(), self.limits.fresh_for)),
        })
    }

    /// Reads one record; none where the feed has no such record, or no endpoint for its kind.
    pub(crate) async fn record<T: FromRow>(
        &self,
        upstream_id: &str,
    ) -> Result<Option<(T, Arrival)>, SourceError> {
        match self.record_if_changed(upstream_id, &Validators::default()).await? {
            OwnPage::Read(record, arrival) => Ok(Some((record, arrival))),
            OwnPage::Unchanged | OwnPage::Missing => Ok(None),
        }
    }

    /// The same, read anew only where it has changed since it was last read.
    pub(crate) async fn record_if_changed<T: FromRow>(
        &self,
        upstream_id: &str,
        known: &Validators,
    ) -> Result<OwnPage<T>, SourceError> {
        let manner = self.manner().await?;
        let Some(url) = manner.address.record_url(T::KIND, upstream_id) else {
            return Ok(OwnPage::Missing);
        };
        let context = self.context(&manner);
        let wanted = upstream_id.to_owned();
        let read: Read<Option<T>> = Arc::new(move |body, arrival, patience| {
            let row = context.manner.reader.single(body, patience)?;
            let at = At { arrival, depth: Depth::Detail, patience, answer: body.len() };
            let record = match row {
                Some(row) => Some(context.read_row::<T>(row, &at).map_err(|_| NotAPage::TooMuch)?),
                None => None,
            };
            if patience.is_over() {
                return Err(NotAPage::GivenUp);
            }
            let record = record.flatten();
            // Some feeds answer any id with one and the same record.
            let record = record.filter(|(record, _)| record.id().upstream() == wanted);
            Ok(record.map(|(record, departures)| {
                context.ledger.read(T::KIND, &wanted, departures);
                record
            }))
        });
        Ok(match self.engine.get_if_changed(&url, read, known).await? {
            Some(Got::Found(Some(record), arrival)) => OwnPage::Read(record, arrival),
            Some(Got::Found(None, _) | Got::NotFound) => OwnPage::Missing,
            None => OwnPage::Unchanged,
        })
    }

    /// Reads what the feed says of itself at its root: nothing, where it has no root document.
    pub(crate) async fn declared(&self) -> Result<Declared, SourceError> {
        let read: Read<Declared> = Arc::new(|body, _, patience| {
            let root = dialects::json_of(body, patience).ok_or(NotAPage::NoList { expected: "document" })?;
            Ok(Declared::of(&root))
        });
        let declared = match self.engine.get(&self.spoken.address().root(), read).await? {
            Got::Found(declared, _) => declared,
            Got::NotFound => Declared::default(),
        };
        self.spoken.note_declared(&declared);
        Ok(declared)
    }

    fn context(&self, manner: &Arc<Manner>) -> Context {
        let declared = self.spoken.declared();
        let version = declared.as_ref().and_then(|declared| declared.version.as_deref());
        Context {
            key: self.key.clone(),
            standard: Standard::declared(manner.reader.dialect(), version),
            manner: Arc::clone(manner),
            omits_assurers: self.omits_assurers,
            ledger: Arc::clone(&self.ledger),
            ceilings: Ceilings::of(&self.limits),
        }
    }
}
