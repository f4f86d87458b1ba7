//! Guesses the parameters with which a token or cursor is given back. Feeds hardly ever say.

use crate::source::onward::AddressParameters;

/// How many parameter names are tried for a token.
const MOST_GUESSES: usize = 4;

/// Returns the parameters with which the end of a page, or a token without "next", may be given back: its own name, if
/// that may be a parameter, and the usual ones.
pub(super) fn ways_of_end(key: &str, name: &str, value: &str) -> Vec<AddressParameters> {
    let own = (!name.starts_with("end") && !name.starts_with("last")).then_some(key);
    let usual =
        if name.contains("cursor") && own.is_some() { ["cursor", "after"] } else { ["after", "cursor"] };
    let mut names: Vec<&str> = own.into_iter().collect();
    names.extend(usual.into_iter().filter(|usual| own != Some(*usual)));
    names.into_iter().map(|name| vec![(name.to_owned(), value.to_owned())]).collect()
}

/// Returns the parameters with which a token may be given back: the member's name without "next", the name itself, and
/// the usual names for this kind of token.
pub(super) fn guesses(key: &str, name: &str, value: &str) -> Vec<AddressParameters> {
    let own = key.rsplit(['.', ':', '@']).next().unwrap_or(key);
    let usual: &[&str] = match name {
        "lastevaluatedkey" => &["ExclusiveStartKey", "lastKey"],
        "lastkey" => &["startKey", "ExclusiveStartKey"],
        name if name.contains("offset") => &["offset", "start"],
        name if name.contains("skip") => &["skip", "$skip"],
        name if name.contains("continuation") => {
            &["continuationToken", "continuation_token", "continuation", "page_token", "token"]
        }
        name if name.contains("token") => &["page_token", "pageToken", "token"],
        name if name.contains("marker") => &["marker"],
        name if name.contains("cursor") => &["cursor", "after"],
        _ if value.bytes().all(|byte| byte.is_ascii_digit()) => &["offset", "start", "cursor"],
        _ => &["cursor", "after", "page"],
    };
    let mut names: Vec<String> = Vec::new();
    for guess in
        [without_next(own), own.to_owned()].into_iter().chain(usual.iter().map(|&name| name.to_owned()))
    {
        if !guess.is_empty() && !names.contains(&guess) {
            names.push(guess);
        }
    }
    names.into_iter().take(MOST_GUESSES).map(|name| vec![(name, value.to_owned())]).collect()
}

/// Removes "next" from a name in its own style: `nextPageToken` becomes `pageToken`, and `next_cursor` becomes
/// `cursor`.
fn without_next(key: &str) -> String {
    let lower = key.to_ascii_lowercase();
    let Some((before, after)) = lower.find("next").and_then(|at| Some((key.get(..at)?, key.get(at + 4..)?)))
    else {
        return String::new();
    };
    let after = after.trim_start_matches(['_', '-']);
    let mut rest = before.trim_end_matches(['_', '-']).to_owned();
    let mut letters = after.chars();
    if rest.is_empty()
        && let Some(first) = letters.next()
    {
        rest.push(first.to_ascii_lowercase());
    }
    rest.extend(letters);
    rest
}
