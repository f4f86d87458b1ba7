//! Caching headers: how long a response is valid, how old it is, and whether the client's copy is current.

use poem::http::{HeaderMap, HeaderValue, header};

use crate::graphql::KeepingTime;

/// Returns `cache-control` for a response of this freshness.
pub(super) fn cache_control(freshness: KeepingTime, has_errors: bool) -> HeaderValue {
    if has_errors {
        return HeaderValue::from_static("no-store");
    }
    let remaining = freshness.remaining.as_secs();
    if remaining == 0 {
        // A browser may cache it and revalidate it; shared caches may not serve it.
        return HeaderValue::from_static("private, no-cache");
    }
    // Caches subtract `age`, as HTTP requires.
    let lifetime = remaining.saturating_add(freshness.age.as_secs());
    HeaderValue::try_from(format!("public, max-age={lifetime}"))
        .unwrap_or(HeaderValue::from_static("no-store"))
}

/// Returns the age of the oldest data in a response, in whole seconds.
pub(super) fn age(freshness: KeepingTime) -> HeaderValue {
    freshness.age.as_secs().into()
}

/// Returns whether the client's copy has this tag. Tags are compared weakly, as for any GET.
pub(super) fn is_current(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else { return false };
    request.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok()).any(|line| {
        line.trim() == "*" || line.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn says_how_long_an_answer_may_be_kept() {
        for (remaining, degraded, has_errors, expected) in [
            (60_900, false, false, "public, max-age=61"),
            (999, false, false, "private, no-cache"),
            (0, false, false, "private, no-cache"),
            (5_000, true, false, "public, max-age=6"),
            (60_000, false, true, "no-store"),
        ] {
            let (remaining, age) = (Duration::from_millis(remaining), Duration::from_millis(1_900));
            let freshness = KeepingTime { remaining, age, degraded };
            assert_eq!(cache_control(freshness, has_errors), expected);
            assert_eq!(super::age(freshness), "1");
        }
    }

    #[test]
    fn knows_a_copy_by_its_tag() {
        let etag = HeaderValue::from_static("\"abc\"");
        for (line, expected) in [
            ("\"abc\"", true),
            ("W/\"abc\"", true),
            ("\"x\", \"abc\"", true),
            ("*", true),
            ("\"x\"", false),
            ("abc", false),
            ("\"abc-z\"", false),
        ] {
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(line))]);
            assert_eq!(is_current(&request, &etag), expected, "{line}");
        }
        assert!(!is_current(&HeaderMap::new(), &etag));
    }
}
