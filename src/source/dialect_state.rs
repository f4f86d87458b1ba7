//! The dialect of a feed, as configured or as detected.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Duration, Instant};
use url::Url;

use super::address::EndpointAddress;
use super::declared::FeedDeclaration;
use super::dialect::{ListEnvelope, NotAPage};
use super::dialects::{self, DialectDescription, DialectEndpoints, PageParameters};
use super::engine::AnswerArrival;
use super::patience::ReadingPatience;
use crate::config;
use crate::model::{Dialect, RecordKind};

/// The dialect of one feed, shared by everything that reads the feed.
pub(crate) struct DialectState {
    base: Url,
    paths: BTreeMap<String, String>,
    is_configured: bool,
    manner: ArcSwapOption<FeedManner>,
    declared: ArcSwapOption<FeedDeclaration>,
    /// The dialect that was known before the restart. It is reported until the dialect is detected again, because the
    /// feed may have moved to another version since.
    recalled: OnceLock<Dialect>,
    /// Held during detection, so that it runs once.
    pub(super) finding: tokio::sync::Mutex<()>,
    first_page: Mutex<Option<FirstPage>>,
    /// The page that showed which reader to use, as long as the dialect itself is not certain.
    unsure_by: Mutex<Option<UnsurePage>>,
}

/// How to read a feed: its dialect and its endpoints.
pub(crate) struct FeedManner {
    /// The dialect.
    pub dialect: Dialect,
    /// The description of the dialect.
    pub(in crate::source) description: &'static DialectDescription,
    /// The URLs of the feed's endpoints.
    pub address: Arc<EndpointAddress>,
}

impl FeedManner {
    /// Splits a list response into rows and what its envelope claims.
    ///
    /// # Errors
    /// If the body is not a list in any envelope that the dialect knows.
    pub(crate) fn envelope(&self, body: &[u8], patience: &ReadingPatience) -> Result<ListEnvelope, NotAPage> {
        self.description.reader.envelope(body, self.description.names, patience)
    }

    /// Extracts the record from a detail page. Returns `None` if the body says that there is no such record.
    ///
    /// # Errors
    /// If the body is not a record.
    pub(crate) fn single(&self, body: &[u8], patience: &ReadingPatience) -> Result<Option<Value>, NotAPage> {
        self.description.reader.single(body, self.description.names, patience)
    }
}

/// The page that was used for detection. It is handed to the next reader of the same URL, so that no page is requested
/// twice.
pub(super) struct FirstPage {
    pub url: Url,
    pub body: Bytes,
    pub arrival: AnswerArrival,
    pub taken_at: Instant,
}

/// The page that showed which reader to use, as long as the dialect itself is not certain.
#[derive(Clone)]
pub(super) struct UnsurePage {
    pub body: Bytes,
    pub arrival: AnswerArrival,
}

/// How long the page used for detection may be reused. After that it is requested again.
const KEEP_FIRST_PAGE: Duration = Duration::from_secs(60);

impl DialectState {
    /// Takes the dialect from the configuration. If it has none, the dialect will be detected.
    pub(crate) fn of(source: &config::SourceSettings) -> Self {
        let spoken = Self {
            base: source.url.clone(),
            paths: source.paths.clone(),
            is_configured: source.dialect.is_some(),
            manner: ArcSwapOption::empty(),
            declared: ArcSwapOption::empty(),
            recalled: OnceLock::new(),
            finding: tokio::sync::Mutex::default(),
            first_page: Mutex::default(),
            unsure_by: Mutex::default(),
        };
        if let Some(dialect) = source.dialect {
            spoken.settle(dialect);
        }
        spoken
    }

    /// Returns whether the dialect is configured.
    pub(crate) fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// Returns the dialect. Until it is certain, returns the one known before the restart, or `None`.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        let recalled = || self.recalled.get().copied();
        if self.unsure_by().is_some() {
            return recalled();
        }
        self.manner.load().as_ref().map(|manner| manner.dialect).or_else(recalled)
    }

    /// Restores what was known before the restart.
    pub(super) fn recall(&self, dialect: Option<Dialect>, declared: FeedDeclaration) {
        // Ignored if called twice: it can only be set at the start.
        if let Some(dialect) = dialect {
            let _ = self.recalled.set(dialect);
        }
        if declared != FeedDeclaration::default() {
            self.note_declared(&declared);
        }
    }

    /// Returns how to read the feed. Returns `None` before detection.
    pub(crate) fn manner(&self) -> Option<Arc<FeedManner>> {
        self.manner.load_full()
    }

    /// Returns what the feed's root document declared when it was last read.
    pub(crate) fn declared(&self) -> Option<Arc<FeedDeclaration>> {
        self.declared.load_full()
    }

    pub(super) fn note_declared(&self, declared: &FeedDeclaration) {
        self.declared.store(Some(Arc::new(declared.clone())));
    }

    /// Returns the page by which the reader was chosen, if the dialect is not certain yet.
    pub(super) fn unsure_by(&self) -> Option<UnsurePage> {
        self.unsure_by.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stores the page by which the reader was chosen. `None` means that the dialect is certain.
    pub(super) fn note_unsure(&self, page: Option<UnsurePage>) {
        *self.unsure_by.lock().unwrap_or_else(PoisonError::into_inner) = page;
    }

    /// Reads the feed in this dialect from now on.
    pub(super) fn settle(&self, dialect: Dialect) -> Arc<FeedManner> {
        let description = dialects::description(dialect);
        let address = Arc::new(self.address_in(description.endpoints, description.paging));
        let manner = Arc::new(FeedManner { dialect, description, address });
        self.manner.store(Some(Arc::clone(&manner)));
        manner
    }

    /// Returns the standard's endpoints, whatever the dialect.
    pub(super) fn address(&self) -> EndpointAddress {
        self.address_in(DialectEndpoints::STANDARD, PageParameters::STANDARD)
    }

    /// Returns where the list of services may be while the dialect is unknown: first the standard's address, then those
    /// of dialects that differ.
    pub(super) fn possible_addresses(&self) -> Vec<EndpointAddress> {
        let mut found = vec![self.address()];
        for (_, dialect) in dialects::descriptions() {
            let address = self.address_in(dialect.endpoints, dialect.paging);
            let is_elsewhere = |known: &EndpointAddress| {
                known.path(RecordKind::Service) != address.path(RecordKind::Service)
            };
            if found.iter().all(is_elsewhere) {
                found.push(address);
            }
        }
        found
    }

    fn address_in(&self, endpoints: DialectEndpoints, paging: PageParameters) -> EndpointAddress {
        EndpointAddress::new(&self.base, &self.paths, endpoints, paging)
    }

    pub(super) fn keep_first_page(&self, page: FirstPage) {
        *self.first_page.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
    }

    /// Takes the page used for detection, if it is the one at this URL and recent. Returns it only once.
    pub(super) fn take_first_page(&self, url: &Url) -> Option<FirstPage> {
        let mut kept = self.first_page.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|page| page.taken_at.elapsed() > KEEP_FIRST_PAGE) {
            *kept = None;
        }
        kept.take_if(|page| page.url == *url)
    }
}
