//! The tokens of a text, found before anything recursive reads it, and without validating: invalid GraphQL is left to the
//! parser.

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme<'t> {
    /// A name, a keyword or the beginning of a number.
    Word(&'t [u8]),
    /// An opening bracket of any kind.
    Open(u8),
    /// A closing bracket of any kind.
    Close(u8),
    /// Anything else: a string, for example.
    Other,
}

/// Ignored wherever it stands, by the specification's section "Unicode BOM".
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Iterates over the tokens of a text.
pub(crate) struct Lexemes<'t>(&'t [u8]);

impl<'t> Lexemes<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self(text.as_bytes())
    }
}

impl<'t> Iterator for Lexemes<'t> {
    type Item = Lexeme<'t>;

    fn next(&mut self) -> Option<Lexeme<'t>> {
        loop {
            let rest = self.0;
            let (&first, after) = rest.split_first()?;
            let (lexeme, after) = match first {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => (None, after),
                _ if rest.starts_with(BYTE_ORDER_MARK) => (None, rest.get(BYTE_ORDER_MARK.len()..)?),
                b'#' => (None, skip_while(after, |byte| !matches!(byte, b'\n' | b'\r'))),
                b'{' | b'[' | b'(' => (Some(Lexeme::Open(first)), after),
                b'}' | b']' | b')' => (Some(Lexeme::Close(first)), after),
                b'"' => (Some(Lexeme::Other), skip_string(rest)),
                b'.' => (Some(Lexeme::Other), skip_while(after, |byte| byte == b'.')),
                _ if is_word(first) => {
                    let after = skip_while(after, is_word);
                    let word = rest.get(..rest.len() - after.len()).unwrap_or_default();
                    (Some(Lexeme::Word(word)), after)
                }
                _ => (Some(Lexeme::Other), after),
            };
            self.0 = after;
            if lexeme.is_some() {
                return lexeme;
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn skip_while(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| !wanted(*byte)).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

fn skip_string(bytes: &[u8]) -> &[u8] {
    match bytes.strip_prefix(b"\"\"\"") {
        Some(block) => skip_past(block, b"\"\"\"", b"\\\"\"\""),
        None => skip_past(bytes.get(1..).unwrap_or_default(), b"\"", b"\\"),
    }
}

// `escape` protects the character after it. In block strings it is the escaped quotes themselves.
fn skip_past<'a>(mut bytes: &'a [u8], end: &[u8], escape: &[u8]) -> &'a [u8] {
    while !bytes.is_empty() {
        if let Some(after) = bytes.strip_prefix(escape) {
            bytes = after.get(usize::from(escape.len() == 1)..).unwrap_or_default();
        } else if let Some(after) = bytes.strip_prefix(end) {
            return after;
        } else {
            bytes = bytes.get(1..).unwrap_or_default();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> usize {
        Lexemes::of(text).count()
    }

    #[test]
    fn counts_as_the_specification_does() {
        assert_eq!(tokens("{ a(b: $c) @d { ...E } }"), 15);
        assert_eq!(tokens("# nothing, {here}\n\n,,"), 0);
        assert_eq!(tokens("\u{feff}{ \u{feff}a }"), 3);
        assert_eq!(tokens(r#"{ a(b: "x { # \" y") }"#), 8);
        assert_eq!(tokens("\"\"\" a \" b \\\"\"\" c { \"\"\" d"), 2);
    }

    proptest! {
        #[test]
        fn comes_to_an_end_with_any_text(text in ".*") {
            prop_assert!(tokens(&text) <= text.len());
        }
    }
}
