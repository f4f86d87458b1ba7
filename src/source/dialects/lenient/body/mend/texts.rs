//! Texts in any quotes, with any escapes.

use std::ops::Range;

use super::almost::{MendingWriter, QuoteStyle, is_blank};
use super::kinds::MendKind;

/// Opening quotes, with the closing quotes of each.
const QUOTES: [(&str, &[&str]); 7] = [
    ("\"", &["\""]),
    ("'", &["'"]),
    ("`", &["`"]),
    ("\u{201c}", &["\u{201d}", "\u{201c}"]),
    ("\u{201d}", &["\u{201d}", "\u{201c}"]),
    ("\u{2018}", &["\u{2019}", "\u{2018}"]),
    ("\u{2019}", &["\u{2019}", "\u{2018}"]),
];

impl MendingWriter<'_> {
    /// Reads a quoted text. Returns `false` if there is none.
    pub(super) fn quoted(&mut self) -> Option<bool> {
        self.skip_prefix();
        let Some((open, ends)) = QUOTES.into_iter().find(|(open, _)| self.rest().starts_with(open)) else {
            return Some(false);
        };
        if open != "\"" {
            self.mends.note(MendKind::Quotes);
        }
        self.at += open.len();
        self.json.push('"');
        while !self.ends(ends)? {
            self.inside()?;
        }
        self.json.push('"');
        Some(true)
    }

    // Python 2 writes `u'…'`.
    fn skip_prefix(&mut self) {
        let is_prefix =
            matches!(self.text.as_bytes().get(self.at..self.at + 2), Some([b'u' | b'b', b'"' | b'\'']));
        self.at += usize::from(is_prefix);
    }

    // Advances to the next quote, escape or control character. Returns whether the text ends there, or `None` if it
    // never ends.
    fn ends(&mut self, ends: &[&str]) -> Option<bool> {
        let rest = self.text.get(self.at..)?;
        let is_special = |c: char| {
            c == '\\' || c == '"' || u32::from(c) < 0x20 || ends.iter().any(|end| end.starts_with(c))
        };
        let plain = rest.find(is_special)?;
        self.json.push_str(rest.get(..plain)?);
        self.at += plain;
        let Some(end) =
            ends.iter().find(|end| self.text.get(self.at..).is_some_and(|rest| rest.starts_with(*end)))
        else {
            return Some(false);
        };
        let after = self.text.get(self.at + end.len()..)?;
        if self.quoting == QuoteStyle::Escaped || closes(after)? {
            self.at += end.len();
            return Some(true);
        }
        if self.text.get(..self.at)?.trim_end_matches(is_blank).ends_with(['{', '[', ',', ':']) {
            return None;
        }
        self.mends.note(MendKind::InnerQuotes);
        self.push_inner(end);
        Some(false)
    }

    // Rewrites what is not allowed in a text of JSON.
    fn inside(&mut self) -> Option<()> {
        match self.rest().chars().next()? {
            '\\' => self.escape(),
            // If another name or text may begin here, the quotes around this text are wrong.
            '"' if self.text.get(..self.at)?.ends_with(['{', '[', ',', ':']) => return None,
            '"' => self.push_inner("\""),
            c if u32::from(c) < 0x20 => {
                self.mends.note(MendKind::ControlCharacter);
                self.push_code(u32::from(c));
                self.at += 1;
            }
            // This quote has already been handled.
            _ => {}
        }
        Some(())
    }

    fn push_inner(&mut self, quote: &str) {
        self.json.push_str(if quote == "\"" { "\\\"" } else { quote });
        self.at += quote.len();
    }

    fn escape(&mut self) {
        let rest = self.rest();
        let Some(escaped) = rest.chars().nth(1) else {
            self.at += 1;
            return;
        };
        match escaped {
            '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => self.keep(2),
            'u' => self.unicode(rest),
            'x' => self.hexadecimal(rest),
            '0' if !rest.get(2..).is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit())) => {
                self.rewrite(2, "\\u0000");
            }
            '\n' => self.rewrite(2, "\\n"),
            '\r' => self.rewrite(2, "\\r"),
            // A backslash that stands for itself, as in a file path.
            c if c.is_alphanumeric() => self.rewrite(1, "\\\\"),
            c if u32::from(c) < 0x20 => self.rewrite(1, ""),
            c => self.rewrite(1 + c.len_utf8(), c.encode_utf8(&mut [0; 4])),
        }
    }

    fn unicode(&mut self, rest: &str) {
        let is_high = is_half(rest, 0xD800..0xDC00);
        let is_paired = is_high && rest.get(6..).is_some_and(|next| is_half(next, 0xDC00..0xE000));
        if is_paired {
            self.keep(12);
        } else if is_high || is_half(rest, 0xDC00..0xE000) {
            self.mends.note(MendKind::HalfCharacter);
            self.json.push_str("\\ufffd");
            self.at += 6;
        } else if unit(rest).is_some() {
            self.keep(6);
        } else {
            self.braced(rest);
        }
    }

    // JavaScript's `\u{1f600}`.
    fn braced(&mut self, rest: &str) {
        let digits = rest
            .strip_prefix("\\u{")
            .and_then(|rest| rest.get(..rest.bytes().take(8).position(|b| b == b'}')?));
        let code = digits.and_then(|digits| Some((u32::from_str_radix(digits, 16).ok()?, digits.len())));
        match code.and_then(|(code, length)| Some((char::from_u32(code)?, length))) {
            Some((c, length)) if u32::from(c) >= 0x20 && c != '"' && c != '\\' => {
                self.rewrite(length + 4, c.encode_utf8(&mut [0; 4]));
            }
            _ => self.rewrite(1, "\\\\"),
        }
    }

    fn hexadecimal(&mut self, rest: &str) {
        match rest.get(2..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.mends.note(MendKind::Escape);
                self.push_code(code);
                self.at += 4;
            }
            None => self.rewrite(1, "\\\\"),
        }
    }

    fn keep(&mut self, length: usize) {
        if let Some(escape) = self.text.get(self.at..self.at + length) {
            self.json.push_str(escape);
        }
        self.at += length;
    }

    fn rewrite(&mut self, length: usize, text: &str) {
        self.mends.note(MendKind::Escape);
        self.json.push_str(text);
        self.at += length;
    }

    fn push_code(&mut self, code: u32) {
        self.json.push_str(&format!("\\u{code:04x}"));
    }
}

/// Returns whether a quote followed by this ends a text. Returns `None` if that is unclear.
fn closes(after: &str) -> Option<bool> {
    match after.chars().find(|c| !is_blank(*c)) {
        None | Some(',' | ':' | '}' | ']' | ')') => Some(true),
        Some(c) if QUOTES.iter().any(|(open, _)| open.starts_with(c)) => None,
        Some(_) => Some(after.starts_with("=>")),
    }
}

fn is_half(escape: &str, range: Range<u32>) -> bool {
    unit(escape).is_some_and(|unit| range.contains(&unit))
}

// Returns the UTF-16 unit of an escape with four digits.
fn unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}
