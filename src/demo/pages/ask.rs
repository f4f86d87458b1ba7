//! What a caller asks of a list.

use chrono::{DateTime, NaiveDate, Utc};

use super::SearchKey;
use crate::demo::publisher::{FeedFilters, FeedPaging};

/// The query of a request for a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::demo) struct ListQuery {
    pub(in crate::demo) page: Option<usize>,
    pub(super) per_page: Option<usize>,
    /// How many records to pass over.
    pub(super) offset: Option<usize>,
    search: Option<String>,
    modified_after: Option<DateTime<Utc>>,
    pub(in crate::demo) vocabulary: Option<String>,
    /// The id after which a page begins.
    pub(super) after: Option<String>,
    /// The collections to be included.
    pub(super) includes: Vec<String>,
}

impl ListQuery {
    /// Reads the query of a request target; what it cannot read it leaves out.
    pub(in crate::demo) fn parse(query: &str, paging: FeedPaging, filters: &FeedFilters) -> Self {
        let mut ask = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                name if Some(name) == paging.offset => ask.offset = value.parse().ok(),
                name if name == paging.page => ask.page = value.parse().ok(),
                name if name == paging.size => ask.per_page = value.parse().ok(),
                "modified_after" if filters.modified_after => ask.modified_after = instant(&value),
                "vocabulary" if filters.vocabulary => ask.vocabulary = Some(value.into_owned()),
                "after_id" => ask.after = Some(value.into_owned()),
                "include" => ask.includes.push(value.into_owned()),
                name if Some(name) == filters.search => {
                    ask.search = Some(value.to_lowercase()).filter(|words| !words.trim().is_empty());
                }
                _ => {}
            }
        }
        ask
    }

    pub(super) fn narrows(&self) -> bool {
        self.search.is_some() || self.modified_after.is_some() || self.vocabulary.is_some()
    }

    pub(super) fn wants(&self, key: &SearchKey) -> bool {
        let found = self
            .search
            .as_ref()
            .is_none_or(|search| search.split_whitespace().all(|word| key.words.contains(word)));
        let changed =
            self.modified_after.is_none_or(|after| key.modified.is_some_and(|modified| modified > after));
        found && changed && self.vocabulary.as_ref().is_none_or(|vocabulary| *vocabulary == key.vocabulary)
    }
}

/// A date-time with a zone, or the first instant of a date.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    text.parse::<DateTime<Utc>>().ok().or_else(date)
}
