//! Tells HTML tags from text that only looks like them: `<ann@elm.example>`, `ages <5`, `<name>`.

use std::borrow::Cow;

/// Signs of markup that could run code in a page or load something into it.
const RUNNING: [&str; 10] =
    ["<script", "<style", "<iframe", "<object", "<embed", "<form", "<svg", "<link", "<meta", "javascript:"];

/// Returns whether a text contains anything that could run in a page. Errs on the side of `true`.
pub(super) fn could_run(text: &str) -> bool {
    if !text.contains(['<', ':']) {
        return false;
    }
    let small = text.to_ascii_lowercase();
    let has_handler = || {
        small.split('<').skip(1).any(|tag| {
            let inside = tag.split('>').next().unwrap_or_default();
            inside.match_indices("on").any(|(at, _)| {
                let before = inside.as_bytes().get(at.wrapping_sub(1));
                before.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\''))
                    && inside.get(at..).is_some_and(|rest| rest.contains('='))
            })
        })
    };
    RUNNING.iter().any(|sign| small.contains(sign)) || has_handler()
}

/// All HTML elements, current and obsolete, sorted.
const ELEMENTS: [&str; 127] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xml",
];
/// Prefixes of the elements that word processors write.
const PREFIXES: [&str; 6] = ["o:", "w:", "v:", "m:", "st1:", "x:"];
/// How often, in one text, the matching tag of an unknown element is looked for.
const MOST_LOOKED_FOR: usize = 16;

/// Finds the tags of a text.
pub(super) struct TextTags<'t> {
    text: &'t str,
    /// The position of the last `>`. No tag begins after it.
    last: usize,
    looked_for: usize,
}

impl<'t> TextTags<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, last: text.rfind('>').unwrap_or(0), looked_for: 0 }
    }

    /// Returns whether the `<` at this position begins a tag.
    pub(super) fn begins_at(&mut self, at: usize) -> bool {
        let rest = self.text.get(at + 1..).unwrap_or_default();
        if rest.starts_with("!--") || rest.starts_with("![") || starts_with_folded(rest, "!doctype") {
            return true;
        }
        if at >= self.last {
            return false;
        }
        let (is_end, name) = match rest.strip_prefix(['/', '?']) {
            Some(name) => (rest.starts_with('/'), name),
            None => (false, rest),
        };
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.');
        let length = name.find(|c| !is_of_name(c)).unwrap_or(name.len());
        let (name, after) = name.split_at_checked(length).unwrap_or_default();
        let is_closed = after.starts_with(['>', '/']) || after.starts_with(char::is_whitespace);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && is_closed && self.is_element(name, is_end)
    }

    fn is_element(&mut self, name: &str, is_end: bool) -> bool {
        if is_known(name) || PREFIXES.iter().any(|prefix| starts_with_folded(name, prefix)) {
            return true;
        }
        // An unknown name counts as an element if it is both opened and closed.
        self.looked_for += 1;
        let other = if is_end { format!("<{name}") } else { format!("</{name}") };
        self.looked_for <= MOST_LOOKED_FOR && self.text.contains(&other)
    }
}

fn is_known(name: &str) -> bool {
    let folded = || name.bytes().map(|byte| byte.to_ascii_lowercase());
    ELEMENTS.binary_search_by(|known| known.bytes().cmp(folded())).is_ok()
}

fn starts_with_folded(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
}

/// Returns whether a text contains a tag.
pub(super) fn has_tags(text: &str) -> bool {
    let mut tags = TextTags::of(text);
    text.match_indices('<').any(|(at, _)| tags.begins_at(at))
}

/// Returns the text with every `<` that begins no tag replaced by an entity.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let mut tags = TextTags::of(text);
    let mut escaped = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices('<') {
        if !tags.begins_at(at) {
            escaped.push_str(text.get(from..at).unwrap_or_default());
            escaped.push_str("&lt;");
            from = at + 1;
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    escaped.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(escaped)
}

/// Puts superscripts and subscripts on the line: `1<sup>st</sup>` becomes `1st`, and `m<sup>2</sup>` becomes `m²`.
pub(super) fn on_the_line(text: &str) -> Cow<'_, str> {
    if !["<sup", "<sub", "<SUP", "<SUB"].iter().any(|tag| text.contains(tag)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let is_raised = is_tag(tag, "sup");
        rest = match tag
            .split_once('>')
            .filter(|_| is_raised || is_tag(tag, "sub") || is_tag(tag, "/sup") || is_tag(tag, "/sub"))
        {
            Some((_, after)) if is_raised => {
                let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                let (digits, behind) = after.split_at_checked(end).unwrap_or(("", after));
                let is_number = !digits.is_empty() && starts_with_folded(behind, "</sup");
                plain.extend(digits.chars().map(|digit| if is_number { raised(digit) } else { digit }));
                behind
            }
            Some((_, after)) => after,
            None => {
                plain.push('<');
                tag
            }
        };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn is_tag(tag: &str, name: &str) -> bool {
    starts_with_folded(tag, name)
        && tag
            .get(name.len()..)
            .is_some_and(|after| after.starts_with('>') || after.starts_with(char::is_whitespace))
}

fn raised(digit: char) -> char {
    match digit {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_in_order() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn what_only_looks_like_a_tag_is_none() {
        for text in [
            "Ann <ann@elm.example>",
            "see <https://elm.example/x>",
            "ages <5 and >3",
            "a <b and c",
            "<your name here> and <postcode>",
            "x<y",
            "<3 music",
            "<- here ->",
            "</ann>",
            "<>",
            "<",
        ] {
            assert!(!has_tags(text), "{text}");
            assert_eq!(escaped(text), text.replace('<', "&lt;"), "{text}");
        }
        for text in [
            "<p>a</p>",
            "<BR>",
            "<br/>",
            "<a href='x'>a</a>",
            "<o:p></o:p>",
            "<!-- a -->",
            "<!DOCTYPE html>",
            "<my-part>a</my-part>",
            "<p\nclass=x>",
            "<?xml version='1.0'?>",
        ] {
            assert!(has_tags(text), "{text}");
            assert_eq!(escaped(text), text, "{text}");
        }
        assert_eq!(escaped("<p>Ann <ann@elm.example></p>"), "<p>Ann &lt;ann@elm.example></p>");
    }

    #[test]
    fn raised_and_lowered_characters_stand_on_the_line() {
        assert_eq!(
            on_the_line("1<sup>st</sup>, 20 m<sup>2</sup>, CO<sub>2</sub>, <sup class='x'>3rd</sup>"),
            "1st, 20 m², CO2, 3rd"
        );
        assert_eq!(on_the_line("<support> <sup"), "<support> <sup");
    }
}
