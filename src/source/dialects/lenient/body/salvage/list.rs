//! Finds where the list of records of a broken page begins.

use crate::source::dialects::lenient::body::page_names::{PageNames, list_names};

/// The position of the list of records.
pub(super) struct List {
    /// The name of the list, with the names of the objects around it: `data.results`. `None` if the page is the list.
    pub path: Option<&'static str>,
    /// The position after the opening bracket.
    pub start: usize,
}

/// How far into a page its first member is searched for.
const LONGEST_START: usize = 200;

impl List {
    /// Searches for the list by name, then by name with a broken bracket, and then for the first list of objects.
    pub(super) fn find(text: &str, names: PageNames) -> Option<Self> {
        let body = text.trim_start();
        // If a name follows, the bracket should have been the page's brace.
        if body.strip_prefix('[').is_some_and(|rest| !rest.trim_start().starts_with('"')) {
            return Some(Self { path: None, start: text.len() - body.len() + 1 });
        }
        let named = |bracket: fn(&str) -> Option<&str>| {
            let found = names
                .lists()
                .filter_map(|path| Some(Self { path: Some(path), start: after_path(text, path, bracket)? }));
            found.min_by_key(|list| list.start)
        };
        named(|rest| rest.strip_prefix('['))
            .or_else(|| named(|rest| rest.get(rest.bytes().take(3).position(|byte| byte == b'{')?..)))
            .or_else(|| Some(Self { path: list_names().next(), start: after_bracket(text)? }))
            .filter(|list| !is_record(text.get(..list.start).unwrap_or_default()))
    }

    /// Returns the number of objects around the list.
    pub(super) fn objects(&self) -> usize {
        self.path.map_or(0, |path| path.split('.').count())
    }
}

// Returns whether the object around a list begins like a record, with its id.
fn is_record(before: &str) -> bool {
    let start: String = before.chars().filter(|c| !c.is_whitespace()).take(LONGEST_START).collect();
    ["{\"id\":", "{\"_id\":", "{'id':", "{id:"].iter().any(|id| start.starts_with(id))
}

// Returns the position after `"outer": {… "name": [`, or after `"name": [` if the path is one name.
fn after_path(text: &str, path: &str, bracket: fn(&str) -> Option<&str>) -> Option<usize> {
    let Some((outer, rest)) = path.split_once('.') else { return after_key(text, path, bracket) };
    let inner = after_key(text, outer, |rest| rest.starts_with('{').then_some(rest))?;
    Some(inner + after_path(text.get(inner..)?, rest, bracket)?)
}

// Returns the position after `"name": [`.
fn after_key(text: &str, name: &str, bracket: fn(&str) -> Option<&str>) -> Option<usize> {
    let key = format!("\"{name}\"");
    let mut around = BraceCount::of(text);
    text.match_indices(&key).find_map(|(at, _)| {
        let rest = text.get(at + key.len()..)?.trim_start().strip_prefix(':')?;
        let rest = bracket(rest.trim_start())?;
        let start = text.len() - rest.len();
        around.is_outermost(at).then_some(start)
    })
}

fn after_bracket(text: &str) -> Option<usize> {
    let mut around = BraceCount::of(text);
    text.match_indices('[').find_map(|(at, _)| {
        let holds_objects = text.get(at + 1..)?.trim_start().starts_with('{');
        (holds_objects && around.is_outermost(at)).then_some(at + 1)
    })
}

/// Counts braces up to increasing positions, in one pass over the page.
struct BraceCount<'t> {
    text: &'t str,
    at: usize,
    opened: usize,
    closed: usize,
    /// The last character that is not white space.
    last: Option<u8>,
}

impl<'t> BraceCount<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: 0, opened: 0, closed: 0, last: None }
    }

    /// Returns whether a position, later than earlier ones, is outside all records. A list nested in a record is not
    /// the list of records, whatever its name.
    fn is_outermost(&mut self, place: usize) -> bool {
        for byte in self.text.as_bytes().get(self.at..place).unwrap_or_default() {
            self.at += 1;
            match byte {
                b'{' if self.begins_object(place) => self.opened += 1,
                b'}' => self.closed += 1,
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                self.last = Some(*byte);
            }
        }
        self.opened <= self.closed + 1
    }

    // A brace at an impossible position is a mistake of its own.
    fn begins_object(&self, place: usize) -> bool {
        let after = self.text.get(self.at..place).unwrap_or_default().trim_start();
        matches!(self.last, None | Some(b':' | b'['))
            && matches!(after.bytes().next(), None | Some(b'"' | b'}'))
    }
}
