//! Pages of an ordered list, as Relay connections request them.

use crate::model::SortPosition;

use super::SourceReport;

/// A page of a list over all sources.
#[derive(Debug)]
pub struct RecordPage<R> {
    /// The page's records, in order.
    pub records: Vec<R>,
    /// Whether records follow.
    pub has_next_page: bool,
    /// Whether records come before.
    pub has_previous_page: bool,
    /// The number of known matches. These are all matches if every source was considered in full.
    pub total_count: usize,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
}

impl<R> RecordPage<R> {
    /// Returns whether every source was considered in full.
    pub fn is_complete(&self) -> bool {
        self.reports.iter().all(|report| report.status.is_complete())
    }
}

/// The part of a list that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The most records to return.
    pub size: usize,
    /// Only records after this place.
    pub after: Option<SortPosition>,
    /// Only records before this place.
    pub before: Option<SortPosition>,
    /// Whether to take records from the end of that part (`last`) rather than its beginning (`first`).
    pub from_end: bool,
}

/// The limits on the size of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageSizes {
    /// The size if the client asks for none.
    pub default_size: usize,
    /// The largest size that a client may ask for.
    pub max_size: usize,
}

/// Why the arguments of a connection are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageRequestError {
    /// Both `first` and `last` are given.
    #[error("`first` and `last` cannot be combined")]
    Both,
    /// A size is negative.
    #[error("`{argument}` must not be negative")]
    Negative {
        /// The argument.
        argument: &'static str,
    },
    /// A size is too large.
    #[error("`{argument}` must not be greater than {max}; page through the rest with `pageInfo.endCursor`")]
    TooLarge {
        /// The argument.
        argument: &'static str,
        /// The largest size allowed.
        max: usize,
    },
}

impl PageRequest {
    /// A page that contains the whole list.
    pub(super) const EVERYTHING: Self = Self { size: usize::MAX, after: None, before: None, from_end: false };

    /// Reads a connection's arguments. The cursors are already decoded.
    ///
    /// # Errors
    /// If `first` and `last` are both given, or a size is negative or too large.
    pub fn new(
        paging: PageSizes,
        first: Option<i32>,
        after: Option<SortPosition>,
        last: Option<i32>,
        before: Option<SortPosition>,
    ) -> Result<Self, PageRequestError> {
        let (argument, wanted) = match (first, last) {
            (Some(_), Some(_)) => return Err(PageRequestError::Both),
            (None, Some(last)) => ("last", Some(last)),
            (first, None) => ("first", first),
        };
        let size = match wanted.map(usize::try_from) {
            None => paging.default_size,
            Some(Err(_)) => return Err(PageRequestError::Negative { argument }),
            Some(Ok(size)) if size > paging.max_size => {
                return Err(PageRequestError::TooLarge { argument, max: paging.max_size });
            }
            Some(Ok(size)) => size,
        };
        Ok(Self { size, after, before, from_end: last.is_some() })
    }
}
