//! Splits a short text into numbers, words and signs, for the grammars of dates, times, ages and prices.

/// A token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::dialects::lenient) enum TextToken<'t> {
    /// Digits.
    Number(&'t str),
    /// Letters.
    Word(&'t str),
    /// Any other character except white space.
    Sign(char),
    /// White space.
    Space,
}

/// Longer texts, in bytes, are prose and not a value.
const LONGEST: usize = 120;

/// Splits a text in lower case. Returns `None` if it is too long to be a single value.
pub(in crate::source::dialects::lenient) fn tokens(text: &str) -> Option<Vec<TextToken<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next().filter(|_| text.len() <= LONGEST) {
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (length, kind): (usize, fn(&str) -> TextToken<'_>) = match first {
            '0'..='9' => (run(|c| c.is_ascii_digit()), |text| TextToken::Number(text)),
            c if is_letter(c) => (run(is_letter), |text| TextToken::Word(text)),
            c if c.is_whitespace() => (run(char::is_whitespace), |_| TextToken::Space),
            c => (c.len_utf8(), |text| TextToken::Sign(text.chars().next().map_or('?', plain_sign))),
        };
        let (piece, after) = rest.split_at_checked(length)?;
        found.push(kind(piece));
        rest = after;
    }
    (text.len() <= LONGEST).then_some(found)
}

// Fractions such as `½` count as numeric in Unicode, but are signs here.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
}

// Replaces the dashes and quotes that editors insert by plain ones.
fn plain_sign(sign: char) -> char {
    match sign {
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '’' | '‘' => '\'',
        '∶' | '：' => ':',
        sign => sign,
    }
}

impl<'t> TextToken<'t> {
    /// Returns the digits if this is a number with `fewest` to `most` of them.
    pub(in crate::source::dialects::lenient) fn digits(self, fewest: usize, most: usize) -> Option<&'t str> {
        match self {
            Self::Number(digits) if (fewest..=most).contains(&digits.len()) => Some(digits),
            _ => None,
        }
    }

    /// Returns the number if it has `fewest` to `most` digits.
    pub(in crate::source::dialects::lenient) fn number(self, fewest: usize, most: usize) -> Option<u32> {
        self.digits(fewest, most)?.parse().ok()
    }

    pub(in crate::source::dialects::lenient) fn is_word(self, words: &[&str]) -> bool {
        matches!(self, Self::Word(word) if words.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_cut_where_its_kind_changes() {
        use TextToken::{Number, Sign, Space, Word};
        let cut = tokens("30th june – 9:30").unwrap();
        let expected = [
            Number("30"),
            Word("th"),
            Space,
            Word("june"),
            Space,
            Sign('-'),
            Space,
            Number("9"),
            Sign(':'),
            Number("30"),
        ];
        assert_eq!(cut, expected);
        assert_eq!(tokens(&"9".repeat(LONGEST + 1)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_or_refused(text in "\\PC{0,140}") {
            let _ = tokens(&text);
        }
    }
}
