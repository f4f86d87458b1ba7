//! Compresses bodies that gain from it.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this size, headers and effort outweigh the gain.
const WORTHWHILE: usize = 1024;

/// Most of the gain of higher levels, in a third of their time.
const LEVEL: u32 = 4;

/// Returns whether a body of this type and length gains from compression.
pub(super) fn is_worthwhile(content_type: &str, length: usize) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let is_text = essence.starts_with("text/")
        || essence.ends_with("json")
        || matches!(essence, "application/javascript" | "image/svg+xml");
    is_text && length >= WORTHWHILE
}

/// Returns the gzip form, or `None` if it is no smaller.
pub(super) fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::new(LEVEL));
    encoder.write_all(plain).ok()?;
    let encoded = encoder.finish().ok()?;
    (encoded.len() < plain.len()).then(|| encoded.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_of_some_length_is_compressed() {
        for (content_type, length, expected) in [
            ("application/json; charset=utf-8", 1024, true),
            ("application/json; charset=utf-8", 1023, false),
            ("application/graphql-response+json; charset=utf-8", 5000, true),
            ("text/javascript; charset=utf-8", 5000, true),
            ("image/svg+xml", 5000, true),
            ("image/png", 5000, false),
        ] {
            assert_eq!(is_worthwhile(content_type, length), expected, "{content_type} {length}");
        }
    }

    #[test]
    fn what_does_not_shrink_stays_plain() {
        assert!(gzip(&[b'a'; 2000]).is_some_and(|encoded| encoded.len() < 100));
        assert_eq!(gzip(b"abc"), None);
    }
}
