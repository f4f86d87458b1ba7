//! The formats that the standards require of texts.

use chrono::{DateTime, NaiveTime};
use url::Url;
use uuid::Uuid;

use crate::source::dialects::standard_date;

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

pub(super) fn is_email(text: &str) -> bool {
    let clean =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>,;@".contains(c));
    text.rsplit_once('@').is_some_and(|(name, domain)| clean(name) && clean(domain) && domain.contains('.'))
}

pub(super) fn is_uri(text: &str) -> bool {
    is_plain_address(text) || (!text.contains(char::is_whitespace) && Url::parse(text).is_ok())
}

// A fast path for nearly all URLs, such as `https://elm.example/a?b=c`: no port, no IP address, nothing international.
fn is_plain_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_lowercase())
            && !label.starts_with("xn--")
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~?=&%+,:;#@!$'()*".contains(&byte);
    host.split('.').all(is_label) && path.bytes().all(is_plain)
}

pub(super) fn is_date(text: &str) -> bool {
    standard_date(text).is_some()
}

pub(super) fn is_date_time(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok()
}

pub(super) fn is_time(text: &str) -> bool {
    let local = text.strip_suffix('Z').or_else(|| text.rsplit_once(['+', '-']).map(|(local, _)| local));
    let local = local.unwrap_or(text);
    is_hour_and_minute(local)
        || local.len() >= 5
            && ["%H:%M", "%H:%M:%S%.f"].iter().any(|form| NaiveTime::parse_from_str(local, form).is_ok())
}

// A fast path for nearly all times, such as `09:30`.
fn is_hour_and_minute(text: &str) -> bool {
    let &[h0, h1, b':', m0, m1] = text.as_bytes() else { return false };
    let is_hour = matches!((h0, h1), (b'0' | b'1', b'0'..=b'9') | (b'2', b'0'..=b'3'));
    is_hour && matches!((m0, m1), (b'0'..=b'5', b'0'..=b'9'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_are_told_from_what_only_looks_like_them() {
        assert!(is_uuid("8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f"));
        assert!(!is_uuid("8f0f6b7e5b0a4c1e9d0a0a1b2c3d4e5f") && !is_uuid("17"));
        assert!(is_email("a.b@elm.example") && !is_email("a@elm") && !is_email("a b@elm.example"));
        assert!(is_uri("https://elm.example/a") && is_uri("urn:a:b"));
        assert!(!is_uri("elm.example/a") && !is_uri("https://elm.example/a b"));
        assert!(!is_uri("https://") && !is_uri("http://xn--/a") && is_uri("http://127.0.0.1:80/a"));
        assert!(is_date("2026-02-28") && !is_date("2026-02-30") && !is_date("28/02/2026"));
        assert!(is_date_time("2026-02-28T10:00:00+01:00") && !is_date_time("2026-02-28 10:00"));
        for time in ["09:30", "09:30:00", "09:30Z", "09:30:00+01:00"] {
            assert!(is_time(time), "{time}");
        }
        assert!(!is_time("9.30am") && !is_time("25:00") && !is_time("9:30"));
    }

    proptest! {
        #[test]
        fn what_is_plain_is_an_address(text in "https?://[a-zA-Z0-9.:@\\[-]{0,12}(/[ -~é]{0,12})?") {
            prop_assert!(!is_plain_address(&text) || Url::parse(&text).is_ok(), "{text}");
        }
    }
}
