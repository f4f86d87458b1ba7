//! Conditional requests: asks whether a response has changed instead of reading it again.

use std::borrow::Cow;

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use serde::{Deserialize, Serialize};

use crate::source::redactor::SecretRedactor;

/// The validators of a response (`ETag` and `Last-Modified`), for conditional requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CacheValidators {
    etag: Option<Box<str>>,
    last_modified: Option<Box<str>>,
}

/// Longer validators are ignored. In bytes.
const LONGEST: usize = 512;

impl CacheValidators {
    /// Takes the validators of a response, except those that contain a secret, because they are stored.
    pub(super) fn of(headers: &HeaderMap, redactor: &SecretRedactor) -> Self {
        let harmless =
            |name| text(headers, name).filter(|mark| matches!(redactor.text(mark), Cow::Borrowed(_)));
        Self { etag: harmless(ETAG), last_modified: harmless(LAST_MODIFIED) }
    }

    /// Returns whether the response had no validators.
    pub(crate) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// Returns the headers of a conditional request.
    pub(super) fn as_conditions(&self) -> HeaderMap {
        let conditions = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        let header = |(name, mark): (HeaderName, &Option<Box<str>>)| {
            Some((name, HeaderValue::from_str(mark.as_deref()?).ok()?))
        };
        conditions.into_iter().filter_map(header).collect()
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<Box<str>> {
    let text = headers.get(name)?.to_str().ok()?;
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_was_marked_with_is_sent_back_as_it_was() {
        let marked: HeaderMap = [
            (ETAG, HeaderValue::from_static("W/\"7-abc\"")),
            (LAST_MODIFIED, HeaderValue::from_static("Fri, 15 Jan 2027 08:01:00 GMT")),
        ]
        .into_iter()
        .collect();
        let conditions = CacheValidators::of(&marked, &SecretRedactor::default()).as_conditions();
        assert_eq!(conditions[IF_NONE_MATCH], "W/\"7-abc\"");
        assert_eq!(conditions[IF_MODIFIED_SINCE], "Fri, 15 Jan 2027 08:01:00 GMT");
        assert!(CacheValidators::of(&HeaderMap::new(), &SecretRedactor::default()).is_empty());
        assert!(CacheValidators::default().as_conditions().is_empty());
    }
}
