//! Texts: placeholders, wrong decoding, and single lines.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::{RichText, canonical_id};

/// Returns whether a text is a placeholder for no value.
pub(in crate::source) fn is_placeholder(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "None" | "null" | "NULL" | "Null" | "N/A" | "n/a" | "undefined")
}

/// Returns an id, sent as text or number, in the one notation that the gateway uses for all notations of the same id.
pub(in crate::source::dialects) fn id_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => {
            let seen = without_invisible(text);
            let text = seen.as_deref().unwrap_or(text);
            return (!is_placeholder(text)).then(|| canonical_id(text.trim()).into_owned());
        }
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(canonical_id(&text).into_owned())
}

/// Removes invisible characters: control characters, byte order and direction marks, and zero-width spaces. Returns
/// `None` if there are none.
pub(in crate::source::dialects::lenient) fn without_invisible(text: &str) -> Option<String> {
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t');
    if text.as_bytes().iter().all(is_plain) || !text.contains(is_invisible) {
        return None;
    }
    Some(text.chars().filter(|c| !is_invisible(*c)).collect())
}

/// Converts a text in which every character counts, such as a date or number, to plain characters: without invisible
/// ones, and with plain spaces, letters and signs instead of wide ones. Returns `None` if it is plain already.
pub(in crate::source::dialects::lenient) fn as_plain(text: &str) -> Option<String> {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return None;
    }
    let joins = |c: char| matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe0f}');
    let plain: String = text.chars().filter(|c| !is_invisible(*c) && !joins(*c)).map(narrow).collect();
    (plain != text).then_some(plain)
}

fn narrow(c: char) -> char {
    match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        c => c,
    }
}

fn is_invisible(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        // Direction marks are not content. Characters that join or separate letters are.
        '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        c => c.is_control(),
    }
}

/// Removes control characters such as U+0000, byte order marks and zero-width spaces from prose. Keeps direction marks,
/// which Arabic and Hebrew need. Returns `None` if there are none.
pub(in crate::source::dialects::lenient) fn without_control(text: &str) -> Option<String> {
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t');
    let goes = |c: char| {
        matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
            || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    };
    if text.as_bytes().iter().all(is_plain) || !text.contains(goes) {
        return None;
    }
    Some(text.chars().filter(|c| !goes(*c)).collect())
}

/// Trims a text, and converts its line ends.
pub(in crate::source::dialects::lenient) fn tidy(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.contains('\r') {
        return trimmed.replace("\r\n", "\n").replace('\r', "\n");
    }
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// Returns the text whose UTF-8 was decoded as Windows-1252. Returns `None` if it cannot be converted back completely.
pub(in crate::source::dialects::lenient) fn without_mojibake(text: &str) -> Option<String> {
    if text.is_ascii() || !text.contains(['Â', 'Ã', 'â']) {
        return None;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    if unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok().filter(|turned| turned != text)
}

/// Joins several lines into one.
pub(in crate::source::dialects::lenient) fn on_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty());
    Cow::Owned(lines.collect::<Vec<_>>().join(", "))
}

/// Removes tags and entities. Returns `None` if there are none.
pub(in crate::source::dialects::lenient) fn without_markup(text: &str) -> Option<String> {
    if !text.contains(['<', '&']) {
        return None;
    }
    let plain = RichText::new(text.to_owned()).text().to_owned();
    (plain != text && !plain.is_empty()).then_some(plain)
}

/// Removes entities, and tags if they are HTML's, which `<ann@elm.example>` is not. Returns `None` if there are none.
pub(in crate::source::dialects::lenient) fn as_prose(text: &str) -> Option<String> {
    if RichText::has_tags(text) {
        return without_markup(text);
    }
    let decoded = html_escape::decode_html_entities(text);
    let plain = decoded.replace('\u{a0}', " ");
    (text.contains('&') && plain != text && !plain.trim().is_empty()).then(|| plain.trim().to_owned())
}

/// Removes the markers of CDATA sections, including nested ones and those written as entities. Returns `None` if there
/// are none.
pub(in crate::source) fn without_cdata(text: &str) -> Option<String> {
    // A fast check: searching for one character is far faster than for nine.
    if !text.contains('[') || !text.contains("![CDATA[") {
        return None;
    }
    let mut plain = text.replace("<![CDATA[", "").replace("&lt;![CDATA[", "");
    // Removing one marker may create another.
    while let Some(shorter) =
        ["]]>", "]]&gt;"].iter().find_map(|end| plain.contains(end).then(|| plain.replace(end, "")))
    {
        plain = shorter;
    }
    Some(plain.trim().to_owned())
}

/// Returns whether a text contains a script.
pub(in crate::source::dialects::lenient) fn has_script(text: &str) -> bool {
    text.contains('<') && text.to_ascii_lowercase().contains("<script")
}

/// Returns the beginning of a text, short enough for a message and without control characters.
pub(in crate::source::dialects::lenient) fn excerpt(text: &str) -> String {
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
    fn quirk_64_cdata_is_its_content() {
        for text in [
            "<![CDATA[Lunch & tea]]>",
            "<![CDATA[<![CDATA[Lunch & tea]]]]><![CDATA[>]]>",
            " <![CDATA[Lunch ]]><![CDATA[& tea]]>\n",
            "&lt;![CDATA[Lunch & tea]]&gt;",
            "<![CDATA[Lunch & tea",
        ] {
            assert_eq!(without_cdata(text).as_deref(), Some("Lunch & tea"), "{text}");
        }
        assert_eq!(without_cdata("Lunch [every day] <b>"), None);
        assert_eq!(without_cdata("<![CDATA[]]>").as_deref(), Some(""));
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
            ("1<sup>st</sup> floor, CO<sub>2</sub>", Some("1st floor, CO2")),
            ("ages <5 and >3", None),
        ];
        for (text, plain) in cases {
            assert_eq!(as_prose(text).as_deref(), plain, "{text}");
        }
    }

    #[test]
    fn quirk_96_what_nobody_sees_goes() {
        assert_eq!(without_control("Elm\u{0} Court\u{200b}").as_deref(), Some("Elm Court"));
        assert_eq!(without_control("a\u{7}\u{feff}b").as_deref(), Some("ab"));
        for text in
            ["Elm\nCourt\t", "T\u{177} G\u{175}yr", "\u{202b}a", "co\u{ad}operate", "\u{645}\u{200c}\u{6cc}"]
        {
            assert_eq!(without_control(text), None, "{text:?}");
        }
        assert_eq!(without_invisible("\u{202d}0117\u{202c}").as_deref(), Some("0117"));
        assert_eq!(id_text(&serde_json::json!("\u{feff}s1")).as_deref(), Some("s1"));
    }

    #[test]
    fn quirk_96_values_are_read_in_plain_characters() {
        for (text, plain) in [
            ("\u{200e}30\u{200e}/\u{200e}06\u{200e}/2020", "30/06/2020"),
            ("BS3\u{a0}4AA\u{feff}", "BS3 4AA"),
            ("０１１７\u{3000}４９６", "0117 496"),
            ("desk\u{ad}@elm.example", "desk@elm.example"),
        ] {
            assert_eq!(as_plain(text).as_deref(), Some(plain), "{text:?}");
        }
        for text in ["", "2020-06-30", "£5 – £6", "Café\n9am"] {
            assert_eq!(as_plain(text), None, "{text}");
        }
    }

    #[test]
    fn excerpts_are_short_and_tame() {
        assert_eq!(excerpt("a\nb"), "a b");
        assert_eq!(excerpt(&"é".repeat(500)).chars().count(), 60);
    }
}
