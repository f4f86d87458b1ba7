//! The dialect a feed speaks: as configured, or as found out.

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

/// The dialect of one feed, shared by all that read it.
pub(crate) struct DialectState {
    base: Url,
    paths: BTreeMap<String, String>,
    is_configured: bool,
    manner: ArcSwapOption<FeedManner>,
    declared: ArcSwapOption<FeedDeclaration>,
    /// The dialect it was known to speak when the gateway was last stopped: told until it is found out anew, for a feed
    /// may have been moved to another version since.
    recalled: OnceLock<Dialect>,
    /// Held while somebody finds out.
    pub(super) finding: tokio::sync::Mutex<()>,
    first_page: Mutex<Option<FirstPage>>,
    /// The page that told which reader will do, while the dialect is not known for certain.
    unsure_by: Mutex<Option<UnsurePage>>,
}

/// How to read a feed: in which dialect, and where it has what.
pub(crate) struct FeedManner {
    /// The dialect it is read in,
    pub dialect: Dialect,
    /// and what that is.
    pub(in crate::source) description: &'static DialectDescription,
    /// Where its endpoints are.
    pub address: Arc<EndpointAddress>,
}

impl FeedManner {
    /// Takes a list answer apart.
    ///
    /// # Errors
    /// If the body is no list in any envelope the dialect knows.
    pub(crate) fn envelope(&self, body: &[u8], patience: &ReadingPatience) -> Result<ListEnvelope, NotAPage> {
        self.description.reader.envelope(body, self.description.names, patience)
    }

    /// Takes the answer for one record apart. Returns `None` if it says that there is no such record.
    ///
    /// # Errors
    /// If the body is no record.
    pub(crate) fn single(&self, body: &[u8], patience: &ReadingPatience) -> Result<Option<Value>, NotAPage> {
        self.description.reader.single(body, self.description.names, patience)
    }
}

/// The page that the dialect was told by, for whoever asks for it next: no page is asked for twice.
pub(super) struct FirstPage {
    pub url: Url,
    pub body: Bytes,
    pub arrival: AnswerArrival,
    pub taken_at: Instant,
}

/// The page that told which reader will do, while the dialect is not known for certain.
#[derive(Clone)]
pub(super) struct UnsurePage {
    pub body: Bytes,
    pub arrival: AnswerArrival,
}

/// What was read for detection longer ago than this is read anew.
const KEEP_FIRST_PAGE: Duration = Duration::from_secs(60);

impl DialectState {
    /// As the configuration has it; to be found out, where it says nothing.
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

    /// Whether the configuration says it.
    pub(crate) fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// The dialect; none before it is found out for certain, or was before the start.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        let recalled = || self.recalled.get().copied();
        if self.unsure_by().is_some() {
            return recalled();
        }
        self.manner.load().as_ref().map(|manner| manner.dialect).or_else(recalled)
    }

    /// Recalls what was known before the start.
    pub(super) fn recall(&self, dialect: Option<Dialect>, declared: FeedDeclaration) {
        // Once, when it starts: a second time there is nothing new to recall.
        if let Some(dialect) = dialect {
            let _ = self.recalled.set(dialect);
        }
        if declared != FeedDeclaration::default() {
            self.note_declared(&declared);
        }
    }

    /// How to read the feed; none before it is found out.
    pub(crate) fn manner(&self) -> Option<Arc<FeedManner>> {
        self.manner.load_full()
    }

    /// What the feed said of itself when it was last asked.
    pub(crate) fn declared(&self) -> Option<Arc<FeedDeclaration>> {
        self.declared.load_full()
    }

    pub(super) fn note_declared(&self, declared: &FeedDeclaration) {
        self.declared.store(Some(Arc::new(declared.clone())));
    }

    /// The page the reader was chosen by, where the dialect is still to be made sure of.
    pub(super) fn unsure_by(&self) -> Option<UnsurePage> {
        self.unsure_by.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes by which page the reader was chosen, or that the dialect is certain now.
    pub(super) fn note_unsure(&self, page: Option<UnsurePage>) {
        *self.unsure_by.lock().unwrap_or_else(PoisonError::into_inner) = page;
    }

    /// Reads the feed as one of a dialect from now on.
    pub(super) fn settle(&self, dialect: Dialect) -> Arc<FeedManner> {
        let description = dialects::description(dialect);
        let address = Arc::new(self.address_in(description.endpoints, description.paging));
        let manner = Arc::new(FeedManner { dialect, description, address });
        self.manner.store(Some(Arc::clone(&manner)));
        manner
    }

    /// Where the standard has its endpoints, whatever the dialect.
    pub(super) fn address(&self) -> EndpointAddress {
        self.address_in(DialectEndpoints::STANDARD, PageParameters::STANDARD)
    }

    /// Where the list of services may be while the dialect is not known: where the standard has it, then where dialects
    /// have it that have it elsewhere.
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

    /// The page at an address, if it was just read to tell the dialect by; handed out once.
    pub(super) fn take_first_page(&self, url: &Url) -> Option<FirstPage> {
        let mut kept = self.first_page.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|page| page.taken_at.elapsed() > KEEP_FIRST_PAGE) {
            *kept = None;
        }
        kept.take_if(|page| page.url == *url)
    }
}
