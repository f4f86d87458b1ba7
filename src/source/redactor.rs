//! Configured secrets, taken out of whatever a feed sends before it is read or logged.
//!
//! A feed may say back what it was told: a key in an error page, a token in a link. Nothing that a source is
//! configured to prove itself with must be served, kept, counted or logged on that account.

mod spellings;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use bytes::Bytes;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

use crate::config;

/// What stands in the place of a secret.
const IN_ITS_PLACE: &[u8] = b"***";
/// How much of a body is looked through for the few words of it that are logged.
const LOOKED_THROUGH: usize = 4096;
/// How many characters of a body are logged.
const LOGGED: usize = 200;

/// Looks for secrets, in every spelling that one may come back in.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    search: Option<Arc<Search>>,
}

struct Search {
    secrets: AhoCorasick,
    in_their_place: Vec<Vec<u8>>,
}

impl Redactor {
    /// Looks for the secrets of these sources.
    pub(crate) fn of<'a>(sources: impl IntoIterator<Item = &'a config::Source>) -> Self {
        let mut spelled: Vec<String> = sources.into_iter().flat_map(spellings::of_source).collect();
        spelled.sort_unstable();
        spelled.dedup();
        if spelled.is_empty() {
            return Self::default();
        }
        let in_their_place = spelled.iter().map(|secret| in_place_of(secret)).collect();
        let mut search = AhoCorasickBuilder::new();
        search.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true);
        // Fails only for more secrets than memory holds.
        let search = search.build(spelled).ok().map(|secrets| Arc::new(Search { secrets, in_their_place }));
        Self { search }
    }

    /// A body without secrets; the same bytes if it holds none. JSON that escapes plain characters hides none.
    pub(crate) fn body(&self, body: Bytes) -> Bytes {
        let Some(search) = &self.search else { return body };
        let readable = unescaped(decoded(&body));
        if !search.secrets.is_match(&*readable) {
            return body;
        }
        search.secrets.replace_all_bytes(&readable, &search.in_their_place).into()
    }

    /// A text without secrets.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.search {
            Some(search) if search.secrets.is_match(text) => {
                let clean = search.secrets.replace_all_bytes(text.as_bytes(), &search.in_their_place);
                Cow::Owned(String::from_utf8_lossy(&clean).into_owned())
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// The first words of a body, for the log: without secrets, on one line.
    pub(crate) fn start_of(&self, body: &[u8]) -> String {
        let start = body.get(..LOOKED_THROUGH).unwrap_or(body);
        let start = unescaped(decoded(start));
        let text = String::from_utf8_lossy(&start);
        let clean = self.text(&text);
        let tame = clean.trim_start().chars().take(LOGGED).map(|c| if c.is_control() { ' ' } else { c });
        tame.collect()
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

// What may stand in JSON as a number must leave a number behind, or the answer could not be read any more.
fn in_place_of(secret: &str) -> Vec<u8> {
    let may_be_number = secret.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if may_be_number { vec![b'9'; secret.len()] } else { IN_ITS_PLACE.to_vec() }
}

// UTF-16 is read as what it says.
fn decoded(body: &[u8]) -> Cow<'_, [u8]> {
    let encoding = match (Encoding::for_bom(body), body) {
        (Some((encoding, _)), _) => encoding,
        (None, [0, second, 0, fourth, ..]) if *second != 0 && *fourth != 0 => UTF_16BE,
        (None, [first, 0, third, 0, ..]) if *first != 0 && *third != 0 => UTF_16LE,
        (None, _) => return Cow::Borrowed(body),
    };
    if encoding != UTF_16BE && encoding != UTF_16LE {
        return Cow::Borrowed(body);
    }
    Cow::Owned(encoding.decode(body).0.into_owned().into_bytes())
}

/// JSON with those escapes undone that stand for a plain character of ASCII: it says the same.
fn unescaped(json: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut plain: Vec<u8> = Vec::new();
    let mut copied = 0;
    for at in memchr_iter(b'\\', &json) {
        // The second of two backslashes escapes nothing.
        if at < copied {
            continue;
        }
        let (character, length) = match escape(json.get(at..).unwrap_or_default()) {
            Some(found) => found,
            None if json.get(at + 1) == Some(&b'\\') => {
                plain.extend_from_slice(json.get(copied..at + 2).unwrap_or_default());
                copied = at + 2;
                continue;
            }
            None => continue,
        };
        plain.extend_from_slice(json.get(copied..at).unwrap_or_default());
        plain.push(character);
        copied = at + length;
    }
    if copied == 0 {
        return json;
    }
    plain.extend_from_slice(json.get(copied..).unwrap_or_default());
    Cow::Owned(plain)
}

// The plain character that an escape at the start of a text stands for, and the escape's length. Quotes and backslashes
// have to stay escaped.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    const LENGTH: usize = 6;
    match text {
        [b'\\', b'/', ..] => Some((b'/', 2)),
        [b'\\', b'u', digits @ ..] => {
            let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
            let character = u8::try_from(u32::from_str_radix(digits, 16).ok()?).ok()?;
            let is_plain = matches!(character, 0x20..0x7f) && !matches!(character, b'"' | b'\\');
            is_plain.then_some((character, LENGTH))
        }
        _ => None,
    }
}
