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
    fn excerpts_are_short_and_tame() {
        assert_eq!(excerpt("a\nb"), "a b");
        assert_eq!(excerpt(&"é".repeat(500)).chars().count(), 60);
    }
}
