//! The headers of exports: what a client learns before the first byte.

use chrono::NaiveDate;
use poem::Response;
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use super::export_parameters::ExportQuestion;
use crate::graphql::KeepingTime;
use crate::http::caching;
use crate::http::incomplete_sources::{X_INCOMPLETE_SOURCES, incomplete_sources};
use crate::model::SourceKey;

const X_COMPLETE: HeaderName = HeaderName::from_static("x-complete");
const X_DATA_VERSION: HeaderName = HeaderName::from_static("x-data-version");
const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// Links to the description of columns and parameters, and to the description of all addresses. Relative, so that they
/// hold behind any proxy.
const LINKS: &str =
    "<.>; rel=\"describedby\"; type=\"application/json\", <../openapi.json>; rel=\"service-desc\"";

/// What is known of an export before its first byte.
#[derive(Debug)]
pub(super) struct AnnouncedExport {
    /// The sources that were not considered in full.
    pub(super) incomplete: Vec<(SourceKey, &'static str)>,
    pub(super) data_version: String,
    /// The number of records.
    pub(super) total: usize,
    pub(super) freshness: KeepingTime,
    pub(super) today: NaiveDate,
}

impl AnnouncedExport {
    /// Returns the opaque part of the entity tag: a hash of the request, the data, the release and the date. What is
    /// written of the data depends on the last two.
    pub(super) fn etag(&self, question: &ExportQuestion, query: &str) -> String {
        let (list, format) = (question.wanted.list.as_str(), question.wanted.format.suffix());
        let today = self.today.to_string();
        let parts = [env!("CARGO_PKG_VERSION"), list, format, &self.data_version, &today, query];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        hash.iter().take(12).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// Returns whether the client already has this export.
    pub(super) fn is_current(&self, etag: &str, request: &HeaderMap) -> bool {
        HeaderValue::try_from(format!("\"{etag}\"")).is_ok_and(|etag| caching::is_current(request, &etag))
    }

    /// Returns the response to a client that already has this export.
    pub(super) fn not_modified(&self, question: &ExportQuestion, etag: &str) -> Response {
        let mut response = Response::builder().status(StatusCode::NOT_MODIFIED).finish();
        self.mark(question, etag, response.headers_mut());
        response
    }

    /// Returns the response without its body.
    pub(super) fn response(&self, question: &ExportQuestion, etag: &str, is_gzip: bool) -> Response {
        let mut response = Response::builder().status(StatusCode::OK).finish();
        let headers = response.headers_mut();
        self.mark(question, etag, headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(question.wanted.format.content_type()));
        if let Ok(disposition) = HeaderValue::try_from(self.disposition(question)) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        if is_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    /// Returns the `content-disposition`. The file's name says if something is missing, for people who never see a
    /// header.
    fn disposition(&self, question: &ExportQuestion) -> String {
        let (list, suffix) = (question.wanted.list.as_str(), question.wanted.format.suffix());
        let lacking = if self.incomplete.is_empty() { "" } else { "-incomplete" };
        format!("attachment; filename=\"{list}-{}{lacking}.{suffix}\"", self.today)
    }

    fn mark(&self, question: &ExportQuestion, etag: &str, headers: &mut HeaderMap) {
        headers.insert(header::CACHE_CONTROL, caching::cache_control(self.freshness, false));
        headers.insert(header::AGE, caching::age(self.freshness));
        let vary = if question.wanted.is_negotiated { "accept, accept-encoding" } else { "accept-encoding" };
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::LINK, HeaderValue::from_static(LINKS));
        headers.insert(X_TOTAL_COUNT, self.total.into());
        let is_complete = self.incomplete.is_empty();
        headers.insert(X_COMPLETE, HeaderValue::from_static(if is_complete { "true" } else { "false" }));
        let incomplete = incomplete_sources(self.incomplete.iter().map(|(key, status)| (key, *status)));
        incomplete.into_iter().for_each(|sources| drop(headers.insert(X_INCOMPLETE_SOURCES, sources)));
        // Weak, because the same data may be written with another time of reading, or compressed.
        let texts = [(header::ETAG, format!("W/\"{etag}\"")), (X_DATA_VERSION, self.data_version.clone())];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }
}
