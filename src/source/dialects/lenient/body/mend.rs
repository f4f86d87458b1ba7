//! Mends almost valid JSON that has only one reading, such as publishers' hand-made writers produce.
//!
//! Used only after strict reading has failed. Each part passes over the text a fixed number of times.

mod almost;
mod kinds;
mod scalars;
mod texts;

use almost::{QuoteStyle, almost, is_blank};
use memchr::memchr2_iter;

pub(in crate::source::dialects::lenient) use almost::AlmostJson;
pub(in crate::source) use kinds::packed_issue;
pub(in crate::source::dialects::lenient) use kinds::{MendKind, MendKinds, mend_message};

use crate::source::patience::ReadingPatience;

/// JSON that has been mended.
#[derive(Debug)]
pub(in crate::source::dialects::lenient) struct MendedJson {
    /// The mended text, strictly valid.
    pub json: String,
    /// What was wrong.
    pub mends: MendKinds,
    /// Whether several objects are read as a list. They have to be records.
    pub is_lines: bool,
}

/// Mends a whole response. Returns `None` if it has no single reading. Then only its intact records can be read.
pub(in crate::source::dialects::lenient) fn mend(
    text: &str,
    patience: &ReadingPatience,
) -> Option<MendedJson> {
    if let Some(mended) = mend_as_it_stands(text, patience) {
        return Some(mended);
    }
    // JSON shown on an HTML page.
    if !["{&quot;", "{&#34;", "[{&quot;", "[{&#34;"].iter().any(|start| text.contains(start)) {
        return None;
    }
    let mut mended = mend_as_it_stands(&html_escape::decode_html_entities(text), patience)?;
    mended.mends.note(MendKind::Entities);
    Some(mended)
}

/// Returns the mended JSON of a text, for fuzzing.
pub(in crate::source) fn mended(text: &str, patience: &ReadingPatience) -> Option<String> {
    mend(text, patience).map(|mended| mended.json)
}

/// Returns the mended JSON of the object or list at the start of a text, for fuzzing.
pub(in crate::source) fn mended_first(text: &str, patience: &ReadingPatience) -> Option<String> {
    mend_first(text, patience).ok().map(|almost| almost.json)
}

/// Mends the object or list at the start of a text, whatever follows it.
///
/// # Errors
/// How far the text could be read, if it has no single reading.
pub(in crate::source::dialects::lenient) fn mend_first(
    text: &str,
    patience: &ReadingPatience,
) -> Result<AlmostJson, usize> {
    almost(text, QuoteStyle::Escaped, patience)
}

fn mend_as_it_stands(text: &str, patience: &ReadingPatience) -> Option<MendedJson> {
    let quotings = [QuoteStyle::Escaped, QuoteStyle::Careless];
    quotings.into_iter().find_map(|quoting| {
        let mut found = FoundJson::default();
        found.look(text, quoting, patience)?;
        found.end(text)
    })
}

/// The JSON found in a text.
#[derive(Default)]
struct FoundJson {
    /// Everything that looks like a page or record, with its start and end.
    pages: Vec<MendedPage>,
}

struct MendedPage {
    start: usize,
    end: usize,
    read: AlmostJson,
}

impl FoundJson {
    // Returns `None` if something looks like a page but cannot be read.
    fn look(&mut self, text: &str, quoting: QuoteStyle, patience: &ReadingPatience) -> Option<()> {
        let mut end = 0;
        for start in memchr2_iter(b'{', b'[', text.as_bytes()) {
            let rest = text.get(start..).filter(|rest| start >= end && looks_like_page(rest));
            let Some(rest) = rest else { continue };
            let read = almost(rest, quoting, patience).ok()?;
            end = start + read.length;
            self.pages.push(MendedPage { start, end, read });
        }
        Some(())
    }

    fn end(mut self, text: &str) -> Option<MendedJson> {
        let before = text.get(..self.pages.first()?.start)?;
        let after = text.get(self.pages.last()?.end..)?;
        if !may_stand_before(before) {
            return None;
        }
        let mut mends = MendKinds::default();
        if [before, after].iter().any(|around| around.contains(|c: char| !is_blank(c))) {
            mends.note(MendKind::TextAround);
        }
        self.pages.iter().for_each(|page| mends.extend(page.read.mends));
        if self.pages.len() == 1 {
            return Some(MendedJson { json: self.pages.pop()?.read.json, mends, is_lines: false });
        }
        mends.note(MendKind::Lines);
        Some(MendedJson { json: self.as_list(text)?, mends, is_lines: true })
    }

    // Joins objects with nothing but commas between them. Whether they are records is decided elsewhere.
    fn as_list(&self, text: &str) -> Option<String> {
        let mut gaps =
            self.pages.iter().zip(self.pages.iter().skip(1)).map(|(one, next)| text.get(one.end..next.start));
        let are_apart = gaps.all(|gap| gap.is_some_and(|gap| gap.chars().all(|c| c == ',' || is_blank(c))));
        let texts: Vec<&str> = self.pages.iter().map(|page| page.read.json.as_str()).collect();
        (are_apart && texts.iter().all(|json| json.starts_with('{')))
            .then(|| format!("[{}]", texts.join(",")))
    }
}

// An object with a name, or a list of objects. `[0]` and `{closure}` in a notice do not count.
fn looks_like_page(text: &str) -> bool {
    let after = |text: &str| text.trim_start_matches(is_blank).chars().next();
    match (text.as_bytes().first(), text.get(1..)) {
        (Some(b'['), Some(inside)) => after(inside) == Some('{'),
        (Some(b'{'), Some(inside)) => match after(inside) {
            Some('"' | '\'' | '`' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' | '/') => true,
            Some(c) if c.is_alphanumeric() || matches!(c, '_' | '$') => is_before_colon(inside),
            _ => false,
        },
        _ => false,
    }
}

/// The longest name without quotes that is considered, in bytes.
const LONGEST_NAME: usize = 100;

fn is_before_colon(text: &str) -> bool {
    let name = text.trim_start_matches(is_blank);
    let end =
        name.char_indices().take(LONGEST_NAME).find(|(_, c)| !c.is_alphanumeric() && !matches!(c, '_' | '$'));
    let after = end.and_then(|(at, _)| name.get(at..)).unwrap_or_default();
    after.trim_start_matches(is_blank).starts_with(':')
}

// Returns whether the text before the JSON may be ignored. An HTML page may contain other JSON, for its scripts or for
// search engines.
pub(in crate::source::dialects::lenient) fn may_stand_before(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_in = |element| ends_within(&text, element);
    let is_document = text.contains("<!doctype") || text.contains("<html");
    !is_in("script")
        && !is_in("style")
        && (!is_document || ["pre", "code", "body"].into_iter().any(is_in) && text.trim_end().ends_with('>'))
}

/// Returns whether a text in lower case ends inside an element.
pub(in crate::source::dialects::lenient) fn ends_within(text: &str, element: &str) -> bool {
    let open = text.rfind(&format!("<{element}"));
    open.is_some_and(|open| text.rfind(&format!("</{element}")).is_none_or(|end| end < open))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn mend(text: &str) -> Option<MendedJson> {
        super::mend(text, &ReadingPatience::default())
    }

    fn mended(text: &str) -> Value {
        let mended = mend(text).unwrap_or_else(|| panic!("not mended: {text}"));
        serde_json::from_str(&mended.json).unwrap_or_else(|error| panic!("{error}: {}", mended.json))
    }

    #[test]
    fn quirk_26_raw_control_characters() {
        assert_eq!(mended("{\n\"a\": \"one\ntwo\\\"\tthree\"}"), json!({"a": "one\ntwo\"\tthree"}));
    }

    #[test]
    fn quirk_113_what_has_one_reading_is_mended() {
        for (almost, meant, mend) in [
            (r#"[{"a":1,},{"b":[1,2,],},]"#, json!([{"a": 1}, {"b": [1, 2]}]), MendKind::ExtraComma),
            (r#"{"a":1,,"b":[,{},{},,],}"#, json!({"a": 1, "b": [{}, {}]}), MendKind::ExtraComma),
            (r#"[{"a":1}{"a":2 "b":"x"}]"#, json!([{"a": 1}, {"a": 2, "b": "x"}]), MendKind::MissingComma),
            (
                r#"{"a":"Elm\'s \& \x41","p":"C:\Users\q"}"#,
                json!({"a": "Elm's & A", "p": "C:\\Users\\q"}),
                MendKind::Escape,
            ),
            (
                r#"{"a":"\ud83d","b":"\ud83d\ude00"}"#,
                json!({"a": "\u{fffd}", "b": "😀"}),
                MendKind::HalfCharacter,
            ),
            (
                r#"{'a': 'b"c', 'd': "Elm's", 'e': 'Elm\'s', u'f': u''}"#,
                json!({"a": "b\"c", "d": "Elm's", "e": "Elm's", "f": ""}),
                MendKind::Quotes,
            ),
            (r#"{a: 1, $b_2: "x", 3: [true]}"#, json!({"a": 1, "$b_2": "x", "3": [true]}), MendKind::Quotes),
            ("{“a”: “b”}", json!({"a": "b"}), MendKind::Quotes),
            (
                r#"{"a":"The "Elm" Club","b":"it"s"}"#,
                json!({"a": "The \"Elm\" Club", "b": "it\"s"}),
                MendKind::InnerQuotes,
            ),
            (r#"{'a': 'Elm's Court', 'b': 1}"#, json!({"a": "Elm's Court", "b": 1}), MendKind::InnerQuotes),
            (
                r#"{"a":[NaN,-Infinity,"NaN",1e999,-1E400,1e2]}"#,
                json!({"a": [null, null, "NaN", null, null, 1e2]}),
                MendKind::NotANumber,
            ),
            (
                r#"{"a": None, "b": True, "c": FALSE, "d": undefined}"#,
                json!({"a": null, "b": true, "c": false, "d": null}),
                MendKind::Word,
            ),
            (
                r#"{"a": 007, "b": .5, "c": -.5, "d": 5., "e": +5, "f": 5L}"#,
                json!({"a": "007", "b": 0.5, "c": -0.5, "d": 5.0, "e": 5, "f": 5}),
                MendKind::Number,
            ),
            (
                r#"{"a": 2026-01-31, "b": 09:30, "c": 2026-01-31T09:30:00Z}"#,
                json!({"a": "2026-01-31", "b": "09:30", "c": "2026-01-31T09:30:00Z"}),
                MendKind::Number,
            ),
            (r#"{"a":,"b":}"#, json!({"a": null, "b": null}), MendKind::MissingValue),
            ("// from the cache\n{\"a\": /* why? */ 1 // one\n}", json!({"a": 1}), MendKind::Comment),
            (r#"{"a" => nil, "b" => "x => y"}"#, json!({"a": null, "b": "x => y"}), MendKind::Notation),
            (
                r#"{"a": ISODate("2026-01-31"), "b": new Date(5), "c": NumberLong( 7 )}"#,
                json!({"a": "2026-01-31", "b": 5, "c": 7}),
                MendKind::Notation,
            ),
            (
                "<pre>{&quot;a&quot;: &quot;x &amp;amp; y&quot;}</pre>",
                json!({"a": "x &amp; y"}),
                MendKind::Entities,
            ),
            ("{\"id\":1}\n{\"id\":2}\n", json!([{"id": 1}, {"id": 2}]), MendKind::Lines),
        ] {
            assert_eq!(mended(almost), meant, "{almost}");
            assert!(
                super::mend(almost, &ReadingPatience::default()).unwrap().mends.has(mend),
                "{mend:?}: {almost}"
            );
        }
    }

    #[test]
    fn quirk_114_text_around_the_page_is_ignored() {
        let page = r#"{"contents":[{"id":"1"}]}"#;
        for (before, after) in [
            (
                "<br />\n<b>Notice</b>: Undefined offset: [0] in <b>/srv/api.php</b> on {closure} line <b>3</b><br />\n",
                "",
            ),
            ("", "\n<!-- page made in 0.3 s -->"),
            ("callback(", ");"),
            ("/**/cb(", ")"),
            (")]}',\n", ""),
            ("while(1);", ""),
            ("\u{feff}\u{feff}", "\0\0"),
            ("var page = ", ";"),
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", ""),
            ("<html><body><pre style=\"x\">", "</pre></body></html>"),
        ] {
            assert_eq!(
                mended(&format!("{before}{page}{after}")),
                json!({"contents": [{"id": "1"}]}),
                "{before}"
            );
        }
    }

    #[test]
    fn what_has_more_than_one_reading_is_left_alone() {
        for text in [
            r#"{"a": "half"#,
            r#"{"a": [1, 2"#,
            r#"{"a": secret}"#,
            r#"{"a": 1]"#,
            r#"{"a": "b", "c"}"#,
            r#"{"a": "see "b", "c" and d"}"#,
            r#"[{"a\":[]},{"b":1}]"#,
            r#"[{"a":"x"y},{"b":"z"}]"#,
            r#"[{'a":1},{"b":'x'}]"#,
            r#"{"error": "down"} and {"contents": []}"#,
            r#"{"id": 1} {"id": 2"#,
            r#"<!doctype html><script>var x = {"id": 1};</script>"#,
            r#"<!doctype html><p data-x='{"id": 1}'>"#,
            "Invalid key: secret",
            "",
        ] {
            assert!(mend(text).is_none(), "{text}: {:?}", mend(text));
        }
    }

    #[test]
    fn a_long_answer_is_gone_over_a_fixed_number_of_times() {
        let pieces = [
            "{",
            "[",
            "[{",
            "{\"",
            "{\"a\":",
            "{'a':'",
            "\\",
            "new ",
            "{a:",
            "/*",
            "'  ",
            "{\"a\":\"\" ",
            "“",
            "{&quot;",
            "\n{\"a\":1}",
        ];
        for piece in pieces {
            // Quadratic time would make each take hours.
            let _ = mend(&piece.repeat((1 << 20) / piece.len()));
            let _ = mend(&format!("{{'a':'{}", piece.repeat((1 << 20) / piece.len())));
        }
    }

    #[test]
    fn what_nobody_waits_for_is_given_up() {
        let patience = ReadingPatience::default();
        let text = format!("[{}]", "{\"a\":1},".repeat(5000));
        assert!(super::mend(&text, &patience).is_some());
        drop(patience.while_waiting());
        assert!(super::mend(&text, &patience).is_none());
    }

    proptest! {
        #[test]
        fn strict_json_is_mended_to_what_it_says(text in ".*", name in "[a-z\"\\\\]{0,6}", number in any::<i64>()) {
            let value = json!([{ name: [text, number, null, true, 0.5] }]);
            prop_assert_eq!(mended(&value.to_string()), value);
        }

        #[test]
        fn what_is_mended_is_json(text in r#"[\[\]{}:,"'`\\“”a-cu0-9.eE+=>/*()#\n\t -]{0,60}"#) {
            if let Some(mended) = mend(&format!("{{\"a\":[{text}")) {
                let read: Result<Value, _> = serde_json::from_str(&mended.json);
                prop_assert!(read.is_ok() || mended.json.contains("\\u"), "{text:?} became {}", mended.json);
            }
        }
    }
}
