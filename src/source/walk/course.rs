//! How far a walk has come, in a form that can be stored.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::source::feed::FeedPage;
use crate::source::onward::{AddressParameters, NextPage};
use crate::source::page_form::PageForm;

/// How far a walk has come: enough to resume it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WalkCourse {
    pub(super) first: OpeningClaims,
    pub(super) next: NextStep,
    /// The number of rows on pages that had something new.
    pub rows: usize,
    /// The number of pages read.
    pub pages: u64,
    /// The numbers of the pages that could not be read.
    pub(super) gaps: Vec<u64>,
    /// Whether the feed claimed different numbers of records on different pages.
    pub claims_differ: bool,
}

/// What the first page says about the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpeningClaims {
    pub(super) rows: usize,
    pub(super) total_items: Option<u64>,
    pub(super) total_pages: Option<u64>,
}

/// Where a walk goes next. Stored data identifies the variants by position, so new ones must go last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum NextStep {
    Number(u64),
    Link(Url),
    Nowhere,
    Given(Vec<AddressParameters>),
}

impl WalkCourse {
    /// Begins a walk of a scripted feed, whose list has this edition.
    #[cfg(test)]
    pub(in crate::source) fn scripted(total_items: u64, edition: u64) -> Self {
        let (total_items, total_pages) = (Some(total_items), Some(edition));
        let first = OpeningClaims { rows: 0, total_items, total_pages };
        Self { first, next: NextStep::Nowhere, rows: 0, pages: 0, gaps: Vec::new(), claims_differ: false }
    }

    /// Returns the edition that a scripted feed's list had when the walk began.
    #[cfg(test)]
    pub(in crate::source) fn edition(&self) -> Option<u64> {
        self.first.total_pages
    }

    /// Returns how many records the feed claims to have. `None` if it makes no claim. The claim may be wrong.
    pub(crate) fn claimed(&self) -> Option<u64> {
        self.first.total_items
    }

    /// Begins a walk with its first page, which was requested at `asked`.
    pub(super) fn of<T>(first: &FeedPage<T>, asked: &Url) -> Self {
        let (rows, total_items, total_pages) = (first.rows, first.total_items, first.total_pages);
        let summary = OpeningClaims { rows, total_items, total_pages };
        let next = match &first.onward {
            // Numbered pages are preferred, because several can be read at once.
            Some(NextPage::At(url)) if summary.pages() > Some(1) && is_second_of(asked, url) => {
                NextStep::Number(2)
            }
            Some(onward) => NextStep::of(onward).unwrap_or(NextStep::Number(2)),
            None => NextStep::Number(2),
        };
        Self { first: summary, next, rows: 0, pages: 0, gaps: Vec::new(), claims_differ: false }
    }
}

impl NextStep {
    /// Returns the next step that a page names. `None` if it cannot be followed.
    pub(super) fn of(onward: &NextPage) -> Option<Self> {
        match onward {
            NextPage::At(url) => Some(Self::Link(url.clone())),
            NextPage::Given(ways) => Some(Self::Given(ways.clone())),
            NextPage::Page(_) | NextPage::Somehow | NextPage::Elsewhere => None,
        }
    }
}

/// Returns whether a link on the first page leads to the second page in the form in which we would request it
/// ourselves.
fn is_second_of(first: &Url, link: &Url) -> bool {
    let of = |url: &Url, name: &str| {
        let mut values =
            url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        values.next()
    };
    let is_known =
        |name: &str| matches!(name, "page" | "per_page" | "size" | "limit") || of(first, name).is_some();
    first.path() == link.path()
        && of(first, "page").as_deref() == Some("1")
        && of(link, "page").as_deref() == Some("2")
        && link.query_pairs().all(|(name, _)| is_known(&name))
}

impl OpeningClaims {
    /// Returns how many pages the list may have, going by the feed's claims. `None` if it makes none.
    pub(super) fn pages(&self) -> Option<u64> {
        let rows = u64::try_from(self.rows).ok().filter(|rows| *rows > 0)?;
        self.total_pages.or_else(|| self.total_items.map(|items| items.div_ceil(rows)))
    }

    /// Returns the form in which to request the pages after the first. If the feed cut the first page short, requests
    /// as many records as it had: some feeds cut pages short but number them as if they had not, and would skip what
    /// they cut off.
    pub(super) fn form(&self, form: PageForm) -> PageForm {
        let has_more = match (self.total_items, self.total_pages) {
            (Some(items), _) => items > self.rows as u64,
            (None, Some(pages)) => pages > 1,
            (None, None) => true,
        };
        let is_cut = has_more && self.rows > 0 && form.size.is_some_and(|asked| self.rows < asked);
        if is_cut { PageForm { size: Some(self.rows), ..form } } else { form }
    }
}
