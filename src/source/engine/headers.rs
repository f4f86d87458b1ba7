//! Reads response headers: freshness, rate limits, and counts of a list.

use std::time::Duration;

use chrono::{DateTime, Utc};
use headers::{CacheControl, HeaderMapExt as _};
use reqwest::header::{AGE, CONTENT_RANGE, HeaderMap, RETRY_AFTER};
use serde_json::{Map, Value};

/// How long a response stays fresh if the feed forbids caching. Publishing systems often forbid it by default, even for
/// pages that are costly to generate.
const LEAST_FRESH: Duration = Duration::from_secs(30);

/// Returns how long a response is fresh: `ours`, or what `cache-control` says if that is shorter.
pub(super) fn fresh_for(headers: &HeaderMap, ours: Duration) -> Duration {
    let Some(control) = headers.typed_get::<CacheControl>() else { return ours };
    let age = Duration::from_secs(number(headers, AGE.as_str()).unwrap_or(0));
    let theirs = match control.s_max_age().or(control.max_age()) {
        Some(max_age) if !max_age.is_zero() && !control.no_store() && !control.no_cache() => {
            max_age.saturating_sub(age)
        }
        None if !control.no_store() && !control.no_cache() => return ours,
        _ => LEAST_FRESH,
    };
    ours.min(theirs.max(Duration::from_secs(1)))
}

/// Returns how long the feed asks to be left alone, from `Retry-After` (seconds or a date) or else from the reset of
/// its rate limit.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text.and_then(|text| match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => until(DateTime::parse_from_rfc2822(text).ok()?.to_utc(), now),
    });
    asked.or_else(|| reset(headers, now))
}

/// Returns the number of records in the whole list, which several frameworks send beside a bare list.
pub(super) fn total_items(headers: &HeaderMap) -> Option<u64> {
    const NAMES: [&str; 5] = ["x-total-count", "x-total", "x-wp-total", "total-count", "x-total-items"];
    NAMES.into_iter().find_map(|name| number(headers, name)).or_else(|| whole_range(headers))
}

/// Parts of the names of headers about paging. Other headers contain them only by chance.
const OF_PAGING: [&str; 11] =
    ["continu", "cursor", "last", "marker", "more", "next", "page", "paging", "pagina", "total", "truncated"];
/// Prefixes of header names that carry no meaning.
const PREFIXES: [&str; 4] = ["x-", "wp-", "ms-", "amz-"];
/// Longer headers are ignored. In bytes.
const LONGEST: usize = 8192;

/// Returns what headers claim about a list, as members of a page would: each under its name without a prefix such as
/// `x-`, or all members of a JSON object, as in `X-Pagination: {"TotalCount": 319, "HasNext": true}`.
pub(super) fn claims(headers: &HeaderMap) -> Map<String, Value> {
    let mut claims = Map::new();
    for (name, value) in headers {
        let mut name = name.as_str();
        let rest = |name: &str| PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix).map(str::len));
        while let Some(length) = rest(name) {
            name = name.get(name.len() - length..).unwrap_or_default();
        }
        let is_of_paging = OF_PAGING.iter().any(|word| name.contains(word));
        let text = value.to_str().ok().map(str::trim).filter(|text| is_of_paging && text.len() <= LONGEST);
        let Some(text) = text else { continue };
        match serde_json::from_str(text) {
            Ok(Value::Object(members)) => claims.extend(members),
            Ok(said @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => {
                claims.entry(name).or_insert(said);
            }
            Ok(Value::Array(_) | Value::Null) => {}
            Err(_) => {
                claims.entry(name).or_insert_with(|| text.into());
            }
        }
    }
    claims
}

// Some frameworks count rows as `Content-Range: items 0-24/319`. A range of bytes says nothing about rows.
fn whole_range(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?.trim();
    let (range, whole) = text.rsplit_once('/')?;
    if range.trim_start().starts_with("bytes") { None } else { whole.trim().parse().ok() }
}

/// Returns how long the feed's rate limit is used up. Returns `None` if requests remain.
pub(super) fn budget_used_up_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let remaining =
        ["ratelimit-remaining", "x-ratelimit-remaining"].into_iter().find_map(|name| number(headers, name));
    let remaining = remaining.or_else(|| parameter(headers, "remaining"))?;
    if remaining == 0 { reset(headers, now) } else { None }
}

fn reset(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let named = ["ratelimit-reset", "x-ratelimit-reset"].into_iter().find_map(|name| number(headers, name));
    let seconds = named.or_else(|| parameter(headers, "reset"))?;
    // Some feeds send the seconds that remain, others a Unix timestamp.
    if seconds < 1_000_000_000 {
        return Some(Duration::from_secs(seconds));
    }
    until(DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?, now)
}

fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    (at - now).to_std().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    text.split([',', ';']).next()?.trim().parse().ok()
}

// Reads the combined header: `RateLimit: limit=100, remaining=0, reset=18`.
fn parameter(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get("ratelimit")?.to_str().ok()?;
    text.split([',', ';']).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.trim().parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    const OURS: Duration = Duration::from_secs(300);

    #[test]
    fn how_many_rows_there_are_stands_in_headers_of_several_names() {
        for (name, value, items) in [
            ("x-total-count", "319", Some(319)),
            ("content-range", "items 0-24/319", Some(319)),
            ("content-range", "0-24/319", Some(319)),
            ("content-range", "0-24/*", None),
            ("content-range", "bytes 0-1023/146515", None),
        ] {
            assert_eq!(total_items(&of(&[(name, value)])), items, "{name}: {value}");
        }
    }

    #[test]
    fn what_headers_say_of_a_list_is_told_as_a_page_would() {
        let paging = r#"{"TotalCount":7,"HasNext":true,"nextPageLink":"/services?pageNumber=2"}"#;
        for (name, value, expected) in [
            ("x-pagination", paging, paging),
            ("pagination", paging, paging),
            ("x-paging", paging, paging),
            ("x-total-pages", "3", r#"{"total-pages":3}"#),
            ("x-has-next", "true", r#"{"has-next":true}"#),
            ("x-next-cursor", "abc==", r#"{"next-cursor":"abc=="}"#),
            ("x-ms-continuation", "abc", r#"{"continuation":"abc"}"#),
            ("x-request-id", "1", "{}"),
            ("content-type", "application/json", "{}"),
        ] {
            let expected: Map<String, Value> = serde_json::from_str(expected).unwrap();
            assert_eq!(claims(&of(&[(name, value)])), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_feed_may_shorten_freshness_but_not_lengthen_it() {
        let cases = [
            (None, 300),
            (Some("max-age=60"), 60),
            (Some("public, max-age=86400"), 300),
            (Some("no-cache, no-store, max-age=0, must-revalidate"), 30),
            (Some("public"), 300),
        ];
        for (value, seconds) in cases {
            let headers = value.map_or_else(HeaderMap::new, |value| of(&[("cache-control", value)]));
            assert_eq!(fresh_for(&headers, OURS), Duration::from_secs(seconds), "{value:?}");
        }
        let aged = of(&[("cache-control", "max-age=60"), ("age", "50")]);
        assert_eq!(fresh_for(&aged, OURS), Duration::from_secs(10));
    }

    #[test]
    fn retry_after_comes_in_seconds_as_a_date_or_as_a_reset() {
        let seconds = |headers: &HeaderMap| retry_after(headers, now()).map(|wait| wait.as_secs());
        assert_eq!(seconds(&of(&[("retry-after", "7")])), Some(7));
        assert_eq!(seconds(&of(&[("retry-after", "Fri, 15 Jan 2027 08:01:00 GMT")])), Some(60));
        assert_eq!(seconds(&of(&[("ratelimit-reset", "18")])), Some(18));
        assert_eq!(seconds(&of(&[("x-ratelimit-reset", "1800000030")])), Some(30));
        assert_eq!(seconds(&of(&[("retry-after", "soon")])), None);
    }

    #[test]
    fn a_used_up_budget_is_heeded_before_the_feed_refuses() {
        let seconds = |headers: &HeaderMap| budget_used_up_for(headers, now()).map(|wait| wait.as_secs());
        assert_eq!(seconds(&of(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "18")])), Some(18));
        assert_eq!(seconds(&of(&[("ratelimit-remaining", "1"), ("ratelimit-reset", "18")])), None);
        assert_eq!(seconds(&of(&[("ratelimit", "limit=100, remaining=0, reset=5")])), Some(5));
    }
}
