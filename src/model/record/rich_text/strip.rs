//! Removes markup in one pass, for texts that are too expensive to parse.

/// Elements whose content is not text to read.
const HIDDEN: [&str; 5] = ["script", "style", "template", "noscript", "textarea"];
/// Elements that begin and end a paragraph.
const PARAGRAPHS: [&str; 9] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table"];
/// Elements that begin and end a line.
const LINES: [&str; 13] =
    ["br", "hr", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "section", "article", "pre"];

/// Drops tags and comments, and the content of scripts and styles; decodes entities. Block elements become lines.
pub(super) fn strip(text: &str) -> String {
    let mut plain =
        PlainTextWriter { text: String::with_capacity(text.len() / 2), breaks: 0, has_space: false };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push(before);
        rest = match after.bytes().next() {
            Some(b'!') if after.starts_with("!--") => after.split_once("-->").map_or("", |(_, rest)| rest),
            Some(b'!' | b'?') => past_tag(after),
            Some(first) if first.is_ascii_alphabetic() || first == b'/' => plain.tag(after),
            _ => {
                plain.push("<");
                after
            }
        };
    }
    plain.push(rest);
    plain.text
}

fn past_tag(tag: &str) -> &str {
    tag.split_once('>').map_or("", |(_, rest)| rest)
}

/// The plain text written so far.
struct PlainTextWriter {
    text: String,
    /// How many line breaks to write before the next text.
    breaks: usize,
    has_space: bool,
}

impl PlainTextWriter {
    // Decodes entities piece by piece, so that `&lt;b&gt;` never becomes a tag.
    fn push(&mut self, piece: &str) {
        for word in
            html_escape::decode_html_entities(piece).split_inclusive([' ', '\t', '\r', '\n', '\u{a0}'])
        {
            let bare = word.trim_end_matches([' ', '\t', '\r', '\n', '\u{a0}']);
            if !bare.is_empty() {
                self.make_room();
                self.text.push_str(bare);
            }
            self.has_space |= bare.len() < word.len();
        }
    }

    fn make_room(&mut self) {
        match std::mem::take(&mut self.breaks) {
            _ if self.text.is_empty() => {}
            0 if self.has_space => self.text.push(' '),
            breaks => (0..breaks).for_each(|_| self.text.push('\n')),
        }
        self.has_space = false;
    }

    /// Handles a tag, given the text from its name on. Returns the text after it.
    fn tag<'t>(&mut self, tag: &'t str) -> &'t str {
        let name = tag.strip_prefix('/').unwrap_or(tag);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(&PARAGRAPHS) {
            self.breaks = 2;
        } else if is(&LINES) {
            self.breaks = self.breaks.max(1);
        }
        self.has_space |= is(&["td", "th"]);
        let rest = past_tag(tag);
        if !tag.starts_with('/') && is(&HIDDEN) { past_hidden(rest, name) } else { rest }
    }
}

// An element that is never closed hides the rest of the text.
fn past_hidden<'t>(mut rest: &'t str, name: &str) -> &'t str {
    while let Some((_, after)) = rest.split_once("</") {
        if after.get(..name.len()).is_some_and(|closed| closed.eq_ignore_ascii_case(name)) {
            return past_tag(after);
        }
        rest = after;
    }
    ""
}
