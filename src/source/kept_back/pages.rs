//! What each page of a feed says is private, and what follows from all of them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{PrivacyLevel, PrivateKind, StatedPrivacy};

/// How much is kept of what a feed says is private, in bytes of ids and pages' names.
const MOST_BYTES: usize = 16 << 20;
/// What an entry takes besides, roughly.
const OVERHEAD: usize = 64;
/// How long a page's words hold that has not been read again: longer than any feed is away that comes back.
const HOLD_FOR: TimeDelta = TimeDelta::days(30);
/// How old the time of a page's words may be before it is noted anew.
const NOTED_AGAIN: TimeDelta = TimeDelta::days(1);

/// The words of pages, and how many pages say each thing.
#[derive(Debug, Default)]
pub(super) struct PageWords {
    heard: HashMap<Box<str>, HeardPage>,
    counts: BTreeMap<(PrivateKind, PrivacyLevel), HashMap<Box<str>, u32>>,
    bytes: usize,
    /// Whether more was said than is kept.
    is_full: bool,
    /// When pages were last looked through for those whose words no longer hold.
    looked_at: Option<DateTime<Utc>>,
}

/// What a page said.
#[derive(Debug, Serialize, Deserialize)]
struct HeardPage {
    #[serde(with = "chrono::serde::ts_seconds")]
    at: DateTime<Utc>,
    stated: StatedPrivacy,
}

impl PageWords {
    /// Whether a page is known to say just this, and was noted lately enough.
    pub(super) fn knows(&self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) -> bool {
        match self.heard.get(page) {
            Some(heard) => heard.stated == *stated && at - heard.at < NOTED_AGAIN,
            None => stated.is_empty(),
        }
    }

    /// Takes a page's words in place of what it said before. Returns whether something is private now that was not.
    pub(super) fn hear(&mut self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) -> bool {
        self.drop_old(at);
        let before = self.heard.remove(page);
        let was_full = self.is_full;
        // First, so that what is said still does not count as said anew.
        let is_news = self.add(page, HeardPage { at, stated: stated.clone() });
        if let Some(before) = before {
            self.take_away(page, &before);
        }
        is_news || self.is_full != was_full
    }

    /// Whether any page says that.
    pub(super) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        let is_said = self.counts.get(&(class, said)).is_some_and(|ids| ids.contains_key(id));
        is_said || (self.is_full && is_worst(class, said))
    }

    /// Whether anybody is said to be private by an id of their own.
    pub(super) fn knows_people(&self) -> bool {
        let has =
            |class| self.counts.get(&(class, PrivacyLevel::Personal)).is_some_and(|ids| !ids.is_empty());
        self.is_full || has(PrivateKind::Contact) || has(PrivateKind::Phone)
    }

    /// A page's words in writing.
    pub(super) fn written(&self, page: &str) -> Option<Vec<u8>> {
        postcard::to_stdvec(self.heard.get(page)?).ok()
    }

    /// Reads what was written. Returns whether something is private now that was not.
    pub(super) fn recall(&mut self, page: &str, written: &[u8]) -> bool {
        match postcard::from_bytes::<HeardPage>(written) {
            Ok(heard) => self.hear(page, &heard.stated, heard.at),
            Err(_) => false,
        }
    }

    fn add(&mut self, page: &str, heard: HeardPage) -> bool {
        if heard.stated.is_empty() {
            return false;
        }
        let size = size(page, &heard.stated);
        if self.bytes + size > MOST_BYTES {
            self.is_full = true;
            return false;
        }
        self.bytes += size;
        let mut is_news = false;
        for (class, said, id) in heard.stated.each() {
            let count = self.counts.entry((class, said)).or_default().entry(id.into()).or_default();
            is_news |= *count == 0;
            *count += 1;
        }
        self.heard.insert(page.into(), heard);
        is_news
    }

    fn take_away(&mut self, page: &str, heard: &HeardPage) {
        self.bytes = self.bytes.saturating_sub(size(page, &heard.stated));
        for (class, said, id) in heard.stated.each() {
            let Some(ids) = self.counts.get_mut(&(class, said)) else { continue };
            if let Some(count) = ids.get_mut(id) {
                *count -= 1;
                if *count == 0 {
                    ids.remove(id);
                }
            }
        }
    }

    // What pages said that are gone holds for long, but not for ever.
    fn drop_old(&mut self, now: DateTime<Utc>) {
        if self.looked_at.is_some_and(|at| now - at < NOTED_AGAIN) {
            return;
        }
        self.looked_at = Some(now);
        let is_old = |heard: &HeardPage| now - heard.at > HOLD_FOR;
        let old: Vec<_> = self.heard.extract_if(|_, heard| is_old(heard)).collect();
        for (page, heard) in old {
            self.take_away(&page, &heard);
        }
    }
}

// Where not everything is known that is private, everything may be.
fn is_worst(class: PrivateKind, said: PrivacyLevel) -> bool {
    matches!(
        (class, said),
        (PrivateKind::Place, PrivacyLevel::Hidden)
            | (PrivateKind::Contact | PrivateKind::Phone, PrivacyLevel::Personal)
    )
}

fn size(page: &str, stated: &StatedPrivacy) -> usize {
    // Each id is kept by its page and in the count.
    page.len() + OVERHEAD + stated.each().map(|(.., id)| 2 * (id.len() + OVERHEAD)).sum::<usize>()
}
