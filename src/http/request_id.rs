//! The id of a request: the client's own if it is valid, so that both logs can be compared.

use poem::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::{Builder, Uuid};

/// The header with the id, in requests and responses.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 128;

/// Returns the id of a request with these headers.
pub(super) fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(&X_REQUEST_ID).filter(|id| is_sane(id.as_bytes()));
    given.cloned().unwrap_or_else(fresh)
}

/// Returns whether the text is safe in a log line.
fn is_sane(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(plain)
}

fn fresh() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    // Ids only have to differ, so the generator of the thread will do.
    let id = Builder::from_random_bytes(rand::random()).into_uuid().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_sane_id_and_makes_one_otherwise() {
        let (longest, longer) = ("a".repeat(128), "a".repeat(129));
        for (given, is_taken) in [
            ("0af7651916cd43dd8448eb211c80319c", true),
            ("A.b_c-1", true),
            (&longest, true),
            (&longer, false),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            ("é", false),
        ] {
            let value = HeaderValue::from_str(given).unwrap();
            let id = of(&HeaderMap::from_iter([(X_REQUEST_ID, value)]));
            assert_eq!(id.as_bytes() == given.as_bytes(), is_taken, "{given}");
            assert!(is_taken || Uuid::parse_str(id.to_str().unwrap()).is_ok());
        }
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
