//! How names, codes and addresses are folded before they are compared across sources.

use crate::model::folded_words;

/// The words of a name without case, accents and punctuation, joined by `-`: `Cafés & clubs` is `cafes-clubs`.
pub(super) fn slug_of(name: &str) -> String {
    folded_words(name).join("-")
}

/// The words of a name but those that are `idle`, with nothing between them. A name of idle words alone keeps them.
pub(super) fn joined_words(name: &str, idle: &[&str]) -> String {
    let words = folded_words(name);
    let telling: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| !idle.contains(word)).collect();
    telling.concat()
}

/// A code without case and outer blanks.
pub(super) fn folded_code(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// An address without scheme, `www.` and last slash, its host in small letters.
pub(in crate::model) fn bare_uri(uri: &str) -> String {
    let uri = uri.trim().trim_end_matches('/');
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_lowercase();
    format!("{}{path}", host.strip_prefix("www.").unwrap_or(&host))
}
