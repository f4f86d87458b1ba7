//! Remembers by id what a feed has said is private. What one page says holds for all pages of the source.
//!
//! A feed may hide a place in its list of services and show it, without the flag, in its list of locations. So the
//! statements of each page are kept, and what any page says is private is withheld wherever its id occurs: in
//! everything read from then on, and in what was read before ([`clean`]). Memory is bounded: if a feed says more than
//! can be kept, all its places and contacts are withheld.

mod clean;
mod guarded;
mod pages;
mod people;
mod places;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::FeedSource;
use crate::model::AnyRecord;
use pages::PageWords;

pub(crate) use clean::LessPrivate;
pub(crate) use guarded::{PrivacyGuarded, WithheldGeneration};

/// The most pages that wait to be stored. For live sources nothing ever stores them.
const MOST_UNWRITTEN: usize = 10_000;

/// What kind of thing is private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PrivateKind {
    /// A location or any other place.
    Place,
    /// A contact.
    Contact,
    /// The telephone number of a contact.
    Phone,
    /// A service.
    Service,
    /// An organisation.
    Organization,
}

/// How private something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PrivacyLevel {
    /// Its exact position must not be shown.
    Masked,
    /// Its place must not be shown.
    Hidden,
    /// It is about a person, who must not be named.
    Personal,
}

/// What one page says is private, by the feed's own ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatedPrivacy(BTreeMap<(PrivateKind, PrivacyLevel), BTreeSet<Box<str>>>);

impl StatedPrivacy {
    pub(crate) fn add(&mut self, class: PrivateKind, said: PrivacyLevel, id: &str) {
        self.0.entry((class, said)).or_default().insert(id.into());
    }

    /// Returns whether the page says this about the id.
    pub(crate) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        self.0.get(&(class, said)).is_some_and(|ids| ids.contains(id))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn each(&self) -> impl Iterator<Item = (PrivateKind, PrivacyLevel, &str)> {
        self.0.iter().flat_map(|((class, said), ids)| ids.iter().map(|id| (*class, *said, &**id)))
    }
}

/// What is known to be private in one source.
#[derive(Debug, Default)]
pub(crate) struct KeptBack {
    pages: RwLock<PageWords>,
    /// Rises whenever something becomes private.
    generation: AtomicU64,
    /// Whether anything ever was private.
    is_anything: AtomicBool,
    /// The pages whose statements have changed since they were last stored.
    unwritten: Mutex<BTreeSet<Box<str>>>,
}

impl KeptBack {
    /// Replaces what a page said before with what it says now.
    pub(crate) fn hear(&self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) {
        // The fast path: most feeds never say that anything is private.
        if stated.is_empty() && self.is_empty() {
            return;
        }
        let knows = self.pages.read().unwrap_or_else(PoisonError::into_inner).knows(page, stated, at);
        if knows {
            return;
        }
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        let is_news = pages.hear(page, stated, at);
        drop(pages);
        let mut unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        if unwritten.len() < MOST_UNWRITTEN {
            unwritten.insert(page.into());
        }
        drop(unwritten);
        self.note(is_news);
    }

    fn note(&self, is_news: bool) {
        if is_news {
            self.is_anything.store(true, Ordering::Release);
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Returns whether nothing has been said to be private.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_anything.load(Ordering::Acquire)
    }

    /// Returns a number that rises whenever something becomes private.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns whether any page says this about the id.
    pub(crate) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        !self.is_empty() && self.pages.read().unwrap_or_else(PoisonError::into_inner).says(class, said, id)
    }

    /// Returns whether any person with an id is private.
    pub(crate) fn knows_people(&self) -> bool {
        !self.is_empty() && self.pages.read().unwrap_or_else(PoisonError::into_inner).knows_people()
    }

    /// Takes the changed statements, to be stored under the name of their page. The value is `None` if a page no longer
    /// says anything.
    pub(crate) fn to_remember(&self) -> Vec<(Box<str>, Option<Vec<u8>>)> {
        let changed = std::mem::take(&mut *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner));
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        changed.into_iter().map(|page| (page.clone(), pages.written(&page))).collect()
    }

    /// Marks these pages as still to be stored.
    pub(crate) fn remember_later(&self, pages: Vec<Box<str>>) {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).extend(pages);
    }

    /// Restores what a page said before the restart. Unreadable statements are ignored: the next read of the page
    /// brings them again.
    pub(crate) fn recall(&self, page: &str, written: &[u8]) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        let is_news = pages.recall(page, written);
        drop(pages);
        self.note(is_news);
    }
}

impl FeedSource {
    /// Removes from a record what its feed has since said is private. Returns `None` if nothing had to be removed.
    pub(crate) fn less_private(&self, record: &AnyRecord) -> Option<AnyRecord> {
        let known = Some(self.known_private()).filter(|known| !known.is_empty())?;
        match record {
            AnyRecord::Service(record) => LessPrivate::of(record, known).map(AnyRecord::Service),
            AnyRecord::Organization(record) => LessPrivate::of(record, known).map(AnyRecord::Organization),
            AnyRecord::Location(record) => LessPrivate::of(record, known).map(AnyRecord::Location),
            AnyRecord::ServiceAtLocation(record) => {
                LessPrivate::of(record, known).map(AnyRecord::ServiceAtLocation)
            }
            AnyRecord::Taxonomy(_) | AnyRecord::TaxonomyTerm(_) => None,
        }
    }

    /// Returns a number that rises whenever the feed says that something else is private.
    pub(crate) fn private_generation(&self) -> u64 {
        self.known_private().generation()
    }

    /// See [`KeptBack::to_remember`].
    pub(crate) fn private_to_remember(&self) -> Vec<(Box<str>, Option<Vec<u8>>)> {
        self.known_private().to_remember()
    }

    /// See [`KeptBack::remember_later`].
    pub(crate) fn remember_later(&self, pages: Vec<Box<str>>) {
        self.known_private().remember_later(pages);
    }

    /// See [`KeptBack::recall`].
    pub(crate) fn recall_private(&self, page: &str, written: &[u8]) {
        self.known_private().recall(page, written);
    }

    fn known_private(&self) -> &KeptBack {
        &self.feed.kept_back
    }
}
