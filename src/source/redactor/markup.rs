//! Measures pieces of markup, which readers of texts leave out.

use memchr::{memchr, memmem};

/// Elements that are removed with their content when markup is cleaned.
const DROPPED: [&[u8]; 2] = [b"script", b"style"];

/// Measures pieces of markup. Remembers which end tags are missing, so that each is searched for only once.
#[derive(Default)]
pub(super) struct MarkupScanner {
    no_comment_ends: bool,
    no_dropped_ends: [bool; 2],
}

impl MarkupScanner {
    /// Returns the length of the comment, tag or element to drop at the start of a text. Returns `None` if there is
    /// none.
    pub(super) fn length(&mut self, text: &[u8]) -> Option<usize> {
        if text.starts_with(b"<!--") && !self.no_comment_ends {
            match memmem::find(text, b"-->") {
                Some(end) => return Some(end + 3),
                None => self.no_comment_ends = true,
            }
        }
        if let Some(length) = self.dropped(text) {
            return Some(length);
        }
        let begins = matches!(text.get(1)?, b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?');
        let inside = text.get(1..).filter(|_| begins)?;
        let end = memchr::memchr2(b'<', b'>', inside)?;
        (inside.get(end) == Some(&b'>')).then_some(end + 2)
    }

    fn dropped(&mut self, text: &[u8]) -> Option<usize> {
        let starts = |rest: &[u8], name: &[u8]| {
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        let rest = text.get(1..)?;
        for (name, is_in_vain) in DROPPED.iter().zip(&mut self.no_dropped_ends) {
            if *is_in_vain || !starts(rest, name) {
                continue;
            }
            let mut ends = memmem::find_iter(rest, b"</");
            let end = ends.find(|at| starts(rest.get(at + 2..).unwrap_or_default(), name));
            match end.and_then(|at| Some(at + memchr(b'>', rest.get(at..)?)?)) {
                Some(end) => return Some(end + 2),
                None => *is_in_vain = true,
            }
        }
        None
    }
}
