//! How far a walk has come, in a form that can be kept.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::source::feed::Page;

/// How far a walk has come: enough to go on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Course {
    pub(super) first: First,
    pub(super) next: Next,
    /// How many rows there have been.
    pub rows: usize,
    /// How many pages there have been.
    pub pages: u64,
    /// The numbers of the pages that could not be read.
    pub(super) gaps: Vec<u64>,
    /// Whether the feed claimed different numbers of records on different pages.
    pub claims_differ: bool,
}

/// What the first page says of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct First {
    pub(super) rows: usize,
    pub(super) total_items: Option<u64>,
    pub(super) total_pages: Option<u64>,
}

/// Where a walk goes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Next {
    Number(u64),
    Link(Url),
    Nowhere,
}

impl Course {
    /// How many records the feed claims to have, if it says anything of it: a hint.
    pub(crate) fn claimed(&self) -> Option<u64> {
        self.first.total_items
    }

    pub(super) fn of<T>(first: &Page<T>) -> Self {
        let (rows, total_items, total_pages) = (first.rows, first.total_items, first.total_pages);
        let next = first.next.clone().map_or(Next::Number(2), Next::Link);
        let first = First { rows, total_items, total_pages };
        Self { first, next, rows: 0, pages: 0, gaps: Vec::new(), claims_differ: false }
    }
}

impl First {
    /// How many pages there may be, if the feed says anything of it: a hint.
    pub(super) fn pages(&self) -> Option<u64> {
        let rows = u64::try_from(self.rows).ok().filter(|rows| *rows > 0)?;
        self.total_pages.or_else(|| self.total_items.map(|items| items.div_ceil(rows)))
    }
}
