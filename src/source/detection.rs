//! Detects a feed's dialect from the first page of services, which is needed anyway, the root document and one detail
//! page.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::address::EndpointAddress;
use super::declared::FeedDeclaration;
use super::dialect::{NotAPage, RecordUrl as _};
use super::dialect_state::{FeedManner, FirstPage, UnsurePage};
use super::dialects::{self, DetectionAnswers, DialectDetection, PageNames};
use super::engine::{AnswerArrival, BodyReader, EngineAnswer};
use super::error::{SourceError, SourceErrorCode};
use super::feed::KnownFeed;
use super::memory::{MEDIUM, ReadingPlace};
use super::patience::ReadingPatience;
use crate::model::{Dialect, RecordKind};

/// How long to wait for the root document and the detail page. Detection does without them after that.
const LONGEST_WAIT_FOR_HINTS: Duration = Duration::from_secs(3);

impl KnownFeed {
    /// Returns how to read the feed. If no dialect is configured, the first caller detects it while others wait.
    ///
    /// # Errors
    /// If it cannot be detected, because the feed does not respond or is not recognised.
    pub(crate) async fn manner(&self) -> Result<Arc<FeedManner>, SourceError> {
        if let Some(known) = self.spoken.manner() {
            return Ok(known);
        }
        let _finding = self.spoken.finding.lock().await;
        match self.spoken.manner() {
            Some(found_meanwhile) => Ok(found_meanwhile),
            None => self.find_out(DetectionDepth::EnoughToRead).await,
        }
    }

    /// Settles the dialect if a page has only shown which reader to use. The first response does not wait for this,
    /// because the remaining candidates are read alike.
    pub(crate) async fn make_sure(&self) {
        if self.spoken.unsure_by().is_none() {
            return;
        }
        let _finding = self.spoken.finding.lock().await;
        let Some(page) = self.spoken.unsure_by() else { return };
        if let Ok(dialect) = self.recognise(&page.body, &page.arrival, &self.spoken.address()).await {
            self.spoken.settle(dialect);
            tracing::info!(source = %self.key, dialect = dialect.as_str(), "dialect detected");
        }
        self.spoken.note_unsure(None);
    }

    /// Detects the dialect again, unless it is configured: a feed may have moved to another version.
    ///
    /// # Errors
    /// As [`KnownFeed::manner`]. The feed is then still read as before.
    pub(crate) async fn manner_anew(&self) -> Result<Arc<FeedManner>, SourceError> {
        if self.spoken.is_configured() {
            return self.manner().await;
        }
        let _finding = self.spoken.finding.lock().await;
        let before = self.spoken.dialect();
        let found = self.find_out(DetectionDepth::Certain).await?;
        let now = found.dialect;
        if let Some(before) = before.filter(|before| *before != now) {
            let (before, now) = (before.as_str(), now.as_str());
            tracing::warn!(source = %self.key, before, now, "the feed now uses another dialect");
        }
        Ok(found)
    }

    async fn find_out(&self, thoroughness: DetectionDepth) -> Result<Arc<FeedManner>, SourceError> {
        let place = ReadingPlace::passing();
        let (address, FirstPage { url, body, arrival, .. }) = self.first_page_anywhere(&place).await?;
        // A large page is not kept in memory just in case the dialect has to be settled later.
        let is_light = body.len() <= MEDIUM;
        let alike = match thoroughness {
            DetectionDepth::EnoughToRead if is_light => {
                self.engine.read(body.clone(), arrival.clone(), &read_alike(), &place).await?
            }
            DetectionDepth::EnoughToRead | DetectionDepth::Certain => None,
        };
        let dialect = match alike {
            Some(dialect) => {
                self.spoken.note_unsure(Some(UnsurePage { body: body.clone(), arrival: arrival.clone() }));
                dialect
            }
            None => {
                let dialect = self.recognise(&body, &arrival, &address).await?;
                tracing::info!(source = %self.key, dialect = dialect.as_str(), "dialect detected");
                self.spoken.note_unsure(None);
                dialect
            }
        };
        if is_light {
            self.spoken.keep_first_page(FirstPage { url, body, arrival, taken_at: Instant::now() });
        }
        Ok(self.spoken.settle(dialect))
    }

    /// Reads the first page of services at the first of the possible addresses that has one.
    async fn first_page_anywhere(
        &self,
        place: &ReadingPlace,
    ) -> Result<(EndpointAddress, FirstPage), SourceError> {
        for address in self.spoken.possible_addresses() {
            if let Some(page) = self.first_page_as_it_is(&address, place).await? {
                return Ok((address, page));
            }
        }
        Err(self.no_services())
    }

    /// Reads the first page of services that has rows, undecoded. Returns `None` if there is no list at this address.
    async fn first_page_as_it_is(
        &self,
        address: &EndpointAddress,
        place: &ReadingPlace,
    ) -> Result<Option<FirstPage>, SourceError> {
        let first_page = |url, body, arrival| FirstPage { url, body, arrival, taken_at: Instant::now() };
        let page = |number, form| address.page(RecordKind::Service, number, form, &[]);
        let asked = self.ask_for_first(RecordKind::Service, |form| async move {
            let url = page(1, form);
            self.engine.get(&url, is_a_page(), place).await.map(|got| (url, got))
        });
        let (url, got) = asked.await?;
        let first = match got {
            EngineAnswer::Found(page, arrival) if page.has_rows => {
                return Ok(Some(first_page(url, page.body, arrival)));
            }
            EngineAnswer::Found(page, arrival) => Some(first_page(url, page.body, arrival)),
            EngineAnswer::NotFound | EngineAnswer::NoContent(_) => None,
        };
        if !address.numbers_pages() {
            return Ok(first);
        }
        // If the feed counts pages from 0, page 1 may be past the end.
        let zero = page(0, self.habits.form(RecordKind::Service, self.limits.page_size));
        match self.engine.glance(&zero, is_a_page()).await {
            Ok(EngineAnswer::Found(page, arrival)) if page.has_rows => {
                Ok(Some(first_page(zero, page.body, arrival)))
            }
            _ => Ok(first),
        }
    }

    /// Detects the dialect from a page, the root document and a detail page. Lists of many publishers show little, so
    /// the detail page often decides.
    async fn recognise(
        &self,
        page: &Bytes,
        arrival: &AnswerArrival,
        address: &EndpointAddress,
    ) -> Result<Dialect, SourceError> {
        let root = address.root();
        let first =
            self.engine.read(page.clone(), arrival.clone(), &first_id(), &ReadingPlace::passing()).await?;
        let own = first.and_then(|id| address.record_url(RecordKind::Service, &id));
        let (root, detail) = tokio::join!(self.hint(Some(&root)), self.hint(own.as_ref()));
        if let Some(root) = &root {
            let mut root = dialects::json_of(root, &ReadingPatience::default()).unwrap_or_default();
            self.engine.redactor().value(&mut root);
            self.spoken.note_declared(&FeedDeclaration::of(&root));
        }
        let weigh: BodyReader<Result<Dialect, String>> = Arc::new(move |page, _, patience| {
            let (root, detail) = (root.as_deref(), detail.as_deref());
            let detection = dialects::detect(&DetectionAnswers { page, detail, root, patience });
            Ok(detection.dialect.ok_or_else(|| unrecognised(&detection, page)))
        });
        let found = self.engine.read(page.clone(), arrival.clone(), &weigh, &ReadingPlace::passing()).await?;
        found.map_err(|reason| {
            self.engine.log_start("cannot recognise the feed's dialect", page);
            self.failure(SourceErrorCode::InvalidResponse, reason)
        })
    }

    /// Returns the body at a URL. Returns `None` if it is missing or slow.
    async fn hint(&self, url: Option<&Url>) -> Option<Bytes> {
        let glance = self.engine.glance(url?, anything());
        match tokio::time::timeout(LONGEST_WAIT_FOR_HINTS, glance).await.ok()?.ok()? {
            EngineAnswer::Found(body, _) => Some(body),
            EngineAnswer::NotFound | EngineAnswer::NoContent(_) => None,
        }
    }

    /// Returns the error for a feed that has no list of services at any expected address.
    pub(super) fn no_services(&self) -> SourceError {
        let looked_for = match self.spoken.manner() {
            Some(known) => vec![known.address.path(RecordKind::Service)],
            None => {
                self.spoken.possible_addresses().iter().map(|one| one.path(RecordKind::Service)).collect()
            }
        };
        let message = format!(
            "there are no services at this address; give the address that `{}` is below, or say where the list is: \
             `paths = {{ services = \"…\" }}`",
            looked_for.join("` or `")
        );
        let error = self.failure(SourceErrorCode::HttpStatus, message);
        SourceError { http_status: Some(404), ..error }
    }

    pub(super) fn failure(&self, code: SourceErrorCode, message: String) -> SourceError {
        SourceError::new(code, message, self.engine.now())
    }
}

/// How certain detection has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DetectionDepth {
    /// Enough to choose a reader.
    EnoughToRead,
    /// Enough to name the dialect.
    Certain,
}

/// Returns the dialect that a page alone indicates, if that is enough to start reading.
fn read_alike() -> BodyReader<Option<Dialect>> {
    Arc::new(|page, _, patience| {
        let dialect =
            dialects::detect(&DetectionAnswers { page, detail: None, root: None, patience }).dialect;
        Ok(dialect.filter(|dialect| dialects::description(*dialect).begins_unsure))
    })
}

fn first_id() -> BodyReader<Option<String>> {
    Arc::new(|page, _, patience| Ok(dialects::json_of(page, patience).and_then(id_of_first)))
}

fn id_of_first(page: Value) -> Option<String> {
    let (_, rows) = dialects::rows_of(page);
    let first = rows.first()?;
    match dialects::id_names().find_map(|name| first.get(name))? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn anything() -> BodyReader<Bytes> {
    Arc::new(|body, _, _| Ok(Bytes::copy_from_slice(body)))
}

/// A page that has not been decoded.
struct PageAsItIs {
    body: Bytes,
    /// Whether its list, or what may be one, has any rows.
    has_rows: bool,
}

// A body that is not a page in any dialect counts as a failure of the feed, as everywhere else.
fn is_a_page() -> BodyReader<PageAsItIs> {
    Arc::new(|body, _, patience| {
        let has_rows = match dialects::read_envelope(body, PageNames::STANDARD, patience) {
            Ok(page) => !page.rows.is_empty(),
            Err(NotAPage::NoList { .. }) => true,
            Err(error) => return Err(error),
        };
        Ok(PageAsItIs { body: Bytes::copy_from_slice(body), has_rows })
    })
}

fn unrecognised(detection: &DialectDetection, page: &[u8]) -> String {
    if detection.is_foreign {
        return no_services(&detection.reasons);
    }
    let seen = match detection.reasons.as_slice() {
        [] => shape(page),
        reasons => reasons.join("; "),
    };
    format!(
        "its services are in no known dialect ({seen}); if you know a similar one, \
         configure it, e.g. `dialect = \"oruk-3\"`"
    )
}

// Only names from the standard are shown. Others are the feed's own words.
fn no_services(known: &[&str]) -> String {
    let known = if known.is_empty() { "none".to_owned() } else { format!("only `{}`", known.join("`, `")) };
    format!(
        "its list does not look like services: of Open Referral's members its rows have {known}, and \
         nothing about organisations, places, times or terms; check that this is the address of a directory of \
         services; if it is, configure a similar dialect, e.g. `dialect = \"oruk-3\"`"
    )
}

/// Describes a page without quoting it: the names of its members are the feed's, and may be anything.
fn shape(page: &[u8]) -> String {
    match serde_json::from_slice::<Value>(page) {
        Ok(Value::Object(members)) => format!("an object with {} members", members.len()),
        Ok(Value::Array(_)) => "a bare list".to_owned(),
        _ => "neither an object nor a list".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_nobody_recognises_is_described_in_our_own_words() {
        let page = br#"{"invalid_key_secret": {"secret": "value"}, "a b@c.example": 1, "paging": {}}"#;
        let message =
            unrecognised(&DialectDetection { dialect: None, reasons: Vec::new(), is_foreign: false }, page);
        assert!(message.contains("an object with 3 members") && message.contains("dialect = "), "{message}");
        assert!(!["value", "@", "secret", "paging"].iter().any(|word| message.contains(word)), "{message}");
    }
}
