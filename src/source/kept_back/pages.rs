//! What each page of a feed says is private, and what follows from all pages together.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{PrivacyLevel, PrivateKind, StatedPrivacy};

/// The most bytes of ids and page names that are remembered for a feed.
const MOST_BYTES: usize = 16 << 20;
/// The approximate overhead of an entry, in bytes.
const OVERHEAD: usize = 64;
/// How long a page's statements hold if the page is not read again: longer than any outage lasts.
const HOLD_FOR: TimeDelta = TimeDelta::days(30);
/// How often the time of unchanged statements is refreshed.
const NOTED_AGAIN: TimeDelta = TimeDelta::days(1);

/// The statements of all pages, and how many pages make each statement.
#[derive(Debug, Default)]
pub(super) struct PageWords {
    heard: HashMap<Box<str>, HeardPage>,
    counts: BTreeMap<(PrivateKind, PrivacyLevel), HashMap<Box<str>, u32>>,
    bytes: usize,
    /// Whether there were more statements than can be remembered.
    is_full: bool,
    /// When old statements were last dropped.
    looked_at: Option<DateTime<Utc>>,
}

/// The statements of one page.
#[derive(Debug, Serialize, Deserialize)]
struct HeardPage {
    #[serde(with = "chrono::serde::ts_seconds")]
    at: DateTime<Utc>,
    stated: StatedPrivacy,
}

impl PageWords {
    /// Returns whether these statements of a page are known already, and recent enough.
    pub(super) fn knows(&self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) -> bool {
        match self.heard.get(page) {
            Some(heard) => heard.stated == *stated && at - heard.at < NOTED_AGAIN,
            None => stated.is_empty(),
        }
    }

    /// Replaces the statements of a page. Returns whether something is private now that was not before.
    pub(super) fn hear(&mut self, page: &str, stated: &StatedPrivacy, at: DateTime<Utc>) -> bool {
        self.drop_old(at);
        let before = self.heard.remove(page);
        let was_full = self.is_full;
        // Added before the old ones are removed, so that unchanged statements do not count as new.
        let is_news = self.add(page, HeardPage { at, stated: stated.clone() });
        if let Some(before) = before {
            self.take_away(page, &before);
        }
        is_news || self.is_full != was_full
    }

    /// Returns whether any page says this.
    pub(super) fn says(&self, class: PrivateKind, said: PrivacyLevel, id: &str) -> bool {
        let is_said = self.counts.get(&(class, said)).is_some_and(|ids| ids.contains_key(id));
        is_said || (self.is_full && is_worst(class, said))
    }

    /// Returns whether any contact or telephone with an id is private.
    pub(super) fn knows_people(&self) -> bool {
        let has =
            |class| self.counts.get(&(class, PrivacyLevel::Personal)).is_some_and(|ids| !ids.is_empty());
        self.is_full || has(PrivateKind::Contact) || has(PrivateKind::Phone)
    }

    /// Returns the statements of a page, serialised.
    pub(super) fn written(&self, page: &str) -> Option<Vec<u8>> {
        postcard::to_stdvec(self.heard.get(page)?).ok()
    }

    /// Restores the statements of a page. Returns whether something is private now that was not before.
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

    // Statements of pages that no longer exist hold for long, but not forever.
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

// If not all private things are known, every place and contact counts as private.
fn is_worst(class: PrivateKind, said: PrivacyLevel) -> bool {
    matches!(
        (class, said),
        (PrivateKind::Place, PrivacyLevel::Hidden)
            | (PrivateKind::Contact | PrivateKind::Phone, PrivacyLevel::Personal)
    )
}

fn size(page: &str, stated: &StatedPrivacy) -> usize {
    // Each id is stored with its page and in the counts.
    page.len() + OVERHEAD + stated.each().map(|(.., id)| 2 * (id.len() + OVERHEAD)).sum::<usize>()
}
