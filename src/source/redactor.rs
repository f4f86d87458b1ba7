//! Removes configured secrets from whatever a feed sends, before it is read or logged.
//!
//! A feed may repeat what it was sent: a key in an error page, a token in a link. None of a source's credentials may be
//! served, stored, counted or logged because of that. Secrets are searched for in a text as it is and after its escapes
//! have been decoded, layer by layer, so the number, kind and mixture of escapes makes no difference. Rows are searched
//! once more after their JSON has been mended, because mending, stripping and folding may reveal a secret ([`values`]).

mod folded;
mod markup;
mod spellings;
#[cfg(test)]
mod tests;
mod undo;
mod values;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use bytes::Bytes;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::{memchr_iter, memrchr};

use crate::config;
use undo::{UnescapedText, next_special};

/// The text that replaces a secret.
const IN_ITS_PLACE: &[u8] = b"***";
/// How many bytes of a body are searched before its beginning is logged.
const LOOKED_THROUGH: usize = 64 << 10;
/// How many characters of a body are logged.
const LOGGED: usize = 200;
/// How many layers of escapes are decoded.
const LAYERS: usize = 5;

/// Finds and replaces secrets, in every spelling in which one may come back.
#[derive(Clone, Default)]
pub(crate) struct SecretRedactor {
    search: Option<Arc<Search>>,
}

/// The patterns that are searched for.
struct Search {
    spelled: AhoCorasick,
    /// The secrets in the form that they have in folded texts.
    folded: AhoCorasick,
}

impl SecretRedactor {
    /// Collects the secrets of these sources.
    pub(crate) fn of<'a>(sources: impl IntoIterator<Item = &'a config::SourceSettings>) -> Self {
        let mut spelled: Vec<Vec<u8>> = sources.into_iter().flat_map(spellings::of_source).collect();
        spelled.sort_unstable();
        spelled.dedup();
        if spelled.is_empty() {
            return Self::default();
        }
        // Building fails only for more patterns than memory holds.
        Self { search: Search::of(&spelled).map(Arc::new) }
    }

    /// Removes secrets from a body. Returns the same bytes if it contains none.
    pub(crate) fn body(&self, body: Bytes) -> Bytes {
        let Some(search) = &self.search else { return body };
        let readable = decoded(&body);
        let found = search.find(&readable);
        if found.is_empty() { body } else { without(&readable, &found).into() }
    }

    /// Removes secrets from a text.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(search) = &self.search else { return Cow::Borrowed(text) };
        let found = search.find(text.as_bytes());
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(String::from_utf8_lossy(&without(text.as_bytes(), &found)).into_owned())
    }

    /// Returns the beginning of a body for the log, without secrets and on one line.
    pub(crate) fn start_of(&self, body: &[u8]) -> String {
        let start = body.get(..LOOKED_THROUGH).unwrap_or(body);
        let text = String::from_utf8_lossy(&decoded(start)).into_owned();
        let clean = self.text(&text);
        let tame = clean.trim_start().chars().take(LOGGED).map(|c| if c.is_control() { ' ' } else { c });
        tame.collect()
    }
}

impl fmt::Debug for SecretRedactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretRedactor")
    }
}

impl Search {
    fn of(spelled: &[Vec<u8>]) -> Option<Self> {
        let mut search = AhoCorasickBuilder::new();
        search.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true);
        let folded = spelled.iter().map(|secret| folded::folded(&String::from_utf8_lossy(secret)));
        let folded: Vec<String> = folded.filter(|secret| secret.len() >= spellings::SHORTEST).collect();
        Some(Self { spelled: search.build(spelled).ok()?, folded: search.build(folded).ok()? })
    }

    /// Returns where secrets are in a text, in order and without overlaps.
    fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = self.spelled.find_iter(text).map(|one| one.range()).collect();
        for part in Parts::of(text) {
            self.find_undone(text, part, &mut found);
        }
        joined(found)
    }

    fn find_undone(&self, text: &[u8], part: Range<usize>, found: &mut Vec<Range<usize>>) {
        let own = text.get(part.clone()).unwrap_or_default();
        if !self.is_in_undone(own) {
            return;
        }
        let mut layers: Vec<UnescapedText> = Vec::new();
        while layers.len() < LAYERS {
            let current = layers.last().map_or(own, |layer| &layer.bytes);
            let Some(undone) = UnescapedText::of(current, true) else { break };
            layers.push(undone);
            let Some(newest) = layers.last() else { break };
            for one in self.spelled.find_iter(&newest.bytes) {
                let stood = layers.iter().rev().fold(one.range(), |range, layer| layer.stood_at(&range));
                found.push(part.start + stood.start..part.start + stood.end);
            }
        }
    }

    // A fast test: nearly no text contains a secret, so positions are only computed for those that do.
    fn is_in_undone(&self, text: &[u8]) -> bool {
        let mut undone = UnescapedText::of(text, false);
        for _ in 1..LAYERS {
            let Some(layer) = &undone else { return false };
            if self.spelled.is_match(&layer.bytes) {
                return true;
            }
            undone = UnescapedText::of(&layer.bytes, false);
        }
        undone.is_some_and(|layer| self.spelled.is_match(&layer.bytes))
    }
}

/// The parts of a text that have escapes and are searched separately: each string of JSON, so that a removal never
/// extends into the next string, or an HTML page as a whole.
struct Parts<'t> {
    text: &'t [u8],
    is_json: bool,
    at: usize,
}

impl<'t> Parts<'t> {
    fn of(text: &'t [u8]) -> Self {
        let is_json = text.trim_ascii_start().first() != Some(&b'<');
        Self { text, is_json, at: 0 }
    }
}

impl Iterator for Parts<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let special = next_special(self.text, self.at)?;
        if !self.is_json {
            self.at = self.text.len();
            return Some(0..self.text.len());
        }
        // A quote before the first backslash cannot be escaped.
        let before = self.text.get(self.at..special).unwrap_or_default();
        let start = self.at + memrchr(b'"', before).map_or(0, |quote| quote + 1);
        let end = end_of_string(self.text, special);
        self.at = end;
        Some(start..end)
    }
}

fn end_of_string(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let is_escaped = |at: usize| {
        let before = rest.get(..at).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
    };
    memchr_iter(b'"', rest).find(|at| !is_escaped(*at)).map_or(text.len(), |at| from + at)
}

/// Sorts ranges and joins those that overlap.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn without(text: &[u8], secrets: &[Range<usize>]) -> Vec<u8> {
    let (mut clean, mut copied) = (Vec::with_capacity(text.len()), 0);
    for secret in secrets {
        clean.extend_from_slice(text.get(copied..secret.start).unwrap_or_default());
        put_in_place_of(text.get(secret.clone()).unwrap_or_default(), &mut clean);
        copied = secret.end;
    }
    clean.extend_from_slice(text.get(copied..).unwrap_or_default());
    clean
}

// A secret that may be a number in JSON is replaced by a number. Otherwise the response could not be parsed any more.
fn put_in_place_of(secret: &[u8], clean: &mut Vec<u8>) {
    let may_be_number = secret.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
    match may_be_number {
        true => clean.resize(clean.len() + secret.len(), b'9'),
        false => clean.extend_from_slice(IN_ITS_PLACE),
    }
}

// Converts UTF-16 to UTF-8.
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
