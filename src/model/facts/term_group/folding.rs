//! How names, codes and addresses are normalised before they are compared across sources.

use crate::model::folded_words;

/// Returns the words of a name without case, accents and punctuation, joined by `-`: `Cafés & clubs` becomes
/// `cafes-clubs`.
pub(super) fn slug_of(name: &str) -> String {
    folded_words(name).join("-")
}

/// Concatenates the words of a name, without those in `idle`.
pub(super) fn joined_words(name: &str, idle: &[&str]) -> String {
    let words = folded_words(name);
    let telling: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| !idle.contains(word)).collect();
    telling.concat()
}

/// Returns a code in lower case, with single spaces between its words and none around them.
pub(super) fn folded_code(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns an address without scheme, `www.` and trailing slashes, with its host in lower case.
pub(in crate::model) fn bare_uri(uri: &str) -> String {
    let uri = uri.trim().trim_end_matches('/');
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_lowercase();
    format!("{}{path}", host.strip_prefix("www.").unwrap_or(&host))
}
