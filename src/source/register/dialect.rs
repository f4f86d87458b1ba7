//! Guesses a feed's dialect from what its register says.

use url::Url;

use super::row::RegisterRow;
use crate::model::Dialect;
use crate::source::dialects::descriptions;

/// Returns the dialect. Returns `None` if it is better detected from the feed's responses.
pub(super) fn dialect(row: &RegisterRow, url: &Url) -> Option<Dialect> {
    if let Some(name) = row.text(&["dialect"]) {
        return serde_json::from_value(name.into()).ok();
    }
    let version = row.text(&["schemaversion", "standard", "version"]).map(|version| version.to_lowercase());
    match version.as_deref().and_then(major) {
        Some('3') => Some(of_version_3(version.as_deref().unwrap_or_default())),
        // The URL of Placecube's 3.0. Its 1.0 has another one, so the maker alone does not tell the dialect.
        None if url.path().to_lowercase().contains("/openreferralservice/") => None,
        Some('1') | None => of_maker(row),
        Some(_) => None,
    }
}

fn major(version: &str) -> Option<char> {
    version.chars().find(char::is_ascii_digit)
}

fn of_version_3(version: &str) -> Dialect {
    let is_international = version.contains("hsds") && !version.contains("uk");
    if is_international { Dialect::Hsds3 } else { Dialect::Oruk3 }
}

fn of_maker(row: &RegisterRow) -> Option<Dialect> {
    let words = [&["developer", "developerlabel", "developername"][..], &["schematype"]];
    let words = words.iter().filter_map(|names| row.text(names)).collect::<Vec<_>>().join(" ").to_lowercase();
    let is_told = |makers: &[&str]| makers.iter().any(|maker| words.contains(maker));
    descriptions().find(|(_, of)| is_told(of.makers)).map(|(dialect, _)| dialect)
}
