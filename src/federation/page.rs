//! Pages of an ordered list, as Relay's connections ask for them.

use crate::model::SortPosition;

use super::SourceReport;

/// A page of a list over all sources.
#[derive(Debug)]
pub struct RecordPage<R> {
    /// The page's records, in order.
    pub records: Vec<R>,
    /// Whether records follow.
    pub has_next_page: bool,
    /// Whether records go before.
    pub has_previous_page: bool,
    /// All matches that are known of: all there are where every source was considered in full.
    pub total_count: usize,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
}

impl<R> RecordPage<R> {
    /// Whether every source asked was considered in full.
    pub fn is_complete(&self) -> bool {
        self.reports.iter().all(|report| report.status.is_complete())
    }
}

/// Which part of the list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// At most so many records.
    pub size: usize,
    /// Only what comes after this place.
    pub after: Option<SortPosition>,
    /// Only what comes before this place.
    pub before: Option<SortPosition>,
    /// Whether the records nearest to the end are wanted (`last`), not those nearest to the beginning (`first`).
    pub from_end: bool,
}

/// How large pages may be.
#[derive(Clone, Copy, Debug)]
pub struct PageSizes {
    /// The size of a page where the client asks for none.
    pub default_size: usize,
    /// The largest size a client may ask for.
    pub max_size: usize,
}

/// Why the four arguments of a connection do not make a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageRequestError {
    /// Forwards and backwards at once.
    #[error("`first` and `last` cannot be combined")]
    Both,
    /// Less than nothing.
    #[error("`{argument}` must not be negative")]
    Negative {
        /// The argument at fault.
        argument: &'static str,
    },
    /// More than a page may hold.
    #[error("`{argument}` must not be greater than {max}; page through the rest with `pageInfo.endCursor`")]
    TooLarge {
        /// The argument at fault.
        argument: &'static str,
        /// The largest size.
        max: usize,
    },
}

impl PageRequest {
    /// A page that holds the whole list.
    pub(super) const EVERYTHING: Self = Self { size: usize::MAX, after: None, before: None, from_end: false };

    /// Reads a connection's arguments; the cursors are decoded already.
    ///
    /// # Errors
    /// When `first` and `last` are both given, negative or too large.
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
