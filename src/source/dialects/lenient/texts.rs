//! Texts: what stands for none, what was decoded wrongly, what belongs on one line.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::RichText;

/// Whether a text stands for no value.
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "None" | "null" | "NULL" | "Null" | "N/A" | "n/a" | "undefined")
}

/// An id as text, whether it came as text or number.
pub(in crate::source::dialects) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !is_placeholder(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Trimmed, with plain line ends.
pub(super) fn tidy(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.contains('\r') {
        return trimmed.replace("\r\n", "\n").replace('\r', "\n");
    }
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// The text meant by one whose UTF-8 was decoded as Windows-1252; none where it does not turn back whole.
pub(super) fn without_mojibake(text: &str) -> Option<String> {
    if text.is_ascii() || !text.contains(['Â', 'Ã', 'â']) {
        return None;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    if unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok().filter(|turned| turned != text)
}

/// One line out of several.
pub(super) fn on_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty());
    Cow::Owned(lines.collect::<Vec<_>>().join(", "))
}

/// A text without tags and entities; none where it has none.
pub(super) fn without_markup(text: &str) -> Option<String> {
    if !text.contains(['<', '&']) {
        return None;
    }
    let plain = RichText::new(text.to_owned()).text().to_owned();
    (plain != text && !plain.is_empty()).then_some(plain)
}

/// A text without entities, and without tags where these are HTML's: `<ann@elm.example>` is none. None where it has
/// neither.
pub(super) fn as_prose(text: &str) -> Option<String> {
    if has_element(text) {
        return without_markup(text);
    }
    let decoded = html_escape::decode_html_entities(text);
    let plain = decoded.replace('\u{a0}', " ");
    (text.contains('&') && plain != text && !plain.trim().is_empty()).then(|| plain.trim().to_owned())
}

// The elements that editors of texts make.
const ELEMENTS: [&str; 26] = [
    "a",
    "b",
    "blockquote",
    "br",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "script",
    "small",
    "span",
    "strong",
    "table",
    "td",
    "u",
    "ul",
];

fn has_element(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let is_closed = after.starts_with(['>', '/']) || after.starts_with(char::is_whitespace);
        is_closed && after.contains('>') && ELEMENTS.contains(&name.to_ascii_lowercase().as_str())
    })
}

/// Whether a text carries script.
pub(super) fn has_script(text: &str) -> bool {
    text.contains('<') && text.to_ascii_lowercase().contains("<script")
}

/// The beginning of a text, short enough for a message and without control characters.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_66_mojibake_turns_back_only_whole() {
        assert_eq!(without_mojibake("Â£10 â€“ Â£12").as_deref(), Some("£10 – £12"));
        assert_eq!(without_mojibake("Â£10 – £12"), None);
        assert_eq!(without_mojibake("Château"), None);
    }

    #[test]
    fn quirk_63_lines_are_joined() {
        assert_eq!(on_one_line("Elm Court,\n Park Road\n\n"), "Elm Court, Park Road");
    }

    #[test]
    fn prose_has_no_entities_and_no_tags_but_keeps_what_only_looks_like_them() {
        let cases = [
            ("caf&eacute; users &amp; carers", Some("café users & carers")),
            ("<p>Caf&eacute;</p><p>Tuesdays</p>", Some("Café\n\nTuesdays")),
            ("Wo&shy;men", Some("Wo\u{ad}men")),
            ("a &lt;b&gt; c", Some("a <b> c")),
            ("Ask Ann <ann@elm.example> & co", None),
            ("<18s and >60s; R&D; tea & talk", None),
            ("a <b c", None),
        ];
        for (text, plain) in cases {
            assert_eq!(as_prose(text).as_deref(), plain, "{text}");
        }
    }

    #[test]
    fn excerpts_are_short_and_tame() {
        assert_eq!(excerpt("a\nb"), "a b");
        assert_eq!(excerpt(&"é".repeat(500)).chars().count(), 60);
    }
}
