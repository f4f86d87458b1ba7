//! The bytes of a response that may be sent many times: compressed and hashed at most once.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::http::HeaderValue;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::compression;
use crate::admission::off_thread;

/// Bytes to send, with their gzip form once a client has asked for it.
#[derive(Debug)]
pub(super) struct ResponseContent {
    content_type: &'static str,
    plain: Bytes,
    /// Contains `None` if compression gains nothing.
    gzip: OnceCell<Option<Bytes>>,
    fingerprint: OnceLock<String>,
}

/// One form of the content.
pub(super) struct ContentForm {
    pub(super) bytes: Bytes,
    pub(super) is_gzip: bool,
}

impl ResponseContent {
    pub(super) fn new(content_type: &'static str, plain: impl Into<Bytes>) -> Self {
        Self { content_type, plain: plain.into(), gzip: OnceCell::new(), fingerprint: OnceLock::new() }
    }

    pub(super) fn content_type(&self) -> &'static str {
        self.content_type
    }

    pub(super) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// Returns the smaller form if there is one and the client accepts it.
    pub(super) async fn form(&self, accepts_gzip: bool) -> ContentForm {
        if accepts_gzip && compression::is_worthwhile(self.content_type, self.plain.len()) {
            let gzip = self.gzip.get_or_init(|| compressed(self.plain.clone())).await;
            if let Some(bytes) = gzip {
                return ContentForm { bytes: bytes.clone(), is_gzip: true };
            }
        }
        ContentForm { bytes: self.plain.clone(), is_gzip: false }
    }

    /// Returns a strong tag, which differs by bytes, coding and media type.
    pub(super) fn etag(&self, content_type: &str, is_gzip: bool) -> Option<HeaderValue> {
        let kind = if content_type.starts_with("application/graphql") { "-g" } else { "" };
        let coding = if is_gzip { "-z" } else { "" };
        HeaderValue::try_from(format!("\"{}{kind}{coding}\"", self.fingerprint())).ok()
    }

    /// Returns a hash of the bytes, short enough for a URL.
    pub(super) fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| {
            let hash = Sha256::digest(&self.plain);
            hash.iter().take(12).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
        })
    }
}

/// Runs on another thread than those that serve requests: a large response takes milliseconds.
async fn compressed(plain: Bytes) -> Option<Bytes> {
    off_thread(move || compression::gzip(&plain)).await.ok().flatten()
}
