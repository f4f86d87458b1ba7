//! What a source's feed has said is private, by id: said on one page, it holds on every other.
//!
//! A feed may hide a place in its list of services and show it, without the flag, among its locations. So each page's
//! words are kept, and whatever is private by the words of any page is withheld wherever its id occurs: in what is read
//! from then on, and in what was read before ([`clean`]). Memory is bounded: a feed that says more than is kept has all
//! its places and contacts withheld.

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

/// How many pages wait to be remembered: of a source that is read live, nobody remembers them.
const MOST_UNWRITTEN: usize = 10_000;

/// What something is that is private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PrivateKind {
    /// A location, or whatever else is a place.
    Place,
    /// Somebody to get in touch with.
    Contact,
    /// A telephone of theirs.
    Phone,
    /// A service.
    Service,
    /// An organisation.
    Organization,
}

/// How private it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PrivacyLevel {
    /// Where it is, is not to be known exactly.
    Masked,
    /// Where it is, is not to be known.
    Hidden,
    /// Whoever it is about is not to be named.
    Personal,
}

/// What one page says is private, by the feed's own ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatedPrivacy(BTreeMap<(PrivateKind, PrivacyLevel), BTreeSet<Box<str>>>);

impl StatedPrivacy {
    /// Adds something.
    pub(crate) fn add(&mut self, class: PrivateKind, said: PrivacyLevel, id: &str) {
        self.0.entry((class, said)).or_default().insert(id.into());
    }

    /// Whether it says that of this id.
    pub(crate) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        self.0.get(&(class, said)).is_some_and(|ids| ids.contains(id))
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn each(&self) -> impl Iterator<Item = (PrivateKind, PrivacyLevel, &str)> {
        self.0.iter().flat_map(|((class, said), ids)| ids.iter().map(|id| (*class, *said, &**id)))
    }
}

/// What is known to be private of one source.
#[derive(Debug, Default)]
pub(crate) struct KeptBack {
    pages: RwLock<PageWords>,
    /// Rises whenever something is private that was not before.
    generation: AtomicU64,
    /// Whether anything ever was.
    is_anything: AtomicBool,
    /// The pages whose words have changed since they were last written down.
    unwritten: Mutex<BTreeSet<Box<str>>>,
}

impl KeptBack {
    /// Hears what a page says now, in place of what it said before.
    pub(crate) fn hear(&self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) {
        // Most feeds never say anything.
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

    /// Whether nothing has been said to be private.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_anything.load(Ordering::Acquire)
    }

    /// A number that rises whenever something becomes private that was not before.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether any page says that of this id.
    pub(crate) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        !self.is_empty() && self.pages.read().unwrap_or_else(PoisonError::into_inner).says(class, said, id)
    }

    /// Whether anybody is said to be private by an id of their own.
    pub(crate) fn knows_people(&self) -> bool {
        !self.is_empty() && self.pages.read().unwrap_or_else(PoisonError::into_inner).knows_people()
    }

    /// What pages have said since this was last asked, to be remembered by their names; nothing for one that no longer
    /// says anything.
    pub(crate) fn to_remember(&self) -> Vec<(Box<str>, Option<Vec<u8>>)> {
        let changed = std::mem::take(&mut *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner));
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        changed.into_iter().map(|page| (page.clone(), pages.written(&page))).collect()
    }

    /// Notes that what these pages have said is still to be remembered.
    pub(crate) fn remember_later(&self, pages: Vec<Box<str>>) {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).extend(pages);
    }

    /// Recalls what a page said before the start. Words that cannot be read are heard again with the page.
    pub(crate) fn recall(&self, page: &str, written: &[u8]) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        let is_news = pages.recall(page, written);
        drop(pages);
        self.note(is_news);
    }
}

impl FeedSource {
    /// A record less what its feed has said is private by now. Returns `None` if nothing of it is.
    pub(crate) fn less_private(&self, record: &AnyRecord) -> Option<AnyRecord> {
        let known = &self.known_private().filter(|known| !known.is_empty())?;
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

    /// A number that rises whenever its feed says that something is private that was not before.
    pub(crate) fn private_generation(&self) -> u64 {
        self.known_private().map_or(0, KeptBack::generation)
    }

    /// See [`KeptBack::to_remember`].
    pub(crate) fn private_to_remember(&self) -> Vec<(Box<str>, Option<Vec<u8>>)> {
        self.known_private().map_or_else(Vec::new, KeptBack::to_remember)
    }

    /// See [`KeptBack::remember_later`].
    pub(crate) fn remember_later(&self, pages: Vec<Box<str>>) {
        self.known_private().into_iter().for_each(|known| known.remember_later(pages.clone()));
    }

    /// See [`KeptBack::recall`].
    pub(crate) fn recall_private(&self, page: &str, written: &[u8]) {
        self.known_private().into_iter().for_each(|known| known.recall(page, written));
    }

    fn known_private(&self) -> Option<&KeptBack> {
        self.feed.as_ref().ok().map(|feed| &*feed.kept_back)
    }
}
