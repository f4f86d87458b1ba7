//! The query parameters of a request for a list.

use chrono::{DateTime, NaiveDate, Utc};

use super::SearchKey;
use crate::demo::paging::FeedPaging;
use crate::demo::publisher::FeedFilters;

/// The parsed query of a request for a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::demo) struct ListQuery {
    /// The value of the parameter that requests a page.
    pub(super) place: Option<String>,
    pub(super) per_page: Option<usize>,
    search: Option<String>,
    modified_after: Option<DateTime<Utc>>,
    pub(in crate::demo) vocabulary: Option<String>,
    /// The names of the nested lists to include.
    pub(super) includes: Vec<String>,
}

impl ListQuery {
    /// Parses a query string. Parameters that are unknown or cannot be parsed are ignored.
    pub(in crate::demo) fn parse(query: &str, paging: FeedPaging, filters: &FeedFilters) -> Self {
        let mut ask = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                name if name == paging.step.parameter() => ask.place = Some(value.into_owned()),
                name if name == paging.size => ask.per_page = value.parse().ok(),
                "modified_after" if filters.modified_after => ask.modified_after = instant(&value),
                "vocabulary" if filters.vocabulary => ask.vocabulary = Some(value.into_owned()),
                "include" => ask.includes.push(value.into_owned()),
                name if Some(name) == filters.search => {
                    ask.search = Some(value.to_lowercase()).filter(|words| !words.trim().is_empty());
                }
                _ => {}
            }
        }
        ask
    }

    /// Returns the number of the requested page, or of the records to skip. `None` if the request states none.
    pub(in crate::demo) fn number(&self) -> Option<usize> {
        self.place.as_ref()?.parse().ok()
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

/// Parses a date-time with an offset, or a date as its first instant in UTC.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    text.parse::<DateTime<Utc>>().ok().or_else(date)
}
