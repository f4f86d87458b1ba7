//! Limits on the markup given to an HTML library. Parsing by the standard's rules is not linear, so a text that could
//! cost too much is stripped instead.
//!
//! The scan assumes the worst. Every `<` that could begin a tag counts, wherever it is. No end tag is trusted to close
//! anything, because inside comments, tables, `<select>` and similar it may not.

use std::collections::HashSet;

/// The longest text that is parsed as HTML, in bytes.
const MOST_BYTES: usize = 256 << 10;
/// The most tags, counting opening and closing ones.
const MOST_TAGS: usize = 6_000;
/// The most attributes of one tag. Parsers compare each attribute with all before it.
const MOST_ATTRIBUTES: usize = 64;
/// The deepest nesting: opening tags, less those closed under the same name.
const MOST_DEPTH: usize = 400;
/// The most elements that a parser may have to reopen. It reopens all formatting elements that are still open in each
/// following block: at most one `a`, and at most three of any others that are alike.
const MOST_REOPENED: usize = 50_000;
/// The most bytes of reopened tags. Each is written again with all its attributes.
const MOST_REOPENED_BYTES: usize = 8 << 20;
/// The most table cells, times the length of the longest. Columns are as wide as their widest cell, in every row.
const MOST_TABLE: usize = 1 << 20;
/// The most tables. Each may be nested in the one before.
const MOST_TABLES: usize = 30;
/// The most cells, times the number of cells that span others. A span is examined again in every row.
const MOST_SPANNED: usize = 20_000;
/// The most entities. Each becomes a separate text first.
const MOST_ENTITIES: usize = 10_000;
/// The most element names that are counted separately.
const MOST_NAMES: usize = 64;
/// How many times over a text may be read while the attributes of its tags are counted.
const MOST_PASSES: usize = 8;

/// The elements that parsers reopen.
const FORMATTING: [&[u8]; 14] = [
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt",
    b"u",
];
/// Elements that never nest, or that the next of their kind closes.
const SHALLOW: [&[u8]; 10] = [b"br", b"hr", b"img", b"input", b"li", b"p", b"td", b"th", b"tr", b"wbr"];

/// The counts from a scan of a text's tags.
#[derive(Default)]
struct TagTally<'t> {
    tags: usize,
    /// The distinct tags that open a formatting element.
    formatting: HashSet<&'t [u8]>,
    /// Their total size in bytes. Of `a` elements only the longest counts, separately.
    formatting_bytes: usize,
    longest_link: usize,
    open: Vec<(&'t [u8], usize)>,
    depth: usize,
    tables: usize,
    cells: usize,
    spans: usize,
    longest_cell: usize,
    cell_began: usize,
    passed: usize,
}

/// Returns whether parsing the text as HTML takes little time and memory, whatever its tags do.
pub(super) fn is_cheap(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > MOST_BYTES || bytes.iter().filter(|byte| **byte == b'&').count() > MOST_ENTITIES {
        return false;
    }
    let mut tally = TagTally::default();
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'<')) {
        from += at + 1;
        let rest = bytes.get(from..).unwrap_or_default();
        if !tally.take(rest, from, bytes.len()) {
            return false;
        }
    }
    tally.is_cheap(bytes.len())
}

/// Returns whether some cells may span rows and others columns. html2text (0.17) panics where two such cells meet.
pub(super) fn has_crossing_spans(text: &str) -> bool {
    let has = |name: &[u8]| text.as_bytes().windows(name.len()).any(|part| part.eq_ignore_ascii_case(name));
    has(b"rowspan") && has(b"colspan")
}

impl<'t> TagTally<'t> {
    /// Counts the tag after a `<`. Returns `false` once the text is over a limit.
    fn take(&mut self, rest: &'t [u8], at: usize, length: usize) -> bool {
        let (is_end, rest) = match rest.split_first() {
            Some((b'/', rest)) => (true, rest),
            Some((first, _)) if first.is_ascii_alphabetic() || matches!(first, b'!' | b'?') => (false, rest),
            _ => return true,
        };
        self.tags += 1;
        let tag = rest.get(..tag_length(rest)).unwrap_or(rest);
        self.passed += tag.len();
        let name = name_of(tag);
        if is_one_of(name, &[b"td", b"th", b"tr", b"table", b"caption"]) {
            self.take_cell(name, tag, is_end, at);
        }
        if is_end {
            self.close(name);
        } else {
            self.open(name, tag);
        }
        self.tags <= MOST_TAGS
            && attributes(tag) <= MOST_ATTRIBUTES
            && self.depth <= MOST_DEPTH
            && self.passed <= length.saturating_mul(MOST_PASSES)
            && self.tags * self.reopened() <= MOST_REOPENED
            && self.tags.saturating_mul(self.reopened_bytes()) <= MOST_REOPENED_BYTES
    }

    fn take_cell(&mut self, name: &[u8], tag: &[u8], is_end: bool, at: usize) {
        // Text before the first table is not in a cell.
        if self.cells > 0 {
            self.longest_cell = self.longest_cell.max(at - self.cell_began);
        }
        self.cell_began = at;
        if !is_end {
            self.cells += 1;
            self.tables += usize::from(is_one_of(name, &[b"table"]));
            self.spans += usize::from(tag.windows(4).any(|part| part.eq_ignore_ascii_case(b"span")));
        }
    }

    fn open(&mut self, name: &'t [u8], tag: &'t [u8]) {
        if is_one_of(name, &[b"a"]) {
            self.formatting.insert(name);
            self.longest_link = self.longest_link.max(tag.len());
        } else if is_one_of(name, &FORMATTING) && self.formatting.insert(tag) {
            self.formatting_bytes += tag.len();
        }
        if is_one_of(name, &SHALLOW) {
            return;
        }
        self.depth += 1;
        if let Some((_, count)) = self.open.iter_mut().find(|(open, _)| open.eq_ignore_ascii_case(name)) {
            *count += 1;
        } else if self.open.len() < MOST_NAMES {
            // Further names are never counted as closed.
            self.open.push((name, 1));
        }
    }

    fn close(&mut self, name: &[u8]) {
        let open = self.open.iter_mut().find(|(open, count)| *count > 0 && open.eq_ignore_ascii_case(name));
        if let Some((_, count)) = open {
            *count -= 1;
            self.depth -= 1;
        }
    }

    fn reopened(&self) -> usize {
        3 * self.formatting.len()
    }

    fn reopened_bytes(&self) -> usize {
        3 * self.formatting_bytes + self.longest_link
    }

    fn is_cheap(&self, length: usize) -> bool {
        let longest = self.longest_cell.max(length - self.cell_began.min(length));
        self.cells.saturating_mul(longest) <= MOST_TABLE
            && self.cells * self.spans <= MOST_SPANNED
            && self.tables <= MOST_TABLES
    }
}

/// Returns the length of a tag without its `>`. A `>` inside quotes does not count.
fn tag_length(tag: &[u8]) -> usize {
    let mut quote = None;
    let mut may_quote = false;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if *byte == open => quote = None,
            (Some(_), _) => continue,
            (None, b'"' | b'\'') if may_quote => quote = Some(*byte),
            (None, b'>') => return at,
            _ => {}
        }
        may_quote = *byte == b'=' || (may_quote && byte.is_ascii_whitespace());
    }
    tag.len()
}

/// Returns the most attributes that a tag can have. An attribute begins after a space, a slash or a quote.
fn attributes(tag: &[u8]) -> usize {
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
    let (mut count, mut quote, mut after, mut last) = (0, None, false, 0);
    for byte in tag {
        match quote {
            Some(open) if *byte == open => quote = None,
            Some(_) => continue,
            None if matches!(byte, b'"' | b'\'') && last == b'=' => quote = Some(*byte),
            None if after && !ends(*byte) && *byte != b'=' => count += 1,
            None => {}
        }
        after = ends(*byte);
        if !byte.is_ascii_whitespace() {
            last = *byte;
        }
    }
    count
}

fn name_of(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    tag.get(..end.unwrap_or(tag.len())).unwrap_or(tag)
}

fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
