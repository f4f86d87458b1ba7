//! The header that names the sources that an answer does not consider in full, for clients that do not read GraphQL.

use poem::http::{HeaderName, HeaderValue};

use crate::model::SourceKey;

/// Names these sources, each with its status: `leeds=FAILED, dorset=PARTIAL`. Absent if the answer is complete.
pub(super) const X_INCOMPLETE_SOURCES: HeaderName = HeaderName::from_static("x-incomplete-sources");

/// Returns the value of [`X_INCOMPLETE_SOURCES`]. `None` if there are no such sources.
pub(super) fn incomplete_sources<'s>(
    sources: impl IntoIterator<Item = (&'s SourceKey, &'static str)>,
) -> Option<HeaderValue> {
    let named: Vec<String> = sources.into_iter().map(|(key, status)| format!("{key}={status}")).collect();
    (!named.is_empty()).then(|| HeaderValue::try_from(named.join(", ")).ok())?
}
